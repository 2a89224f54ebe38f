"""Keeps what is derived from entries so that the past can be searched: turns of columns, and how long clocks ran.

Both follow each entry in its own transaction (`nocturne.store.append`), and can be made anew from the entries. After an
upgrade from before there was this index it is made by `nocturne.store.pastbuilding`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from nocturne.core import clocks
from nocturne.core.chart import COLUMNS
from nocturne.core.entry import Change, Kind
from nocturne.core.query.vocabulary import PAST_COLUMNS, PAST_VALUES
from nocturne.store import prepared
from nocturne.store.models import ClockTotal, Entry, PastState, Ticket, Turn
from nocturne.store.projections import Projection, register
from nocturne.store.readings import Reading

LONGEST_AUTHOR = 48
PIECE = 2_000
"""Rows that are written by one statement."""


# --- how far it has been made -----------------------------------------------------------------------------------------

_whole_in: set[str] = set()
"""Databases of which this process has seen that the index is whole: it stays so."""


_STATE = Reading(lambda number: PastState.objects.filter(pk=number).values("below"))


def below() -> int:
    """Give the ticket from which on all are in the index; nought when it is whole. Asked again until it is."""
    name = str(connection.settings_dict["NAME"])
    if name in _whole_in:
        return 0
    rows = _STATE.rows(1)
    found = int(rows[0]["below"]) if rows else 0
    if found <= 0 and not connection.in_atomic_block:
        _whole_in.add(name)
    return max(found, 0)


def forget() -> None:
    """Ask anew how far it has been made: another database stands under the same name now."""
    _whole_in.clear()


# --- as entries are added --------------------------------------------------------------------------------------------


def follow(ticket: Ticket, entry: Entry, changes: Sequence[Change]) -> None:
    """Note what an entry turned, before its ticket's header is brought up to date.

    :param ticket: with the clock that ran until now, locked.
    """
    if not changes or ticket.pk < below():
        return  # it turns nothing, or all of its entries are read when its turn comes
    author = author_key(entry.author_kind, entry.author_id, entry.author_label)
    if entry.kind != Kind.OPENED.value:
        for each in turns(changes):
            prepared.insert(
                Turn(
                    ticket_id=ticket.pk,
                    entry=entry.pk,
                    at=moment(entry.at),
                    author=author,
                    shown_class=entry.shown_class,
                    column=each.column,
                    before=each.before,
                    after=each.after,
                )
            )
    for change in changes:
        if change.column == "clock" and change.after is not None:
            _switched(ticket, entry, str(change.after))


def reclassified(ticket: int, entry: int, shown_class: int) -> None:
    """Follow an entry that is for other readers from now on."""
    Turn.objects.filter(ticket_id=ticket, entry=entry).update(shown_class=shown_class)


def taken_away(ticket: int, entry: int, changes: Sequence[Change]) -> None:
    """Forget what an entry turned by changes that were taken away with its words."""
    columns = {each.column for each in turns(changes)}
    Turn.objects.filter(ticket_id=ticket, entry=entry, column__in=columns).delete()


def _switched(ticket: Ticket, entry: Entry, clock: str) -> None:
    at = entry.at.replace(microsecond=0)
    if entry.kind == Kind.OPENED.value:  # nothing has run yet
        prepared.insert(ClockTotal(ticket_id=ticket.pk, clock=clock, seconds=0, since=at))
        return
    totals = {each.clock: each for each in ClockTotal.objects.filter(ticket_id=ticket.pk)}
    if not totals or entry.at < ticket.clock_since:
        rebuild_clocks([ticket.pk])  # a switch that is written down late moves time from one clock to another
        return
    running = next((each for each in totals.values() if each.since is not None), None)
    if running is not None and running.clock == clock:
        return
    if running is not None and running.since is not None:
        running.seconds, running.since = max(0, int((at - running.since).total_seconds())), None
        running.save(update_fields=["seconds", "since"])
    begun = totals.get(clock) or ClockTotal(ticket_id=ticket.pk, clock=clock)
    begun.seconds, begun.since = 0, at - timedelta(seconds=begun.seconds)
    begun.save()


# --- what entries come to --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turned:
    """One column that a change turned, and its short values."""

    column: str
    before: str | None
    after: str | None


def turns(changes: Iterable[Change]) -> Iterator[Turned]:
    """Give what of an entry's changes is kept for searching, each column of a set once per element."""
    for change in changes:
        kind, slash, key = change.column.partition("/")
        if kind == "machine" and slash:
            yield Turned(
                kind, key if change.before is not None else None, key if change.after is not None else None
            )
        elif kind == "field" and slash:
            tagged = key.startswith("tag:")
            yield Turned("field/tag:" if tagged else f"field/{key.partition(':')[0]}", None, None)
        elif kind in PAST_COLUMNS:
            yield Turned(kind, _short(kind, change.before), _short(kind, change.after))


