"""The audit for programs: looked through page by page, one row, and whether its chain holds."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router

from nocturne.core.when import parse_when
from nocturne.desk import audit_words, trail
from nocturne.desk.trail import Line, Sought
from nocturne.doors.api import cursors, shapes_administration
from nocturne.doors.api.answers import answer
from nocturne.doors.api.asking import Needs, Request
from nocturne.doors.api.given import HIGHEST, Limit

router = Router(tags=["administration"])

Word = Annotated[str, Query(max_length=200)]
Time = Annotated[
    str, Query(max_length=200, description="A time, as acts take it: “mon 08:00”, “2 days ago”.")
]
After = Annotated[str, Query(max_length=400, description="`after` of the page before.")]
Row = Annotated[int, Path(ge=1, le=HIGHEST, description="The row's number in the audit.")]


@router.get("/audit", auth=Needs(trail.RIGHT), response=shapes_administration.AuditRows)
def list_audit(
    request: Request,
    act: Word = "",
    who: Word = "",
    kind: Word = "",
    subject: Word = "",
    since: Time = "",
    until: Time = "",
    limit: Limit = 100,
    after: After = "",
) -> HttpResponse:
    """List acts of administration, the newest first: who changed what, and what it was before."""
    actor, now = request.auth, timezone.now()
    times = {
        name: parse_when(given, now, actor.zone, "past", field=name) if given else None
        for name, given in (("since", since), ("until", until))
    }
    before = cursors.read("audit", after, [int])[0] if after else None
    found = trail.look(Sought(act, who, kind, subject, **times), by=actor, before=before, limit=limit)
    shown = {
        "rows": [_row(line) for line in found.lines],
        "after": cursors.write("audit", None if found.further is None else [found.further]),
    }
    return answer(shown, actor=actor)


@router.get("/audit/chain", auth=Needs(trail.RIGHT), response=shapes_administration.AuditChain)
def check_audit(
    request: Request,
    after: Annotated[int, Query(ge=0, le=HIGHEST, description="`last` of the walk before.")] = 0,
) -> HttpResponse:
    """Walk the audit's chain of hashes for a moment, and say how far it holds; go on from `last` until it is whole."""
    done = trail.check(by=request.auth, after=after)
    broken = {"row": done.broken.row, "reason": done.broken.reason} if done.broken else None
    shown = {
        "rows": done.rows,
        "last": done.last,
        "is_whole": done.is_whole,
        "hash": done.seal,
        "broken": broken,
    }
    return answer(shown, actor=request.auth)


@router.get("/audit/{row}", auth=Needs(trail.RIGHT), response=shapes_administration.AuditRow)
def show_audit(request: Request, row: Row) -> HttpResponse:
    """Show one row of the audit."""
    return answer(_row(trail.one(row, by=request.auth)), actor=request.auth)


def _row(line: Line) -> dict[str, Any]:
    return trail.plain(line) | {"at": line.at, "says": audit_words.act(line.act)}
