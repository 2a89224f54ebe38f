"""The chart: what a ticket's entries add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nocturne.core.entry import DataClass, Entry

REDACTED = "[redacted]"
"""What stands where a redaction took a value away."""


@dataclass(frozen=True, slots=True)
class Column:
    """A header column: how its value is spelt, who may read it, and whether a redaction can take it away.

    `form` is one of text, number, instant, flag, state, row (a row of another table), data.
    Sensitive values are kept apart from the entry, with its text.
    """

    form: str
    data_class: DataClass = DataClass.STAFF
    sensitive: bool = False


_CUSTOMER = DataClass.CUSTOMER
_STAFF = DataClass.STAFF

COLUMNS: dict[str, Column] = {
    "type": Column("text", _CUSTOMER),
    "queue": Column("row", _CUSTOMER),
    "subject": Column("text", _CUSTOMER, sensitive=True),
    "state": Column("state", _CUSTOMER),
    "clock": Column("text", _STAFF),
    "severity": Column("number", _CUSTOMER),
    "priority": Column("number", _STAFF),
    "owner": Column("row", _STAFF),
    "opened_by": Column("text", _STAFF),
    "reporter": Column("row", _CUSTOMER),
    "dispatched_to": Column("text", _STAFF),
    "referred_to": Column("text", _STAFF),
    "escalated_to": Column("text", _STAFF),
    "network": Column("row", _CUSTOMER),
    "site": Column("row", _CUSTOMER),
    "circuit": Column("row", _STAFF),
    "vendor": Column("row", _STAFF),
    "vendor_reference": Column("text", _STAFF, sensitive=True),
    "user_address": Column("text", _CUSTOMER, sensitive=True),
    "destination_address": Column("text", _CUSTOMER, sensitive=True),
    "next_action": Column("text", _STAFF, sensitive=True),
    "alarm_at": Column("instant", _STAFF),
    "alarm_text": Column("text", _STAFF, sensitive=True),
    "ringing_since": Column("instant", _STAFF),
    "started_at": Column("instant", _CUSTOMER),
    "detected_at": Column("instant", _STAFF),
    "reported_at": Column("instant", _CUSTOMER),
    "opened_at": Column("instant", _CUSTOMER),
    "restored_at": Column("instant", _CUSTOMER),
    "resolved_at": Column("instant", _CUSTOMER),
    "closed_at": Column("instant", _CUSTOMER),
    "planned_start": Column("instant", _CUSTOMER),
    "planned_end": Column("instant", _CUSTOMER),
    "resolution": Column("text", _CUSTOMER, sensitive=True),
    "key_component": Column("text", _STAFF, sensitive=True),
    "cause": Column("text", _STAFF, sensitive=True),
    "checked_by": Column("row", _STAFF),
    "checked_at": Column("instant", _STAFF),
    "self_checked": Column("flag", _STAFF),
    "check_marks": Column("text", DataClass.RESTRICTED, sensitive=True),
    "objected": Column("flag", _STAFF),
    "worked": Column("number", _STAFF),
    "parent": Column("row", _STAFF),
    "merged_into": Column("row", _STAFF),
}
"""RFC 1297's header and resolution data. A column not named here does not exist."""

ELEMENTS: dict[str, Column] = {
    "machine": Column("text", _CUSTOMER),
    "party": Column("data", _STAFF),
    "relation": Column("text", _STAFF),
    "outage": Column("data", _CUSTOMER),
    "affected": Column("data", _STAFF),
    "field": Column("data", _STAFF),
}
_LOCAL = Column("data", _STAFF, sensitive=True)
"""A local field's value: it may be somebody's telephone number, so that a redaction must be able to take it away."""
"""Sets on a chart: one column per element, `machine/42`, so that the fold only ever assigns."""


def column(name: str) -> Column:
    """Find a column's description.

    :raises KeyError: there is no such column.
    """
    kind, slash, key = name.partition("/")
    if kind == "field" and slash and not key.startswith("tag:"):
        return _LOCAL
    return ELEMENTS[kind] if slash else COLUMNS[name]


def plain(form: str, value: Any) -> Any:
    """Reduce a stored value to what the header holds: a row to its number; all else as it is."""
    if form == "row" and isinstance(value, dict):
        return value["id"]
    return value


def fold(entries: Iterable[Entry]) -> dict[str, Any]:
    """Add up a ticket's entries to its header, in recording order.

    Values are assigned and nothing else is done with them, so that no configuration can change an old ticket.
    The clock alone is different: its switches are sorted by when they happened, and the last one counts.
    """
    header: dict[str, Any] = {}
    last_switch: tuple[datetime, int] | None = None
    for entry in sorted(entries, key=lambda each: each.seq):
        for change in entry.changes:
            if change.column == "clock":
                when = (entry.at, entry.seq)
                if last_switch is not None and when < last_switch:
                    continue
                last_switch = when
            if change.after is None:
                header.pop(change.column, None)
            else:
                header[change.column] = plain(column(change.column).form, change.after)
    return header


def as_known(entries: Iterable[Entry], at: datetime) -> dict[str, Any]:
    """Fold what had been written down by an instant: the ticket as anyone could know it then."""
    return fold(entry for entry in entries if entry.recorded_at <= at)


def as_it_was(entries: Iterable[Entry], at: datetime) -> dict[str, Any]:
    """Fold what had happened by an instant, whenever it was written down."""
    return fold(entry for entry in entries if entry.at <= at)


def difference(header: dict[str, Any], folded: dict[str, Any]) -> tuple[str, Any, Any] | None:
    """Name the first column in which a stored header and the fold of its entries differ, with both values."""
    for name in sorted(header.keys() | folded.keys()):
        if header.get(name) != folded.get(name):
            return name, header.get(name), folded.get(name)
    return None
