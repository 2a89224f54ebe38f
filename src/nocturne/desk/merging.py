"""Two tickets that turn out to be one problem, and one that turns out to be two. Entries never move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nocturne.core.chart import column, plain
from nocturne.core.configuration import current
from nocturne.core.entry import DataClass, Door, Kind
from nocturne.core.opaque import new_address
from nocturne.core.permits import Actor, demand
from nocturne.core.refusals import Invalid, NotFound, WrongState
from nocturne.desk import lookups, opening, versions
from nocturne.desk.relations import _both, refuse_circle
from nocturne.desk.terms import NOTHING, Extra, Opening, Written
from nocturne.desk.write import Case, Step, add, take_in_hand
from nocturne.store.blobs import File
from nocturne.store.db import writing
from nocturne.store.families import family_of
from nocturne.store.models import Attachment, Entry, Ticket

_CARRIED = (
    "reporter", "network", "site", "circuit", "vendor", "vendor_reference", "user_address", "destination_address",
    "started_at", "detected_at", "reported_at", "parent", "next_action",
)  # fmt: skip
"""Facts that the survivor takes over where it has none of its own."""


def merge(number: int, into: int, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Merge a ticket into another: from then on both numbers lead to the survivor, whose chart is the union of both.

    :raises Invalid: both are the same ticket.
    :raises WrongState: the ticket was merged away already.
    :raises Forbidden: this actor may not write on both.
    """
    with writing():
        merged = Ticket.objects.filter(pk=number).values_list("merged_into_id", flat=True).first()
        if merged is not None:
            demand(by, Kind.MERGED, take_in_hand(number, by=by, door=door, follow=False).place)
            raise WrongState("merged_already", number=number, into=merged)
        gone, survivor = _both(number, into, by=by, door=door, extra=extra)
        demand(by, Kind.MERGED, gone.place)
        demand(by, Kind.MERGED, survivor.place)
        if gone.number == survivor.number:
            raise Invalid("merge_with_itself", field="into", number=number)
        if gone.ticket.is_open and not survivor.ticket.is_open:
            raise WrongState("survivor_ended", into=survivor.number)
        for kind in ("parent", "depends_on"):
            for one, other in ((gone.number, survivor.number), (survivor.number, gone.number)):
                refuse_circle(one, other, kind)
        after = _carried(gone, survivor)
        quiet: dict[str, Any] = {
            "merged_into": lookups.row(survivor.number, str(survivor.number)),
            "clock": "stopped",
            "alarm_at": None,
            "alarm_text": None,
            "ringing_since": None,
        }
        absorbed = Step(after=quiet, facts={"into": survivor.number}, data_class=DataClass.STAFF)
        away = add(gone, Kind.ABSORBED, lambda _: absorbed)
        merging = Step(after=after, facts={"ticket": gone.number}, data_class=DataClass.STAFF)
        return add(survivor, Kind.MERGED, lambda _: merging, replace(extra, cause=away.entry))


def _carried(gone: Case, survivor: Case) -> dict[str, Any]:
    """Spell what the survivor takes over: what it lacks, and every element of the other's sets."""
    after: dict[str, Any] = {}
    for name in _CARRIED:
        value = gone.header.get(name)
        if value is None or name in survivor.header or value == survivor.number:
            continue
        after[name] = lookups.row(value, lookups.label(name, value)) if column(name).form == "row" else value
    after |= _timer(gone, survivor)
    reporter = gone.header.get("reporter")
    if reporter is not None and survivor.header.get("reporter", reporter) != reporter:
        key = f"party/watcher:contact:{reporter}"
        after[key] = lookups.contact_party(reporter)
    for name, value in gone.elements.items():
        kind, _, key = name.partition("/")
        if kind in ("outage", "affected"):
            name = f"{kind}/{new_address()}"
        if kind == "relation" and key.rpartition(":")[2] == str(survivor.number):
            continue
        if name not in survivor.elements and kind != "field":
            after[name] = value
    return after


def _timer(gone: Case, survivor: Case) -> dict[str, Any]:
    """Spell the timer that the survivor takes over: none of its own, or a later one, lets the other's go on."""
    names = ("alarm_at", "alarm_text", "ringing_since")
    theirs = {name: gone.header.get(name) for name in names}
    ours = [survivor.header[name] for name in ("ringing_since", "alarm_at") if name in survivor.header]
    due = theirs["ringing_since"] or theirs["alarm_at"]
    return theirs if due is not None and (not ours or due < min(ours)) else {}


