"""Graphs: what a question finds, counted by a column of the tickets or by days, as its reader may see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from nocturne.core import permits, query
from nocturne.core.permits import Actor
from nocturne.core.query.canonical import canonical
from nocturne.core.query.tree import Query
from nocturne.core.zones import zone_named
from nocturne.desk import finding, titles
from nocturne.store import deadlines, figures, search

BY = {**dict.fromkeys(figures.BY), "opened": None, "resolved": None, "flow": None}
"""What a graph can be by: a column of a ticket, or the days on which tickets were opened, resolved, or both."""
DAYS = ("opened", "resolved", "flow")
LONGEST = 1_500
"""Characters of a question up to which a row leads to its tickets."""
SLICES = 8
"""Values that a graph shows by themselves; the rest are one more."""


@dataclass(slots=True)
class Series:
    """One row of a graph: what it is of, how much, and the question that finds just these tickets."""

    label: str
    value: int
    key: str = ""
    query: str = ""
    second: int | None = None


@dataclass(slots=True)
class Graph:
    """Rows of a graph; `is_cut` says that there were more tickets than can be counted."""

    series: list[Series] = field(default_factory=list)
    is_cut: bool = False


@deadlines.within()
def drawn(asked: Query, by: str, actor: Actor, *, text: str, days: int, now: datetime) -> Graph:
    """Count what a question finds.

    :param by: one of `BY`.
    :param text: the question as it is written, to which each row adds what finds just its tickets.
    :param days: how many days a graph by days goes back, today among them.
    :raises TakesTooLong: it cannot be counted in time.
    """
    where, within = _counted(asked, text, actor, now)
    if by in DAYS:
        return _by_day(where, by, actor, text=within, days=days, now=now)
    found, is_cut = figures.by_kind(actor, where, by)
    graph = Graph(is_cut=is_cut)
    if by in ("severity", "priority"):
        found.sort(key=lambda each: (each[0] is None, each[0]))
    for value, n in found[:SLICES]:
        word = f"{by}:{_quoted(value)}" if value is not None else f"{by}:none"
        graph.series.append(Series(labelled(by, value), n, str(value or ""), _together(within, word)))
    if rest := sum(n for _, n in found[SLICES:]):
        graph.series.append(Series(_("others"), rest))
    return graph


def _counted(asked: Query, text: str, actor: Actor, now: datetime) -> tuple[Q, str | None]:
    """Say which tickets are counted, in SQL and as a question that more is asked beside; None where that is too long.

    How a question wants its tickets shown is no part of either, but where it ends, the graph ends as well.
    """
    if asked.limit is not None:
        numbers = finding.numbers(actor, asked, now=now, most=asked.limit)
        named = f"number:{','.join(map(str, numbers))}"
        return Q(pk__in=numbers), named if numbers and len(named) <= LONGEST else None
    reads = partial(permits.sees_column, actor)
    plain = query.parse(text, now=now, zone=actor.zone, reads=reads)
    if plain.order or plain.group:
        text = canonical(Query(plain.tree), reads=reads)
    return search.where(asked.tree, actor, now=now), text


def _by_day(where: Q, by: str, actor: Actor, *, text: str | None, days: int, now: datetime) -> Graph:
    """Count by the days of the reader's own zone, up to today."""
    zone, graph = zone_named(actor.zone), Graph()
    today = now.astimezone(zone).date()
    dates = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    since = datetime.combine(dates[0], datetime.min.time(), zone)
    counted: dict[str, dict[Any, int]] = {}
    for what in ("opened", "resolved") if by == "flow" else (by,):
        at, is_cut = figures.moments(actor, where, what, since)
        graph.is_cut = graph.is_cut or is_cut
        counts = counted.setdefault(what, dict.fromkeys(dates, 0))
        for each in at:
            day = each.astimezone(zone).date()
            if day in counts:
                counts[day] += 1
    first, *second = counted
    for day in dates:
        graph.series.append(
            Series(
                f"{day:%m-%d}",
                counted[first][day],
                day.isoformat(),
                _together(text, f"{first}:{day:%Y-%m-%d}"),
                counted[second[0]][day] if second else None,
            )
        )
    return graph


def _together(text: str | None, word: str) -> str:
    if text is None:
        return ""
    return f"({text}) {word}" if text else word


def _quoted(value: Any) -> str:
    text = str(value)
    return text if text.replace("-", "").replace(".", "").isalnum() else '"' + text.replace('"', '\\"') + '"'


def labelled(by: str, value: Any) -> str:
    if value is None:
        return _("nobody") if by == "owner" else _("none")
    if by == "state":
        return titles.state(str(value))
    if by == "type":
        return titles.kind(str(value))
    return str(value)


def heads(by: str) -> tuple[str, ...]:
    """Name the columns of the table that says what a graph draws."""
    names = {
        "queue": _("Queue"), "owner": _("Owner"), "severity": _("Severity"), "priority": _("Priority"),
        "state": _("State"), "network": _("Network"), "site": _("Site"), "type": _("Type"), "clock": _("Clock"),
        "vendor": _("Vendor"),
    }  # fmt: skip
    if by == "flow":
        return (_("Day"), _("Opened"), _("Resolved"))
    if by in ("opened", "resolved"):
        return (_("Day"), _("Opened") if by == "opened" else _("Resolved"))
    return (names[by], _("Tickets"))
