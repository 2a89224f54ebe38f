"""Shifts: the handover, taking a desk over, notes of the shift, and the timeline of everything that happened."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils.translation import override
from ninja import Query, Router

from nocturne.core.entry import Kind
from nocturne.core.when import parse_when
from nocturne.desk import (
    clock,
    desks,
    handover,
    handover_text,
    setup,
    shift_notes,
    shift_redaction,
    shifts,
    timeline,
)
from nocturne.desk.handover import Changed, Handover
from nocturne.desk.shift_notes import NoteView
from nocturne.desk.shifts import Shift
from nocturne.doors.api import spoken
from nocturne.doors.api.acts import once
from nocturne.doors.api.answers import answer, entry, row
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.colleagues import spelt as questions_spelt
from nocturne.doors.api.given import Limit
from nocturne.doors.api.given_shift import Key, NoteCorrected, ShiftNoteGiven, TakeoverGiven, WordsRedacted
from nocturne.doors.api.shapes_shift import HandoverShape, Kept, NoteShape, Shifts, ShiftShape, TimelineShape

router = Router(tags=["shifts"])
DeskQuery = Annotated[str, Query(max_length=60, description="The desk's name; empty is that of all tickets.")]
Moment = Annotated[str, Query(max_length=200)]
Mark = Annotated[str, Query(max_length=60, description="`after` of the page before.")]


@router.get("/handover", auth=Needs(staff=True), response=HandoverShape)
def read_handover(request: Request, desk: DeskQuery = "") -> HttpResponse:
    """Read what the shift of a desk passes on; as text, with `Accept: text/plain`."""
    now, actor = clock.now(), request.auth
    shift = shifts.present(desks.find(desk), actor, now=now)
    made = handover.present(shift, actor, now=now)
    if spoken.wanted(request):
        with override(actor.language):
            text = handover_text.text(made, actor)
        return HttpResponse(text, content_type="text/plain; charset=utf-8")
    return answer(_handover(made), actor=actor)


@router.get("/handover/takeovers", auth=Needs(staff=True), response=Shifts)
def list_shifts(request: Request, desk: DeskQuery = "", limit: Limit = 50, after: Mark = "") -> HttpResponse:
    """List the shifts of a desk, the newest first."""
    found, more = shifts.past(desks.find(desk, even_gone=True), request.auth, before=after, limit=limit)
    return answer({"shifts": [_shift(each) for each in found], "after": more or None}, actor=request.auth)


@router.post("/handover/takeovers", auth=Needs(staff=True), response={201: ShiftShape})
def take_over(request: Request, given: TakeoverGiven) -> HttpResponse:
    """Take a desk over from whoever has it, or from nobody."""

    def do() -> dict[str, Any]:
        found = desks.find(given.desk)
        return _shift(
            shifts.take_over(found, given.words, seen=given.seen, by=request.auth, door=door(request))
        )

    return once(request, given, do, status=201)


@router.get("/handover/takeovers/{key}", auth=Needs(staff=True), response=Kept)
def read_shift(request: Request, key: Key) -> HttpResponse:
    """Read one shift: what stood open when it began, what changed in it, and its notes."""
    return _whole(request, *shifts.one(key, request.auth))


@router.get("/handover/takeovers/{key}/before", auth=Needs(staff=True), response=Kept)
def read_shift_before(request: Request, key: Key) -> HttpResponse:
    """Read the shift that a takeover has ended: what changed in it, and its notes.

    Before the first takeover of a desk it has no address: it is what the handover had shown until then.
    """
    kept: dict[str, Any] = {}
    found = shifts.before(key, request.auth)
    if found.address:
        found, kept = shifts.one(found.address, request.auth)
    return _whole(request, found, kept)


def _whole(request: Request, found: shifts.Shift, kept: dict[str, Any]) -> HttpResponse:
    made = handover.past(found, request.auth, now=clock.now())
    told = {
        "shift": _shift(found),
        "outstanding": kept,
        "changed": [_changed(each) for each in made.changed],
        "notes": [_note(each) for each in made.notes],
    }
    return answer(told, actor=request.auth)


@router.post("/handover/notes", auth=Needs(staff=True), response={201: NoteShape})
def add_shift_note(request: Request, given: ShiftNoteGiven) -> HttpResponse:
    """Add a note of the shift."""

    def do() -> dict[str, Any]:
        return _note(
            shift_notes.add_note(desks.find(given.desk), given.text, by=request.auth, parting=given.parting)
        )

    return once(request, given, do, status=201)


@router.post("/handover/notes/{key}/correction", auth=Needs(staff=True), response={201: NoteShape})
def correct_shift_note(request: Request, key: Key, given: NoteCorrected) -> HttpResponse:
    """Put right what you have noted; the old words stay."""
    return once(
        request,
        given,
        lambda: _note(shift_notes.correct_note(key, given.text, by=request.auth)),
        status=201,
    )


@router.post(
    "/handover/notes/{key}/redaction",
    auth=Needs(Kind.REDACTED, staff=True, sure=True),
    response={201: NoteShape},
)
def redact_shift_note(request: Request, key: Key, given: WordsRedacted) -> HttpResponse:
    """Take a note's words away for good, and those of what corrects it; a tombstone with the reason stays."""

    def do() -> dict[str, Any]:
        shift_redaction.redact_note(key, given.reason, by=request.auth, door=door(request))
        return _note(shift_notes.note(key, request.auth))

    return once(request, given, do, status=201)


