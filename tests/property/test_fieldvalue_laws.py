"""Laws of local fields' values: one spelling, shown as it is read, and searched in its own order."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nocturne.core.configuration.fields import KINDS, Choice, Field
from nocturne.core.fieldvalues import KINDS as READERS
from nocturne.core.fieldvalues import Context, Found, searchable, shown, spell
from nocturne.core.fieldvalues.asking import asked, by_of, holds, value_of
from nocturne.core.refusals import Invalid

CONTEXT = Context(
    datetime(2026, 11, 26, 12, tzinfo=UTC), "Europe/Paris", "FR", lambda kind, given: Found(7, given.strip())
)
UNITS = st.sampled_from(["", "bit/s", "Gbit/s", "ms", "s", "B", "GiB", "dBm", "%", "V", "km", "min"])
CHOICES = (Choice("a", "Alpha"), Choice("b", "Beta", parent="a"), Choice("c"))
SAID = st.text(st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S", "Zs")), max_size=38)
TEXTS = st.tuples(st.characters(codec="utf-8", categories=("L", "N")), SAID).map("".join)
"""What a field takes: something is said, in one line. Any text at all has a law of its own."""
NUMBERS = st.decimals(-(10**9), 10**9, places=6).map(lambda found: f"{found:f}")
GIVEN: dict[str, st.SearchStrategy[str]] = {
    "text": TEXTS,
    "long text": TEXTS,
    "choice": st.sampled_from(["a", "Beta", "C"]),
    "number": NUMBERS,
    "yes or no": st.sampled_from(["yes", "no", "Y", "off"]),
    "date": st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(date.isoformat),
    "time": st.times().map(lambda found: f"{found:%H:%M:%S}"),
    "duration": st.integers(0, 10**7).map(lambda found: f"{found // 60} m {found % 60} s"),
    **dict.fromkeys(("person", "contact", "machine", "circuit", "site", "network"), TEXTS),
    "ip address": st.ip_addresses().map(str),
    "ip prefix": st.tuples(st.ip_addresses(v=4), st.integers(0, 32)).map(lambda each: f"{each[0]}/{each[1]}"),
    "mac address": st.binary(min_size=6, max_size=6).map(lambda each: each.hex(".", 2)),
    "as number": st.integers(0, 2**32 - 1).map(str),
    "phone": st.sampled_from(["01 40 20 50 50", "+31 20 592 5000", "+1 734 555 0199 x3"]),
    "mail address": st.emails(),
    "url": st.sampled_from(["example.net", "https://a.b/C?d#e", "ssh://x.y:22/"]),
    "ticket": st.integers(1, 10**12).map(str),
}  # fmt: skip


@st.composite
def typed(draw: st.DrawFn, kinds: Sequence[str] = tuple(KINDS)) -> tuple[Field, str]:
    kind = draw(st.sampled_from(kinds))
    unit = draw(UNITS) if kind == "number" else ""
    field = Field("f", kind=kind, unit=unit, choices=CHOICES if kind == "choice" else ())
    return field, draw(GIVEN[kind])


def read(field: Field, text: str) -> dict[str, Any]:
    try:
        found = spell(field, text, CONTEXT, warnings=[])
    except Invalid:
        found = None
    assume(found is not None)
    assert found is not None
    return found


def test_every_kind_a_field_can_have_is_read_by_somebody() -> None:
    assert set(READERS) == set(KINDS) == set(GIVEN)


@pytest.mark.req("R9.1")
@settings(max_examples=400, deadline=None)
@given(typed())
def test_reading_what_is_shown_gives_the_same_value(field_and_text: tuple[Field, str]) -> None:
    field, text = field_and_text
    found = read(field, text)
    assert spell(field, shown(found, field), CONTEXT, warnings=[]) == found


ORDERED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "number": lambda value: Decimal(value["value"]),
    "duration": lambda value: value["value"],
    "as number": lambda value: value["value"],
    "ticket": lambda value: value["value"],
    "date": lambda value: date.fromisoformat(value["value"]),
    "time": lambda value: time.fromisoformat(value["value"]),
}


@settings(max_examples=300, deadline=None)
@given(field_and_text=typed(tuple(ORDERED)), other=st.data())
def test_what_is_searched_orders_as_the_value_does(field_and_text: tuple[Field, str], other: Any) -> None:
    field, text = field_and_text
    one, two = read(field, text), read(field, other.draw(GIVEN[field.kind]))
    key = ORDERED[field.kind]
    places = [value_of(searchable(each)) for each in (one, two)]
    assert (places[0] < places[1]) == (key(one) < key(two))
    assert (places[0] == places[1]) == (key(one) == key(two))


@settings(max_examples=200, deadline=None)
@given(field_and_text=typed())
def test_a_value_is_found_by_what_is_shown_of_it(field_and_text: tuple[Field, str]) -> None:
    field, text = field_and_text
    found = read(field, text)
    as_shown = shown(found, field).strip()
    assume(not as_shown.startswith((">", "<")) and not as_shown.endswith("*"))
    place = searchable(found)
    assert by_of(place) in ("text", "number", "at")
    assert holds(asked(field, as_shown, CONTEXT), [place])


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(KINDS), text=st.text(max_size=60), strict=st.booleans())
def test_any_text_is_read_or_refused_and_a_lenient_field_keeps_it(kind: str, text: str, strict: bool) -> None:
    field = Field("f", kind=kind, unit="ms" if kind == "number" else "", strict=strict, choices=CHOICES)
    warnings: list[Invalid] = []
    with contextlib.suppress(Invalid):
        found = spell(field, text, CONTEXT, warnings=warnings)
        assert found is None or (shown(found, field) and searchable(found) is not None)
        assert not strict or not warnings
    with contextlib.suppress(Invalid):
        asked(field, text, CONTEXT)
