"""The command line at the top of every page: jump, search, go, act. It shows what it understood before it acts."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nocturne import desk
from nocturne.core import oneline, permits
from nocturne.core.entry import Door
from nocturne.core.oneline import Intent
from nocturne.core.refusals import Forbidden, Invalid, Refusal
from nocturne.desk import calendars, fielduse, finding, rtwords
from nocturne.desk import line as lines
from nocturne.doors.web.administration import places
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.public import for_guests
from nocturne.doors.web.settings.kinds import ABOUT
from nocturne.doors.web.views import board
from nocturne.store import search as searching
from nocturne.store.models import Ticket

LONGEST = 4_000
PLACES = {"board": ("board", ()), "mine": ("view", ("mine",)), "new": ("open", ()), "account": ("account", ()),
          "untaken": ("view", ("untaken",)), "signoff": ("view", ("signoff",)), "keys": ("keys", ()),
          "settings": ("settings", ()),
          "administration": ("administration", ()),
          **{each.name.removeprefix("admin-"): (each.name, ()) for each in places.PLACES},
          **{each.segment: ("settings-list", (each.segment,)) for each in ABOUT}}  # fmt: skip
"""Where `>word` leads."""
SET = {"settings", "administration", *(each.segment for each in ABOUT)}
"""Places for whoever administers something."""


@require_POST
def line(request: Asked) -> HttpResponse:
    """Do what one line says, or go where it points."""
    _staff_only(request)
    given = request.POST.get("line", "").strip()
    if refusal := _too_long(given):
        return _again(request, given, refusal)
    match oneline.intent(given):
        case Intent.JUMP:
            return redirect("ticket", number=int(given.removeprefix("#")))
        case Intent.GO:
            word = given[1:].strip().lower()
            if hint := rtwords.hint(given):
                return page(request, "line.html", {"line": given, "hint": hint})
            name, args = next(
                (place for key, place in _places(request).items() if word and key.startswith(word)),
                ("board", ()),
            )
            return redirect(name, *args)
        case Intent.ACT:
            return _act(request, given)
    if not given:
        return redirect("board")
    return redirect(f"{reverse('search')}?{urlencode({'q': given})}")


def _places(request: Asked) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Say where somebody can go."""
    closed = {place.name for place in places.PLACES} - {place.name for place in places.open_to(request.actor)}
    return {
        key: place
        for key, place in PLACES.items()
        if (request.frame.administers or key not in SET) and place[0] not in closed
    }


def _act(request: Asked, given: str) -> HttpResponse:
    """Do it once, however often it is sent."""

    def act() -> tuple[int, dict[str, object]]:
        written = lines.perform(given, by=request.actor, door=Door.WEB, now=timezone.now()).written
        return 200, {"number": written.number, "entry": written.address}

    content = desk.fingerprint("web", "line", given)
    key = request.POST.get("key")
    try:
        # A page that somebody came back to carries its key still: another line from it is another act.
        name = f"web:line:{key[:40]}:{content[:20]}" if key else None
        _status, done, _again_sent = desk.once(request.actor, name, content, act)
    except Refusal as refusal:
        return _again(request, given, refusal)
    return redirect(f"{reverse('ticket', args=[done['number']])}?did={done['entry']}")


def _too_long(given: str) -> Refusal | None:
    """Refuse a line that is no line any more; nothing of it is cut off unsaid."""
    if len(given) <= LONGEST:
        return None
    return Invalid("line_too_long", field="line", limit=LONGEST, length=len(given))


def _again(request: Asked, given: str, refusal: Refusal) -> HttpResponse:
    """Show the line once more as it was typed, and what is wrong with it."""
    context = {"line": given, "says": sentence(refusal, request.actor), "hint": rtwords.hint(given)}
    return page(request, "line.html", context, status=refusal.status)


@require_POST
def read(request: Asked) -> HttpResponse:
    """Show what a line was understood as, without doing it."""
    _staff_only(request)
    given = request.POST.get("line", "").strip()
    if not given:
        return page(request, "_read.html")
    if refusal := _too_long(given):
        return page(request, "_read.html", {"says": sentence(refusal, request.actor)})
    kind = oneline.intent(given)
    if kind is Intent.JUMP:
        number = int(given.removeprefix("#"))
        subject = (
            Ticket.objects.visible_to(request.actor)
            .filter(pk=number)
            .values_list("subject", flat=True)
            .first()
        )
        words = f"{number} {subject}" if subject else _("There is no ticket %(number)s.") % {"number": number}
        return page(request, "_read.html", {"words": words})
    try:
        if kind is Intent.ACT:
            parsed = oneline.parse_line(
                given,
                timezone.now(),
                request.actor.zone,
                calendar=lambda number: calendars.of_ticket(number, request.actor),
                reads=partial(permits.sees_column, request.actor),
            )
            context = {
                "chips": oneline.chips(parsed, request.actor.zone),
                "leftovers": " ".join(parsed.leftovers),
                "hint": rtwords.hint(given),
            }
            return page(request, "_read.html", context)
        if kind is Intent.GO:
            words = " · ".join(f">{place}" for place in _places(request))
            return page(request, "_read.html", {"words": words, "hint": rtwords.hint(given)})
        finding.ask(given, request.actor, now=timezone.now())
    except Refusal as refusal:
        says = sentence(refusal, request.actor)
        return page(request, "_read.html", {"says": says, "hint": rtwords.hint(given)})
    return page(request, "_read.html", {"words": _("Enter searches"), "hint": rtwords.hint(given)})


@for_guests
@require_GET
def search(request: Asked) -> HttpResponse:
    """List the tickets that a query finds."""
    given = request.GET.get("q", "").strip()
    if refusal := _too_long(given):
        return _again(request, given, refusal)
    view = board.View("search", _("Search"), None, order="newest", empty=_("No ticket fits."))
    try:
        found = finding.ask(given, request.actor, now=timezone.now())
        where = searching.where(found.tree, request.actor, now=timezone.now(), order=found.order or "newest")
        fielduse.note(found.tree)
    except Refusal as refusal:
        return _again(request, given, refusal)
    view = board.View("search", view.title, None, order=found.order or "newest", empty=view.empty)
    return board.shown(request, view, where, query=given)


def _staff_only(request: Asked) -> None:
    if not request.frame.is_staff:
        raise Forbidden("not_permitted")


__all__ = ["line", "read", "search"]
