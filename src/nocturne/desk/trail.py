"""The audit as auditors read it: looked through page by page, exported whole, and proved to be unbroken."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from nocturne.core import cells, permits
from nocturne.core.entry import Door, instant
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.desk import audit
from nocturne.store.models import Audit

RIGHT = "administer-audit"
FORMS = ("csv", "jsonl")
HEADS = (
    "number", "at", "who", "who_kind", "door", "act", "subject_kind", "subject", "batch", "before", "after",
    "facts",
)  # fmt: skip
CHECKED_FOR = 2.0
"""Seconds after which a check of the chain rests, and says how far it has come."""
PIECE = 500


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; what is empty does not count. A subject is found by any part of its name."""

    act: str = ""
    who: str = ""
    kind: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the audit as plain values."""

    number: int
    at: datetime
    who: str
    who_kind: str
    door: str
    act: str
    subject_kind: str
    subject: str
    batch: str
    before: Any
    after: Any
    facts: dict[str, Any]

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """What was something else before, by the path of its key."""
        return list(audit.differences(self.before, self.after))


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of rows, the newest first, and the number to go on before; None at the end."""

    lines: list[Line]
    further: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    """How far the chain was walked, and the first row at which it does not hold."""

    rows: int
    last: int
    is_whole: bool
    seal: str = ""
    """The hash of the last row that was walked: written down elsewhere, it proves later that none was cut off."""
    broken: audit.Broken | None = None


def demand(by: Actor) -> None:
    """Refuse whoever is no auditor.

    :raises Forbidden: they do not hold the right.
    """
    if not permits.may(by, RIGHT):
        raise Forbidden("not_permitted", act=RIGHT)


def look(sought: Sought, *, by: Actor, before: int | None = None, limit: int = 50) -> Lines:
    """Read a page of what is looked for.

    :param before: only rows older than the one of this number.
    :raises Forbidden: the actor is no auditor.
    """
    demand(by)
    rows = _sought(sought)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = [_line(row) for row in rows[: limit + 1]]
    return Lines(found[:limit], found[limit - 1].number if len(found) > limit else None)


def one(number: int, *, by: Actor) -> Line:
    """Read one row.

    :raises NotFound: there is none of this number.
    :raises Forbidden: the actor is no auditor.
    """
    demand(by)
    row = Audit.objects.filter(pk=number).first()
    if row is None:
        raise NotFound("no_such_audit_row", number=number)
    return _line(row)


def together(line: Line, *, by: Actor, most: int = 200) -> list[Line]:
    """List what was done in one with a row, in the order it was done."""
    demand(by)
    if not line.batch:
        return []
    rows = Audit.objects.filter(batch=line.batch).exclude(pk=line.number).order_by("pk")
    return [_line(row) for row in rows[:most]]


def export(sought: Sought, form: str, *, by: Actor, door: Door) -> Iterator[str]:
    """Spell all that is looked for, the oldest first, piece by piece: CSV for a spreadsheet, or JSON Lines.

    That somebody took it away stands in the audit itself.

    :raises Invalid: there is no such form.
    :raises Forbidden: the actor is no auditor.
    """
    demand(by)
    if form not in FORMS:
        raise Invalid("unknown_form", field="form", given=form, known=list(FORMS))
    facts = {name: value for name, value in _spelt_search(sought).items() if value}
    noted = audit.note(
        "audit_exported", by=by, door=door, subject=("audit", form), facts={"sought": facts} if facts else {}
    )
    rows = _sought(sought).filter(pk__lt=noted.pk).order_by("pk")
    return _pieces(rows, _csv if form == "csv" else _json, cells.row(HEADS) if form == "csv" else "")


def check(*, by: Actor, after: int = 0, seconds: float | None = CHECKED_FOR) -> Checked:
    """Walk the chain from the row behind `after`, and rest when the time is over.

    :param seconds: None for however long it takes.
    :raises Forbidden: the actor is no auditor.
    """
    demand(by)
    ends = None if seconds is None else time.monotonic() + seconds
    rows, last, seal = 0, after, ""
    for row in audit.walk(after=after):
        if isinstance(row, audit.Broken):
            return Checked(rows, last, True, seal, row)
        rows, last, seal = rows + 1, row.pk, bytes(row.hash).hex()
        if ends is not None and rows % PIECE == 0 and time.monotonic() > ends:
            return Checked(rows, last, False, seal)
    return Checked(rows, last, True, seal)


def _sought(sought: Sought) -> QuerySet[Audit]:
    rows = audit.found(
        act=sought.act,
        actor=sought.who,
        subject_kind=sought.kind,
        since=sought.since,
        until=sought.until,
    )
    return rows.filter(Q(subject__icontains=sought.subject)) if sought.subject else rows


def _pieces(rows: QuerySet[Audit], spell: Callable[[Line], str], head: str) -> Iterator[str]:
    if head:
        yield head
    last = 0
    # By the number of the last row, not by one long reading: whoever takes the pieces slowly holds nothing up.
    while found := [_line(row) for row in rows.filter(pk__gt=last)[:PIECE]]:
        yield "".join(spell(line) for line in found)
        last = found[-1].number


def _csv(line: Line) -> str:
    return cells.row(_told(value) for value in plain(line).values())


def _told(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict | list) else value


def _json(line: Line) -> str:
    return json.dumps(plain(line), ensure_ascii=False) + "\n"


def plain(line: Line) -> dict[str, Any]:
    """Spell a row as a program gets it, under the names of :data:`HEADS`."""
    return {name: getattr(line, name) for name in HEADS} | {"at": instant(line.at)}


def _spelt_search(sought: Sought) -> dict[str, Any]:
    times = {name: instant(at) for name in ("since", "until") if (at := getattr(sought, name)) is not None}
    return {name: getattr(sought, name) for name in ("act", "who", "kind", "subject")} | times


def _line(row: Audit) -> Line:
    return Line(
        row.pk,
        row.at,
        row.actor_label,
        row.actor_kind,
        row.door,
        row.act,
        row.subject_kind,
        row.subject,
        row.batch,
        row.before,
        row.after,
        row.facts,
    )
