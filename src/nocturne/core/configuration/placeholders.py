"""Placeholders in texts that go out: which there are for which purpose, and how a text is filled with facts.

Filling reads a text once and puts facts in as they are: nothing in a fact is read again, and nothing is ever run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

COLUMN: Mapping[str, str] = {
    "ticket.subject": "subject",
    "ticket.type": "type",
    "ticket.state": "state",
    "ticket.severity": "severity",
    "ticket.priority": "priority",
    "ticket.owner": "owner",
    "ticket.next_action": "next_action",
    "ticket.network": "network",
    "ticket.site": "site",
    "ticket.circuit": "circuit",
    "ticket.vendor": "vendor",
    "ticket.key_component": "key_component",
    "queue.name": "queue",
    "queue.title": "queue",
    "reporter.name": "reporter",
    "reporter.organisation": "reporter",
}
"""Placeholders that tell something of the ticket, and the column whose readers they are for."""
HOUSE = ("site.name", "site.organisation", "site.tag", "site.address", "site.correspond")
"""What everybody may know: of the house, and of the ticket its number and where it is read."""
TICKET = ("ticket.number", "ticket.link")
_QUEUE = ("queue.name", "queue.title")
_OUTSIDE = (
    "ticket.subject", "ticket.type", "ticket.state", "ticket.severity", "ticket.network", "ticket.site",
    "reporter.name", "reporter.organisation",
)  # fmt: skip
_STAFF = tuple(name for name in COLUMN if name not in _QUEUE)


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a text is for.

    :param names: the placeholders that it may hold.
    :param needs: those without which it would not do what it is for.
    :param is_outside: whether people outside get it.
    """

    names: frozenset[str]
    needs: tuple[str, ...] = ()
    is_outside: bool = True


def _names(*groups: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for group in groups for name in group)


PURPOSES: Mapping[str, Purpose] = {
    # Whoever wrote is not known yet: a forged sender must not make us carry anybody's words, nor their own.
    "acknowledgement": Purpose(_names(HOUSE, TICKET, _QUEUE), needs=("ticket.number",)),
    "reply": Purpose(_names(HOUSE, TICKET, _QUEUE, _OUTSIDE, ("text",)), needs=("text",)),
    "resolved": Purpose(_names(HOUSE, TICKET, _QUEUE, _OUTSIDE, ("text", "resolution")), needs=("text",)),
    "owner": Purpose(
        _names(HOUSE, TICKET, _QUEUE, _STAFF, ("text", "headline", "facts", "author.name")), is_outside=False
    ),
    "update": Purpose(
        _names(HOUSE, TICKET, _QUEUE, _STAFF, ("text", "headline", "facts", "author.name")), is_outside=False
    ),
    "asked": Purpose(
        _names(HOUSE, TICKET, _QUEUE, _STAFF, ("text", "headline", "facts", "author.name")), is_outside=False
    ),
    "signature": Purpose(_names(HOUSE, _QUEUE)),
}
"""By what a notice is for; `signature` stands below every text for people outside."""
_BRACES = re.compile(r"\{([^{}]*)\}")


def named(text: str) -> list[str]:
    """List what stands in braces in a text."""
    return [each.strip() for each in _BRACES.findall(text)]


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Fill a text. A line whose placeholders are all empty is left out, and so are the gaps that this makes."""
    kept: list[str] = []
    for line in text.strip("\n").split("\n"):
        names = named(line)
        if names and not any(facts.get(name, "").strip() for name in names):
            continue
        if line.strip() or (kept and kept[-1]):
            kept.append(_BRACES.sub(lambda match: facts.get(match[1].strip(), ""), line).rstrip())
    while kept and not kept[-1]:
        kept.pop()
    return "\n".join(kept)
