"""The board's rows. They are made here and not by a template, since a board is mostly rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString

from nocturne.core.configuration import current
from nocturne.core.fieldvalues.rules import PREFIX, local
from nocturne.desk import columns as known
from nocturne.desk.columns import Column
from nocturne.doors.web import cells
from nocturne.doors.web.cells import Row
from nocturne.doors.web.markup import fit
from nocturne.doors.web.times import Times


def columns(rows: Iterable[Mapping[str, Any]], *, is_staff: bool) -> list[Column]:
    """List the columns of a list whose view names none: the usual ones, and those of the site's own fields that are for
    lists and that some row has a value of, behind who is affected."""
    filled = {name for row in rows for name in row.get("texts", ())}
    own = [PREFIX + each.name for each in local(current()) if each.name in filled]
    usual = list(known.USUAL if is_staff else known.USUAL_OUTSIDE)
    place = usual.index("affected") + 1 if is_staff else usual.index("where") + 1
    found = known.known()
    return [found[name] for name in (*usual[:place], *own, *usual[place:])]


def board(
    rows: Iterable[Mapping[str, Any]],
    shown: Sequence[Column],
    times: Times,
    *,
    since: Mapping[int, Collection[str]] | None = None,
    gone: Collection[int] = (),
    letters: Mapping[int, str] | None = None,
) -> SafeString:
    """Make the rows of a list of tickets.

    :param letters: by number, the marks of the cells, where they are known already.
    :param since: what has happened since the reader's last look: by number, the columns that are others, or `new`.
    :param gone: tickets that the list does not find any more.
    """
    looks = [(each.name, cells.of(each)) for each in shown]
    told, known = since or {}, letters or {}
    made: Made = {}
    return SafeString("\n".join([_row(Row(row), looks, times, told, gone, known, made) for row in rows]))


Made = dict[tuple[Any, ...], str]
"""Cells of one page that stand in most of its rows."""


def _row(
    row: Row,
    looks: Sequence[tuple[str, cells.Cell]],
    times: Times,
    since: Mapping[int, Collection[str]],
    gone: Collection[int],
    letters: Mapping[int, str],
    made: Made,
) -> str:
    number = row["number"]
    changed = since.get(number, ())
    words = [
        *(["ringing"] if row["ringing_since"] else []),
        *(["is-new"] if "new" in changed else ["is-changed"] if changed else []),
        *(["is-gone"] if number in gone else []),
    ]
    marks = letters.get(number) or cells.marks_of(row, [cell for _name, cell in looks])
    css = f' class="{" ".join(words)}"' if words else ""
    shown = [_cell(row, name, cell, times, made, is_changed=name in changed) for name, cell in looks]
    return f'<tr id=row-{number} data-number={number} data-marks="{marks}"{css}>{"".join(shown)}'


def _cell(row: Row, name: str, cell: cells.Cell, times: Times, made: Made, *, is_changed: bool) -> str:
    if not cell.by:
        return _new_cell(row, cell, times, is_changed=is_changed)
    key = (name, is_changed, *[row[each] for each in cell.by])
    found = made.get(key)
    if found is None:
        found = made[key] = _new_cell(row, cell, times, is_changed=is_changed)
    return found


def _new_cell(row: Row, cell: cells.Cell, times: Times, *, is_changed: bool) -> str:
    told = cell.make(row, times)
    fitting = fit(told)
    # What may be cut off is there whole where the pointer rests.
    whole = f' title="{fitting}"' if cell.css == "c-own" and told and told.__class__ is str else ""
    return f'<td class="{cell.css}{" changed" if is_changed else ""}"{whole}>{fitting}'
