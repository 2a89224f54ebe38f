"""Dashboards: tiles on one page, of one's own, a group's or the site's. One comes with Nocturne; one can be one's home.

Whoever looks at a dashboard looks with their own eyes, as at a view: each tile is asked anew as its reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Conflict, Forbidden, Invalid, NotFound
from nocturne.desk import accounts, audit, belonging, clock, followed, tiles
from nocturne.desk.belonging import KINDS
from nocturne.desk.tiles import Tile
from nocturne.store.db import writing
from nocturne.store.models import Dashboard as Row

MOST = 100


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A dashboard as one reader has it. `kind` is `built-in`, `person`, `group` or `site`."""

    key: str
    title: str | Promise
    kind: str
    tiles: tuple[Tile, ...]
    description: str | Promise = ""
    group: str = ""
    made_by: str = ""
    may_change: bool = False
    version: int = 0
    is_own: bool = False
    """Whether it is its reader's alone, and made by them: it is told whole, whatever has become of what it asks for."""


NIGHT = Dashboard(
    "night",
    _("The night"),
    "built-in",
    (
        Tile("count", _("Open"), query="is:open"),
        Tile("count", view="untaken", warn=5, alarm=15),
        Tile("count", view="ringing", warn=1, alarm=5),
        Tile("view", _("Most urgent"), view="board", rows=8, width=2),
        Tile("chart", _("Open, by queue"), query="is:open", by="queue"),
        Tile("chart", _("Opened and resolved"), query="-is:merged", by="flow", days=14, width=2),
        Tile("chart", _("Open, by severity"), query="is:open", by="severity", graph="ring"),
        Tile("view", view="noalarm", rows=5, width=2),
        Tile("chart", _("Open, by owner"), query="is:open", by="owner"),
    ),
)
"""The dashboard that comes with Nocturne."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A dashboard to be kept, as its maker says it. Tiles are plain values under the names of `tiles.Tile`; in one that
    is changed, `keep` says the place of one that stays, with whatever else is given of it."""

    title: str
    description: str = ""
    tiles: Iterable[Mapping[str, Any]] = ()
    kind: str = "person"
    group: str = ""


CHANGEABLE = tuple(Wanted.__dataclass_fields__)


def readable(actor: Actor) -> list[Dashboard]:
    """List the dashboards of one reader: what comes with Nocturne, their own, their groups', the site's."""
    built_in = [NIGHT] if actor.is_staff else []
    if actor.kind != "account":
        return built_in
    rows = (
        Row.objects.filter(belonging.readable(actor))
        .select_related("group", "made_by")
        .order_by("title", "pk")
    )
    return [*built_in, *(_dashboard(row, actor) for row in rows)]


def named(key: str, actor: Actor) -> Dashboard:
    """Find a dashboard by its key.

    :raises NotFound: there is none, or it is not for this reader.
    """
    if key == NIGHT.key and actor.is_staff:
        return NIGHT
    return _dashboard(row_of(key, actor), actor)


def row_of(key: str, actor: Actor, *, lock: bool = False) -> Row:
    """Find the row of a dashboard that somebody keeps.

    :param lock: whether it is about to be changed.
    :raises NotFound: there is none, or it is not for this reader.
    """
    found = belonging.find(Row.objects.all(), key, actor, lock=lock)
    if found is None:
        raise NotFound("no_such_dashboard")
    return found


def _dashboard(row: Row, actor: Actor) -> Dashboard:
    return Dashboard(
        row.key,
        row.title,
        row.owner_kind,
        tuple(tiles.kept(each) for each in row.tiles),
        row.description,
        row.group.name if row.group is not None else "",
        row.made_by.name if row.made_by is not None else "",
        belonging.may_change(row, actor),
        row.version,
        belonging.is_own(row, actor),
    )


# --- kept and changed ------------------------------------------------------------------------------------------------


def create(wanted: Wanted, *, by: Actor, door: Door) -> Dashboard:
    """Keep a dashboard.

    :raises Invalid: something about it cannot be right.
    :raises Forbidden: a tile asks for what its maker may not read, or they may not give it to the site.
    """
    belonging.refuse_nobody(by)
    now = clock.now()
    with writing():
        accounts.in_turn(by.id or 0)
        row = Row(key=belonging.new_key(), made_by_id=by.id, made_at=now, changed_at=now)
        _fill(row, {name: getattr(wanted, name) for name in CHANGEABLE}, by, before=None)
        if (
            Row.objects.filter(owner_kind=row.owner_kind, owner_id=row.owner_id, group=row.group).count()
            >= MOST
        ):
            raise Invalid("too_many_dashboards", field="title", limit=MOST)
        row.save(force_insert=True)
        _note("dashboard_made", row, None, by, door)
    return named(row.key, by)


