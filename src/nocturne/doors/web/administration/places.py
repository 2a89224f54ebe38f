"""The pages of administration: where each is, what it is for, and which right lets somebody in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from nocturne.core import permits
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden
from nocturne.desk import troubles
from nocturne.desk.administering import PEOPLE
from nocturne.doors.web.answers import Asked, page
from nocturne.doors.web.sure import sure

View = Callable[..., HttpResponseBase]
Words = Any
ANY = "administer"
"""Any right of administration, whichever it is."""
CURIOUS = "administer-people administer-clearances administer-audit"
"""One of these lets somebody ask about the rights of others."""
CARING = " ".join(troubles.RIGHTS)
"""One of these lets somebody look after the house."""


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the menu of administration."""

    name: str
    title: Words
    purpose: Words
    right: str


PLACES = (
    Place(
        "admin-people",
        _("People"),
        _(
            "Accounts of staff, representatives and machines: who may sign on, how they are reached, what is theirs."
        ),
        PEOPLE,
    ),
    Place(
        "admin-groups",
        _("Groups"),
        _("Who is in which group, and which groups are part of others. Clearances are given to groups."),
        PEOPLE,
    ),
    Place(
        "admin-contacts",
        _("Contacts"),
        _("People outside: they write mails and are told of their tickets, and sign on nowhere."),
        PEOPLE,
    ),
    Place(
        "admin-speakers",
        _("Representatives"),
        _("Who speaks for which network, site or machine, and sees its tickets as a customer does."),
        PEOPLE,
    ),
    Place(
        "admin-screens",
        _("Wall displays"),
        _("Screens that show the board without anybody signed on."),
        PEOPLE,
    ),
    Place(
        "admin-rights",
        _("Rights"),
        _("Why can anna see this, and why not? Clearance by clearance; and who else can."),
        CURIOUS,
    ),
    Place(
        "admin-audit",
        _("Audit"),
        _(
            "Who changed what outside the tickets, and what it was before. Look through it, export it, prove it."
        ),
        "administer-audit",
    ),
    Place(
        "admin-health",
        _("Health"),
        _("Whether every part of the house works, and what waits for somebody: mail, notices, jobs."),
        CARING,
    ),
)


def administers(right: str) -> Callable[[View], View]:
    """Let only holders of a right of administration reach a view; of several, apart by blanks, one is enough."""

    def guarded(view: View) -> View:
        @wraps(view)
        def asked(request: Asked, *args: Any, **kwargs: Any) -> HttpResponseBase:
            demand(request.actor, right)
            return view(request, *args, **kwargs)

        asked.needs = right  # type: ignore[attr-defined]
        return cast("View", asked)

    return guarded


def sure_to_change(view: View) -> View:
    """Ask once more who sits there before a form of this view is carried out; looking is free."""
    guarded = sure(cast("Any", view))

    @wraps(view)
    def asked(request: Asked, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return (guarded if request.method == "POST" else view)(request, *args, **kwargs)

    return cast("View", asked)


def demand(actor: Actor, right: str) -> None:
    """Refuse whoever does not hold a right of administration.

    :raises Forbidden: they do not.
    """
    if not _may(actor, right):
        raise Forbidden("not_permitted", act=right.partition(" ")[0])


def _may(actor: Actor, right: str) -> bool:
    return any(permits.may(actor, each) for each in right.split())


def open_to(actor: Actor) -> list[Place]:
    """List the places that somebody may enter."""
    return [place for place in PLACES if _may(actor, place.right)]


@require_safe
@administers(ANY)
def overview(request: Asked) -> HttpResponse:
    """Show what there is to administer, for whoever may."""
    return shown(request, "overview.html", {})


def shown(
    request: Asked, template: str, context: dict[str, Any], *, here: str = "", status: int = 200
) -> HttpResponse:
    """Answer with a page of administration; `here` is the entry of its menu that is open."""
    about = {"nav": "administration", "here": here, "places": open_to(request.actor)}
    return page(request, f"administration/{template}", about | context, status)