def _short(column: str, value: Any) -> str | None:
    if value is None or column not in PAST_VALUES:
        return None
    form = COLUMNS[column].form
    if form == "state":
        return str(value["name"])[:40]
    if form == "row" and isinstance(value, dict):
        return str(value["id"])
    return str(value)[:40]


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(at: datetime) -> int:
    """Spell an instant as turns keep it: microseconds since 1970."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def author_key(kind: str, number: int | None, label: str) -> str:
    """Spell an author as turns keep it: by number where there is one, else by name."""
    return f"{kind}:{number}" if number is not None else f"{kind}:{label.casefold()[:LONGEST_AUTHOR]}"


def clock_totals(switches: Iterable[clocks.Switch]) -> dict[str, tuple[int, datetime | None]]:
    """Add up a ledger: for each clock how many seconds it ran, or for the one that runs, since when in effect."""
    segments = clocks.ledger(switches)
    ended: dict[str, int] = defaultdict(int)
    for segment in segments:
        seconds = (segment.end - segment.start).total_seconds() if segment.end else 0
        ended[segment.clock] += int(seconds)
    found: dict[str, tuple[int, datetime | None]] = {clock: (total, None) for clock, total in ended.items()}
    if segments:
        last = segments[-1]
        total = ended[last.clock]
        found[last.clock] = (0, last.start - timedelta(seconds=total))
    return found


# --- all of it anew --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables as they are now; a migration brings those of its time."""

    entry: Any = Entry
    turn: Any = Turn
    total: Any = ClockTotal


NOW = Tables()


def rebuild(numbers: Sequence[int], tables: Tables = NOW) -> None:
    """Make the turns and totals of some tickets anew from their entries."""
    made, switches = _read(numbers, tables)
    tables.turn.objects.filter(ticket__in=numbers).delete()
    # Millions of rows are written so after an upgrade: a model made for each would take three times as long.
    marks = ", ".join(["%s"] * len(_ROW))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO ticket_turn ({', '.join(_COLUMNS)}) VALUES ({marks})", made)  # noqa: S608
    _write_clocks(numbers, switches, tables)


def rebuild_clocks(numbers: Sequence[int]) -> None:
    """Make the totals of some tickets' clocks anew."""
    _write_clocks(numbers, _read(numbers)[1])


def _write_clocks(
    numbers: Sequence[int], switches: Mapping[int, list[clocks.Switch]], tables: Tables = NOW
) -> None:
    tables.total.objects.filter(ticket__in=numbers).delete()
    rows = (
        tables.total(ticket_id=number, clock=clock, seconds=seconds, since=since)
        for number, marks in switches.items()
        for clock, (seconds, since) in clock_totals(marks).items()
    )
    tables.total.objects.bulk_create(rows, batch_size=PIECE)


_ENTRY = (
    "pk", "ticket_id", "seq", "kind", "at", "author_kind", "author_id", "author_label", "shown_class", "changes",
    "words__changes",
)  # fmt: skip


_ROW = ("ticket_id", "entry", "column", "before", "after", "at", "author", "shown_class")
_COLUMNS = tuple(f'"{name}"' for name in _ROW)
Row = tuple[int, int, str, str | None, str | None, int, str, int]


def _read(numbers: Sequence[int], tables: Tables = NOW) -> tuple[list[Row], dict[int, list[clocks.Switch]]]:
    """Read what entries turned, as rows, and when they switched clocks."""
    made: list[Row] = []
    switches: dict[int, list[clocks.Switch]] = defaultdict(list)
    rows = tables.entry.objects.filter(ticket__in=numbers).order_by("ticket", "seq").values_list(*_ENTRY)
    for pk, number, seq, kind, at, author_kind, author, label, shown, opened, closed in rows.iterator():
        changes = [Change(*each) for each in (*opened, *(closed or ()))]
        for change in changes:
            if change.column == "clock" and change.after is not None:
                switches[number].append(clocks.Switch(at, seq, str(change.after)))
        if kind == Kind.OPENED.value:
            continue
        key = author_key(author_kind, author, label)
        when = moment(at)
        made += [
            (number, pk, each.column, each.before, each.after, when, key, shown) for each in turns(changes)
        ]
    return made, switches


def differing(numbers: Sequence[int]) -> list[int]:
    """Name those tickets whose turns or totals are not what their entries come to; those that are not in it yet are not
    asked."""
    made_from = below()
    numbers = [number for number in numbers if number >= made_from]
    made, switches = _read(numbers)
    wanted: dict[int, list[Any]] = defaultdict(list)
    for row in made:
        wanted[row[0]].append(row)
    stood: dict[int, list[Any]] = defaultdict(list)
    for row in Turn.objects.filter(ticket__in=numbers).values_list(*_ROW):
        stood[row[0]].append(row)
    ran: dict[int, dict[str, tuple[int, datetime | None]]] = defaultdict(dict)
    for total in ClockTotal.objects.filter(ticket__in=numbers):
        ran[total.ticket_id][total.clock] = (total.seconds, total.since)
    return [
        number
        for number in numbers
        if sorted(wanted[number], key=str) != sorted(stood[number], key=str)
        or _running(clock_totals(switches.get(number, []))) != _running(ran[number])
    ]


def _running(totals: Mapping[str, tuple[int, datetime | None]]) -> dict[str, tuple[int, datetime | None]]:
    """Leave out the clocks that ran for less than a second: whether they are named at all says nothing."""
    return {clock: total for clock, total in totals.items() if total != (0, None)}


PROJECTION = register(Projection("history", rebuild, differing))
