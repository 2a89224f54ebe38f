"""Whatever a program sends, it gets a clear answer: never a failure of ours, and never half a ticket."""

from __future__ import annotations

import random
from typing import Any

import pytest

from nocturne.doors.api.reference import described
from nocturne.store import books
from nocturne.store.models import Ticket
from tests.caller import caller
from tests.cast import Cast

SEEDS = range(3)
REQUESTS = 120
STRINGS = (
    "", " ", "x", "general", "anna", "kofi", "me", "none", "-", "cr1.aa", "Norlink", "Ann Arbor", "site",
    "customer", "vendor", "noc", "note", "reply", "received", "parent", "depends_on", "refers_to", "down",
    "staff", "restricted", "planned", "meta", "2h", "2h call again", "10 min ago", "in 2h", "mon 08:00",
    "2026-02-30", "9999-12-31 23:59", "0001-01-01 00:00", "now", "1 call", "1 state:resolved done",
    "1 owner:none next:none timer:none", "1 clock:vendor at:yesterday", "update", "open", "resolve", "\x00",
    "\ud83d\ude00", "\u202e", "a" * 400, "a@b.example", "@", "1h30", "99999999999", "%s%(x)s{0}", "'\"--",
    "²", "٤", "１", "x" * 5000, "1e9", "-5",
)  # fmt: skip
NUMBERS = (0, 1, 2, -1, 4, 7, 2**31, 2**63 - 1, 2**63, 2**70, 1.5, True)


def value(dice: random.Random, depth: int = 0) -> Any:
    kind = dice.random()
    if kind < 0.55:
        return dice.choice(STRINGS)
    if kind < 0.75:
        return dice.choice(NUMBERS)
    if kind < 0.82:
        return None
    if kind < 0.92 or depth > 2:
        return [value(dice, depth + 1) for _ in range(dice.randint(0, 3))]
    keys = (
        "at",
        "text",
        "start",
        "end",
        "from",
        "to",
        "kind",
        "name",
        "effect",
        "email",
        "phone",
        "severity",
        "zz",
    )
    return {dice.choice(keys): value(dice, depth + 1) for _ in range(dice.randint(0, 3))}


def body(dice: random.Random, schema: dict[str, Any]) -> Any:
    """Make a body that is mostly right: the keys that must be there, some that may, now and then a strange one."""
    keys = list(schema.get("properties", {}))
    chosen = set(schema.get("required", ())) | {key for key in keys if dice.random() < 0.25}
    if dice.random() < 0.05:
        chosen |= {"strange"}
    if chosen and dice.random() < 0.05:
        chosen.discard(dice.choice(sorted(chosen)))
    return {key: value(dice) for key in sorted(chosen)}


def routes() -> list[tuple[str, str, dict[str, Any], list[dict[str, Any]]]]:
    schemas = described()["components"]["schemas"]
    found = []
    for path, methods in described()["paths"].items():
        for method, operation in methods.items():
            content = (
                operation.get("requestBody", {})
                .get("content", {})
                .get("application/json", {})
                .get("schema", {})
            )
            named = [
                each["$ref"]
                for each in (content, *content.get("anyOf", ()), *content.get("allOf", ()))
                if "$ref" in each
            ]
            schema = schemas[named[0].rpartition("/")[2]] if named else {}
            found.append((method.upper(), path, schema, operation["parameters"]))
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_that_is_sent_makes_it_fail(cast: Cast, seed: int) -> None:
    dice = random.Random(seed)
    people = [caller(cast.anna), caller(cast.mei), caller(cast.ada)]
    administrator = caller(cast.ada, scopes="read write admin")
    numbers = [people[0].post("/tickets", {"subject": f"Problem {each}"})["number"] for each in range(3)]
    address = people[0].get(f"/tickets/{numbers[0]}/entries")["entries"][0]["address"]
    every = [each for each in routes() if each[1] not in ("/me/token", "/device", "/device/token")]
    for _ in range(REQUESTS):
        method, path, schema, parameters = dice.choice(every)
        who = administrator if path.startswith("/configuration") else dice.choice(people)
        fillings = {
            "number": numbers,
            "other": numbers,
            "address": [address, "zz"],
            "key": ["1", "2"],
            "kind": ["parent", "depends_on", "sites", "queue", "field", "clearance", "lifecycle"],
            "name": ["general", "cve", "x y"],
            "token": ["x" * 24],
        }
        for name, choices in fillings.items():
            path = path.replace(f"{{{name}}}", str(dice.choice(choices)))
        from urllib.parse import urlencode

        asked = {
            each["name"]: dice.choice(STRINGS)
            for each in parameters
            if each["in"] == "query" and dice.random() < 0.4
        }
        sent = body(dice, schema) if method != "GET" else None
        answer = who.call(method, path + (f"?{urlencode(asked, errors='replace')}" if asked else ""), sent)
        assert who.status < 500, (method, path, asked, sent, answer)
        if who.status >= 400:
            assert answer["code"], answer
            assert answer["detail"], answer
    for number in Ticket.objects.values_list("pk", flat=True):
        assert books.first_difference(number) is None, "the header is what its entries add up to"
