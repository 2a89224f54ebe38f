"""Tiles of a dashboard: a view's first tickets, a count, or a graph, each as the reader who looks at it may see it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from nocturne.core.configuration import current
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.permits import Actor
from nocturne.core.query.tree import Query
from nocturne.core.refusals import Forbidden, Invalid, NotFound, Refusal, TakesTooLong
from nocturne.desk import finding, graphs, savedviews, wording
from nocturne.desk.graphs import BY, Series
from nocturne.store import journal, ordering

KINDS = {"view": N_("Tickets"), "count": N_("Count"), "chart": N_("Graph")}
GRAPHS = {"bars": N_("Bars"), "ring": N_("Ring")}
MOST_ROWS, MOST_DAYS, MOST_TILES = 20, 366, 24
FRESH, KEPT = 2.0, 30.0
"""Seconds for which a tile is not made anew whatever happens, and for which it is not if nothing does."""


@dataclass(frozen=True, slots=True)
class Tile:
    """What a tile shows. With neither a view nor a question it is of the open tickets.

    :param warn, alarm: from which count on it says so, in colour and in a word.
    :param width: of the page's three columns.
    """

    kind: str
    title: str | Promise = ""
    view: str = ""
    query: str = ""
    rows: int = 6
    width: int = 1
    warn: int | None = None
    alarm: int | None = None
    by: str = "queue"
    graph: str = "bars"
    days: int = 14


@dataclass(slots=True)
class Shown:
    """A tile as one reader sees it."""

    tile: Tile
    title: str
    query: str = ""
    says: str = ""
    """Why there is nothing in it for this reader."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    has_more: bool = False
    group: str = ""
    """The column that its rows stand together by."""
    count: int = 0
    is_exact: bool = True
    level: str = ""
    series: list[Series] = field(default_factory=list)
    is_cut: bool = False


def read(given: Mapping[str, Any], by: Actor, *, now: datetime, was: Mapping[str, Any] | None = None) -> Tile:
    """Read what somebody wants a tile to show.

    :param was: the tile that stood there, where it asks for what they may not read: its question stays, unseen.
    :raises Invalid: something about it cannot be right.
    :raises NotFound: there is no such view.
    :raises Forbidden: it asks for what they may not read.
    """
    tile = Tile(
        kind=_chosen(given, "kind", KINDS, "view"),
        title=" ".join(str(given.get("title") or "").split())[:80],
        view=str(given.get("view") or "")[:24],
        query=str(given.get("query") or "").strip(),
        rows=_number(given, "rows", 6, 1, MOST_ROWS),
        width=_number(given, "width", 1, 1, 3),
        warn=_limit(given, "warn"),
        alarm=_limit(given, "alarm"),
        by=_chosen(given, "by", BY, "queue"),
        graph=_chosen(given, "graph", GRAPHS, "bars"),
        days=_number(given, "days", 14, 1, MOST_DAYS),
    )
    if was is not None:
        return replace(tile, view=was["view"], query=was["query"])
    if tile.view:
        savedviews.question(savedviews.named(tile.view, by), by, now=now)
    elif len(tile.query) > 2_000:
        raise Invalid("view_text_too_long", field="query", limit=2_000, length=len(tile.query))
    else:
        finding.ask(tile.query, by, now=now)
    return tile


def spelt(tile: Tile) -> dict[str, Any]:
    """Spell a tile as it is kept: only what counts for its kind."""
    names = {"view": ("rows",), "count": ("warn", "alarm"), "chart": ("by", "graph", "days")}[tile.kind]
    told = {name: getattr(tile, name) for name in ("kind", "view", "query", "width", *names)}
    return {"title": str(tile.title), **told}


def told(tile: Tile, reader: Actor, *, now: datetime) -> dict[str, Any]:
    """Spell a tile for a reader: of a question that they may not ask, they are not told what it asks."""
    found = spelt(tile)
    if is_hidden(tile, reader, now=now):
        found["view"] = found["query"] = ""
    return found


def is_hidden(tile: Tile, reader: Actor, *, now: datetime) -> bool:
    """Tell whether a tile asks for what a reader may not read, or is of a view that is not for them."""
    try:
        if tile.view:
            savedviews.named(tile.view, reader)
        elif tile.query:
            finding.ask(tile.query, reader, now=now)
    except Refusal:
        return True
    return False


def kept(body: Mapping[str, Any]) -> Tile:
    """Read a tile as it was kept."""
    known = {name: value for name, value in body.items() if name in Tile.__dataclass_fields__}
    return Tile(**known)


def _chosen(given: Mapping[str, Any], name: str, known: Mapping[str, Any], usual: str) -> str:
    value = str(given.get(name) or usual)
    if value not in known:
        raise Invalid("unknown_choice", field=name, given=value[:40], known=list(known))
    return value


