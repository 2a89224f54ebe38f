"""Carrying out what a form asks: once per key, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from nocturne import desk
from nocturne.doors.web.answers import Asked
from nocturne.doors.web.given import Do, Given


@dataclass(frozen=True, slots=True)
class Done:
    """Where an act has ended: the ticket that shows it, and its entry there."""

    number: int
    entry: str


def once(request: HttpRequest, name: str, do: Do, given: Given) -> Done:
    """Do what a form asks. A second click, or the same form sent again, gives the first answer and does nothing.

    :raises Refusal: it cannot be done; nothing was.
    """
    if request.POST.get("as_file"):
        given.text_as_file()

    def act() -> tuple[int, dict[str, object]]:
        written = do(given)
        return 200, {"number": written.number, "entry": written.address}

    key = request.POST.get("key") or None
    _status, answer, _again = desk.once(given.by, key and f"web:{key}", _content(name, given, request), act)
    return Done(int(answer["number"]), str(answer["entry"]))


def made(request: Asked, what: str, make: Callable[[], str]) -> str:
    """Make what a form asks for (a view, a dashboard) and give its key. The same form sent again makes no other.

    :raises Refusal: it cannot be made; nothing was.
    """

    def act() -> tuple[int, dict[str, object]]:
        return 200, {"made": make()}

    content = desk.fingerprint("web", what, request.path_info, _words(request))
    _status, answer, _again = desk.once(request.actor, form_key(request), content, act)
    return str(answer["made"])


def form_key(request: HttpRequest) -> str | None:
    """Give the key that a form carries (`{% once %}`), as it is kept; nothing where it carries none."""
    key = request.POST.get("key", "")[:60]
    return f"web:{key}" if key else None


def _content(name: str, given: Given, request: HttpRequest) -> str:
    """Sum up what a form says, to tell a repeat from another form that carries the same key."""
    files = [[each.name, each.size] for each in given.files]
    return desk.fingerprint("web", name, given.number, _words(request), files)


def _words(request: HttpRequest) -> list[tuple[str, list[Any]]]:
    return sorted((field, values) for field, values in request.POST.lists() if field != "csrfmiddlewaretoken")
