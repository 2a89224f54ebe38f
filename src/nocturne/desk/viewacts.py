"""What is done with views: they are made, changed, copied, given to a group or to the site, and deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Conflict, Forbidden, Invalid, Refusal
from nocturne.desk import accounts, audit, belonging, clock, columns, finding, followed, savedviews
from nocturne.desk.belonging import KINDS
from nocturne.desk.builtviews import BUILT_IN
from nocturne.desk.savedviews import View
from nocturne.store import ordering
from nocturne.store.db import writing
from nocturne.store.models import Pin, SavedView, SeenView

LONGEST = {"title": 80, "description": 400, "query": 2_000, "order": 120, "grouped": 80}
MOST_COLUMNS, MOST_VIEWS = 40, 200
DENSITIES = ("comfortable", "dense")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A view to be kept, as its maker says it."""

    title: str
    query: str = ""
    description: str = ""
    columns: Iterable[str] = ()
    grouped: str = ""
    order: str = ""
    density: str = ""
    kind: str = "person"
    group: str = ""
    is_pinned: bool = False


CHANGEABLE = tuple(Wanted.__dataclass_fields__)
"""What of a view can be changed."""


def create(wanted: Wanted, *, by: Actor, door: Door) -> View:
    """Keep a view.

    :raises Invalid: something about it cannot be right.
    :raises Forbidden: it asks for what its maker may not read, or they may not give it to the site.
    """
    belonging.refuse_nobody(by)
    told = _checked({name: getattr(wanted, name) for name in CHANGEABLE}, by)
    now = clock.now()
    with writing():
        accounts.in_turn(by.id or 0)
        row = SavedView(key=belonging.new_key(), made_by_id=by.id, made_at=now, changed_at=now)
        _fill(row, told, by)
        _refuse_too_many(row)
        row.save(force_insert=True)
        _note("site_view_made", row, None, by, door)
    return savedviews.named(row.key, by)


def change(
    key: str, changes: Mapping[str, Any], *, by: Actor, door: Door, version: int | None = None
) -> View:
    """Change a view, or give it to somebody else: `kind` and `group` say whose it is.

    :param version: which version its changer has looked at.
    :raises NotFound: there is none, or it is not for this reader.
    :raises Forbidden: it is not theirs to change.
    :raises Conflict: it was changed since they looked.
    :raises Invalid: something about it cannot be right.
    """
    with writing():
        row = _theirs(key, by, lock=True)
        if version is not None and version != row.version:
            raise Conflict("view_changed_meanwhile")
        before = _spelt(row)
        given = dict(changes)
        if savedviews.is_hidden(row, by):
            # Not shown to them, it stays unless they ask something of their own: a guess is no better than a miss.
            if not str(given.get("query", "")).strip():
                given.pop("query", None)
            else:
                finding.ask(str(given["query"]), by, now=clock.now())
        told = _checked({**before, **given}, by, asked_already=before)
        _fill(row, told, by)
        row.version += 1
        row.changed_at = clock.now()
        row.save()
        _note("site_view_changed", row, before, by, door)
    return savedviews.named(row.key, by)


def delete(key: str, *, by: Actor, door: Door) -> None:
    """Delete a view; it is gone from every rail, and whoever has it mailed is told so once.

    :raises NotFound: there is none, or it is not for this reader.
    :raises Forbidden: it is not theirs to delete.
    """
    with writing():
        row = _theirs(key, by, lock=True)
        before = _spelt(row)
        followed.end("view", key, lambda actor: _reads(key, actor))
        Pin.objects.filter(view=key).delete()
        SeenView.objects.filter(view=key).delete()
        row.delete()
        if before["kind"] == "site":
            audit.note(
                "site_view_removed", by=by, door=door, subject=("view", before["title"]), before=before
            )


def _reads(key: str, actor: Actor) -> bool:
    try:
        savedviews.question(savedviews.named(key, actor), actor, now=clock.now())
    except Refusal:
        return False
    return True


def duplicate(key: str, *, by: Actor, door: Door, title: str = "") -> View:
    """Make a copy of a view that is one's own, also of one that comes with Nocturne.

    :raises NotFound: there is none, or it is not for this reader.
    :raises Forbidden: what it asks is not for its reader.
    """
    of = savedviews.named(key, by)
    savedviews.question(of, by, now=clock.now())
    wanted = Wanted(
        title or str(of.title),
        of.query,
        str(of.description),
        of.columns,
        of.grouped,
        of.order,
        of.density,
    )
    return create(wanted, by=by, door=door)


