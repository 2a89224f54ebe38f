"""Coming in: a session's beginning, the wait for the second factor before it, and where it leads."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, QueryDict
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from nocturne.core.refusals import Refusal
from nocturne.desk import accounts, homepage, signon
from nocturne.desk.signon import SURE, Way
from nocturne.doors.web import drafts
from nocturne.store.models import User

LARGEST_KEPT = 4_000_000
WAITING = "waiting"
PATIENCE = 30 * 60
"""Seconds from the password to the second factor: time enough to set an app up."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who has given the first proof and owes the second: signed on nowhere yet."""

    user: User
    way: Way


def begin(request: HttpRequest, user: User, way: Way = "password") -> None:
    """Begin a session with a new key; nothing of the one before it stays."""
    request.session.flush()
    request.session[SESSION_KEY] = str(user.pk)
    request.session["agent"] = request.headers.get("User-Agent", "")[:200]
    request.session["address"] = address(request)[:45]
    request.session["way"] = way
    request.session[SURE] = time.time()
    rotate_token(request)
    signon.entered(user, way, address=address(request))


def address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def wait(request: HttpRequest, user: User, way: Way) -> None:
    """Remember, under a new key, who has given the first proof. This is no session of theirs: it opens nothing."""
    request.session.flush()
    request.session[WAITING] = {"user": user.pk, "way": way, "at": time.time(), "stamp": _stamp(user)}
    rotate_token(request)


def waiting(request: HttpRequest) -> Waiting | None:
    """Say who has given the first proof in this browser; None if nobody has lately, or the password has changed."""
    held: Any = request.session.get(WAITING)
    if not isinstance(held, dict) or time.time() - held["at"] > PATIENCE:
        return None
    user = User.objects.filter(pk=held["user"], is_active=True).first()
    if user is None or _stamp(user) != held["stamp"]:
        return None
    return Waiting(user, cast("Way", held["way"]))


def _stamp(user: User) -> str:
    return hashlib.sha256(user.password.encode()).hexdigest()[:16]


def lands(kept: str, user: User, back: str) -> str:
    """Say where somebody who has signed on comes to: what they were about to do, where they went, or their home."""
    if begun := give_back(kept, user):
        return begun
    if back != reverse("board"):
        return back
    key = homepage.home_of(accounts.actor_of(user))
    return reverse("dashboard", args=[key]) if key else back


def own(request: HttpRequest, given: str) -> str:
    """Keep an address to go to only if it is one of this host."""
    safe = url_has_allowed_host_and_scheme(
        given, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return given if given and safe and given.startswith("/") else reverse("board")


def give_back(kept: str, user: User) -> str:
    """Make a draft of what was typed before signing on again, and say on which page it shows."""
    if not kept:
        return ""
    try:
        held = json.loads(base64.urlsafe_b64decode(kept.encode()))
        form = QueryDict(mutable=True)
        for name, values in held["form"].items():
            form.setlist(str(name), [str(value) for value in values])
        drafts.keep(accounts.actor_of(user), str(held["place"]), form)
    except (ValueError, KeyError, TypeError, AttributeError, Refusal):
        return ""
    return _shows(str(held["place"]))


def _shows(place: str) -> str:
    """Give the page on which a draft is found again; of one that is no ticket's, the board."""
    kind, *rest = place.split(":")
    match kind, rest:
        case "act", [noun, number]:
            return reverse("act", args=[int(number), noun])
        case "reply", [number]:
            return reverse("act", args=[int(number), "replies"])
        case "note" | "received", [number]:
            return reverse("ticket", args=[int(number)])
        case "open", _:
            return reverse("open")
        case "shift", [desk]:
            return reverse("handover") + (f"?desk={desk}" if desk else "")
    return reverse("board")
