"""One document: its form, what a change would do, and putting it in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from nocturne.core.configuration.body import wrong
from nocturne.core.configuration.fields import CORE
from nocturne.core.configuration.placeholders import PURPOSES
from nocturne.core.configuration.whole import read_one
from nocturne.core.entry import Door
from nocturne.core.refusals import Conflict, Invalid, Refusal
from nocturne.desk import configuring, queues, templates
from nocturne.doors.web.answers import Asked, sentence
from nocturne.doors.web.settings import asking, before, diagram, filled, moves, people, texts
from nocturne.doors.web.settings.asking import Subject
from nocturne.doors.web.settings.fresh import beginning
from nocturne.doors.web.settings.kinds import about
from nocturne.doors.web.times import Times

LONGEST_REASON = 400


@require_http_methods(["GET", "HEAD", "POST"])
def document(request: Asked, segment: str, name: str) -> HttpResponse:
    """Show a document in its form, or take it a step further: look at what would change, go back, put it in force."""
    found = asking.subject(request, segment, name, missing=request.method == "POST")
    if request.method != "POST":
        return form(request, found, found.body or {})
    asking.demand_change(found)
    return _step(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Asked, segment: str) -> HttpResponse:
    """Show the form of a document that is yet to be, or take it a step further."""
    kind = about(segment)
    name = request.POST.get("name", "").strip()[:80]
    found = asking.subject(request, segment, name, missing=True)
    asking.demand_change(found)
    if request.method != "POST":
        alike = request.GET.get("like", "")
        like = found.configuration.documents.get((kind.kind, alike))
        if like is None and kind.kind == "template" and alike in PURPOSES:
            like = templates.usual(alike)
        return form(request, found, beginning(kind.kind, like, found.configuration), is_new=True)
    is_taken = found.body is not None or (kind.kind == "field" and name in CORE)
    if is_taken and request.POST.get("step") != "apply":
        where = f"{kind.kind}/{name}"
        refusal = wrong("name_taken", where, given=name)
        body = filled.typed(request.POST, kind.kind, name, {})
        return form(request, found, body, wrongs=filled.sorted_out([refusal], kind.kind, name), is_new=True)
    return _step(request, found, is_new=True)


def _step(request: Asked, found: Subject, *, is_new: bool = False) -> HttpResponse:
    kind, name = found.document
    step = request.POST.get("step", "look")
    if step in ("apply", "edit"):
        body = asking.carried_body(request, found)
        if step == "apply":
            return asking.surely(request, [kind], lambda asked: put(asked, found, body, is_new=is_new))
        return form(request, found, body, is_new=is_new)
    body = filled.typed(request.POST, kind, name, found.body or {})
    if request.POST.get("do"):
        add = filled.rearranged(request.POST, kind, name, body)
        return form(request, found, body, is_new=is_new, add=add)
    return look(request, found, body, is_new=is_new)


def look(
    request: Asked, found: Subject, body: dict[str, Any], *, is_new: bool = False, is_text: bool = False
) -> HttpResponse:
    """Show what a change would do, or the form again with what is wrong."""
    kind, name = found.document
    after = {**found.configuration.documents, found.document: body}
    wrongs = filled.judged(after, kind, name)
    seen = "none" if is_new else request.POST.get("seen", "")
    if not wrongs and seen != found.version:
        return form(request, found, body, is_clash=True, status=409)
    refused: Refusal | None = None
    try:
        changed = [] if wrongs else configuring.rehearse(after, by=request.actor)
    except Invalid as refusal:
        wrongs, changed = filled.sorted_out([refusal], kind, name), []
    except Refusal as refusal:
        refused, changed = refusal, []
    if wrongs or refused is not None:
        if refused is not None:
            wrongs.above.append(sentence(refused))
        return form(
            request, found, body, wrongs=wrongs, is_new=is_new, status=refused.status if refused else 422
        )
    if not changed:
        return form(request, found, body, is_same=True)
    context = {
        "found": found,
        "is_new": is_new,
        "parts": before.parts(found.configuration.documents, after),
        **moves.effects({found.document: body}, request.actor),
        "picture": _picture(kind, name, body),
        "strangers": queues.unknown_people(kind, body),
        "follows": people.follows(found.document, after),
        "sample": texts.sample(name, body, request.actor) if kind == "template" else None,
        "body": asking.as_text(body),
        "is_text": is_text,
        "seen": seen,
        "key": asking.fresh_key(),
    }
    return asking.shown(request, "look.html", context)


def _picture(kind: str, name: str, body: Mapping[str, Any]) -> Any:
    """Draw a life cycle as it would be."""
    return diagram.drawn(read_one(kind, name, body), mark="then") if kind == "lifecycle" else ""


def put(request: Asked, found: Subject, body: dict[str, Any], *, is_new: bool = False) -> HttpResponse:
    """Put a document in force, once per form."""
    reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
    seen = request.POST.get("seen", "")

    def act() -> int:
        configuring.change(
            {found.document: body},
            by=request.actor,
            door=Door.WEB,
            reason=reason,
            seen={found.document: seen},
        )
        return asking.latest(found.document)

    try:
        row = asking.once(request, [*found.document, body, reason, seen], act)
    except Conflict:
        again = asking.subject(request, found.about.segment, found.name, missing=True)
        return form(request, again, body, is_clash=True, status=409)
    except Invalid as refusal:
        wrongs = filled.sorted_out([refusal], *found.document)
        return form(request, found, body, wrongs=wrongs, is_new=is_new, status=refusal.status)
    except Refusal as refusal:
        wrongs = filled.Wrongs(above=[sentence(refusal)])
        return form(request, found, body, wrongs=wrongs, is_new=is_new, status=refusal.status)
    return redirect(f"{found.address}?done={row}")


def form(
    request: Asked,
    found: Subject,
    body: Mapping[str, Any],
    *,
    wrongs: filled.Wrongs | None = None,
    is_new: bool = False,
    is_clash: bool = False,
    is_same: bool = False,
    add: str = "",
    status: int = 0,
) -> HttpResponse:
    """Show a document in its form, with what is wrong beside its controls."""
    kind, name = found.document
    wrongs = wrongs or filled.Wrongs()
    status = status or (422 if wrongs else 200)
    of_all = wrongs.beside.pop("", "")
    if of_all and not is_new:
        wrongs.above.insert(0, of_all)
    theirs = configuring.history(kind, name)[:1] if is_clash else []
    context = {
        "found": found,
        "is_new": is_new,
        "is_same": is_same,
        "is_clash": is_clash,
        "name": name,
        "name_error": of_all if is_new else "",
        "clash": before.lines(found.document, found.body or {}, body) if is_clash else [],
        "who": theirs[0] if theirs else None,
        "sections": filled.sections(found.configuration, kind, name, body, wrongs.beside, add),
        "above": wrongs.above,
        "has_wrongs": bool(wrongs.beside),
        "add": add,
        "near": filled.near(kind, name, request.actor),
        "allowed": texts.allowed() if kind == "template" else [],
        "seen": found.version,
        "users": asking.users_of(found),
        "done": _done(request),
        "times": Times(request.actor),
    }
    return asking.shown(request, "document.html", context, status=status)


def _done(request: Asked) -> int:
    given = request.GET.get("done", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0
