"""One act on many tickets: tried out with `dry_run`, done once on each, its outcome ticket by ticket, taken back."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Path, Router
from pydantic import Field

from nocturne.core.entry import Kind
from nocturne.core.refusals import Invalid
from nocturne.desk import batch, batch_reports, batch_trial, clock
from nocturne.desk.batch_reports import Outcome, Report
from nocturne.doors.api import cursors, shapes, shapes_entries
from nocturne.doors.api.acts import once
from nocturne.doors.api.answers import answer, entry
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given import HIGHEST, Given, Limit, Line
from nocturne.doors.api.problems import detail

router = Router(tags=["batches"])
BatchKey = Annotated[str, Path(min_length=1, max_length=24, pattern="^[A-Za-z0-9_-]+$")]
AS_LISTED = "as asked"


class BatchGiven(Given):
    """An act as a line says it without a number, and the tickets: by a question, or by their numbers."""

    words: list[Line] = Field(
        min_length=1,
        max_length=2000,
        description="The act as `noc` takes it: give, kofi · priority:2 · resolve, …",
    )
    query: Line | None = Field(None, description="Finds the tickets.")
    numbers: list[Annotated[int, Field(ge=1, le=HIGHEST)]] | None = Field(
        None, max_length=batch.MOST, description="Names the tickets."
    )
    versions: dict[str, Line] = Field(
        {},
        description="By number, the version that was looked at: what others have changed since is left alone.",
    )
    dry_run: bool = Field(False, description="Only try it out: nothing is done.")
    tried_after: int = Field(
        0,
        ge=0,
        le=HIGHEST,
        description="In a trial, the number of the last ticket that the one before was about.",
    )


class OutcomeShape(shapes.Shape):
    """What became of one ticket, or would."""

    number: int
    subject: str
    state: str = Field(description="done, refused, skipped (touched since) or waiting.")
    entry: str = Field("", description="The address of what was written.")
    code: str = ""
    detail: str = Field("", description="Why it was not done.")
    stays: str = Field(
        "", description="In a trial, why it could not be taken back afterwards; empty where it could."
    )
    entries: list[shapes_entries.EntryShape] = Field([], description="In a trial, what would be written.")


class BatchShape(shapes.Shape):
    """How far an act on many tickets is."""

    key: str = ""
    words: list[str]
    query: str
    dry_run: bool = False
    made_at: str | None = None
    done_at: str | None = None
    counts: dict[str, int]
    can_be_undone: bool = False
    undoes: str = ""
    undone_by: str = ""
    outcomes: list[OutcomeShape]
    total: int = Field(0, description="How many tickets it is about.")
    untried: int = Field(
        0,
        description="In a trial, how many tickets follow those it was tried on; `tried_after` asks for them.",
    )
    after: str | None = None


class BatchesShape(shapes.Shape):
    """The acts on many tickets that somebody has asked for."""

    batches: list[BatchShape]


@router.post("/batches", auth=Needs(Kind.NOTE), response={200: BatchShape, 202: BatchShape})
def make_batch(request: Request, given: BatchGiven) -> HttpResponse:
    """Do an act on many tickets, or try it out. A few are done at once; of more, ask again how far it is."""
    if (given.query is None) == (given.numbers is None):
        raise Invalid("query_or_numbers", field="query")
    now = clock.now()
    numbers = given.numbers if given.query is None else batch.found(given.query, request.auth, now=now)
    seen = {
        int(number): version
        for number, version in given.versions.items()
        if number.isdecimal() and len(number) <= 18
    }
    act: dict[str, Any] = {"by": request.auth, "door": door(request), "seen": seen}
    if given.dry_run:
        named = list(dict.fromkeys(numbers or []))
        tried = list(batch_trial.tried(given.words, named, now=now, after=given.tried_after, **act))
        left = len(named) - named.index(tried[-1].number) - 1
        return answer(_trial(given, tried, len(named), left), actor=request.auth)

    def do() -> dict[str, Any]:
        report = batch.make(given.words, numbers or [], asked=given.query or "", **act)
        return _shown(report, request)

    return once(request, given, do, status=202)


@router.get("/batches", auth=Needs(staff=True), response=BatchesShape)
def list_batches(request: Request) -> HttpResponse:
    """List what you have asked for, the latest first."""
    return answer({"batches": [_told(each) for each in batch_reports.own(request.auth)]}, actor=request.auth)


@router.get("/batches/{key}", auth=Needs(staff=True), response=BatchShape)
def get_batch(request: Request, key: BatchKey, after: str = "", limit: Limit = 100) -> HttpResponse:
    """Say how far it is, and what became of each ticket, in the order in which they were named."""
    place = cursors.read(AS_LISTED, after, [int])[0] if after else -1
    return answer(_shown(batch_reports.report(key, request.auth), request, place, limit), actor=request.auth)


@router.post("/batches/{key}/undo", auth=Needs(Kind.NOTE), response={202: BatchShape})
def undo_batch(request: Request, key: BatchKey) -> HttpResponse:
    """Take it back on each ticket that nobody has touched since; the answer is the act that does so."""

    def do() -> dict[str, Any]:
        return _shown(batch.undo(key, by=request.auth, door=door(request)), request)

    return once(request, None, do, status=202)


def _told(report: Report) -> dict[str, Any]:
    return {
        "key": report.key,
        "words": list(report.words),
        "query": report.asked,
        "made_at": report.made_at,
        "done_at": report.done_at,
        "counts": dict(report.counts),
        "total": report.total,
        "can_be_undone": report.can_be_undone,
        "undoes": report.undoes,
        "undone_by": report.undone_by,
        "outcomes": [],
    }


def _shown(report: Report, request: Request, place: int = -1, limit: int = 100) -> dict[str, Any]:
    rows = batch_reports.outcomes(report.key, request.auth, after=place, limit=limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    return _told(report) | {
        "outcomes": [_outcome(each) for _place, each in rows],
        "after": cursors.write(AS_LISTED, [rows[-1][0]]) if more else None,
    }


def _trial(given: BatchGiven, tried: list[Outcome], total: int, left: int) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for each in tried:
        counts[each.state] = counts.get(each.state, 0) + 1
    return {
        "words": given.words,
        "query": given.query or "",
        "dry_run": True,
        "counts": counts,
        "outcomes": [_outcome(each) for each in tried],
        "total": total,
        "untried": left,
        "can_be_undone": any(each.stays is None for each in tried if each.state == "done"),
    }


def _outcome(found: Outcome) -> dict[str, Any]:
    shown: dict[str, Any] = {"number": found.number, "subject": found.subject, "state": found.state}
    if found.entry and not found.entries:
        shown["entry"] = found.entry
    if found.stays is not None:
        shown["stays"] = detail(found.stays)
    if found.refusal is not None:
        shown |= {"code": found.refusal.code, "detail": detail(found.refusal)}
    if found.entries:
        shown["entries"] = [entry(each) for each in found.entries]
    return shown
