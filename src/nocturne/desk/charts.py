"""What a reader may see of a ticket: header, entries, facts. Nothing else may reach a page, a program or a mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nocturne.core import clocks, permits
from nocturne.core.chart import COLUMNS, ELEMENTS, column
from nocturne.core.entry import SPOKEN, DataClass, Kind, from_instant
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk import versions
from nocturne.store.headers import elements_of
from nocturne.store.models import Attachment, Entry, Notice, Relation, Ticket

PAGE = 50
"""Entries that are read at once."""
SPOKEN_KINDS = [*sorted(kind.value for kind in SPOKEN), Kind.CORRECTED.value]
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
_PLAIN = [name for name in COLUMNS if name not in _LABELS and name not in ("reporter", "state")]


@dataclass(frozen=True, slots=True)
class FileView:
    """An attachment as a reader sees it; `token` is its address."""

    name: str
    media_type: str
    size: int
    purpose: str
    token: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """How far one recipient's mail has come."""

    address: str
    name: str
    purpose: str
    state: str
    error: str
    sent_at: datetime | None


@dataclass(slots=True)
class EntryView:
    """One entry as a reader sees it. `changes` are (column, before, after) with rows as their labels."""

    address: str
    ticket: int
    kind: str
    at: datetime
    recorded_at: datetime
    author: str
    author_kind: str
    door: str
    data_class: str
    text: str | None
    changes: list[tuple[str, Any, Any]]
    facts: Mapping[str, Any]
    worked: int
    journal: int
    redacted: bool = False
    redaction: str = ""
    corrections: list[EntryView] = field(default_factory=list)
    corrects: str | None = None
    files: list[FileView] = field(default_factory=list)
    notices: list[NoticeView] = field(default_factory=list)
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A window of entries, oldest first; `earlier` is the address to page on from, or None at the beginning."""

    entries: list[EntryView]
    earlier: str | None


@dataclass(slots=True)
class Chart:
    """A ticket as a reader sees it: `header` has only columns they may read, rows as their names."""

    number: int
    asked: int
    header: dict[str, Any]
    version: str
    touched_at: datetime
    machines: list[str] = field(default_factory=list)
    outages: list[dict[str, Any]] = field(default_factory=list)
    affected: list[dict[str, Any]] = field(default_factory=list)
    watchers: list[dict[str, Any]] = field(default_factory=list)
    relations: list[dict[str, Any]] = field(default_factory=list)
    absorbed: list[int] = field(default_factory=list)
    segments: list[clocks.Segment] = field(default_factory=list)


def header(number: int, reader: Actor) -> Chart:
    """Read a ticket's header in one query; a number that was merged away shows the survivor.

    :raises NotFound: there is no such ticket for this reader.
    """
    row = _header_row(number, reader)
    if row["merged_into_id"] is not None:
        survivor = _header_row(row["merged_into_id"], reader)
        return _chart(number, survivor, reader)
    return _chart(number, row, reader)


def _header_row(number: int, reader: Actor) -> dict[str, Any]:
    marks = [versions.last_column(reader), versions.touched_column(reader)]
    fields = ["number", "state", "meaning", "reporter_id", *marks]
    row: dict[str, Any] | None = (
        Ticket.objects.visible_to(reader)
        .filter(pk=number)
        .values(*fields, *_PLAIN, *_LABELS.values(), *_PEOPLE.values(), "merged_into_id", "opened_at")
        .first()
    )
    if row is None:
        raise NotFound("no_such_ticket", number=number)
    return row


def _chart(asked: int, row: dict[str, Any], reader: Actor) -> Chart:
    top = permits.rung(reader)
    shown = {name: row[name] for name in _PLAIN if COLUMNS[name].data_class <= top}
    shown |= {name: row[path] for name, path in _LABELS.items() if COLUMNS[name].data_class <= top}
    shown |= {"state": row["state"], "meaning": row["meaning"]}
    if COLUMNS["reporter"].data_class <= top and row["reporter_id"] is not None:
        shown["reporter"] = {name: row[path] for name, path in _PEOPLE.items()}
        shown["reporter"] = {
            name.removeprefix("reporter_"): value for name, value in shown["reporter"].items()
        }
    else:
        shown["reporter"] = None
    number = row["number"]
    return Chart(
        number=number,
        asked=asked,
        header=shown,
        version=versions.token(reader, number, row[versions.last_column(reader)]),
        touched_at=row[versions.touched_column(reader)] or row["opened_at"],
    )


def chart(number: int, reader: Actor) -> Chart:
    """Read a ticket with all its facts: machines, outages, who is affected, relations, whose time ran.

    :raises NotFound: there is no such ticket for this reader.
    """
    found = header(number, reader)
    top = permits.rung(reader)
    elements = {
        name: value
        for name, value in elements_of(found.number).items()
        if ELEMENTS[name.partition("/")[0]].data_class <= top
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
        elif kind == "party":
            found.watchers.append({"key": key, "role": key.partition(":")[0], **value})
    found.machines.sort()
    found.outages.sort(key=lambda each: each["start"])
    if top >= DataClass.STAFF:
        found.absorbed = list(
            Ticket.objects.filter(merged_into=found.number)
            .order_by("number")
            .values_list("number", flat=True)
        )
        found.relations = relations(found, elements, reader)
        found.segments = clocks.ledger(switches(found.number))
    return found


def _instants(value: Mapping[str, Any], *names: str) -> dict[str, datetime | None]:
    return {name: from_instant(value[name]) if value.get(name) else None for name in names}


def switches(number: int) -> list[clocks.Switch]:
    """List when a ticket's clock was switched, and to what."""
    entries = Entry.objects.filter(ticket_id=number, kind__in=_SWITCHES).order_by("seq")
    rows = entries.values_list("at", "seq", "changes")
    return [
        clocks.Switch(at=at, seq=seq, clock=after)
        for at, seq, changes in rows
        for name, _, after in changes
        if name == "clock"
    ]


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
    links += [
        (f"{kind}_of", number)
        for kind, number in Relation.objects.filter(other_id__in=family).values_list("kind", "ticket_id")
    ]
    children = Ticket.objects.filter(parent_id__in=family, merged_into=None)
    links += [
        ("child", number) for number in children.order_by("number").values_list("number", flat=True)[:200]
    ]
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


