"""Reads a ticket's entries: a window of them, as far as a reader may see, in a handful of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from nocturne.core import permits
from nocturne.core.chart import column
from nocturne.core.configuration import current
from nocturne.core.configuration.grants import Numbers
from nocturne.core.entry import SPOKEN, DataClass, Kind, from_instant
from nocturne.core.fieldvalues.rules import is_local
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk import clock, localfields, versions
from nocturne.desk.views import Chart, EntryView, FileView, NoticeView, Page
from nocturne.store import reach
from nocturne.store.families import places_of, survivor_of
from nocturne.store.models import Attachment, Entry, Notice, Ticket
from nocturne.store.readings import Reading

PAGE = 50
"""Entries that are read at once."""
_SPOKEN = [*sorted(kind.value for kind in SPOKEN), Kind.CORRECTED.value]
_ONLY = {
    "all": Q(),
    "people": Q(author_kind__in=["account", "contact", "name"], kind__in=_SPOKEN),
    "customer": Q(shown_class__lte=int(DataClass.CUSTOMER)),
    "machine": Q(author_kind__in=["system", "machine"]),
}
_COLUMNS = (
    "pk", "address", "ticket_id", "kind", "at", "recorded_at", "author_label", "author_kind", "door", "shown_class",
    "changes", "facts", "worked", "corrects_id", "words__text", "words__changes", "words__redaction_id",
)  # fmt: skip


Family = list[tuple[list[int], list[int]]]
"""The tickets whose entries read as one chart, and the data classes that the reader may read on them: tickets of
equal classes together, the one that was asked for first."""


def _visible(family: Sequence[list[int]]) -> Q:
    """Say which entries a reader may see of a family, given as its tickets and classes in turn."""
    pairs = zip(family[::2], family[1::2], strict=True)
    return reduce(or_, (Q(ticket_id__in=tickets, shown_class__in=seen) for tickets, seen in pairs))


def _window(before: int, after: int, *rest: Any) -> Any:
    """Describe the newest entries between two places of the journal."""
    *family, only, limit = rest
    scope = Entry.objects.filter(_visible(family), pk__lt=before, pk__gt=after)
    alone = len(family) == 2 and len(family[0]) == 1
    return scope.filter(_ONLY[only]).order_by("-seq" if alone else "-pk").values(*_COLUMNS)[: limit + 1]


_ENTRIES = Reading(_window)
_FILES = Reading(
    lambda family, first, last: (
        Attachment.objects.filter(
            ticket_id__in=family, entry_id__gte=first, entry_id__lte=last, redacted=False
        )
        .order_by("pk")
        .values("entry_id", "name", "media_type", "size", "purpose", "token")
    )
)
_NOTICES = Reading(
    lambda family, first, last: (
        Notice.objects.filter(ticket_id__in=family, entry_id__gte=first, entry_id__lte=last)
        .order_by("pk")
        .values("entry_id", "address", "name", "purpose", "state", "error", "sent_at")
    )
)
_FOLLOWERS = Reading(
    lambda first, last, *family: (
        Entry.objects.filter(_visible(family), corrects_id__gte=first, corrects_id__lte=last)
        .order_by("pk")
        .values(*_COLUMNS)
    )
)
_END = 2**62


def entries(
    number: int, reader: Actor, *, before: str | None = None, after: str | None = None, limit: int = PAGE,
    only: str = "all", chart: Chart | None = None,
) -> Page:  # fmt: skip
    """Read a window of a ticket's entries, those of tickets merged into it included, as far as this reader may.

    :param chart: the ticket as this reader has just read it, which spares finding out what belongs together.
    :param before: an entry's address: what stands before it; the newest entries without it.
    :param after: a version token or an entry's address: what is newer.
    :param only: all, people, customer (what customers see) or machine.
    :raises NotFound: there is no such ticket or entry for this reader.
    """
    family = _known(chart, reader) if chart is not None else []
    family = family or _family(number, reader)
    last = _END if before is None else _journal(family, before)
    first = 0 if after is None else _mark(family, reader, after)
    rows = _ENTRIES.rows(last, first, *_flat(family), shape=(only, limit))
    more = len(rows) > limit
    rows = rows[:limit][::-1]
    return Page(_views(rows, family), rows[0]["address"] if more and rows else None)


def _family(number: int, reader: Actor) -> Family:
    """List the tickets whose entries a number stands for, as far as this reader may know of them; the one first on
    which the others' entries are read: the survivor, or for somebody who may not know of that the ticket itself.

    :raises NotFound: there is no such ticket for this reader.
    """
    if (
        not permits.held(reader).is_simple
        and not Ticket.objects.visible_to(reader).filter(pk=number).exists()
    ):
        # Nor may they learn, where they do know the survivor, that it was merged into that one.
        raise NotFound("no_such_ticket", number=number)
    for first in dict.fromkeys((survivor_of(number) or number, number)):
        family = _together(places_of(first), first, reader)
        if family:
            return family
    raise NotFound("no_such_ticket", number=number)


def _known(chart: Chart, reader: Actor) -> Family:
    """Say of a chart that was read whole what :func:`_family` finds out."""
    return [] if chart.is_merged else _together(chart.family, chart.number, reader)


def _together(rows: Iterable[dict[str, Any]], first: int, reader: Actor) -> Family:
    """Put tickets together on which the reader may read the same; none where they may not read the first."""
    together: dict[Numbers, list[int]] = {}
    for place in sorted(reach.places(rows, reader), key=lambda each: each["number"] != first):
        together.setdefault(permits.classes(reader, place), []).append(place["number"])
    together.pop(permits.NONE, None)
    family = [(numbers, _listed(seen)) for seen, numbers in together.items()]
    return family if family and family[0][0][0] == first else []


def _listed(seen: Numbers) -> list[int]:
    """Spell classes for a statement: those of the ladder, and the local ones that the site has."""
    return sorted(seen & current().class_words.keys())


def _flat(family: Family) -> list[list[int]]:
    return [each for pair in family for each in pair]


def _all_of(family: Family) -> list[int]:
    return [number for numbers, _ in family for number in numbers]


def _journal(family: Family, address: str) -> int:
    """Find an entry's place in the journal.

    :raises NotFound: there is none of this address for this reader.
    """
    found = (
        Entry.objects.filter(_visible(_flat(family)), address=address).values_list("pk", flat=True).first()
    )
    if found is None:
        raise NotFound("no_such_entry", field="entry")
    return found


def _mark(family: Family, reader: Actor, mark: str) -> int:
    """Turn a version token or an entry's address into a place in the journal."""
    first = family[0][0][0]
    place = next(each for each in reach.places(places_of(first), reader) if each["number"] == first)
    seq = versions.seq_of(permits.classes(reader, place), first, mark)
    if seq is None:
        return _journal(family, mark)
    return Entry.objects.filter(ticket_id=first, seq=seq).values_list("pk", flat=True).first() or 0