def unmerge(number: int, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Take a merge back by reversing entries on both; what was written since stays with the survivor.

    :raises NotFound: there is no such ticket for this actor.
    :raises WrongState: the ticket is not merged into another.
    """
    with writing():
        merged_into = Ticket.objects.visible_to(by).filter(pk=number).values_list("merged_into_id", flat=True)
        if not merged_into:
            raise NotFound("no_such_ticket", number=number)
        if (into := merged_into[0]) is None:
            raise WrongState("not_merged", number=number)
        in_hand = {
            each: take_in_hand(each, by=by, door=door, at=extra.at, follow=False)
            for each in sorted((number, into))
        }
        gone, survivor = in_hand[number], in_hand[into]
        demand(by, Kind.UNMERGED, gone.place)
        demand(by, Kind.UNMERGED, survivor.place)
        if gone.ticket.merged_into_id != into:
            raise WrongState("not_merged", number=number)
        if survivor.ticket.merged_into_id is not None:
            raise WrongState("survivor_merged", into=into)
        absorbed = _last(gone.number, Kind.ABSORBED)
        merged = _last(survivor.number, Kind.MERGED, ticket=gone.number)
        back = _reversed(survivor, merged)
        add(survivor, Kind.UNMERGED, lambda _: Step(after=back, facts={"ticket": number}), extra)
        restored = _reversed(gone, absorbed)
        return add(
            gone, Kind.UNMERGED, lambda _: Step(after=restored, facts={"from": into}), Extra(cause=merged.pk)
        )


def _last(number: int, kind: Kind, **facts: int) -> Entry:
    """Find a ticket's last entry of a kind, about the ticket that its facts name."""
    wanted = {f"facts__{name}": value for name, value in facts.items()}
    return Entry.objects.filter(ticket_id=number, kind=kind.value, **wanted).order_by("-seq")[:1].get()


def _reversed(case: Case, entry: Entry) -> dict[str, Any]:
    """Spell the way back from an entry's changes, where nothing has changed the same column since."""
    after: dict[str, Any] = {}
    header = case.header | case.elements
    for name, before, was in entry.changes:
        if header.get(name) == plain(column(name).form, was):
            after[name] = before  # noqa: PERF403 - the second loop adds to the same
    for name, _, was in entry.words.changes:
        if header.get(name) == was or (was is None and name not in header):
            after[name] = value_before(case.number, name, entry.seq)
    return after


def value_before(number: int, name: str, seq: int) -> Any:
    """Find what a sensitive column held before an entry: such values stand only with the entry that set them."""
    before = Entry.objects.filter(ticket_id=number, seq__lt=seq).order_by("-seq")
    earlier = before.values_list("words__changes", flat=True)
    for changes in earlier.iterator():
        for each, _, value in changes or ():
            if each == name:
                return value
    return None


def split(
    number: int, addresses: Sequence[str], subject: str, *, by: Actor, door: Door, extra: Extra = NOTHING
) -> Written:
    """Open a new ticket with copies of some entries, each citing its original, which stays where it is.

    :param addresses: the entries' addresses, as this actor sees them.
    :return: the new ticket's opening.
    :raises NotFound: an entry is not there for this actor.
    """
    with writing():
        case = take_in_hand(number, by=by, door=door)
        demand(by, Kind.SPLIT, case.place)
        family = family_of(case.number)
        chosen = list(
            Entry.objects.filter(ticket_id__in=family, address__in=list(addresses))
            .select_related("words", "ticket")
            .order_by("pk")
        )
        chosen = [each for each in chosen if each.shown_class in versions.seen_by(by, each.ticket)]
        if not addresses or len(chosen) != len(set(addresses)):
            raise NotFound("no_such_entry", field="entries")
        old = case.ticket
        new = opening.open(
            Opening(
                subject=subject,
                queue=old.queue.name,
                type=current().given_type(old.type),
                severity=old.severity,
                priority=old.priority,
                reporter_id=old.reporter_id,
                network=old.network.name if old.network else "",
                site=old.site.name if old.site else "",
                machines=[value for name, value in case.elements.items() if name.startswith("machine/")],
            ),
            by=by,
            door=door,
            extra=Extra(facts={"split_from": case.number}, data_class=DataClass.STAFF),
        )
        fresh = take_in_hand(new.number, by=by, door=door)
        for entry in chosen:
            _cite(fresh, entry)
        fresh_relation = {f"relation/refers_to:{case.number}": str(case.number)}
        there = {"kind": "refers_to", "other": case.number}
        add(fresh, Kind.RELATED, lambda _: Step(after=fresh_relation, facts=there))
        moved = {"to": new.number, "entries": [each.address for each in chosen]}
        add(case, Kind.SPLIT, lambda _: Step(facts=moved), extra)
        return new


def _cite(case: Case, original: Entry) -> None:
    """Copy one entry's words, with who said them and when, and where they stand."""
    if original.words.text is None:
        raise Invalid("entry_without_words", field="entries", address=original.address)
    facts = {
        "cites": original.address,
        "ticket": original.ticket_id,
        "author": original.author_label,
        "kind": original.kind,
    }
    files = [
        File(each.name, each.media_type, each.size, each.sha256, each.purpose)
        for each in Attachment.objects.filter(entry=original, redacted=False)
    ]
    at, case.at = case.at, original.at
    step = Step(text=original.words.text, facts=facts, data_class=DataClass(original.shown_class))
    add(case, Kind.NOTE, lambda _: step, Extra(files=files, cause=original.pk))
    case.at = at