def _theirs(key: str, by: Actor, *, lock: bool = False) -> SavedView:
    if key in BUILT_IN:
        savedviews.named(key, by)
        raise Forbidden("built_in_view")
    found = savedviews.row(key, by, lock=lock)
    if not belonging.may_change(found, by):
        raise Forbidden("not_permitted")
    return found


def _spelt(row: SavedView) -> dict[str, Any]:
    """Spell a view as what can be changed of it."""
    return {
        "title": row.title,
        "query": row.query,
        "description": row.description,
        "columns": list(row.columns),
        "grouped": row.grouped,
        "order": row.order,
        "density": row.density,
        "kind": row.owner_kind,
        "group": row.group.name if row.group is not None else "",
        "is_pinned": row.is_pinned,
    }


def _checked(
    given: Mapping[str, Any], by: Actor, *, asked_already: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Check what is said of a view, and give it back as it is kept.

    :param asked_already: what it is now: what stays as it is has been checked, perhaps by somebody who may read more.
    """
    told = dict(given)
    told["title"] = " ".join(str(told["title"]).split())
    if not told["title"]:
        raise Invalid("empty_title", field="title")
    for name, limit in LONGEST.items():
        told[name] = str(told[name]).strip()
        if len(told[name]) > limit:
            raise Invalid("view_text_too_long", field=name, limit=limit, length=len(told[name]))
    if told["density"] and told["density"] not in DENSITIES:
        raise Invalid("unknown_density", field="density", given=told["density"], known=list(DENSITIES))
    if told["kind"] not in KINDS:
        raise Invalid("unknown_owner_kind", field="kind", given=told["kind"], known=list(KINDS))
    kept = asked_already or {}
    told["columns"] = list(dict.fromkeys(str(each) for each in told["columns"]))
    if told["columns"] != kept.get("columns"):
        _refuse_columns(told["columns"], by)
    if any(told[name] != kept.get(name) for name in ("query", "order", "grouped")):
        _ask(told, by)
    return told


def _ask(told: Mapping[str, Any], by: Actor) -> None:
    """Ask once what a view asks, as its maker: what nobody can ask is no view."""
    finding.ask(told["query"], by, now=clock.now())
    if told["order"] and not ordering.is_known(told["order"], by):
        raise Invalid("unknown_order", field="order", given=told["order"][:60])
    if told["grouped"] and ordering.grouped(told["grouped"], by) is None:
        raise Invalid("unknown_group", field="grouped", given=told["grouped"][:60])


def _refuse_columns(names: list[str], by: Actor) -> None:
    if len(names) > MOST_COLUMNS:
        raise Invalid("too_many_columns", field="columns", limit=MOST_COLUMNS)
    mine = columns.readable(by)
    for name in names:
        if name not in mine:
            raise Invalid("unknown_column", field="columns", given=name[:60])


def _fill(row: SavedView, told: Mapping[str, Any], by: Actor) -> None:
    """Put into the row what is said, and whose it is.

    :raises Forbidden: it is not theirs to give there.
    :raises Invalid: there is no such group, or none that they are in.
    """
    for name in ("title", "query", "description", "columns", "grouped", "order", "density", "is_pinned"):
        setattr(row, name, told[name])
    belonging.give(row, told["kind"], told["group"], by)


def _refuse_too_many(row: SavedView) -> None:
    same = SavedView.objects.filter(owner_kind=row.owner_kind, owner_id=row.owner_id, group=row.group)
    if same.count() >= MOST_VIEWS:
        raise Invalid("too_many_views", field="title", limit=MOST_VIEWS)


def _note(act: str, row: SavedView, before: dict[str, Any] | None, by: Actor, door: Door) -> None:
    """Write down what is done to a view that is the site's, or was, or becomes it."""
    after = _spelt(row)
    if "site" in (after["kind"], (before or {}).get("kind")):
        audit.note(act, by=by, door=door, subject=("view", row.title), before=before, after=after)


__all__ = ["CHANGEABLE", "DENSITIES", "Wanted", "change", "create", "delete", "duplicate"]