def new_since(number: int, reader: Actor, seen: str) -> int:
    """Count the entries this reader may see that have come since a version, up to 100.

    :raises NotFound: there is no such ticket for this reader.
    """
    family = _family(number, reader)
    first = _mark(family, reader, seen)
    return len(_ENTRIES.rows(_END, first, *_flat(family), shape=("all", 99)))


def entry(number: int, address: str, reader: Actor) -> EntryView:
    """Read one entry.

    :raises NotFound: there is none, for this reader.
    """
    family = _family(number, reader)
    journal = _journal(family, address)
    rows = _ENTRIES.rows(journal + 1, journal - 1, *_flat(family), shape=("all", 1))
    return _views(rows, family)[0]


def _views(rows: Sequence[Mapping[str, Any]], family: Family) -> list[EntryView]:
    seen = {number: frozenset(classes) for numbers, classes in family for number in numbers}
    staffs = {number for number, classes in seen.items() if int(DataClass.STAFF) in classes}
    rows = [row for row in rows if row["ticket_id"] in staffs or not is_held(row)]
    if not rows:
        return []
    views = {row["pk"]: view_of(row, seen[row["ticket_id"]]) for row in rows}
    span = (rows[0]["pk"], rows[-1]["pk"])
    for file in _FILES.rows(_all_of(family), *span):
        if file["entry_id"] in views:
            views[file.pop("entry_id")].files.append(FileView(**file))
    _join_followers(views, {row["pk"]: row["corrects_id"] for row in rows}, family, span, seen)
    if staffs:
        for notice in _NOTICES.rows(sorted(staffs), *span):
            if notice["entry_id"] in views:
                views[notice.pop("entry_id")].notices.append(NoticeView(**notice))
    return [
        view
        for view in views.values()
        if view.ticket in staffs or not (view.withdrawn or view.kind == Kind.WITHDRAWN)
    ]


