"""Hundreds of queries in the language of the search box, made by lot from its own keys: as a page and as a list, read
to their end a few rows at a time, so that what is found, how many there are and in which order are all compared."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from urllib.parse import quote

from nocturne.core.query import CAN_BE_EMPTY, CHOICES, KEYS, ORDERS
from tests.noninterference.asking import Ask
from tests.noninterference.people import Reader
from tests.noninterference.programs import ROOT, pages
from tests.noninterference.world import Facts

MOST = 240
SEED = 1297
VALUES: dict[str, tuple[str, ...]] = {
    "owner": ("me", "anna", "kofi", "zoe"),
    "queue": ("general", "security", "status"),
    "priority": ("1", "2", "3"),
    "severity": ("2", "3"),
    "network": ("Backbone",),
    "site": ('"Ann Arbor"',),
    "circuit": ("NL-IC-3321", "NL-IC-7002"),
    "vendor": ("Norlink", "Eastlink"),
    "parent": ("1", "2"),
    "number": ("1", "2", "4", "6"),
    "machine": ("cr1.aa", "cr2.chi"),
    "node": ("cr1.aa",),
    "type": ("trouble", "complaint"),
    "text": ("library", "mail", "ven*"),
    "subject": ("library", "mail", "ven*"),
    "state": ("new", "open", "waiting", "resolved"),
}
"""What a key that takes any value is asked with; the others have a list of their own."""
WHOLE = (
    "was:owner:anna", "was:owner:zoe", "was:state:waiting", "changed:state", "changed:any by:kofi", "changed:owner",
    "changed:severity after:today", "has:files", "has:files>1", "has:complaints", "has:children", "has:outages",
    "has:watchers>1", "has:customers", "has:cause", "clock:vendor>1m", "clock:noc<1h", "opened:today", "updated:<1h",
    "idle:>30m", "due:<1d", "worked:>5m", "parent.state:open", "parent.subject:down", "child.owner:none",
    "depends.is:open", "refers.subject:down", "merged.reporter:none", "reporter:@college.example", "watcher:walt*",
    "watcher:me", "customer:The*", "cause:neg", "resolution:spl", "next:ask", "file:trace", "file:legal", "tag:shaper",
    "machine.site:none", "site.network:none", "severity:1..2", "node:cr*", "owner:@operators", "opened_by:anna",
)  # fmt: skip
"""Words of every other kind, each with something that only one of the twins has."""
WORDS = (
    "library",
    "mail",
    '"Ann Arbor"',
    "yrarbil",
    "ERBIF",
    "vendor",
    "4711",
    "#2",
    "shaper",
    "legal",
    "fault",
    '"at fault"',
    "faul*",
)


def questions(facts: Facts, reader: Reader) -> Iterator[Ask]:
    """Ask for tickets in every way that the language has."""
    dice = random.Random(SEED)
    for _ in range(MOST):
        text = query(dice)
        address = f"{ROOT}/tickets?limit=2&marked=true&q={quote(text)}"
        yield Ask("GET", address, by_token=True, then=partial(pages, address))
        if dice.random() < 0.25:
            yield Ask("GET", f"/search?q={quote(text)}")


def query(dice: random.Random) -> str:
    """Make a query of a few terms, with `or`, `not` and brackets now and then, and an order at its end."""
    terms = " ".join(_term(dice, 0) for _ in range(dice.randint(1, 3)))
    return f"{terms} order:{dice.choice(ORDERS)}" if dice.random() < 0.5 else terms


def _term(dice: random.Random, depth: int) -> str:
    chance = dice.random()
    if chance < 0.2:
        return dice.choice(WORDS)
    if chance < 0.3 and depth < 2:
        return f"({_term(dice, depth + 1)} or {_term(dice, depth + 1)})"
    if chance < 0.45:
        return f"-{_asked(dice)}"
    return _asked(dice)


def _asked(dice: random.Random) -> str:
    if dice.random() < 0.4:
        return dice.choice(WHOLE)
    key = dice.choice([each for each in KEYS if each != "order"])
    values = CHOICES.get(key) or VALUES.get(key, ("1",))
    if key in CAN_BE_EMPTY and dice.random() < 0.2:
        return f"{key}:none"
    return f"{key}:{','.join(dice.sample(list(values), min(len(values), dice.randint(1, 2))))}"


def unknown() -> list[str]:
    """List the keys that nothing is asked for here."""
    return sorted(KEYS.keys() - CHOICES.keys() - VALUES.keys())
