"""Lists taken away as files: CSV, XLSX and JSON Lines, sent while they are read.

Whoever takes a list away needs the right `export` on each of its tickets; a file holds those on which they have it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from nocturne.core import cells, permits, workbook
from nocturne.core.configuration import current
from nocturne.core.entry import Door
from nocturne.core.fieldvalues.rules import PREFIX, local
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid
from nocturne.desk import audit, clock, file_slots, finding, setup
from nocturne.desk.file_slots import Slot
from nocturne.store import deadlines, tables

RIGHT = "export"
FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson; charset=utf-8",
}
COLUMNS = (
    "number", "url", "type", "subject", "state", "meaning", "severity", "priority", "queue", "owner", "clock",
    "next_action", "alarm_at", "alarm_text", "ringing_since", "reporter", "network", "site", "machines", "circuit",
    "vendor", "vendor_reference", "referred_to", "dispatched_to", "escalated_to", "affected", "user_address",
    "destination_address", "started_at", "detected_at", "reported_at", "opened_at", "restored_at", "resolved_at",
    "checked_at", "closed_at", "planned_start", "planned_end", "resolution", "key_component", "cause", "parent",
    "worked",
)  # fmt: skip
"""The columns of a file, under names and in an order that stay; the site's own fields follow as `field/NAME`."""
PIECE = 65_536
MUCH = 1_000
"""Rows from which on it stands in the audit that somebody took them away."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that is being made: its name, its media type, and its bytes piece by piece."""

    name: str
    media_type: str
    pieces: _Pieces


@dataclass(slots=True)
class _Order:
    """What somebody has asked for, and how many rows of it they have got."""

    by: Actor
    door: Door
    text: str
    form: str
    columns: list[str]
    rows: int = 0
    batch: str = ""


class _Pieces:
    """The bytes of a file, and the place that it has taken: that is given back even if nobody asks for the first."""

    def __init__(self, pieces: Generator[bytes], slot: Slot) -> None:
        self._pieces, self._slot = pieces, slot

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            piece = next(self._pieces)
            self._slot.renew()
        except BaseException:
            self._slot.give_back()
            raise
        return piece

    def close(self) -> None:
        """End it, wherever it is: whoever listened has gone."""
        try:
            self._pieces.close()
        finally:
            self._slot.give_back()


def demand(actor: Actor) -> None:
    """Refuse whoever may take nothing away.

    :raises Forbidden: with what they can do about it.
    """
    if not permits.may(actor, RIGHT):
        raise Forbidden("export_not_permitted")


def columns_for(actor: Actor) -> list[str]:
    """List the columns that a file for this reader can have, in their order."""
    own = (PREFIX + each.name for each in local(current()))
    return [*COLUMNS, *(name for name in own if permits.sees_column(actor, name))]


def columns_named(words: str, actor: Actor) -> list[str]:
    """Read which columns somebody wants, in that order; all of them where they name none.

    :raises Invalid: one of them is none, or is none that they may know of.
    """
    known = columns_for(actor)
    chosen = list(dict.fromkeys(word.strip() for word in words.split(",") if word.strip()))
    named = [word if word in known or word in COLUMNS else PREFIX + word for word in chosen]
    for word, name in zip(chosen, named, strict=True):
        if name not in known:
            raise Invalid("unknown_file_column", field="columns", given=word[:80], known=known)
    return named or known


def take(
    text: str, form: str, *, by: Actor, door: Door, columns: str = "", order: str = "", title: str = "tickets"
) -> Taken:
    """Take a list away as a file.

    :param text: which tickets, in the language of the search box.
    :param order: that of the list which is taken away; where its reader may not follow it, the question's own.
    :param columns: names from :data:`COLUMNS` and of the site's own fields, parted by commas; all where empty.
    :raises Forbidden: the actor may take nothing away.
    :raises Invalid: the query, the form or a column is not understood.
    :raises Unavailable: so many files are being made already that pages would have to wait.
    :raises TooMany: the actor takes as many away already as one may at once.
    """
    demand(by)
    if form not in FORMS:
        raise Invalid("unknown_form", field="form", given=form[:20], known=list(FORMS))
    now = clock.now()
    asked = finding.ask(text, by, now=now)
    chosen = columns_named(columns, by)
    wanted = _Order(by, door, text, form, chosen)
    order = finding.order_of(asked, by, order) if order else ""
    found = finding.every(by, asked, now=now, order=order, seconds=deadlines.PATIENT)
    pieces = _Pieces(_made(wanted, found), file_slots.take(by))
    return Taken(f"{title}-{now:%Y-%m-%d}.{form}", FORMS[form], pieces)