def entries(
    number: int, reader: Actor, *, before: str | None = None, after: str | None = None, limit: int = PAGE,
    only: str = "all",
) -> Page:  # fmt: skip
    """Read a window of a ticket's entries, those of tickets merged into it included, as far as this reader may.

    :param before: an entry's address: what stands before it; the newest entries without it.
    :param after: a version token or an entry's address: what is newer.
    :param only: all, people, customer (what customers see) or machine.
    :raises NotFound: there is no such ticket or entry for this reader.
    """
    scope = _scope(number, reader)
    if before is not None:
        scope = scope.filter(pk__lt=_journal(scope, before))
    if after is not None:
        scope = _newer(scope, number, reader, after)
    if only == "people":
        scope = scope.filter(author_kind__in=["account", "contact", "name"], kind__in=SPOKEN_KINDS)
    elif only == "customer":
        scope = scope.filter(shown_class__lte=int(DataClass.CUSTOMER))
    elif only == "machine":
        scope = scope.filter(author_kind__in=["system", "machine"])
    rows = list(scope.select_related("words").order_by("-pk")[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit][::-1]
    return Page(_views(rows, reader), rows[0].address if more and rows else None)


def _scope(number: int, reader: Actor) -> Any:
    family = Ticket.objects.filter(merged_into=number).values_list("pk", flat=True)
    numbers = list(
        Ticket.objects.visible_to(reader).filter(pk__in=[number, *family]).values_list("pk", flat=True)
    )
    if number not in numbers:
        raise NotFound("no_such_ticket", number=number)
    return Entry.objects.filter(ticket_id__in=numbers, shown_class__lte=int(permits.rung(reader)))


def _journal(scope: Any, address: str) -> int:
    found: int | None = scope.filter(address=address).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound("no_such_entry", field="entry")
    return found


def _newer(scope: Any, number: int, reader: Actor, mark: str) -> Any:
    seq = versions.seq_of(reader, number, mark)
    if seq is None:
        return scope.filter(pk__gt=_journal(scope, mark))
    last = (
        Entry.objects.filter(ticket_id=number, seq__lte=seq)
        .order_by("-seq")
        .values_list("pk", flat=True)
        .first()
    )
    return scope.filter(pk__gt=last or 0)


def new_since(number: int, reader: Actor, seen: str) -> int:
    """Count the entries this reader may see that have come since a version, up to 100.

    :raises NotFound: there is no such ticket for this reader.
    """
    return int(_newer(_scope(number, reader), number, reader, seen)[:100].count())


def entry(number: int, address: str, reader: Actor) -> EntryView:
    """Read one entry.

    :raises NotFound: there is none, for this reader.
    """
    found = _scope(number, reader).select_related("words").filter(address=address).first()
    if found is None:
        raise NotFound("no_such_entry", field="entry")
    return _views([found], reader)[0]


def _views(rows: Sequence[Entry], reader: Actor) -> list[EntryView]:
    top = permits.rung(reader)
    views = {row.pk: _view(row, top) for row in rows}
    for file in Attachment.objects.filter(entry_id__in=views, redacted=False).order_by("pk"):
        views[file.entry_id].files.append(
            FileView(file.name, file.media_type, file.size, file.purpose, file.token)
        )
    _join_followers(views, top)
    if top >= DataClass.STAFF:
        for notice in Notice.objects.filter(entry_id__in=views).order_by("pk"):
            views[notice.entry_id].notices.append(
                NoticeView(
                    notice.address, notice.name, notice.purpose, notice.state, notice.error, notice.sent_at
                )
            )
    return list(views.values())


def _join_followers(views: dict[int, EntryView], top: DataClass) -> None:
    """Show with each entry what was said of it later: corrections, a redaction's reason, a reply's withdrawal."""
    later = (
        Entry.objects.filter(corrects_id__in=views, shown_class__lte=int(top))
        .select_related("words")
        .order_by("pk")
    )
    addresses = dict(
        Entry.objects.filter(pk__in=[each.corrects_id for each in later]).values_list("pk", "address")
    )
    for follower in later:
        about = views[follower.corrects_id or 0]
        if follower.kind == Kind.CORRECTED:
            about.corrections.append(views.get(follower.pk) or _view(follower, top))
        elif follower.kind == Kind.REDACTED:
            about.redaction = str(follower.facts.get("reason", ""))
        elif follower.kind == Kind.WITHDRAWN:
            about.withdrawn = True
        if follower.pk in views:
            views[follower.pk].corrects = addresses.get(follower.corrects_id or 0)


def _view(row: Entry, top: DataClass) -> EntryView:
    return EntryView(
        address=row.address,
        ticket=row.ticket_id,
        kind=row.kind,
        at=row.at,
        recorded_at=row.recorded_at,
        author=row.author_label,
        author_kind=row.author_kind,
        door=row.door,
        data_class=DataClass(row.shown_class).word,
        text=row.words.text,
        changes=_changes([*row.changes, *(row.words.changes or [])], top),
        facts=row.facts if top >= DataClass.STAFF else {},
        worked=row.worked if top >= DataClass.STAFF else 0,
        journal=row.pk,
        redacted=row.words.redaction_id is not None,
    )


def _changes(stored: Iterable[Sequence[Any]], top: DataClass) -> list[tuple[str, Any, Any]]:
    return [
        (name, _shown(name, before), _shown(name, after))
        for name, before, after in stored
        if column(name).data_class <= top
    ]


def _shown(name: str, value: Any) -> Any:
    """Turn a stored value into what a reader is shown."""
    form = column(name).form
    if value is None:
        return None
    if form == "row":
        return value["label"]
    if form == "state":
        return value["name"]
    if form == "instant":
        return from_instant(value)
    return value
