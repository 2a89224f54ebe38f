"""The board: one list, most urgent first, and the timers that are due above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from nocturne.core.configuration import current
from nocturne.core.refusals import NotFound
from nocturne.desk import marks
from nocturne.doors.web import rows as made
from nocturne.doors.web.answers import Asked, page
from nocturne.doors.web.public import for_guests
from nocturne.doors.web.times import Times
from nocturne.store import lists, reach
from nocturne.store.models.charts import IS_RESOLVED

PAGE = 50


@dataclass(frozen=True, slots=True)
class View:
    """A list of the rail: its name, its title, which tickets, and their order.

    `asks` is a column that the list tells of by what is in it: only tickets on which that may be read are.
    """

    name: str
    title: Any
    where: Any
    order: str = "priority"
    empty: Any = _("Nothing here. That is good news.")
    staff: bool = True
    asks: str = ""


_OPEN = Q(is_open=True)
VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        View("board", _("Board"), None, empty=_("No open ticket. Quiet night."), staff=False),
        View(
            "mine",
            _("My work"),
            lambda actor: _OPEN & Q(owner_id=actor.id),
            asks="owner",
            empty=_("Nothing is yours just now."),
        ),
        View(
            "untaken",
            _("Not taken"),
            lambda _actor: _OPEN & Q(owner=None),
            asks="owner",
            empty=_("Everything has an owner."),
        ),
        View(
            "noalarm",
            _("Waiting, no timer"),
            lambda _actor: Q(meaning="waiting", merged_into=None, alarm_at=None, ringing_since=None),
            empty=_("Every ticket that waits has a timer."),
            asks="alarm_at",
        ),
        View(
            "ringing",
            _("Timers due"),
            lambda _actor: Q(ringing_since__isnull=False),
            empty=_("No timer is due."),
            asks="ringing_since",
        ),
        View(
            "signoff",
            _("Sign-off"),
            lambda _actor: (
                Q(IS_RESOLVED, checked_by=None, merged_into=None)
                & ~Q(type__in=current().types_behaving("complaint"))
            ),
            order="oldest",
            empty=_("Everything that is resolved has been signed off."),
            asks="checked_by",
        ),
        View(
            "ended",
            _("Ended"),
            lambda _actor: Q(meaning__in=["resolved", "closed", "rejected"]),
            asks="state",
            order="newest",
            staff=False,
        ),
        View("all", _("All"), lambda _actor: Q(merged_into=None), order="newest", staff=False),
    )
}
RAIL = {"main": ("board", "mine"), "views": ("untaken", "noalarm", "signoff"), "all": ("ended", "all")}


@for_guests
@require_GET
def board(request: Asked, name: str = "board") -> HttpResponse:
    """Show one list."""
    view = VIEWS.get(name)
    if view is None or (view.staff and not request.frame.is_staff):
        raise NotFound("no_such_ticket")
    where = view.where(request.actor) if view.where else None
    readable = reach.visible(request.actor, current().class_of(view.asks)) if view.asks else None
    if where is not None and readable is not None:
        where = where & readable
    return shown(request, view, where)


def shown(request: Asked, view: View, where: Q | None, *, query: str = "") -> HttpResponse:
    """Show the tickets of a view, a page of them at a time."""
    actor, times = request.actor, Times(request.actor)
    mark = mark_of(request)
    order = request.GET.get("order", view.order)
    order = order if order in lists.ORDERS else view.order
    if order not in lists.orders(actor):  # whoever may not read priorities gets no list in their order
        order = "newest"
    after = _after(request.GET.get("after", ""), order)
    found = lists.rows(actor, where, order=order, after=after, limit=PAGE)
    total = request.frame.counts.get(view.name)
    rings = request.frame.counts.get("ringing", 0) if view.name == "board" else 0
    ringing = lists.ringing(actor) if rings else []
    context = {
        "view": view,
        "query": query,
        "order": order,
        "rows": made.board(found.rows, times, is_staff=request.frame.is_staff),
        "own_columns": made.columns(found.rows),
        "is_empty": not found.rows,
        "is_first": after is None,
        "more": _address(request, order, found.after) if found.after else "",
        "total": total
        if total is not None
        else (len(found.rows) if after is None and not found.after else None),
        "cap": lists.CAP,
        "ringing": ringing,
        "further_ringing": max(rings - len(ringing), 0),
        "times": times,
        "mark": mark,
        "wall": "wall" in request.GET,
    }
    return page(request, "board.html", context)


def _address(request: Asked, order: str, after: list[Any]) -> str:
    """Spell the address of the next page: where it begins stands in it, sealed against tampering by its own form."""
    import json
    from urllib.parse import urlencode

    kept = {name: value for name, value in request.GET.items() if name not in ("after", "order")}
    return f"{request.path}?{urlencode({**kept, 'order': order, 'after': json.dumps(after)})}"


def _after(given: str, order: str) -> list[Any] | None:
    """Read where a page begins; what cannot be a place in this order begins at the front."""
    import json

    if not given or len(given) > 300:
        return None
    try:
        found = json.loads(given)
        if not isinstance(found, list):
            return None
        pairs = zip(lists.ORDERS[order], found, strict=True)
        return [_place(column.lstrip("-"), value) for column, value in pairs]
    except (ValueError, RecursionError):
        return None


def _place(column: str, value: Any) -> Any:
    """Read one column of where a page begins.

    :raises ValueError: it is nothing that this column can hold.
    """
    if column.startswith("touched_") and isinstance(value, str):
        at = datetime.fromisoformat(value)
        if at.tzinfo is not None and 1970 <= at.year < 9999:
            return at
    elif not column.startswith("touched_") and type(value) is int and 0 <= value < 2**31:
        return value
    raise ValueError(column)


@for_guests
@require_GET
def new(request: Asked) -> HttpResponse:
    """Tell an open board whether anything has happened since it was drawn: nothing to say is the usual answer."""
    mark = mark_of(request)
    if request.GET.get("mark") == mark:
        return HttpResponse(status=204)
    return page(request, "_board_new.html", {"mark": mark, "address": reverse("board")})


@require_GET
def bell(request: Asked) -> HttpResponse:
    """Tell every open page how many timers are due."""
    return page(request, "_bell.html")


def mark_of(request: Asked) -> str:
    """Sum up what has happened so far in this reader's sight, as a word that tells nothing else."""
    return marks.of(request.actor)