@router.post(
    "/handover/takeovers/{key}/redaction",
    auth=Needs(Kind.REDACTED, staff=True, sure=True),
    response={201: ShiftShape},
)
def redact_takeover(request: Request, key: Key, given: WordsRedacted) -> HttpResponse:
    """Take away for good what somebody said when they took a desk over; that they did stays."""

    def do() -> dict[str, Any]:
        shift_redaction.redact_takeover(key, given.reason, by=request.auth, door=door(request))
        return _shift(shifts.one(key, request.auth)[0])

    return once(request, given, do, status=201)


@router.get("/timeline", auth=Needs(staff=True), response=TimelineShape)
def read_timeline(
    request: Request,
    q: Annotated[
        str, Query(max_length=2000, description="Which tickets, in the language of the search box.")
    ] = "",
    who: Annotated[str, Query(max_length=160, description="Whose entries.")] = "",
    kind: Literal["all", "people", "acts", "machine"] = "all",
    since: Moment = "",
    until: Moment = "",
    shift: Annotated[str, Query(max_length=16, description="A takeover's address, or `now`.")] = "",
    desk: DeskQuery = "",
    limit: Limit = 50,
    after: Mark = "",
) -> HttpResponse:
    """Read what happened on all tickets, the latest first."""
    now, actor = clock.now(), request.auth

    def instant(text: str, field: str) -> datetime | None:
        return parse_when(text, now, actor.zone, "past", field=field) if text else None

    asked = timeline.Asked(q, who, kind, instant(since, "since"), instant(until, "until"), shift, desk)
    found = timeline.page(actor, asked, now=now, after=after, limit=limit)
    told = {
        "entries": [{**entry(each.view), "subject": each.subject} for each in found.lines],
        "after": found.after or None,
        "is_tired": found.is_tired,
        "reached": found.reached,
    }
    return answer(told, actor=actor)


def _handover(made: Handover) -> dict[str, Any]:
    return {
        "shift": _shift(made.shift),
        "warnings": {name: count for name, count, _more in made.warnings},
        "must": [
            {
                "ticket": row(each),
                "why": why,
                "pinned": {"author": pin.author, "at": pin.at, "text": pin.text} if pin else None,
            }
            for each, why, pin in made.must
        ],
        "changed": [_changed(each) for each in made.changed],
        "lists": {name: [row(each) for each in found.rows] for name, found in made.lists.items()},
        "more": [name for name, found in made.lists.items() if found.more],
        "questions": questions_spelt(made.questions),
        "notes": [_note(each) for each in made.notes],
    }


def _changed(each: Changed) -> dict[str, Any]:
    return {
        "ticket": row(each.row),
        "is_new": each.is_new,
        "then_now": [{"field": name, "then": then, "now": now} for name, then, now in each.then_now],
        "updates": each.updates,
        "people": each.people,
    }


def _shift(shift: Shift) -> dict[str, Any]:
    where = f"/handover/shifts/{shift.address}" if shift.address else "/handover"
    return {
        "address": shift.address,
        "desk": shift.desk.name,
        "desk_title": desks.title(shift.desk),
        "since": shift.since,
        "until": shift.until,
        "lead": shift.lead,
        "next_lead": shift.next_lead,
        "words": shift.words,
        "redacted": shift.redacted,
        "redaction": shift.redaction,
        "parting": _note(shift.parting) if shift.parting else None,
        "due": shift.due,
        "page_url": f"{setup.base_url()}{where}",
    }


def _note(note: NoteView) -> dict[str, Any]:
    told = {
        name: value
        for name, value in asdict(note).items()
        if name in ("address", "at", "author", "text", "parting", "redacted", "redaction")
    }
    return told | {"corrections": [_correction(each) for each in note.corrections]}


def _correction(note: NoteView) -> dict[str, Any]:
    return {"address": note.address, "at": note.at, "author": note.author, "text": note.text}