def is_held(row: Mapping[str, Any]) -> bool:
    """Tell whether a reply can still be taken back: until then it is not said."""
    hold = row["facts"].get("hold") if row["kind"] == Kind.REPLY else None
    return hold is not None and row["recorded_at"] + timedelta(seconds=hold) > clock.now()


def _join_followers(
    views: dict[int, EntryView],
    corrects: Mapping[int, int | None],
    family: Family,
    span: tuple[int, int],
    seen: Mapping[int, Numbers],
) -> None:
    """Show with each entry what was said of it later: corrections, a redaction's reason, a reply's withdrawal."""
    for row in _FOLLOWERS.rows(*span, *_flat(family)):
        about = views.get(row["corrects_id"])
        if about is None:
            continue
        if row["kind"] == Kind.CORRECTED:
            about.corrections.append(views.get(row["pk"]) or view_of(row, seen[row["ticket_id"]]))
        elif row["kind"] == Kind.REDACTED:
            about.redaction = str(row["facts"].get("reason", ""))
        elif row["kind"] == Kind.WITHDRAWN:
            about.withdrawn = True
    older = {original for original in corrects.values() if original is not None and original not in views}
    addresses = dict(Entry.objects.filter(pk__in=older).values_list("pk", "address")) if older else {}
    for journal, original in corrects.items():
        if original is not None:
            views[journal].corrects = views[original].address if original in views else addresses[original]


def view_of(row: Mapping[str, Any], seen: Numbers) -> EntryView:
    """Show an entry as readers of some data classes see it."""
    staff = int(DataClass.STAFF) in seen
    return EntryView(
        address=row["address"],
        ticket=row["ticket_id"],
        kind=row["kind"],
        at=row["at"],
        recorded_at=row["recorded_at"],
        author=row["author_label"],
        author_kind=row["author_kind"],
        door=row["door"],
        data_class=DataClass(row["shown_class"]).word,
        text=row["words__text"],
        changes=shown_changes([*row["changes"], *(row["words__changes"] or [])], seen),
        facts=row["facts"] if staff else {},
        worked=row["worked"] if staff else 0,
        journal=row["pk"],
        redacted=row["words__redaction_id"] is not None,
    )


def shown_changes(stored: Iterable[Sequence[Any]], seen: Numbers) -> list[tuple[str, Any, Any]]:
    """Reduce changes to the columns that a reader of these classes may read, with values as they are shown."""
    class_of = current().class_of
    return [
        (localfields.column_shown(name), _shown(name, before), _shown(name, after))
        for name, before, after in stored
        if class_of(name) in seen
    ]


def _shown(name: str, value: Any) -> Any:
    """Turn a stored value into what a reader is shown."""
    form = column(name).form
    if value is None:
        return None
    if is_local(name):
        return localfields.value_shown(name, value)
    if form == "row":
        return value["label"]
    if form == "state":
        return value["name"]
    if form == "instant":
        return from_instant(value)
    return value