def _made(wanted: _Order, found: Iterator[dict[str, Any]]) -> Generator[bytes]:
    """Make the file; however it ends, it is written down how much of it went out."""
    whole = False
    try:
        yield from _WRITERS[wanted.form](wanted, _rows(wanted, found))
        whole = True
    finally:
        if wanted.batch:
            _note(wanted, "tickets_export_ended", {"rows": wanted.rows, "whole": whole})


def _rows(wanted: _Order, found: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give the rows that go into a file, with all columns that their reader may read of each."""
    further = bool({name.removesuffix("__name") for name in tables.FURTHER} & set(wanted.columns))
    while step := list(islice(found, finding.STEP)):
        numbers = [row["number"] for row in step]
        mine = tables.kept(numbers, wanted.by, RIGHT)
        more = tables.further(numbers, wanted.by, step=finding.STEP) if further else {}
        for row in step:
            if row["number"] in mine:
                wanted.rows += 1
                if wanted.rows == MUCH:
                    _note(wanted, "tickets_exported", {"rows_at_least": MUCH})
                yield row | more.get(row["number"], {})


def _note(wanted: _Order, act: str, facts: dict[str, Any]) -> None:
    """Write down that much is being taken away: who, what they asked for, and how much."""
    wanted.batch = wanted.batch or audit.new_batch()
    told = {"query": wanted.text[:500], "form": wanted.form, "columns": len(wanted.columns), **facts}
    audit.note(
        act,
        by=wanted.by,
        door=wanted.door,
        subject=("list", wanted.form),
        facts=told,
        batch=wanted.batch,
    )


# --- the forms -------------------------------------------------------------------------------------------------------


def _csv(wanted: _Order, rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    yield cells.row(wanted.columns).encode()
    yield from _by_steps(cells.row(_flat(value) for value in _values(row, wanted.columns)) for row in rows)


def _xlsx(wanted: _Order, rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    filled = ([_flat(value, plain=False) for value in _values(row, wanted.columns)] for row in rows)
    yield from workbook.written("Tickets", wanted.columns, filled)


def _jsonl(wanted: _Order, rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    yield from _by_steps(_json(row, wanted.columns) for row in rows)


_WRITERS: dict[str, Callable[[_Order, Iterable[dict[str, Any]]], Iterator[bytes]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "jsonl": _jsonl,
}


def _by_steps(lines: Iterator[str]) -> Iterator[bytes]:
    """Put lines together to pieces of a size that a server holds a few of: however long they are, or short."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        held.append(line.encode("utf-8", "replace"))
        size += len(held[-1])
        if size >= PIECE:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


_ABSENT = object()
"""Stands for what a reader may not read, which is not the same as what is empty."""


def _value(row: dict[str, Any], column: str) -> Any:
    if column == "url":
        return f"{setup.base_url()}/tickets/{row['number']}"
    if column.startswith(PREFIX):
        return row.get("fields", {}).get(column.removeprefix(PREFIX), _ABSENT)
    return row.get("parent_id" if column == "parent" else column, _ABSENT)


def _values(row: dict[str, Any], columns: Sequence[str]) -> Iterator[Any]:
    for column in columns:
        value = _value(row, column)
        yield None if value is _ABSENT else value


def _json(row: dict[str, Any], columns: Sequence[str]) -> str:
    """Spell a row for programs: what its reader may not read is not there at all."""
    told = {name: value for name in columns if (value := _value(row, name)) is not _ABSENT}
    return json.dumps(told, ensure_ascii=False, default=spelt) + "\n"


def spelt(value: Any) -> Any:
    """Spell what JSON does not know: an instant in UTC, to the second."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else str(value)


def _flat(value: Any, *, plain: bool = True) -> Any:
    """Make one cell of a value: several stand after each other, an instant is UTC.

    :param plain: whether the file knows texts and numbers only.
    """
    if isinstance(value, datetime):
        return spelt(value) if plain else value
    if isinstance(value, list | tuple):
        return "; ".join(str(_flat(each)) for each in value)
    if isinstance(value, dict):
        return ": ".join(str(value[name]) for name in ("name", "effect") if value.get(name)) or json.dumps(
            value, ensure_ascii=False, default=str
        )
    return value
