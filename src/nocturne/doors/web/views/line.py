"""The command line at the top of every page: jump, search, go, act. It shows what it understood before it acts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nocturne import desk
from nocturne.core import oneline
from nocturne.core.entry import Door
from nocturne.core.oneline import Intent
from nocturne.core.refusals import Forbidden, Invalid, Refusal
from nocturne.desk import finding, rtwords
from nocturne.desk import line as lines
from nocturne.doors.web import completing, going, understood
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.store import lists

LONGEST = 4_000


@require_POST
def line(request: Asked) -> HttpResponse:
    """Do what one line says, or go where it points."""
    _staff_only(request)
    given = request.POST.get("line", "").strip()
    if refusal := too_long(given):
        return again(request, given, refusal)
    match oneline.intent(given):
        case Intent.JUMP:
            return redirect("ticket", number=int(given.removeprefix("#")))
        case Intent.GO:
            word = given[1:].strip()
            if hint := rtwords.hint(given):
                return page(request, "line.html", {"line": given, "hint": hint})
            address = going.named(word, request.frame)
            return redirect(address or f"{reverse('go')}?{urlencode({'q': word})}")
        case Intent.ACT:
            return _act(request, given)
    if not given:
        return redirect("board")
    return redirect(f"{reverse('search')}?{urlencode({'q': given})}")


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
        return again(request, given, refusal)
    return redirect(f"{reverse('ticket', args=[done['number']])}?did={done['entry']}")


def too_long(given: str) -> Refusal | None:
    """Refuse a line that is no line any more; nothing of it is cut off unsaid."""
    if len(given) <= LONGEST:
        return None
    return Invalid("line_too_long", field="line", limit=LONGEST, length=len(given))


def again(request: Asked, given: str, refusal: Refusal) -> HttpResponse:
    """Show the line once more as it was typed, and what is wrong with it."""
    context = {"line": given, "says": sentence(refusal, request.actor), "hint": rtwords.hint(given)}
    return page(request, "line.html", context, status=refusal.status)


@require_POST
def read(request: Asked) -> HttpResponse:
    """Show what a line was understood as, without doing it, and what could come next where it is being typed."""
    _staff_only(request)
    given = request.POST.get("line", "")
    if refusal := too_long(given):
        return page(request, "_read.html", {"says": sentence(refusal, request.actor)})
    context = _understood(request, given.strip())
    return page(request, "_read.html", context | {"groups": grouped(_options(request, given))})


def _understood(request: Asked, given: str) -> dict[str, Any]:
    """Say what a line would do."""
    kind = oneline.intent(given)
    if not given or kind is Intent.GO:
        return {"hint": rtwords.hint(given)}
    if kind is Intent.JUMP:
        number = int(given.removeprefix("#"))
        rows = lists.rows(request.actor, Q(pk=number), order="newest", limit=1).rows
        known = f"{number} {rows[0].get('subject', '')}" if rows else ""
        return {"words": known or _("There is no ticket %(number)s.") % {"number": number}}
    if kind is Intent.ACT:
        chips = understood.chips(given, request.actor, timezone.now())
        return {
            "chips": chips,
            "number": int(given.split()[0].removeprefix("#")),
            "hint": rtwords.hint(given),
        }
    try:
        finding.ask(given, request.actor, now=timezone.now())
    except Refusal as refusal:
        return {"says": sentence(refusal, request.actor), "hint": rtwords.hint(given)}
    return {"words": _("Enter searches"), "hint": rtwords.hint(given)}


def _options(request: Asked, given: str) -> list[completing.Option]:
    """List what could be typed next, or gone to."""
    here, recent = _number(request.POST.get("here", "")), recently(request.POST.get("recent", ""))
    text = given.lstrip()
    if text.startswith(">") or (not text and request.POST.get("palette")):
        found = going.palette(request.frame, here=here, recent=recent, words=text[1:])
        return [completing.of_way(way) for way in found]
    if not text:
        return []
    cursor = _number(request.POST.get("at", ""))
    return completing.options(given, len(given) if cursor is None else cursor, request.actor, recent=recent)


def grouped(options: Iterable[completing.Option]) -> list[tuple[Any, list[completing.Option]]]:
    """Put options that belong together under one heading, in the order in which they came."""
    return [(group, list(each)) for group, each in groupby(options, key=lambda option: str(option.group))]


def recently(given: str) -> list[int]:
    """Read which tickets a browser has looked at lately; what is no number is none."""
    return [number for each in given.split(",")[:12] if (number := _number(each)) is not None]


def _number(given: str) -> int | None:
    return int(given) if given.isdecimal() and given.isascii() and len(given) <= 18 else None


@require_GET
def go(request: Asked) -> HttpResponse:
    """Show all that can be done from here as a page: the palette for whoever has no script."""
    here, words = _number(request.GET.get("here", "")), request.GET.get("q", "").strip()[:LONGEST]
    found = going.palette(request.frame, here=here, words=words)
    context = {"words": words, "here": here, "groups": grouped(completing.of_way(way) for way in found)}
    return page(request, "go.html", {**context, "title": _("Go to")})


def _staff_only(request: Asked) -> None:
    if not request.frame.is_staff:
        raise Forbidden("not_permitted")


__all__ = ["go", "line", "read"]
