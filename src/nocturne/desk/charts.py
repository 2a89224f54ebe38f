"""What a reader may see of a ticket: header, entries, facts. Nothing else may reach a page, a program or a mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nocturne.core import clocks, permits
from nocturne.core.chart import COLUMNS
from nocturne.core.configuration import current
from nocturne.core.entry import Kind, from_instant
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk import localfields, versions
from nocturne.desk.entries import PAGE, entries, entry, new_since
from nocturne.desk.views import Chart, EntryView, FileView, NoticeView, Page
from nocturne.store import reach
from nocturne.store.families import places_of, survivor_of
from nocturne.store.headers import elements_of
from nocturne.store.models import Entry, Relation, Ticket
from nocturne.store.readings import Reading

_SWITCHES = (Kind.OPENED, Kind.REFERRED, Kind.SUSPENDED, Kind.RESUMED, Kind.RESOLVED, Kind.REJECTED, Kind.REOPENED,
             Kind.RECEIVED, Kind.ABSORBED, Kind.UNMERGED, Kind.CLOSED)  # fmt: skip
_LABELS = {
    "queue": "queue__name",
    "owner": "owner__name",
    "network": "network__name",
    "site": "site__name",
    "circuit": "circuit__name",
    "vendor": "vendor__name",
    "checked_by": "checked_by__name",
    "parent": "parent_id",
    "merged_into": "merged_into_id",
}
_PEOPLE = {f"reporter_{name}": f"reporter__{name}" for name in ("name", "organisation", "phone", "email")}
_FATE = ("restored_at", "resolved_at", "closed_at", "resolution")
"""What happens to a merged ticket happens to its survivor."""
_PLAIN = [name for name in COLUMNS if name not in _LABELS and name not in ("reporter", "state")]


def header(number: int, reader: Actor) -> Chart:
    """Read a ticket's header in one query; a number that was merged away shows the survivor.

    :raises NotFound: there is no such ticket for this reader.
    """
    row = _header_row(number, reader)
    if row["merged_into_id"] is not None:
        # Where the survivor is somebody else's, who reported this one goes on reading it, with how far it has come.
        survivor = survivor_of(number) or number
        try:
            row = _header_row(survivor, reader)
        except NotFound:
            row |= Ticket.objects.values("state", "meaning", *_FATE).get(pk=survivor)
    return _chart(number, row)


def _described(number: int) -> Any:
    marks = ("merged_into_id", *reach.PLACE, *versions.MARKS)
    names = dict.fromkeys([*marks, *_PLAIN, *_LABELS.values(), *_PEOPLE.values()])
    return Ticket.objects.filter(pk=number).values(*names)


_HEADER = Reading(_described)


def _header_row(number: int, reader: Actor) -> dict[str, Any]:
    rows = _HEADER.rows(number)
    if rows:
        rows[0]["place"] = reach.places(rows, reader)[0]
        rows[0]["seen"] = permits.classes(reader, rows[0]["place"])
    if not rows or not rows[0]["seen"]:
        raise NotFound("no_such_ticket", number=number)
    return rows[0]


def _chart(asked: int, row: dict[str, Any]) -> Chart:
    seen, class_of = row["seen"], current().class_of
    shown = {name: row[name] for name in _PLAIN if class_of(name) in seen}
    shown |= {name: row[path] for name, path in _LABELS.items() if class_of(name) in seen}
    has_state = class_of("state") in seen
    shown |= {"state": row["state"] if has_state else "", "meaning": row["meaning"] if has_state else ""}
    if class_of("reporter") in seen and row["reporter_id"] is not None:
        shown["reporter"] = {name: row[path] for name, path in _PEOPLE.items()}
        shown["reporter"] = {
            name.removeprefix("reporter_"): value for name, value in shown["reporter"].items()
        }
    else:
        shown["reporter"] = None
    number = row["number"]
    last, touched = versions.last_seen(number, row, seen)
    return Chart(
        number=number,
        asked=asked,
        header=shown,
        version=versions.token(seen, number, last),
        touched_at=touched or row["opened_at"],
        seen=seen,
        place=row["place"],
        is_merged=row["merged_into_id"] is not None,
    )


def chart(number: int, reader: Actor) -> Chart:
    """Read a ticket with all its facts: machines, outages, who is affected, relations, whose time ran.

    :raises NotFound: there is no such ticket for this reader.
    """
    found = header(number, reader)
    class_of = current().class_of
    elements = {
        name: value for name, value in elements_of(found.number).items() if class_of(name) in found.seen
    }
    for name, value in sorted(elements.items()):
        kind, _, key = name.partition("/")
        if kind == "machine":
            found.machines.append(value)
        elif kind == "outage":
            found.outages.append({"key": key, "effect": value["effect"]} | _instants(value, "start", "end"))
        elif kind == "affected":
            found.affected.append(
                {"key": key, "kind": value["kind"], "name": value["name"], "effect": value["effect"]}
                | _instants(value, "from", "to")
            )
        elif kind == "field" and key.startswith("tag:"):
            found.tags.append(value)
        elif kind == "party":
            found.watchers.append({"key": key, "role": key.partition(":")[0], **value})
    found.fields = localfields.views(
        elements,
        type_=found.place["type"],
        state=found.place["state"],
        meaning=found.place["meaning"],
        seen=found.seen,
    )
    found.machines.sort()
    found.outages.sort(key=lambda each: each["start"])
    found.family = places_of(found.number)
    if class_of("merged_into") in found.seen:
        found.absorbed = [each["number"] for each in found.family if each["number"] != found.number]
    if class_of("relation") in found.seen:
        found.relations = relations(found, elements, reader)
    if class_of("clock") in found.seen:
        found.segments = clocks.ledger(switches(found.number))
    return found


def _instants(value: Mapping[str, Any], *names: str) -> dict[str, datetime | None]:
    return {name: from_instant(value[name]) if value.get(name) else None for name in names}


_SWITCHED = Reading(
    lambda number: (
        Entry.objects.filter(ticket_id=number, kind__in=_SWITCHES)
        .order_by("seq")
        .values("at", "seq", "changes")
    )
)


def switches(number: int) -> list[clocks.Switch]:
    """List when a ticket's clock was switched, and to what."""
    return [
        clocks.Switch(at=row["at"], seq=row["seq"], clock=after)
        for row in _SWITCHED.rows(number)
        for name, _, after in row["changes"]
        if name == "clock"
    ]