def change(
    key: str, changes: Mapping[str, Any], *, by: Actor, door: Door, version: int | None = None
) -> Dashboard:
    """Change a dashboard, or give it to somebody else: `kind` and `group` say whose it is.

    :param version: which version its changer has looked at.
    :raises NotFound: there is none, or it is not for this reader.
    :raises Forbidden: it is not theirs to change.
    :raises Conflict: it was changed since they looked.
    :raises Invalid: something about it cannot be right.
    """
    with writing():
        row = _theirs(key, by)
        if version is not None and version != row.version:
            raise Conflict("dashboard_changed_meanwhile")
        before = _spelt(row)
        stay = [{"keep": place} for place in range(len(row.tiles))]
        _fill(row, {**before, "tiles": stay, **changes}, by, before=before)
        row.version += 1
        row.changed_at = clock.now()
        row.save()
        _note("dashboard_changed", row, before, by, door)
    return named(key, by)


def delete(key: str, *, by: Actor, door: Door) -> None:
    """Delete a dashboard; nobody begins with it, and whoever has it mailed is told so once.

    :raises NotFound: there is none, or it is not for this reader.
    :raises Forbidden: it is not theirs to delete.
    """
    with writing():
        row = _theirs(key, by)
        before = _spelt(row)
        followed.end("dashboard", key, lambda actor: any(each.key == key for each in readable(actor)))
        row.delete()
        _note("dashboard_removed", None, before, by, door)


def copy(key: str, *, by: Actor, door: Door, title: str = "") -> Dashboard:
    """Make a copy of a dashboard that is one's own; tiles that ask for what one may not read stay behind.

    :raises NotFound: there is none, or it is not for this reader.
    """
    of = named(key, by)
    kept = []
    for each in of.tiles:
        try:
            kept.append(tiles.spelt(tiles.read(tiles.spelt(each), by, now=clock.now())))
        except (Forbidden, Invalid, NotFound):
            continue
    return create(Wanted(title or str(of.title), str(of.description), kept), by=by, door=door)


def _theirs(key: str, by: Actor) -> Row:
    if key == NIGHT.key:
        named(key, by)
        raise Forbidden("built_in_dashboard")
    row = row_of(key, by, lock=True)
    if not belonging.may_change(row, by):
        raise Forbidden("not_permitted")
    return row


def _spelt(row: Row) -> dict[str, Any]:
    return {
        "title": row.title,
        "description": row.description,
        "tiles": row.tiles,
        "kind": row.owner_kind,
        "group": row.group.name if row.group is not None else "",
    }


def _fill(row: Row, told: Mapping[str, Any], by: Actor, *, before: Mapping[str, Any] | None) -> None:
    """Put into the row what is said."""
    title = " ".join(str(told["title"]).split())
    if not title:
        raise Invalid("empty_title", field="title")
    for name, text, limit in (("title", title, 80), ("description", str(told["description"]).strip(), 400)):
        if len(text) > limit:
            raise Invalid("view_text_too_long", field=name, limit=limit, length=len(text))
        setattr(row, name, text)
    given = list(told["tiles"])
    if len(given) > tiles.MOST_TILES:
        raise Invalid("too_many_tiles", field="tiles", limit=tiles.MOST_TILES)
    old = list((before or {}).get("tiles", ()))
    now = clock.now()
    row.tiles = [_tile(each, old, by, now) for each in given]
    kind = str(told["kind"])
    if kind not in KINDS:
        raise Invalid("unknown_owner_kind", field="kind", given=kind[:20], known=list(KINDS))
    belonging.give(row, kind, str(told["group"]), by)


def _tile(
    given: Mapping[str, Any], old: Sequence[Mapping[str, Any]], by: Actor, now: datetime
) -> Mapping[str, Any]:
    """Say how a tile is kept. One that stays has been checked, perhaps by whoever may read more: it is named by its
    place, never by what it asks, so that a guess of what is hidden is not confirmed."""
    if given.get("keep") in (None, ""):
        return tiles.spelt(tiles.read(given, by, now=now))
    place = str(given["keep"])
    if not (place.isdecimal() and len(place) < 4 and int(place) < len(old)):
        raise Invalid(
            "number_out_of_range", field="keep", given=place[:20], least=0, most=max(len(old) - 1, 0)
        )
    stood = old[int(place)]
    changes = {name: value for name, value in given.items() if name != "keep"}
    if not changes:
        return stood
    asks = bool(changes.get("view") or changes.get("query"))
    is_kept = not asks and tiles.is_hidden(tiles.kept(stood), by, now=now)
    return tiles.spelt(tiles.read(changes, by, now=now, was=stood if is_kept else None))


def _note(act: str, row: Row | None, before: Mapping[str, Any] | None, by: Actor, door: Door) -> None:
    """Write down what is done to a dashboard that is the site's, was, or becomes it."""
    after = _spelt(row) if row is not None else None
    if "site" in ((after or {}).get("kind"), (before or {}).get("kind")):
        title = (after or before or {}).get("title", "")
        audit.note(act, by=by, door=door, subject=("dashboard", title), before=before, after=after)


__all__ = [
    "NIGHT",
    "Dashboard",
    "Wanted",
    "change",
    "copy",
    "create",
    "delete",
    "named",
    "readable",
    "row_of",
]
