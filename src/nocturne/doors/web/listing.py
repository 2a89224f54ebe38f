"""A list of tickets on a page: which columns, in which order and groups, from where on, and what is new in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from nocturne.core.query.tree import TEXTS, Query, terms
from nocturne.desk import columns as known
from nocturne.desk import finding, looks, viewchoices
from nocturne.desk.columns import Column
from nocturne.desk.savedviews import View
from nocturne.doors.web import cells, choosing, fragments, headings, listplaces
from nocturne.doors.web import rows as made
from nocturne.doors.web.answers import Asked
from nocturne.doors.web.cells import Row
from nocturne.doors.web.density import density
from nocturne.doors.web.headings import Choosable, Heading
from nocturne.doors.web.listgroups import Group, label
from nocturne.doors.web.times import Times
from nocturne.store import lists, ordering, tables
from nocturne.store.fulltext.state import share_built
from nocturne.store.lists import Rows

PAGE = 50
YIELDING = ("c-where", "c-hit", "c-queue", "c-own")
"""The classes of columns that a narrow list leaves out (`board.css`)."""
OPENS = "problem"
"""The column that leads to the ticket: without it a row could be neither opened nor looked at."""


class Listing:
    """What a page of a list needs, each part made when it is first asked for."""

    def __init__(self, request: Asked, view: View, asked: Query, *, now: datetime, limit: int = PAGE) -> None:
        self.request, self.actor, self.asked, self.now, self.limit = request, request.actor, asked, now, limit
        self.look = looks.last(request.actor, view.key) if view.key else None
        self.view, self.is_own_choice = viewchoices.applied(view, self.look)
        self.times = Times(request.actor, now)
        self.is_staff = request.frame.is_staff

    # --- how it is shown -------------------------------------------------------------------------------------------

    @cached_property
    def order(self) -> str:
        """The order: what the address says, the view, the question, or else the usual one."""
        return finding.order_of(self.asked, self.actor, headings.chosen(self.request.GET), self.view.order)

    @property
    def whole_order(self) -> str:
        """The order with what the tickets stand together by in front: what is done with all of a list follows it."""
        return finding.together(replace(self.asked, group=self.grouped), self.order, self.actor)

    @cached_property
    def grouped(self) -> str:
        """By what the tickets stand together; nothing where they do not."""
        of_view = self.view.grouped if self.is_own_choice else self.view.grouped or self.asked.group or ""
        wanted = self.request.GET.get("group", of_view)
        return wanted if wanted and ordering.grouped(wanted, self.actor) else ""

    @cached_property
    def density(self) -> str:
        return self.view.density or density(self.request)

    @cached_property
    def columns(self) -> list[Column]:
        given = [name for each in self.request.GET.getlist("columns") for name in each.split(",") if name]
        chosen = known.chosen(given or self.view.columns, self.actor)
        if chosen and OPENS not in [each.name for each in chosen]:
            chosen = [*chosen[:1], *known.chosen([OPENS], self.actor), *chosen[1:]]
        return chosen or made.columns(self.page.rows, is_staff=self.is_staff)

    @cached_property
    def headings(self) -> list[Heading]:
        return headings.of(self.columns, self.order, self.actor)

    def head(self, *, wall: bool) -> SafeString:
        """Make the cells of the table's head; on a wall nobody sorts."""
        return headings.head(self.headings, self.actor, self.kept, sorts=not wall, edits=self.is_staff)

    @cached_property
    def orders(self) -> list[Choosable]:
        """The columns of the order, one after the other, each with what could stand there instead."""
        return headings.choosable(self.order, self.columns, self.actor)

    @cached_property
    def yielding(self) -> list[str]:
        """The classes of the columns that give way where a list is narrow."""
        return [each.css for each in self.headings if each.css in YIELDING]

    @cached_property
    def lasting(self) -> int:
        """How many columns a list always has: a heading across more would make columns where there are none."""
        return len(self.headings) - len(self.yielding)

    # --- what is in it ---------------------------------------------------------------------------------------------

    @cached_property
    def after(self) -> list[Any] | None:
        return listplaces.place(self.request.GET.get("after", ""), self.order, self.steps)

    @cached_property
    def shown(self) -> int:
        """How many rows the pages before have shown, where the question wants no more than some."""
        given = self.request.GET.get("shown", "")
        return int(given) if self.asked.limit and given.isdecimal() and len(given) < 6 else 0

    @cached_property
    def steps(self) -> list[ordering.Step]:
        """The columns of the order, where it is none of those with a plan of their own."""
        group = ordering.grouped(self.grouped, self.actor) if self.grouped else None
        if group is None and self.order in lists.ORDERS:
            return []
        spelt = ordering.columns(self.order, self.actor)
        return [*([group] if group else []), *(ordering.read(spelt, self.actor) or [])]

    @cached_property
    def page(self) -> Rows:
        if not self.steps:
            found = finding.page(
                self.actor,
                self.asked,
                now=self.now,
                order=self.order,
                after=self.after,
                limit=self.limit,
                shown=self.shown,
            )
        else:

            def read(most: int) -> Rows:
                return finding.arranged(
                    self.actor,
                    self.asked,
                    self.steps,
                    now=self.now,
                    after=self.after,
                    limit=most,
                    grouped=bool(self.grouped),
                )

            found = finding.within(self.asked, self.limit, self.shown, read)
        return found

    @cached_property
    def filled(self) -> list[dict[str, Any]]:
        """The rows with what their columns tell beside what every list has."""
        rows = with_further(self.page.rows, self.columns, self.request, step=self.limit)
        return fragments.shown(self.actor, self.asked, rows, now=self.now) if self.asks_words else rows

    @cached_property
    def asks_words(self) -> bool:
        """Whether words were asked for, so that each row says where they were found."""
        return any(term.key in TEXTS for term in terms(self.asked.tree))

    @cached_property
    def since(self) -> dict[int, frozenset[str]]:
        """What has happened to each row since then."""
        return {} if self.look is None else since(self.look, self.letters, self.columns)

    @cached_property
    def gone(self) -> list[dict[str, Any]]:
        """Tickets that were here at the last look and are found no more; of hidden ones nobody is told."""
        if self.look is None or self.after is not None:
            return []
        missing = self.look.missing([row["number"] for row in self.page.rows])[:PAGE]
        still = finding.among(self.actor, self.asked, missing, now=self.now)
        rows = finding.rows_of(self.actor, [number for number in missing if number not in still])
        return with_further(rows, self.columns, self.request, step=PAGE)

    def anew(self, numbers: Sequence[int]) -> SafeString:
        """Make some rows as they are now; what the list does not find any more says so, what is hidden is not there."""
        rows = with_further(finding.rows_of(self.actor, numbers), self.columns, self.request, step=PAGE)
        if self.asks_words:
            rows = fragments.shown(self.actor, self.asked, rows, now=self.now)
        found = finding.among(self.actor, self.asked, [row["number"] for row in rows], now=self.now)
        gone = [row["number"] for row in rows if row["number"] not in found]
        told = {} if self.look is None else since(self.look, letters(rows, self.columns), self.columns)
        return made.board(rows, self.columns, self.times, since=told, gone=gone)

    def fresh(self, known: Sequence[int]) -> int:
        """Count the tickets of the first page that a reader does not have before them."""
        return len({row["number"] for row in self.page.rows} - set(known))

    @cached_property
    def rows(self) -> SafeString:
        return made.board(self.filled, self.columns, self.times, since=self.since, letters=self.letters)

    @cached_property
    def gone_rows(self) -> SafeString:
        numbers = [row["number"] for row in self.gone]
        return made.board(self.gone, self.columns, self.times, gone=numbers)

    @cached_property
    def groups(self) -> list[Group]:
        """The groups that are on this page, in their order."""
        step = ordering.grouped(self.grouped, self.actor)
        if step is None:
            return []
        counts = finding.grouped(self.actor, self.asked, step, now=self.now)
        parts: dict[Any, list[dict[str, Any]]] = {}
        for row in self.filled:
            parts.setdefault(row["group"], []).append(row)
        return [
            Group(
                label(step.name, raw, Row(rows[0])),
                str(raw),
                None if counts is None else counts.get(raw),
                made.board(rows, self.columns, self.times, since=self.since, letters=self.letters),
            )
            for raw, rows in parts.items()
        ]

    # --- where it goes on ------------------------------------------------------------------------------------------

    @cached_property
    def further(self) -> str:
        """The address of the next page; nothing at the end. Where it begins stands in it."""
        if not self.page.after:
            return ""
        behind = {"shown": str(self.shown + len(self.page.rows))} if self.asked.limit else {}
        return self._with(after=json.dumps(self.page.after), order=self.order, **behind)

    @cached_property
    def until(self) -> str:
        """How far was looked back."""
        return self.times.short(self.page.until) if self.page.until else ""

    @property
    def built(self) -> int:
        """How much of the index there is, in percent."""
        return share_built()

    @cached_property
    def total(self) -> int | None:
        """How many there are in all, where that costs nothing to know."""
        if self.after is None and self.page.after is None:
            return len(self.page.rows)
        return self.request.frame.counts.get(self.view.key) if self.view.kind == "built-in" else None

    def _with(self, **changed: str) -> str:
        return f"{self.request.path}?{urlencode({**self._asked_for(*changed), **changed})}"

    def _asked_for(self, *leaving: str) -> dict[str, str]:
        return {
            name: self.request.GET[name]
            for name in self.request.GET
            if name not in ("after", "shown", "did", "menu", *headings.NAMES, *leaving)
        }

    @cached_property
    def kept(self) -> str:
        """What the address asks for besides the order, ready for another order to be put behind it."""
        rest = urlencode(self._asked_for("order", "wall"))
        return f"{rest}&" if rest else ""

    @cached_property
    def chosen(self) -> str:
        """The names of the columns that a view of this list would have; none where they are the usual ones."""
        return self.named if self.view.columns or self.request.GET.getlist("columns") else ""

    @cached_property
    def named(self) -> str:
        """The names of the columns that are shown."""
        return ",".join([each.name for each in self.columns])

    @cached_property
    def seal(self) -> str:
        """What is seen here, for the next look: each ticket with the marks of its cells."""
        return ",".join(f"{number}:{letters}" for number, letters in self.letters.items())

    @cached_property
    def letters(self) -> dict[int, str]:
        """By number, the marks of a row's cells."""
        return letters(self.filled, self.columns)

    @cached_property
    def looked(self) -> SafeString | str:
        """When the reader last looked."""
        return self.times.age(self.look.at) if self.look is not None and self.look.at else ""

    @property
    def is_arranged(self) -> bool:
        """Whether the form that arranges the list is wanted: it is as heavy as a dozen rows, and seldom looked at."""
        return "menu" in self.request.GET

    @cached_property
    def groupings(self) -> SafeString:
        """By what these tickets could stand together, to choose from."""
        return choosing.groupings(self.actor, self.grouped)

    @cached_property
    def choices(self) -> SafeString:
        """The columns there are, those shown first and in their order, to choose from and to arrange."""
        keeps = bool(self.view.key) and not self.request.frame.is_guest
        return choosing.columns(self.actor, self.columns, can_arrange=keeps)


def letters(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> dict[int, str]:
    """Sum up rows: by number, the marks of a row's cells."""
    told = [cells.of(each) for each in columns]
    return {row["number"]: cells.marks_of(row, told) for row in rows}


def since(
    look: looks.Look, letters: Mapping[int, str], columns: Sequence[Column]
) -> dict[int, frozenset[str]]:
    """Say what has happened to rows since a look."""
    names = [each.name for each in columns]
    found = {number: look.changed(number, names, marks) for number, marks in letters.items()}
    return {number: changed for number, changed in found.items() if changed}


def with_further(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], request: Asked, *, step: int
) -> list[dict[str, Any]]:
    """Put to rows what their columns tell beside what every list has."""
    found = [dict(row) for row in rows]
    names = {each.name for each in columns}
    numbers = [row["number"] for row in found]
    if names & _FURTHER:
        more = tables.further(numbers, request.actor, step=step)
        found = [row | more.get(row["number"], {}) for row in found]
    if "tags" in names:
        of = tables.tags(numbers, request.actor, step=step)
        found = [row | {"tags": of.get(row["number"], [])} for row in found]
    return found


_FURTHER = frozenset(name.removesuffix("__name") for name in tables.FURTHER)
