"""The headings of a list, and its order: chosen with a heading, several behind each other, or in a form."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nocturne.core.permits import Actor, held
from nocturne.desk.columns import Column
from nocturne.doors.web import cells, choosing
from nocturne.doors.web.markup import NOTHING, fit, html
from nocturne.store import ordering

NAMES = ("order_1", "order_2", "order_3", "order_was")
"""Fields of a form that chooses an order column by column; `order` beside them is the order as it is written."""
OFFERED = 3
"""So many columns of an order are chosen in a form; more are written."""
_SPELT = {"newest": "-number", "oldest": "number"}
_PLAN = {spelt: name for name, spelt in _SPELT.items()}
"""Orders that lists have a plan of their own for, by the columns that they follow."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a column: what it is called, how it is sorted by, and how it is sorted now.

    :param also: the order with this column behind those it has, or turned round where it is among them.
    :param rank: the place of this column in the order, where it is not the first, with `leans` for its direction.
    """

    column: Column
    css: str
    sort: str
    sorted: str
    edit: str
    also: str = ""
    rank: int = 0
    leans: str = ""

    @property
    def title(self) -> Any:
        return self.column.short or self.column.title


@dataclass(frozen=True, slots=True)
class Choosable:
    """One place of an order: the field in which it is chosen, its label, and what can stand there."""

    name: str
    label: str
    options: Sequence[tuple[str, str, bool]]

    @property
    def choices(self) -> SafeString:
        return choosing.options(self.options)


MOST_MADE = 200
"""Headings of lists that are kept for one reader; when there are more, all begin anew."""


def of(columns: Sequence[Column], order: str, actor: Actor) -> list[Heading]:
    """Make the headings of a list of this order. They are the same as long as the same may be read."""
    key = ("headings", order, *columns)
    found: list[Heading] = _kept(actor, key, lambda: [_heading(each, order, actor) for each in columns])
    return found


def head(headings: Sequence[Heading], actor: Actor, kept: str, *, sorts: bool, edits: bool) -> SafeString:
    """Make the cells of a table's head.

    :param kept: what the address asks for besides the order.
    :param sorts: whether each leads to the list in the order of its column.
    """
    key = ("head", get_language(), sorts, edits, *headings)
    made: str = _kept(
        actor, key, lambda: "".join([_cell(each, sorts=sorts, edits=edits) for each in headings])
    )
    return SafeString(made.replace(_KEPT, fit(kept)))


_KEPT = "\0"
"""Stands where what is kept of the address will stand; no title has it."""


def _cell(heading: Heading, *, sorts: bool, edits: bool) -> SafeString:
    column = heading.column
    named = html(' data-edit="{}"', heading.edit) if heading.edit and edits else NOTHING
    sorted_ = html(" aria-sort={}", heading.sorted) if heading.sorted else NOTHING
    if not (heading.sort and sorts):
        inner = html('<span title="{}">{}</span>', column.title, heading.title)
    else:
        inner = html(
            '<a href="?{}order={}" title="{}{}" data-order="{}"{}>{}{}</a>',
            _KEPT,
            quote(heading.sort),
            column.title,
            html(" · {}", _("Shift adds it to the order")) if heading.also else "",
            heading.sort,
            html(' data-also="{}"', heading.also) if heading.also else "",
            heading.title,
            _rank(heading) if heading.rank else "",
        )
    return html('<th class="{}" data-col="{}"{}{}>{}', heading.css, column.name, named, sorted_, inner)


def _rank(heading: Heading) -> SafeString:
    """Say which place a column has in an order of several."""
    said = _("sorted by as number %(n)s") % {"n": heading.rank}
    return html(
        " <sub class=rank><span class=unseen>{}</span><span aria-hidden=true>{}{}</span></sub>",
        said,
        heading.rank,
        "▾" if heading.leans == "descending" else "▴",
    )


def _kept(actor: Actor, key: Hashable, make: Callable[[], Any]) -> Any:
    made = held(actor).made
    if key not in made:
        if len(made) >= MOST_MADE:
            made.clear()
        made[key] = make()
    return made[key]


def _heading(column: Column, order: str, actor: Actor) -> Heading:
    cell = cells.of(column)
    sort = cell.sort if cell.sort and ordering.is_known(cell.sort, actor) else ""
    parts = _parts(order)
    at = next((place for place, each in enumerate(parts) if sort and each.removeprefix("-") == sort), None)
    direction = "" if at is None else "descending" if parts[at].startswith("-") else "ascending"
    turned = f"-{sort}" if direction == "ascending" else sort
    also = ""
    if sort and at is not None:
        also = ",".join([*parts[:at], turned, *parts[at + 1 :]])
    elif sort and len(parts) < ordering.MOST:
        also = ",".join([*parts, sort])
    return Heading(
        column,
        cell.css,
        # A click sorts by this column alone, and turns it round only where it is the first already.
        (turned if at == 0 else sort) if sort else "",
        direction if at == 0 else "",
        cell.edit,
        also if ordering.is_known(also, actor) else "",
        at + 1 if at else 0,
        direction if at else "",
    )


def _parts(order: str) -> list[str]:
    return [_SPELT.get(part, part) for part in (each.strip() for each in order.split(",")) if part]


def choosable(order: str, columns: Sequence[Column], actor: Actor) -> list[Choosable]:
    """List the places of an order, each with the columns that could stand there, those of the list first."""
    parts = _parts(order)
    if len(parts) > OFFERED:
        return []  # it is written, and only written changed
    sorts = {cells.of(each).sort: str(each.title) for each in columns if cells.of(each).sort}
    sorts = _always() | sorts
    known = {name: title for name, title in sorts.items() if ordering.is_known(name, actor)}
    for part in parts:
        known.setdefault(part.removeprefix("-"), part.removeprefix("-"))
    labels = (_("Order"), _("then by"), _("and then by"))
    return [
        Choosable(
            NAMES[place],
            labels[place],
            [
                *([("", "—", place >= len(parts))] if place else []),
                *(
                    (spelt, shown, place < len(parts) and parts[place] == spelt)
                    for name, title in known.items()
                    for spelt, shown in ((name, f"{title} ↑"), (f"-{name}", f"{title} ↓"))
                ),
            ],
        )
        for place in range(OFFERED)
    ]


def _always() -> dict[str, str]:
    """List what a list can be ordered by whether it shows that or not."""
    return {
        "priority": _("Priority"),
        "number": _("Number"),
        "updated": _("Last update"),
        "severity": _("Severity"),
        "timer": _("Timer"),
        "owner": _("Owner"),
        "state": _("State"),
    }


def chosen(data: Mapping[str, Any]) -> str:
    """Read the order that a form or an address asks for: as it is written, where that was changed, else as chosen."""
    written = str(data.get("order", "")).strip()
    if NAMES[0] not in data or written != str(data.get("order_was", "")).strip():
        return written
    picked = [each for name in NAMES[:OFFERED] if (each := str(data.get(name, "")).strip())]
    once = list(dict.fromkeys(each.removeprefix("-") for each in picked))
    spelt = ",".join(next(each for each in picked if each.removeprefix("-") == name) for name in once)
    was = ",".join(_parts(written))
    return written if spelt == was or not spelt else _PLAN.get(spelt, spelt)


__all__ = ["NAMES", "Choosable", "Heading", "choosable", "chosen", "head", "of"]
