"""All that a program can ask: each operation of the OpenAPI document, with the least that it needs, with everything,
and with something wrong; lists page by page; and again with the tag of what it has already."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from nocturne.doors.api.reference import described
from tests.noninterference.addresses import fillings
from tests.noninterference.asking import Ask, Reply
from tests.noninterference.console import spelt
from tests.noninterference.people import Reader
from tests.noninterference.world import Facts

ROOT = "/api/v1"
READS = ("get",)
PLAIN = {"Accept": "text/plain"}
SENT: dict[str, Any] = {
    "text": "Typed by a program",
    "does": "writes",
    "subject": "Another subject",
    "line": "It was the shaper",
    "words": None,
    "act": None,
    "kind": "{kind}",
    "data_class": "customer",
    "at": "20 min ago",
    "when": "2h call again",
    "worked": "45m",
    "next_action": "Ring them",
    "alarm": "2h call again",
    "fields": {"severity": 2, "network": "Backbone"},
    "to": "{to}",
    "reference": "VN-1",
    "clock": "vendor",
    "owner": "kofi",
    "queue": "general",
    "type": "trouble",
    "severity": 2,
    "priority": 2,
    "network": "Backbone",
    "site": "Ann Arbor",
    "circuit": "NL-IC-3321",
    "vendor": "Norlink",
    "vendor_reference": "VN-2",
    "machines": ["cr2.chi"],
    "user_address": "192.0.2.1",
    "destination_address": "192.0.2.2",
    "started_at": "08:00",
    "detected_at": "08:05",
    "reported_at": "08:10",
    "planned_start": "2026-12-01T10:00Z",
    "planned_end": "2026-12-01T12:00Z",
    "outages": [],
    "affected": [],
    "reporter": {"name": "Rowe", "email": "rowe@site.example"},
    "cc": ["kofi"],
    "tags": ["shaper"],
    "parent": "{trouble}",
    "other": "{trouble}",
    "into": "{trouble}",
    "entries": ["{note on own}"],
    "reason": "Not ours",
    "start": "08:00",
    "end": "09:00",
    "from": "08:00",
    "effect": "down",
    "name": "The College",
    "key_component": "cr1.aa",
    "cause": "digger",
    "check_marks": "audit 9",
    "escalated_to": "kofi",
    "dispatched_to": "kofi",
    "referred_to": "Norlink",
    "resolution": "Spliced",
    "tell": True,
    "over_open": False,
    "label": "noc",
    "secret": "s" * 20,
    "state": "open",
    "body": {"title": "Another"},
    "change": 1,
    "changes": [],
    "dry_run": True,
    "desk": "",
    "seen": "latest",
    "parting": True,
    "account": "cleo",
    "contact": "cleo@college.example",
    "days": 7,
    "email": "somebody@lakenet.example",
    "for_notices": True,
    "full_name": "Somebody Else",
    "groups": ["operators"],
    "includes": [],
    "is_service": False,
    "language": "en",
    "must_change": False,
    "old": "wrong",
    "new": "a-new-one-of-hers",
    "password": "a-new-one-of-hers",
    "queues": ["general"],
    "quiet": None,
    "scope": "read",
    "title": "Another title",
    "told": "at once",
    "query": "is:open",
    "view": "board",
    "dashboard": "night",
    "what": "board",
    "rhythm": "weekdays 06:45",
    "only": "filled",
    "tiles": [{"kind": "count", "query": "is:open"}, {"kind": "chart", "query": "is:open", "by": "owner"}],
    "value": "somebody@lakenet.example",
    "numbers": ["{trouble}"],
    "versions": {},
    "keys": "alt",
    "columns": ["priority", "subject", "machine"],
    "density": "dense",
    "description": "What is open",
    "group": "operators",
    "grouped": "queue",
    "is_pinned": True,
    "order": "newest",
    "pins": ["board", "mine"],
    "form": "text",
    "tried_after": 1,
    "rests": True,
    "version": 1,
    "zone": "Europe/Paris",
}
"""What is sent under a key, by its name. A key that is not here is one that nobody has thought of yet."""
KINDS = {"add_entry": "note", "relate": "parent", "add_affected": "customer", "change_affected": "customer"}
LINES = (
    {"line": "{own} called; no answer next:ring"},
    {"line": "{trouble} said so timer:2h"},
    {"line": "{own}", "act": "take"},
    {"line": "{own} kofi", "act": "give"},
    {"line": "{trouble} it was the shaper", "act": "resolve"},
    {"words": ["{own}", "hello", "owner:zoe"]},
    {"line": "New trouble severity:2", "act": "open"},
    {"line": "999999 hello"},
)
BATCHES = tuple(
    {**which, "words": words, "dry_run": is_trial}
    for which in ({"query": "is:open"}, {"numbers": ["{own}", "{trouble}", "{break-in}", "{missing}"]})
    for words in (["priority:1"], ["give", "kofi"], ["note", "hello"])
    for is_trial in (True, False)
)
ASKED: dict[str, tuple[str, ...]] = {
    "list_tickets": ("limit=2", "order=updated", "order=priority", "order=oldest&limit=1", "after=nonsense"),
    "list_entries": (
        "limit=2", "only=people", "only=customer", "only=machine", "after={stale}", "before={answer on own}",
        "before={confidence on own}", "before={note on own}", "after={note on own}", "after=nonsense",
    ),
    "listen_to_events": ("after=x", "after={heard}"),
    "read_timeline": ("limit=2", "q=is:open", "q=owner:anna", "who=mei", "kind=machine", "shift=now", "after=nonsense"),
    "list_shifts": ("limit=1", "after=nonsense"),
    "list_people": ("q=a", "limit=1"),
    "list_things": ("q=n", "limit=1"),
    "attach": ("name=x.txt&text=here", "kind=reply", "kind=received&name=y.txt", "data_class=restricted"),
}  # fmt: skip
"""What else an operation is asked with."""


def questions(facts: Facts, reader: Reader) -> Iterator[Ask]:
    """Ask for every operation that the document names."""
    for path, methods in described()["paths"].items():
        gaps = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        for values in fillings(gaps, facts):
            address = ROOT + path.format_map(values)
            for method, operation in methods.items():
                yield from _asks(method, address, operation, values, facts, reader)


def _asks(
    method: str,
    address: str,
    operation: Mapping[str, Any],
    gaps: Mapping[str, Any],
    facts: Facts,
    reader: Reader,
) -> Iterator[Ask]:
    name, schemas = operation["operationId"], described()["components"]["schemas"]
    named = spelt(facts, reader) | {"kind": KINDS.get(name, "note")}
    more = [""] + [f"?{each.format_map(named)}" for each in ASKED.get(name, ())]
    if method in READS:
        for each in more:
            yield Ask("GET", address + each, by_token=True, then=partial(pages, address + each))
        yield Ask("GET", address, by_token=True, then=partial(_known, address))
        yield Ask("GET", address, by_token=True, headers=PLAIN)
        return
    if name == "attach":
        for each in more:
            yield Ask(method.upper(), address + each, b"bytes", {"Content-Type": "text/plain"}, by_token=True)
        return
    known = {"one_line": LINES, "make_batch": BATCHES}
    bodies = [spelt_out(each, named) for each in known.get(name) or bodies_of(operation, schemas)]
    if gaps.get("number", facts.numbers["own"]) not in (facts.numbers["own"], facts.numbers["trouble"]):
        bodies = bodies[:1]
    sent = [None if each is None else json.dumps(each) for each in bodies]
    for body in sent:
        yield Ask(method.upper(), address, body, by_token=True)
    yield Ask(method.upper(), address, sent[-1], {"If-Match": f'"{named["stale"]}"', **PLAIN}, by_token=True)


def pages(address: str, reply: Reply) -> Ask | None:
    """Make the question for the page after a reply, as long as there is one."""
    if reply.status != 200 or reply.headers.get("Content-Type", "").partition(";")[0] != "application/json":
        return None
    found = json.loads(reply.body)
    for key, name in (("after", "after"), ("earlier", "before")):
        if found.get(key) and f"{name}=" not in address:
            glue = "&" if "?" in address else "?"
            path = f"{address}{glue}{name}={quote(str(found[key]))}"
            return Ask("GET", path, by_token=True, then=partial(pages, address))
    return None


def _known(address: str, reply: Reply) -> Ask | None:
    """Ask once more, as somebody who has the answer already."""
    tag = reply.headers.get("ETag")
    return Ask("GET", address, headers={"If-None-Match": tag}, by_token=True) if tag else None


def bodies_of(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[Any]:
    """Make what is sent to an operation: what it must have, all that it may have, and a key that nobody knows."""
    schema = _schema(operation, schemas)
    if schema is None:
        return [None]
    keys = schema.get("properties", {})
    sent = {key: SENT.get(key, "x") for key in keys}
    least = {key: sent[key] for key in schema.get("required", ())}
    most = {key: sent[key] for key in keys if sent[key] is not None}
    listed = [key for key in most if keys[key].get("type") == "array"]
    if "when" in most and "at" in most:
        del most["at"]
    return [
        least,
        {**least, "strange": 1},
        {key: most[key] for key in most if key not in ("data_class", *listed)},
        most,
    ]


def _schema(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Find the shape of what an operation takes as JSON."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if content is None:
        return None
    named = [each["$ref"] for each in (content, *content.get("allOf", ())) if "$ref" in each]
    found: Mapping[str, Any] = schemas[named[0].rpartition("/")[2]] if named else content
    return found


def unknown() -> list[str]:
    """List the keys that nothing is sent under here."""
    schemas = described()["components"]["schemas"]
    operations = [each for methods in described()["paths"].values() for each in methods.values()]
    shapes = [_schema(each, schemas) or {} for each in operations]
    return sorted({key for shape in shapes for key in shape.get("properties", {})} - SENT.keys())


def spelt_out(value: Any, named: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: spelt_out(each, named) for key, each in value.items()}
    if isinstance(value, list):
        return [spelt_out(each, named) for each in value]
    if isinstance(value, str) and value.startswith("{") and value.endswith("}") and value.count("{") == 1:
        return named.get(value[1:-1], "kofi")
    return value.format_map(named) if isinstance(value, str) else value
