"""The handover: what a shift passes on, notes of the shift, taking it over, and the shifts of before."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nocturne import desk
from nocturne.core.configuration.desks import Desk
from nocturne.core.entry import Door
from nocturne.core.permits import WRITE_SCOPE
from nocturne.core.refusals import Forbidden, Refusal
from nocturne.desk import (
    desks,
    handover,
    handover_text,
    outstanding,
    questions,
    shift_notes,
    shift_redaction,
    shifts,
    timeline,
)
from nocturne.doors.web import drafts, handed
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.handed import Lines
from nocturne.doors.web.times import Times


@require_safe
def handover_page(request: Asked) -> HttpResponse:
    """Show what the shift of a desk passes on."""
    return _page(request, _desk(request))


@require_safe
def as_text(request: Asked) -> HttpResponse:
    """Give the handover as plain text, for a mail, a chat or the clipboard."""
    found, times = _desk(request), Times(request.actor)
    shift = shifts.present(found, request.actor, now=times.now)
    made = handover.present(shift, request.actor, now=times.now)
    return HttpResponse(handover_text.text(made, request.actor), content_type="text/plain; charset=utf-8")


@require_POST
def take_over(request: Asked) -> HttpResponse:
    """Take the desk over."""
    found = _desk(request)
    words, seen = request.POST.get("words", ""), request.POST.get("seen", "")
    try:
        shifts.take_over(found, words, seen=seen, by=request.actor, door=Door.WEB)
    except Refusal as refusal:
        return _page(request, found, refusal=refusal, noun="takeover")
    drafts.forget(request.actor, f"shift:{found.name}")
    return redirect(f"{_address(found)}{'&' if found.name else '?'}did=taken")


@require_POST
def add_note(request: Asked) -> HttpResponse:
    """Add a note of the shift."""
    found = _desk(request)
    text, parting = request.POST.get("text", "").replace("\r\n", "\n"), bool(request.POST.get("parting"))

    def add() -> tuple[int, dict[str, Any]]:
        return 200, {"address": shift_notes.add_note(found, text, by=request.actor, parting=parting).address}

    key = request.POST.get("key") or None
    try:
        desk.once(request.actor, key and f"web:{key}", desk.fingerprint("shift note", found.name, text), add)
    except Refusal as refusal:
        return _page(request, found, refusal=refusal, noun="note")
    drafts.forget(request.actor, f"shift:{found.name}")
    return redirect(f"{_address(found)}#notes")


@require_http_methods(["GET", "HEAD", "POST"])
def correct_note(request: Asked, address: str) -> HttpResponse:
    """Put right what one has noted."""
    note = shift_notes.note(address, request.actor)
    says = ""
    text = request.POST.get("text", note.text).replace("\r\n", "\n")
    status = 200
    if request.method == "POST":
        try:
            shift_notes.correct_note(address, text, by=request.actor)
            return redirect(f"{_address(desks.find(note.desk, even_gone=True))}#notes")
        except Refusal as refusal:
            says, status = sentence(refusal, request.actor), refusal.status
    context = {"title": _("Correct a note"), "note": note, "text": text, "says": says, "nav": "handover"}
    return page(request, "shift_note.html", context | {"times": Times(request.actor)}, status=status)


@require_safe
def past(request: Asked) -> HttpResponse:
    """List the shifts of a desk."""
    found = _desk(request)
    listed, more = shifts.past(found, request.actor, before=request.GET.get("before", ""))
    context = {
        "title": _("Past shifts"),
        "nav": "handover",
        "desk": found,
        "desk_title": desks.title(found),
        "desks": [(each.name, desks.title(each)) for each in desks.every()],
        "shifts": listed,
        "more": more,
        "times": Times(request.actor),
    }
    return page(request, "shifts.html", context)


@require_safe
def shift(request: Asked, address: str) -> HttpResponse:
    """Show one shift: what stood open when it began, what changed in it, its notes; or the one before it."""
    times = Times(request.actor)
    found, kept = shifts.one(address, request.actor)
    if "before" in request.GET:
        found, kept = shifts.before(address, request.actor), {}
        if found.address:
            return redirect("shift", address=found.address)
    made = handover.past(found, request.actor, now=times.now)
    lines = Lines(request.actor, times)
    stood = [
        (_(title), lines.kept(kept[name]), len(kept[name]))
        for name, title in outstanding.STOOD.items()
        if name in kept
    ]
    context = {
        "title": _("Shift of %(lead)s") % {"lead": found.lead}
        if found.address
        else _("Before the first takeover"),
        "nav": "handover",
        "shift": found,
        "desk_title": desks.title(found.desk),
        "made": made,
        "may_redact": shift_redaction.may(request.actor),
        "stood": stood,
        "changed": lines.changed(made.changed),
        "times": times,
        "timeline": f"{reverse('timeline')}?shift={found.address}" if found.address else reverse("timeline"),
    }
    return page(request, "shift.html", context)


def _desk(request: Asked) -> Desk:
    if not request.frame.is_staff:
        raise Forbidden("not_permitted")
    return desks.find((request.POST if request.method == "POST" else request.GET).get("desk", ""))


def _address(found: Desk) -> str:
    return reverse("handover") + (f"?desk={found.name}" if found.name else "")


def _poll(found: Desk, mark: str) -> str:
    """Spell where an open handover asks whether anything has happened since it was drawn."""
    asked = {"handover": "1", "mark": mark} | ({"desk": found.name} if found.name else {})
    return f"{reverse('timeline-new')}?{urlencode(asked)}"


def _page(request: Asked, found: Desk, *, refusal: Refusal | None = None, noun: str = "") -> HttpResponse:
    actor, times = request.actor, Times(request.actor)
    shift = shifts.present(found, actor, now=times.now)
    says = sentence(refusal, actor) if refusal else ""
    context: dict[str, Any] = {
        "title": _("Handover"),
        "nav": "handover",
        "shift": shift,
        "desk": found,
        "desk_title": desks.title(found),
        "desks": [(each.name, desks.title(each)) for each in desks.every()],
        "next_change": desks.next_change(found, times.now),
        "times": times,
        "key": secrets.token_urlsafe(12),
        "place": f"shift:{found.name}"[:56],
        "may_take": WRITE_SCOPE in actor.scopes,
        "may_redact": shift_redaction.may(actor),
        "is_mine": shift.lead == actor.label,
        "says": says,
        "noun": noun,
        "typed": request.POST if refusal else {},
        "did_take": request.GET.get("did") == "taken",
        "poll": _poll(found, timeline.mark(actor)),
        "more_address": f"{reverse('timeline')}?shift={shift.address or 'now'}",
    }
    left = drafts.found(actor, [context["place"]]).get(context["place"], {})
    context["kept"] = left
    try:
        made = handover.present(shift, actor, now=times.now)
    except Refusal as unread:
        # A desk whose query cannot be read is no reason not to be able to take it over, or to leave a note.
        context |= {"unread": sentence(unread, actor), "notes": shift_notes.notes(shift, actor)}
        return page(request, "handover.html", context, status=refusal.status if refusal else 200)
    lines = Lines(actor, times)
    context |= {
        "made": made,
        "notes": made.notes,
        "warnings": handed.warnings(made),
        "not_begun": handed.not_begun(made),
        "must": lines.must(made.must),
        "changed": lines.changed(made.changed),
        "untouched": lines.plain(made.lists["untouched"].rows, why="untouched"),
        "waiting": lines.plain(made.lists["waiting"].rows, why="waiting"),
        "planned": lines.planned(made),
        "questions": lines.questions(made.questions),
        "faults": [
            (name, _(title), lines.plain(made.lists[name].rows), made.lists[name].more)
            for name, title in handed.FAULTS.items()
            if made.lists[name].rows
        ],
    }
    return page(request, "handover.html", context, status=refusal.status if refusal else 200)


@require_safe
def asked(request: Asked) -> HttpResponse:
    """List what one is asked, and what one has asked and waits for."""
    if not request.frame.is_staff:
        raise Forbidden("not_permitted")
    times = Times(request.actor)
    lines = Lines(request.actor, times)
    mine, others = questions.for_me(request.actor), questions.by_me(request.actor)
    context = {
        "title": _("Questions"),
        "nav": "questions",
        "for_me": lines.questions(mine),
        "by_me": lines.questions(others),
        "times": times,
    }
    return page(request, "questions.html", context)