def _number(given: Mapping[str, Any], name: str, usual: int, least: int, most: int) -> int:
    value = given.get(name)
    if value in (None, ""):
        return usual
    text = str(value)
    is_number = text.isdecimal() and text.isascii() and len(text) < 10
    if not is_number or not least <= int(text) <= most:
        raise Invalid("number_out_of_range", field=name, given=text[:20], least=least, most=most)
    return int(text)


def _limit(given: Mapping[str, Any], name: str) -> int | None:
    return None if given.get(name) in (None, "") else _number(given, name, 0, 0, 1_000_000)


# --- shown -----------------------------------------------------------------------------------------------------------

_made: dict[tuple[Any, ...], tuple[float, journal.Place, Shown]] = {}
_lock = Lock()


def shown(tile: Tile, actor: Actor, *, now: datetime) -> Shown:
    """Show a tile to a reader; what was made for them a moment ago, or since which nothing has happened, is taken."""
    key = (actor, json.dumps(spelt(tile), sort_keys=True), current().edition, id(current()))
    last, at = journal.end(), time.monotonic()
    found = _made.get(key)
    if found is not None and (at - found[0] < FRESH or (found[1] == last and at - found[0] < KEPT)):
        return found[2]
    made = _shown(tile, actor, now)
    with _lock:
        if len(_made) > 500:
            _made.clear()
        _made[key] = at, last, made
    return made


def forget() -> None:
    """Forget what was made for anybody."""
    _made.clear()


def _shown(tile: Tile, actor: Actor, now: datetime) -> Shown:
    result = Shown(tile, str(tile.title))
    try:
        asked = _question(tile, actor, now, result)
        _FILL[tile.kind](result, asked, actor, now)
    except (Invalid, Forbidden, NotFound, TakesTooLong) as refusal:
        return Shown(tile, str(tile.title) or _("Not for you"), says=_why(refusal))
    return result


def _why(refusal: Refusal) -> str:
    if isinstance(refusal, NotFound):
        return _("The view that this was of is gone, or is not for you.")
    if refusal.code == "bad_query":
        # It was understood when it was kept: what its reader does not know is not named to them.
        return wording.refusal(Forbidden("field_not_permitted"))
    return wording.refusal(refusal)


def _question(tile: Tile, actor: Actor, now: datetime, result: Shown) -> Query:
    """Find what a tile asks, as this reader may ask it."""
    if tile.view:
        view = savedviews.named(tile.view, actor)
        result.query = view.query
        result.title = str(tile.title or view.title)
        return savedviews.question(view, actor, now=now)
    result.query = tile.query or "is:open"
    result.title = str(tile.title) or result.query
    return finding.ask(result.query, actor, now=now)


def _rows(result: Shown, asked: Query, actor: Actor, now: datetime) -> None:
    found = finding.page(actor, asked, now=now, limit=result.tile.rows)
    result.rows, result.has_more = found.rows, found.after is not None
    if asked.group and ordering.grouped(asked.group, actor) is not None:
        result.group = asked.group.removeprefix("-")


def parts(shown: Shown) -> list[tuple[str, list[dict[str, Any]]]]:
    """Part the rows of a tile by what they stand together by, each part under its heading; all in one without a heading
    where nothing was asked for, or what it is called stands in no row."""
    name = shown.group.removeprefix(PREFIX)
    if not shown.group or not any(name in row or name in row.get("fields", {}) for row in shown.rows):
        return [("", shown.rows)] if shown.rows else []
    found: dict[Any, list[dict[str, Any]]] = {}
    for row in shown.rows:
        value = row.get("fields", {}).get(name) if shown.group.startswith(PREFIX) else row.get(name)
        found.setdefault(str(value) if isinstance(value, dict | list) else value, []).append(row)
    return [(_heading(shown.group, value), rows) for value, rows in found.items()]


def _heading(by: str, value: Any) -> str:
    if by == "priority" and value is not None:
        return f"P{value}"
    if by == "severity" and value is not None:
        return _("severity %(level)s") % {"level": value}
    return graphs.labelled(by, value)


def _count(result: Shown, asked: Query, actor: Actor, now: datetime) -> None:
    found = finding.counted(actor, asked, now=now)
    result.count, result.is_exact = min(found, finding.MOST), found <= finding.MOST
    for level in ("alarm", "warn"):
        limit = getattr(result.tile, level)
        if limit is not None and found >= limit:
            result.level = level
            return


def _graph(result: Shown, asked: Query, actor: Actor, now: datetime) -> None:
    tile = result.tile
    found = graphs.drawn(asked, tile.by, actor, text=result.query, days=tile.days, now=now)
    result.series, result.is_cut = found.series, found.is_cut


_FILL = {"view": _rows, "count": _count, "chart": _graph}


__all__ = [
    "GRAPHS",
    "KINDS",
    "MOST_TILES",
    "Shown",
    "Tile",
    "forget",
    "is_hidden",
    "kept",
    "read",
    "shown",
    "spelt",
    "told",
]
