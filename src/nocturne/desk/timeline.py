"""Everything that happened, the latest first, as its reader may read it: which tickets, who, what, when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from nocturne.core import opaque
from nocturne.core.entry import SPOKEN, DataClass, Kind
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid
from nocturne.desk import clock, desks, entries, finding, shifts, versions
from nocturne.desk.views import EntryView
from nocturne.store import deadlines, search, timeline
from nocturne.store import shifts as shift_store

PAGE = 50
KINDS = ("all", "people", "acts", "machine")
"""All of it; what people said; what people did; what machines and clocks did."""
_MACHINES = ("system", "machine")
_SPOKEN = frozenset({*(kind.value for kind in SPOKEN), Kind.CORRECTED.value})


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see. Instants are UTC; `shift` is a takeover's address, or `now`."""

    query: str = ""
    who: str = ""
    kind: str = "all"
    since: datetime | None = None
    until: datetime | None = None
    shift: str = ""
    desk: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, and what its ticket is about."""

    view: EntryView
    subject: str


@dataclass(slots=True)
class Page:
    """A page of the timeline; `after` begins the next one, `mark` tells what is newer than this one."""

    lines: list[Line] = field(default_factory=list)
    after: str = ""
    mark: str = ""
    is_tired: bool = False
    reached: datetime | None = None
    """Until when it has looked back, where it got tired of looking."""
    takeovers: list[Mapping[str, Any]] = field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None


@deadlines.within()
def page(reader: Actor, asked: Asked, *, now: datetime, after: str = "", limit: int = PAGE) -> Page:
    """Read a page of the timeline.

    :raises Invalid: the query, the kind or the place is not understood.
    :raises Forbidden: it is not for this reader.
    :raises TakesTooLong: it has been given up.
    """
    _demand_staff(reader)
    where = _where(reader, asked, now=now)
    since, until = _span(reader, asked)
    made = Page(since=since, until=until)
    walked = timeline.walk(
        reader,
        where,
        now=now,
        after=_opened(reader, after) if after else None,
        since=since,
        until=until,
        keep=_keep(asked),
        limit=limit,
    )
    made.is_tired, made.reached = walked.is_tired, walked.reached
    if not after:
        made.mark = _sealed(reader, next(iter(walked.entries), now))
    made.after = _sealed(reader, walked.place) if walked.place is not None else ""
    rows = timeline.entries(walked.entries)
    subjects = shift_store.subjects([row["ticket_id"] for row in rows], reader)
    views = _views(rows, walked.seen)
    made.lines = [Line(view, subjects.get(view.ticket, "")) for view in views]
    if views:
        made.takeovers = list(
            timeline.takeovers(asked.desk, views[-1].recorded_at, until if after == "" and until else now)
            if not after
            else timeline.takeovers(asked.desk, views[-1].recorded_at, views[0].recorded_at)
        )
    return made


def mark(reader: Actor) -> str:
    """Give a mark of the last that this reader may read, for :func:`newer`; what is hidden leaves no trace in it."""
    now = clock.now()
    return _sealed(reader, next(iter(timeline.walk(reader, None, now=now, limit=1).entries), now))


@deadlines.within()
def newer(reader: Actor, asked: Asked, mark: str, *, now: datetime) -> int:
    """Count what has come since a page was made, up to twenty.

    :raises Invalid: the mark is none of this reader's.
    """
    _demand_staff(reader)
    where = _where(reader, asked, now=now)
    return timeline.newer(reader, where, _opened(reader, mark), now=now, keep=_keep(asked))


def _demand_staff(reader: Actor) -> None:
    if not reader.is_staff:
        raise Forbidden("not_permitted")


def _where(reader: Actor, asked: Asked, *, now: datetime) -> Any:
    if not asked.query.strip():
        return desks.scope(desks.find(asked.desk), reader, now=now) if asked.desk else None
    found = finding.ask(asked.query, reader, now=now)
    for key, value in (("order", found.order), ("group", found.group), ("limit", found.limit)):
        if value:
            raise Invalid("timeline_has_its_order", field="q", given=f"{key}:{value}")
    return search.where(found.tree, reader, now=now)


def _span(reader: Actor, asked: Asked) -> tuple[datetime | None, datetime | None]:
    """Say from when to when, where a shift is asked for by that of its takeovers."""
    if not asked.shift:
        return asked.since, asked.until
    if asked.shift == "now":
        return shifts.present(desks.find(asked.desk), reader, now=clock.now()).since, None
    found, _ = shifts.one(asked.shift, reader)
    return found.since, found.until


def _keep(asked: Asked) -> Callable[[Mapping[str, Any]], bool]:
    """Say which entries are wanted, by who wrote them and what they are."""
    if asked.kind not in KINDS:
        raise Invalid("bad_kind", field="kind", given=asked.kind, known=list(KINDS))
    who = asked.who.strip().casefold()

    def keep(row: Mapping[str, Any]) -> bool:
        if who and row["author_label"].casefold() != who:
            return False
        is_machine = row["author_kind"] in _MACHINES or row["door"] in ("alert", "rule", "alarm")
        match asked.kind:
            case "people":
                return not is_machine and row["kind"] in _SPOKEN
            case "acts":
                return not is_machine and row["kind"] not in _SPOKEN
            case "machine":
                return is_machine
        return True

    return keep


def _views(rows: list[dict[str, Any]], seen: Mapping[int, Any]) -> list[EntryView]:
    """Show entries to a reader, with what was said of them later."""
    made = {row["pk"]: entries.view_of(row, seen[row["ticket_id"]]) for row in rows}
    for row in timeline.followers(list(made)):
        about, classes = made[row["corrects_id"]], seen.get(row["ticket_id"], frozenset())
        if row["shown_class"] not in classes:
            continue
        if row["kind"] == Kind.CORRECTED:
            about.corrections.append(entries.view_of(row, classes))
        elif row["kind"] == Kind.REDACTED:
            about.redaction = str(row["facts"].get("reason", ""))
        elif row["kind"] == Kind.WITHDRAWN:
            about.withdrawn = True
    return [made[row["pk"]] for row in rows if _is_said(made[row["pk"]], row, seen[row["ticket_id"]])]


def _is_said(view: EntryView, row: Mapping[str, Any], classes: Any) -> bool:
    """Tell whether an entry is shown: to whoever is not of the staff there, a reply only once it has been sent."""
    if int(DataClass.STAFF) in classes:
        return True
    return not (entries.is_held(row) or view.withdrawn or view.kind == Kind.WITHDRAWN)


_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _sealed(reader: Actor, place: timeline.Place) -> str:
    """Hide where a page ends: behind an entry (an even number), or at an instant (an odd one)."""
    number = place * 2 if isinstance(place, int) else (place - _EPOCH) // _MICROSECOND * 2 + 1
    return opaque.seal(versions.key("timeline"), f"{reader.kind} {reader.id}", 0, number)


def _opened(reader: Actor, given: str) -> timeline.Place:
    number = opaque.unseal(versions.key("timeline"), f"{reader.kind} {reader.id}", 0, given)
    if number is None:
        raise Invalid("bad_cursor", field="after")
    return _EPOCH + number // 2 * _MICROSECOND if number % 2 else number // 2