_POINTING = Reading(lambda family: Relation.objects.filter(other_id__in=family).values("kind", "ticket_id"))
_CHILDREN = Reading(
    lambda family: (
        Ticket.objects.filter(parent_id__in=family, merged_into=None)
        .order_by("number")
        .values("number")[:200]
    )
)


def relations(found: Chart, elements: Mapping[str, Any], reader: Actor) -> list[dict[str, Any]]:
    """List what a ticket points to and what points to it; what the reader may not know of has no title."""
    links: list[tuple[str, int]] = []
    if found.header.get("parent"):
        links.append(("parent", found.header["parent"]))
    links += [
        (name.partition("/")[2].partition(":")[0], int(name.rpartition(":")[2]))
        for name in elements
        if name.startswith("relation/")
    ]
    family = [found.number, *found.absorbed]
    links += [(f"{row['kind']}_of", row["ticket_id"]) for row in _POINTING.rows(family)]
    links += [("child", row["number"]) for row in _CHILDREN.rows(family)]
    if not links:
        return []
    titles = {
        each["number"]: each
        for each in Ticket.objects.visible_to(reader)
        .filter(number__in={number for _, number in links})
        .values("number", "subject", "state", "meaning", "type", "owner__name")
    }
    return [
        {"kind": kind, "number": number, "restricted": number not in titles, **titles.get(number, {})}
        for kind, number in links
    ]


__all__ = [
    "PAGE",
    "Chart",
    "EntryView",
    "FileView",
    "NoticeView",
    "Page",
    "chart",
    "entries",
    "entry",
    "header",
    "new_since",
    "switches",
]
