"""The board's rows. They are made here and not by a template, since a board is mostly rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nocturne.core.configuration import current
from nocturne.core.fieldvalues.rules import local
from nocturne.doors.web import marks
from nocturne.doors.web.markup import html, joined
from nocturne.doors.web.times import Times

Row = Mapping[str, Any]


class _Row(dict[str, Any]):
    """A row as its reader has it: what they may not read is not in it, and shows as nothing."""

    def __missing__(self, name: str) -> Any:
        return () if name in ("machines", "affected") else None


def columns(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """List the site's own fields that have a column in this list, name and title: those some row has a value of."""
    filled = {name for row in rows for name in row.get("texts", ())}
    return [(each.name, each.title or each.name) for each in local(current()) if each.name in filled]


def board(rows: Iterable[Row], times: Times, *, is_staff: bool) -> SafeString:
    """Make the rows of a list of tickets."""
    rows = list(rows)
    own = [name for name, _title in columns(rows)]
    # Addresses of tickets differ in their number only: asking for each would cost as much as all the rest.
    base = reverse("ticket", args=[1])[:-1]
    make = _staff_row if is_staff else _customer_row
    return joined((make(_Row(row), times, f"{base}{row['number']}", own) for row in rows), "\n")


def _own(row: Row, own: Sequence[str]) -> SafeString:
    texts = row["texts"] or {}
    return joined(html('<td class=c-own title="{0}">{0}', texts.get(name, "")) for name in own)


def _staff_row(row: Row, times: Times, address: str, own: Sequence[str]) -> SafeString:
    return html(
        '<tr id=row-{n} data-number={n}{ringing}><td class=c-p>{priority}<td class="c-n num">{n}'
        '<td class=c-what><a href="{address}" title="{subject}">{subject}</a>{next}<td class=c-where>{where}'
        "<td class=c-hit>{hit}{own}<td class=c-clock>{clock}<td class=c-due>{due}<td class=c-who>{owner}"
        "<td class=c-queue>{queue}"
        '<td class="c-age num">{age}',
        n=row["number"],
        ringing=html(" class={}", "ringing") if row.get("ringing_since") else "",
        priority=marks.priority(row["priority"]),
        address=address,
        subject=row["subject"] or row["number"],
        next=_next(row),
        where=_where(row),
        hit=marks.affected(row["affected"]),
        own=_own(row, own),
        clock=marks.clock(row["clock"]) if row["clock"] not in ("stopped", None) else _state(row),
        due=_due(row, times),
        owner=row["owner"] or ("—" if "owner" in row else ""),
        queue=row["queue"] or "",
        age=times.age(row["started_at"] or row["opened_at"]),
    )


def _customer_row(row: Row, times: Times, address: str, own: Sequence[str]) -> SafeString:
    return html(
        '<tr id=row-{n} data-number={n}><td class="c-n num">{n}'
        '<td class=c-what><a href="{address}" title="{subject}">{subject}</a>'
        '<td class=c-where>{where}{own}<td class=c-clock>{state}<td class="c-age num">{age}',
        n=row["number"],
        address=address,
        subject=row["subject"] or row["number"],
        where=_where(row),
        own=_own(row, own),
        state=_state(row),
        age=times.moment(row["opened_at"]),
    )


def _state(row: Row) -> SafeString | str:
    return marks.state(row)


def _next(row: Row) -> SafeString | str:
    """Say what has to happen next; a finished ticket has nothing to come."""
    if row["next_action"]:
        return html('<small title="{0}">→ {0}</small>', row["next_action"])
    if "next_action" in row and row["meaning"] in ("new", "open", "waiting"):
        return html("<small>{}</small>", _("no next action"))
    return ""


def _where(row: Row) -> SafeString | str:
    if row["machines"]:
        return marks.machines(row["machines"])
    place = row["site"] or row["network"]
    return html("<span class=chip>{}</span>", place) if place else ""


def _due(row: Row, times: Times) -> SafeString | str:
    if row["ringing_since"]:
        return times.due(row["ringing_since"], ringing=True)
    if row["alarm_at"]:
        return times.due(row["alarm_at"])
    if "alarm_at" in row and row["meaning"] == "waiting":
        return html('<span class="due none">{}</span>', _("no timer"))
    return ""
