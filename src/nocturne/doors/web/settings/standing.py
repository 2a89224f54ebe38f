"""Whether a document is there, and what it is called: renaming, retiring, bringing back, taking away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from nocturne.core.configuration import renamed
from nocturne.core.entry import Door
from nocturne.core.refusals import NotFound, Refusal
from nocturne.desk import configuring
from nocturne.doors.web.answers import Asked, sentence
from nocturne.doors.web.fields import Words
from nocturne.doors.web.settings import asking, before
from nocturne.doors.web.settings.asking import Subject

LONGEST_REASON = 400
RETIRED: Mapping[str, Words] = {
    "queue": _(
        "No new ticket comes into it, by mail neither. Those that are in it stay, and go on as before."
    ),
    "type": _("No new ticket gets it. Those that have it keep it."),
    "field": _("It is offered no more. What is filled in stays where it is, can be searched, and is shown."),
    "lifecycle": _("It is offered no more to queues and types. Tickets that go through it go on."),
    "calendar": _("It is offered no more. Queues that follow it go on doing so."),
}
RENAMED: Mapping[str, Words] = {
    "queue": _(
        "Tickets stay in it, mail arrives as before, and whoever writes the old name means this queue."
    ),
    "field": _("What is filled in stays; queries and programs that use the old name go on finding it."),
    "type": _("Old tickets keep the word they were opened with, and are found under both."),
    "class": _("Its number stays; what was written in it is read by whoever could read it."),
    "lifecycle": _("Tickets go on through it."),
    "calendar": _("Queues follow it as before."),
    "group": _("Its members stay in it, and its clearances are theirs as before."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def name(request: Asked, segment: str, name: str) -> HttpResponse:
    """Give a document another name: say what follows, then do it."""
    is_act = request.method == "POST" and request.POST.get("step") == "apply"
    found = asking.subject(request, segment, name, missing=is_act)
    if not found.about.renames:
        raise NotFound("no_such_settings")
    if request.method != "POST":
        return _name(request, found, {})
    asking.demand_change(found)
    if is_act:
        return asking.surely(request, [found.about.kind], lambda asked: _rename(asked, found))
    documents, new = found.configuration.documents, _new(request)
    try:
        after = renamed(documents, found.about.kind, name, new)
        configuring.rehearse(after, by=request.actor, renamed_to=(found.about.kind, name, new))
    except Refusal as refusal:
        return _name(request, found, {"says": sentence(refusal)}, refusal.status)
    parts = [each for each in before.parts(documents, after) if each.name not in (name, new)]
    return _name(request, found, {"is_look": True, "parts": parts, "key": asking.fresh_key()})


def _rename(request: Asked, found: Subject) -> HttpResponse:
    kind, name = found.document
    new, reason = _new(request), _reason(request)

    def act() -> int:
        configuring.rename(kind, name, new, by=request.actor, door=Door.WEB, reason=reason)
        return asking.latest((kind, new))

    try:
        row = asking.once(request, ["rename", kind, name, new, reason], act)
    except Refusal as refusal:
        return _name(request, found, {"says": sentence(refusal)}, refusal.status)
    return redirect(f"{asking.address(found.about, new)}?done={row}")


def _name(request: Asked, found: Subject, more: Mapping[str, Any], status: int = 200) -> HttpResponse:
    context = {"found": found, "new": _new(request), "follows": RENAMED.get(found.about.kind, ""), **more}
    return asking.shown(request, "rename.html", context, status=status)


def _new(request: Asked) -> str:
    return request.POST.get("new", "").strip()[:80]


@require_http_methods(["GET", "HEAD", "POST"])
def retirement(request: Asked, segment: str, name: str) -> HttpResponse:
    """Retire a document or bring it back: say what follows, then do it."""
    found = asking.subject(request, segment, name)
    if not found.about.retires or found.body is None:
        raise NotFound("no_such_settings")
    body = {key: value for key, value in found.body.items() if key != "retired"}
    if not found.retired:
        body["retired"] = True
    return _standing(request, found, body, "back" if found.retired else "retire")


@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: Asked, segment: str, name: str) -> HttpResponse:
    """Take a document away that nothing points to: say what follows, then do it."""
    found = asking.subject(request, segment, name, missing=request.method == "POST")
    if found.about.kind == "site" or (found.body is None and request.method != "POST"):
        raise NotFound("no_such_settings")
    if request.method != "POST":
        return _standing(request, found, None, "remove")
    return asking.surely(request, [found.about.kind], lambda asked: _standing(asked, found, None, "remove"))


def _standing(request: Asked, found: Subject, body: dict[str, Any] | None, what: str) -> HttpResponse:
    after = {key: each for key, each in found.configuration.documents.items() if key != found.document}
    if body is not None:
        after[found.document] = body
    refusal: Refusal | None = None
    if request.method == "POST":
        asking.demand_change(found)

        def act() -> int:
            changes = {found.document: body}
            configuring.change(changes, by=request.actor, door=Door.WEB, reason=_reason(request))
            return asking.latest(found.document)

        try:
            row = asking.once(request, [what, *found.document, _reason(request)], act)
        except Refusal as refused:
            refusal = refused
        else:
            if body is None:
                return redirect(f"{asking.list_address(found.about)}?gone={found.name}")
            return redirect(f"{found.address}?done={row}")
    else:
        try:
            configuring.rehearse(after, by=request.actor)
        except Refusal as refused:
            refusal = refused
    context = {
        "found": found,
        "what": what,
        "follows": RETIRED.get(found.about.kind, ""),
        "users": asking.users_of(found),
        "says": sentence(refusal) if refusal else "",
        "can_retire": refusal is not None and found.about.retires and what == "remove" and not found.retired,
        "reason": _reason(request),
        "key": asking.fresh_key(),
    }
    status = refusal.status if refusal and request.method == "POST" else 200
    return asking.shown(request, "standing.html", context, status=status)


def _reason(request: Asked) -> str:
    return request.POST.get("reason", "").strip()[:LONGEST_REASON]
