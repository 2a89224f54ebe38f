"""Views: questions with a name. Some come with Nocturne; others people keep, for themselves, a group, or the site.

Whoever looks at a view looks with their own eyes: it is asked anew as its reader, and what they may not ask for is
refused to them. `readable` and `named` are how everything that shows views finds them; `question` is what to ask.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from nocturne.core.permits import Actor
from nocturne.core.query.tree import Probe, Query, Tree
from nocturne.core.refusals import Forbidden, NotFound, Refusal
from nocturne.desk import belonging, clock, columns, finding
from nocturne.desk.builtviews import BUILT_IN
from nocturne.store import ordering
from nocturne.store.models import Group, SavedView, User
from nocturne.store.readings import fixed

OURS: dict[str, Tree] = {"board": finding.OPEN, "all": Probe("merged_into", "empty")}
"""Views that everybody has, whatever they may ask: of what they may not read they find nothing in them."""


@dataclass(frozen=True, slots=True)
class View:
    """A view as one reader has it. `kind` is `built-in`, `person`, `group` or `site`.

    `query` is empty, and `is_hidden` says so, where the reader may not ask what it asks.
    """

    key: str
    title: str | Promise
    query: str
    kind: str
    description: str | Promise = ""
    columns: tuple[str, ...] = ()
    grouped: str = ""
    order: str = ""
    density: str = ""
    group: str = ""
    """The name of the group whose it is."""
    made_by: str = ""
    is_pinned: bool = False
    may_change: bool = False
    is_hidden: bool = False
    version: int = 0
    empty: str | Promise = ""
    """What a built-in view says where there is nothing in it."""


def readable(actor: Actor) -> list[View]:
    """List the views of one reader: those that come with Nocturne, their own, their groups', the site's."""
    if actor.kind != "account":
        return list(_built_in(actor))
    rows = fixed(("views", actor), lambda: _described(actor))
    return [*_built_in(actor), *(_view(_row_of(row), actor) for row in rows)]


def _described(actor: Actor) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = SavedView.objects.filter(belonging.readable(actor)).order_by("title", "pk")
    return rows.values(*_FIELDS, "group__name", "made_by__name")


def _row_of(values: dict[str, Any]) -> SavedView:
    group, maker = values.pop("group__name"), values.pop("made_by__name")
    row = SavedView(**values)
    row.group = Group(pk=row.group_id, name=group) if row.group_id else None
    row.made_by = User(pk=row.made_by_id, name=maker) if row.made_by_id else None
    return row


_FIELDS = tuple(each.attname for each in SavedView._meta.fields)


def named(key: str, actor: Actor) -> View:
    """Find a view by its key.

    :raises NotFound: there is none, or it is not for this reader.
    """
    for each in _built_in(actor):
        if each.key == key:
            return each
    return _view(row(key, actor), actor)


def row(key: str, actor: Actor, *, lock: bool = False) -> SavedView:
    """Find the row of a view that somebody keeps.

    :param lock: whether it is about to be changed.
    :raises NotFound: there is none, or it is not for this reader.
    """
    found = belonging.find(SavedView.objects.all(), key, actor, lock=lock)
    if found is None:
        raise NotFound("no_such_view")
    return found


def question(view: View, actor: Actor, *, now: datetime) -> Query:
    """Read what a view asks, as this reader may ask it, in the order and the groups that the view is shown in.

    :raises Forbidden: view_asks_hidden: it asks for what they may not read.
    """
    if view.is_hidden:
        raise Forbidden("view_asks_hidden", title=str(view.title), maker=view.made_by)
    known = OURS.get(view.key)
    asked = Query(known) if known is not None else finding.ask(view.query, actor, now=now)
    return replace(asked, order=view.order or asked.order, group=view.grouped or asked.group)


def _built_in(actor: Actor) -> Iterator[View]:
    for each in BUILT_IN.values():
        if actor.is_staff or not each.staff:
            yield View(
                each.key,
                each.title,
                each.query if actor.is_staff or each.key != "all" else "",
                "built-in",
                order=each.order,
                is_pinned=each.is_pinned,
                empty=each.empty,
            )


def is_hidden(row: SavedView, actor: Actor) -> bool:
    """Tell whether a reader may not ask what a view asks. Their own they have written themselves: one that was given to
    them, or that others change as well, they may not have."""
    return not belonging.is_own(row, actor) and not _asks_openly(row.query, actor)


def _view(row: SavedView, actor: Actor) -> View:
    hides = is_hidden(row, actor)
    may = belonging.may_change(row, actor)
    # Of what they may not read, nobody but who looks after the view is told that it stands in it.
    known: Container[str] = row.columns if may or not row.columns else columns.readable(actor)
    return View(
        row.key,
        row.title,
        "" if hides else row.query,
        row.owner_kind,
        description=row.description,
        columns=tuple(name for name in row.columns if name in known),
        grouped=row.grouped if may or (row.grouped and ordering.grouped(row.grouped, actor)) else "",
        order=row.order if may or (row.order and ordering.is_known(row.order, actor)) else "",
        density=row.density,
        group=row.group.name if row.group is not None else "",
        made_by=row.made_by.name if row.made_by is not None else "",
        is_pinned=row.is_pinned,
        may_change=may,
        is_hidden=hides,
        version=row.version,
    )


def _asks_openly(query: str, actor: Actor) -> bool:
    try:
        finding.ask(query, actor, now=clock.now())
    except Refusal:
        return False
    return True


__all__ = [
    "View",
    "is_hidden",
    "named",
    "question",
    "readable",
    "row",
]
