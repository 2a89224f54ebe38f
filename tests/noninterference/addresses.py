"""Every address of the house, taken from its own table, filled with what there is and what there is not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from django.urls import URLPattern, URLResolver, get_resolver

from nocturne.desk.builtviews import BUILT_IN
from nocturne.doors.api.inventory import KINDS
from nocturne.doors.web import acts
from tests.noninterference.world import Facts

MISSING = 999_999
TICKETS = ("own", "trouble", "second", "rowes second")
"""Which tickets are asked for: one's own, the house's, one's own in another's, another's in one's own."""
STEPS = (
    "own", "note on own", "reply on own", "correction on own", "answer on own", "confidence on own",
    "kept from most on own", "note on trouble", "rowes second", "second",
)  # fmt: skip
"""Which updates are asked for."""
_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True)
class Route:
    """One address with its gaps, as it stands in the table."""

    name: str
    pattern: str
    view: object

    @property
    def gaps(self) -> list[str]:
        return [match[2] for match in _PARAMETER.finditer(self.pattern)]

    def filled(self, values: Mapping[str, object]) -> str:
        return "/" + _PARAMETER.sub(lambda match: str(values[match[2]]), self.pattern)


def routes() -> list[Route]:
    """List every address, whichever door it belongs to; what the API makes of its own is told apart by its view."""
    return list(_walked(get_resolver().url_patterns, ""))


def pages() -> list[Route]:
    """List the addresses that are not the API's."""
    return [each for each in routes() if not each.pattern.startswith("api/")]


def _walked(patterns: Sequence[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for each in patterns:
        whole = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walked(each.url_patterns, whole)
        else:
            yield Route(str(each.name or ""), whole, each.callback)


def fillings(gaps: Sequence[str], facts: Facts, *, of_view: bool = False) -> Iterator[dict[str, object]]:
    """Fill the gaps of an address with everything that is of interest; where it is a view's, with every view."""
    if {"number", "address"} <= set(gaps):
        for step in STEPS:
            number, address = facts.addresses[step]
            yield {"number": number, "address": address}
        yield {"number": facts.numbers["own"], "address": "A" * 12}
        return
    known = values_of(facts)
    if of_view:
        known["name"] = [*BUILT_IN, "nonsense"]
    if "noun" in gaps:
        known["number"] = [facts.numbers["own"], facts.numbers["trouble"]]
    for values in product(*(known.get(gap, ["1"]) for gap in gaps)):
        yield dict(zip(gaps, values, strict=True))


def values_of(facts: Facts) -> dict[str, list[object]]:
    """Say what a gap can be filled with, by its name."""
    return {
        "number": [*(facts.numbers[name] for name in TICKETS), MISSING],
        "noun": [*acts.BY_NOUN, "nonsense"],
        "name": ["cleo", "night", "nonsense"],
        "pair": [
            f"{facts.numbers[one]}|{facts.numbers[other]}"
            for one, other in (
                ("own", "second"),
                ("trouble", "own"),
                ("own", "break-in"),
                ("break-in", "trouble"),
            )
        ],
        "token": [*(facts.files[name] for name in FILES), "t" * 22],
        "mark": ["m" * 12],
        "form": ["atom", "nonsense"],
        "feed": [1, MISSING],
        "secret": ["s" * 12],
        "kind": [*KINDS, "depends_on", "refers_to", "nonsense"],
        "other": [facts.numbers["trouble"], MISSING],
        "key": ["1.0", "9.9", facts.shift],
        "row": [1, MISSING],
        "provider": ["nonsense"],
        "line": [1, MISSING],
        "who": ["cleo", "nonsense"],
        "segment": ["sites", "nonsense"],
        "way": [1, MISSING],
        "group": ["operators", "nonsense"],
        "address": ["A" * 12, facts.shift],
    }


def unknown(facts: Facts) -> list[str]:
    """List the gaps of addresses that nothing is said of here."""
    return sorted({gap for route in routes() for gap in route.gaps} - values_of(facts).keys())


FILES = (
    "note on own", "reply on own", "answer on own", "confidence on own", "privilege on own", "note on trouble",
    "reply on rowes", "note on break-in",
)  # fmt: skip
