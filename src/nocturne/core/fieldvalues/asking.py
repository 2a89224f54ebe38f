"""Questions about values: what stands behind `cve:` in a query becomes ranges of an index."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from nocturne.core.configuration.fields import Field
from nocturne.core.fieldvalues import KINDS, texts
from nocturne.core.fieldvalues.addresses import bounds
from nocturne.core.fieldvalues.value import Context, Found, Searchable, bad, folded
from nocturne.core.refusals import Invalid

HIGHEST = "\U0010ffff"
"""Behind every other character: where all texts that begin alike end."""
_SIGNS = (">=", "<=", ">", "<")
_BY_LOOK_UP = frozenset({"person", "contact", "machine", "circuit", "site", "network"})
_BY_TEXT = frozenset({"text", "long text", "url", "mail address", "mac address"}) | _BY_LOOK_UP
Bound = str | Decimal | datetime | int


@dataclass(frozen=True, slots=True)
class Range:
    """A piece of an index.

    :param by: which of a value's places is asked for: `text`, `number` or `at`.
    :param low, high: where it begins and ends; None where it does not.
    :param closed_low, closed_high: whether the ends belong to it.
    """

    by: str
    low: Bound | None = None
    high: Bound | None = None
    closed_low: bool = True
    closed_high: bool = True

    @property
    def is_one(self) -> bool:
        return self.low is not None and self.low == self.high

    @property
    def is_all(self) -> bool:
        """Whether any value at all lies in it."""
        return self.low is None and self.high is None

    def holds(self, place: Searchable) -> bool:
        """Tell whether a value's place lies in this piece. The SQL twin is in `nocturne.store.search`."""
        at: Bound | None = getattr(place, self.by)
        if at is None:
            return False
        if self.low is not None and (at < self.low or (at == self.low and not self.closed_low)):  # type: ignore[operator]
            return False
        return self.high is None or at < self.high or (at == self.high and self.closed_high)  # type: ignore[operator]


def holds(ranges: Iterable[Range], places: Sequence[Searchable]) -> bool:
    """Tell whether any of a field's values lies in any of some ranges."""
    return any(each.holds(place) for each in ranges for place in places)


def asked(field: Field, written: str, context: Context) -> tuple[Range, ...]:
    """Read what is asked of a field: a value, `>10G`, `<=2026-12-01`, `1G..10G`, `CVE-2026-*`, `10.0.0.0/8`.

    A choice asks for what hangs below it too.

    :raises Invalid: it can be no value of this field.
    """
    written = written.strip()
    if written == "*":
        return (Range("text"),)
    for sign in _SIGNS:
        if written.startswith(sign):
            place = _place(field, written.removeprefix(sign), context)
            if place.text is not None and field.kind != "ip address":
                raise bad(field, "has_no_order", written)
            return (_from(sign, place),)
    first, dots, last = written.partition("..")
    if dots and first and last and _is_ordered(field):
        low, high = _place(field, first, context), _place(field, last, context)
        return (Range(by_of(low), value_of(low), value_of(high)),)
    if written.endswith("*") and field.kind in (*_BY_TEXT, "choice", "phone"):
        start = folded(written[:-1])
        return (Range("text", start, start + HIGHEST),)
    return tuple(_equal(field, written, context))


def _equal(field: Field, written: str, context: Context) -> Iterable[Range]:
    if field.kind == "choice":
        found = texts.chosen(field, written)
        if found is not None:
            values = dict.fromkeys(folded(each) for each in texts.under(field, found.value))
            return [Range("text", each, each) for each in values]
    if field.kind == "ip address" and "/" in written:
        try:
            low, high = bounds(ipaddress.ip_network(written, strict=False))
        except ValueError:
            raise bad(field, "not_ip_prefix", written) from None
        return [Range("text", low, high)]
    if field.kind == "date" and (month := _month(written)):
        return [month]
    place = _place(field, written, context)
    return [Range(by_of(place), value_of(place), value_of(place))]


def _month(written: str) -> Range | None:
    """Read `2026-11` or `2026` as all of its days."""
    parts = written.split("-")
    if not all(part.isascii() and part.isdecimal() for part in parts) or len(parts[0]) != 4 or len(parts) > 2:
        return None
    year, month = int(parts[0]), int(parts[1]) if len(parts) == 2 else 0
    if not 1900 <= year <= 2199 or month > 12 or (len(parts) == 2 and not month):
        return None
    first = datetime(year, month or 1, 1, tzinfo=UTC)
    over = datetime(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1, tzinfo=UTC)
    return Range("at", first, over, closed_high=False)


def _place(field: Field, written: str, context: Context) -> Searchable:
    """Find where a value lies in the index.

    :raises Invalid: it can be no value of this field.
    """
    text = written.strip()
    if field.kind in _BY_LOOK_UP or field.kind == "choice":
        return Searchable(text=folded(text))
    kind = KINDS[field.kind]
    try:
        return kind.search({"kind": field.kind, **kind.read(field, text, _finding_all(context))})
    except Invalid:
        # What a lenient field has taken unread is found as it was typed.
        if not field.strict or field.kind in _BY_TEXT:
            return Searchable(text=folded(text))
        raise


def _finding_all(context: Context) -> Context:
    return Context(context.now, context.zone, context.region, lambda kind, given: Found(0, given))  # noqa: ARG005


def _from(sign: str, place: Searchable) -> Range:
    by, value = by_of(place), value_of(place)
    closed = sign.endswith("=")
    if sign.startswith(">"):
        return Range(by, value, None, closed_low=closed)
    return Range(by, None, value, closed_high=closed)


def _is_ordered(field: Field) -> bool:
    return field.kind in ("number", "duration", "as number", "date", "time", "ticket", "ip address")


def by_of(place: Searchable) -> str:
    """Name the part of the index that a value lies in: text, number or instant."""
    return "text" if place.text is not None else "number" if place.number is not None else "at"


def value_of(place: Searchable) -> Bound:
    """Give a value as it lies in its part of the index.

    :raises TypeError: it lies in none.
    """
    value = place.text if place.text is not None else place.number if place.number is not None else place.at
    if value is None:
        raise TypeError("a place in an index is somewhere")
    return value
