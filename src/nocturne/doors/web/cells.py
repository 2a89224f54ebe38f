"""The cells of a list: for each column what stands in it, which facts it tells, how it is sorted and edited."""

from __future__ import annotations

import string
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.desk import titles
from nocturne.desk.columns import Column
from nocturne.doors.web import marks
from nocturne.doors.web.markup import fit, html, joined
from nocturne.doors.web.times import Times, span, spelt


class Row(dict[str, Any]):
    """A row as its reader has it: what they may not read is not in it, and shows as nothing."""

    def __missing__(self, name: str) -> Any:
        return () if name in ("machines", "affected") else None


Make = Callable[[Row, Times], Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """How a column shows: the class of its cells, what stands in them, and which facts that tells.

    `sort` is the order that its heading gives; `edit` what can be changed in it (`nocturne.doors.web.editing`).
    `by` are the columns that it is made of, where most rows of a page have the same: then it is made once for each.
    """

    css: str
    make: Make
    facts: tuple[str, ...]
    sort: str = ""
    edit: str = ""
    by: tuple[str, ...] = ()


def _priority(row: Row, _times: Times) -> Any:
    if not row["raised"]:
        return marks.priority(row["priority"])
    return html("{} {}", marks.priority(row["priority"]), marks.raised_briefly(row["raised"]))


def _problem(row: Row, times: Times) -> SafeString:
    told = row["found_in"] or _next(row, times)
    return html('<a href="{}" title="{}">{}</a>{}', address(row), row["subject"] or "", subject(row), told)


def _next(row: Row, times: Times) -> SafeString | str:
    """Say what has to happen next; a finished ticket has nothing to come."""
    if row["next_action"]:
        action = fit(row["next_action"])
        return SafeString(f'<small title="{action}">→ {action}</small>')
    if "next_action" in row and row["meaning"] in ("new", "open", "waiting"):
        said = times.said.get("no next action")
        if said is None:
            said = times.said["no next action"] = html("<small>{}</small>", _("no next action"))
        return said
    return ""


def subject(row: Row) -> Any:
    return row["marked_subject"] or row["subject"] or row["number"]


def address(row: Mapping[str, Any]) -> str:
    """Give the address of a row's ticket. Asking for each would cost as much as all the rest of a board."""
    return f"{_base(get_script_prefix())}{row['number']}"


@lru_cache(maxsize=8)
def _base(_prefix: str) -> str:
    return reverse("ticket", args=[1])[:-1]


def _where(row: Row, _times: Times) -> SafeString | str:
    if row["machines"]:
        return marks.machines(row["machines"])
    place = row["site"] or row["network"]
    return html("<span class=chip>{}</span>", place) if place else ""


def _affected(row: Row, _times: Times) -> SafeString | str:
    return html("<span class=clamp>{}</span>", marks.affected(row["affected"])) if row["affected"] else ""


def _clock(row: Row, _times: Times) -> Any:
    return marks.clock(row["clock"]) if row["clock"] not in ("stopped", None) else marks.state(row)


def _due(row: Row, times: Times) -> SafeString | str:
    if row["ringing_since"]:
        return times.due(row["ringing_since"], ringing=True)
    if row["alarm_at"]:
        return times.due(row["alarm_at"])
    if "alarm_at" in row and row["meaning"] == "waiting":
        return html('<span class="due none">{}</span>', _("no timer"))
    return ""


def _owner(row: Row, _times: Times) -> str:
    return row["owner"] or ("—" if "owner" in row else "")


def _parent(row: Row, _times: Times) -> SafeString | str:
    number = row["parent_id"]
    return html('<a href="{}">{}</a>', address({"number": number}), number) if number else ""


def _tags(row: Row, _times: Times) -> SafeString:
    return joined((html("<span class=chip>{}</span>", each) for each in row["tags"] or ()), " ")


_STATE = ("clock", "state", "meaning", "type", "queue", "is_merged")
CELLS: dict[str, Cell] = {
    "priority": Cell(
        "c-p", _priority, ("priority", "raised"), "priority", "priority", by=("priority", "raised")
    ),
    "number": Cell("c-n num", lambda row, _times: row["number"], (), "number"),
    "problem": Cell("c-what", _problem, ("subject", "next_action"), "problem", "next_action"),
    "where": Cell("c-where", _where, ("machines", "site", "network"), "network"),
    "affected": Cell("c-hit", _affected, ("affected",), "affected"),
    "clock": Cell("c-clock", _clock, ("clock", "state"), "clock", "state", by=_STATE),
    "timer": Cell("c-due", _due, ("alarm_at", "ringing_since"), "timer", "timer"),
    "owner": Cell("c-who", _owner, ("owner",), "owner", "owner"),
    "queue": Cell("c-queue", lambda row, _times: row["queue"] or "", ("queue",), "queue", "queue"),
    "age": Cell("c-age num", lambda row, times: times.age(row["started_at"] or row["opened_at"]), (), "age"),
    "state": Cell("c-clock", lambda row, _times: marks.state(row), ("state",), "state", "state", by=_STATE),
    "severity": Cell(
        "c-few", lambda row, _times: row["severity"] or "", ("severity",), "severity", "severity"
    ),
    "type": Cell("c-own", lambda row, _times: titles.kind(row["type"] or ""), ("type",), "type"),
    "tags": Cell("c-own", _tags, ("tags",), "", "tags"),
    "updated": Cell("c-age num", lambda row, times: times.age(row["touched_staff_at"]), (), "updated"),
    "opened_at": Cell("c-age num", lambda row, times: times.moment(row["opened_at"]), (), "opened"),
    "parent": Cell("c-few num", _parent, ("parent_id",)),
    "worked": Cell("c-few num", lambda row, _times: span(row["worked"]), ("worked",), "worked"),
    "next_action": Cell(
        "c-own", lambda row, _times: row["next_action"] or "", ("next_action",), "", "next_action"
    ),
}


def of(column: Column) -> Cell:
    """Say how a column shows; what the board has no cell of its own for is shown as it stands."""
    known = CELLS.get(column.name)
    if known is not None:
        return known
    name = column.name
    if name.startswith(PREFIX):
        return Cell("c-own", _local(name.removeprefix(PREFIX)), (name,), name, name)
    return Cell("c-own", lambda row, times: _plain(row[name], times), (name,), name)


def _local(name: str) -> Make:
    def make(row: Row, _times: Times) -> str:
        return local_value(row, name)

    return make


def local_value(row: Row, name: str) -> str:
    """Spell a row's value of one of the site's fields."""
    text = (row["texts"] or {}).get(name)
    if text is not None:
        return str(text)
    value = (row["fields"] or {}).get(name)
    return (
        ", ".join(str(each) for each in value)
        if isinstance(value, list)
        else str(value if value is not None else "")
    )


def _plain(value: Any, times: Times) -> Any:
    if value is None or value == "":
        return ""
    return times.moment(value) if isinstance(value, datetime) else spelt(value, times)


def mark(row: Row, cell: Cell) -> str:
    """Sum up what a cell tells in three letters, so that a later look can say whether it is another."""
    if not cell.facts:
        return _NO_FACTS
    told = [
        local_value(row, name.removeprefix(PREFIX)) if name.startswith(PREFIX) else row[name]
        for name in cell.facts
    ]
    return _spelt(told)


def marks_of(row: Mapping[str, Any], cells: Iterable[Cell]) -> str:
    """Sum up a row: the letters of its cells, in their order."""
    whole = row if isinstance(row, Row) else Row(row)
    return "".join([mark(whole, cell) for cell in cells])


def _spelt(told: list[Any]) -> str:
    """Spell a sum in three letters: its first 18 bits, as base64 does."""
    total = zlib.crc32(repr(told).encode())
    return _LETTERS[total >> 26] + _LETTERS[total >> 20 & 63] + _LETTERS[total >> 14 & 63]


_LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
_NO_FACTS = _spelt([])
