"""The one place where rows are added to a chart. Only `nocturne.desk.write` calls it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nocturne.core.chart import column, plain
from nocturne.core.configuration import current
from nocturne.core.entry import (
    Author,
    Change,
    DataClass,
    Door,
    Kind,
    chain_hash,
    text_hash,
)
from nocturne.core.fieldvalues import searchable
from nocturne.core.opaque import new_address
from nocturne.core.priority import affected_now, raised
from nocturne.store import pasts, prepared
from nocturne.store.blobs import File
from nocturne.store.chain import hashed_facts
from nocturne.store.fulltext import writing as fulltext
from nocturne.store.headers import ATTRIBUTES, ELEMENT_MODELS, assign
from nocturne.store.models import Affected, Attachment, Entry, EntryText, Relation, Ticket, TicketMachine


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What is to be added. `after` holds new values per column; rows as `{"id", "label"}`, instants as text."""

    kind: Kind
    at: datetime
    recorded_at: datetime
    author: Author
    door: Door
    data_class: DataClass
    after: Mapping[str, Any] = field(default_factory=dict)
    before_labels: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    worked: int = 0
    cause: int | None = None
    corrects: int | None = None
    files: Sequence[File] = ()


def changes_between(header: Mapping[str, Any], new: NewEntry) -> list[Change]:
    """List what really changes, each with the value it had."""
    changes = []
    for name, after in new.after.items():
        form = column(name).form
        before = header.get(name)
        after = None if after == "" else after
        if plain(form, after) == before and name != "clock" and new.kind is not Kind.REDACTED:
            continue
        if column(name).sensitive:
            before = (
                None  # kept with the entry that set it, and only there: so a redaction takes it away for good
            )
        elif form == "row" and before is not None:
            before = {"id": before, "label": new.before_labels.get(name, str(before))}
        changes.append(Change(name, before, after))
    return changes


def append(ticket: Ticket, header: Mapping[str, Any], new: NewEntry) -> Entry:
    """Add an entry to a locked ticket, bring its header up to date, and chain the hashes.

    :param ticket: the row, locked by the running transaction; it is saved here.
    :param header: its header and those sets that `new.after` touches, as :func:`header_of` spells them.
    """
    changes = changes_between(header, new)
    open_changes = [each.stored() for each in changes if not column(each.column).sensitive]
    closed_changes = [each.stored() for each in changes if column(each.column).sensitive]
    salt = secrets.token_bytes(16)
    facts = dict(new.facts)
    if new.files:
        facts["files"] = [[each.sha256, each.size] for each in new.files]
    entry = Entry(
        ticket=ticket,
        seq=ticket.last_seq + 1,
        kind=new.kind.value,
        at=new.at,
        recorded_at=new.recorded_at,
        author_kind=new.author.kind,
        author_id=new.author.id,
        author_label=new.author.label,
        door=new.door.value,
        born_class=int(new.data_class),
        shown_class=int(new.data_class),
        changes=open_changes,
        facts=facts,
        worked=new.worked,
        cause_id=new.cause,
        corrects_id=new.corrects,
        address=new_address(),
        text_hash=text_hash(salt, new.text, closed_changes),
        prev_hash=bytes(ticket.last_hash),
    )
    entry.hash = chain_hash(bytes(ticket.last_hash), hashed_facts(entry))
    prepared.insert(entry)
    prepared.insert(EntryText(entry=entry, salt=salt, text=new.text, changes=closed_changes))
    if new.files:
        Attachment.objects.bulk_create(
            Attachment(
                entry=entry,
                ticket=ticket,
                name=each.name,
                media_type=each.media_type,
                size=each.size,
                sha256=each.sha256,
                purpose=each.purpose,
                token=secrets.token_urlsafe(16),
            )
            for each in new.files
        )
    was = fulltext.before(ticket, changes)
    _bring_up_to_date(ticket, entry, changes)
    fulltext.after(ticket, was, entry, new.text, changes, new.files)
    return entry


def _bring_up_to_date(ticket: Ticket, entry: Entry, changes: Sequence[Change]) -> None:
    pasts.follow(ticket, entry, changes)
    fields = {"last_seq", "last_hash", "touched_at"}
    for change in changes:
        if "/" in change.column:
            _set_element(ticket, change)
        elif change.column == "clock":
            if entry.at >= ticket.clock_since:
                ticket.clock, ticket.clock_since = change.after, entry.at
                fields |= {"clock", "clock_since"}
        elif change.column == "state":
            ticket.state, ticket.meaning = change.after["name"], change.after["meaning"]
            fields |= {"state", "meaning"}
        else:
            assign(ticket, change.column, change.after)
            fields.add(ATTRIBUTES[change.column])
    if any(change.column.startswith("affected/") for change in changes):
        count_affected(ticket)
        fields |= {"affected_count", "raised"}
    ticket.last_seq, ticket.last_hash, ticket.touched_at = entry.seq, entry.hash, entry.recorded_at
    class_of = current().class_of
    lowest = min([entry.shown_class, *(class_of(change.column) for change in changes)])
    if lowest <= DataClass.RESTRICTED:
        ticket.last_seq_restricted, ticket.touched_restricted_at = entry.seq, entry.recorded_at
        fields |= {"last_seq_restricted", "touched_restricted_at"}
    if lowest <= DataClass.STAFF:
        ticket.last_seq_staff, ticket.touched_staff_at = entry.seq, entry.recorded_at
        fields |= {"last_seq_staff", "touched_staff_at"}
    if lowest <= DataClass.CUSTOMER:
        ticket.last_seq_customer, ticket.touched_customer_at = entry.seq, entry.recorded_at
        fields |= {"last_seq_customer", "touched_customer_at"}
    prepared.update(ticket, sorted(fields))


def count_affected(ticket: Ticket) -> None:
    """Count on a row in memory whom its ticket hits now, by what stands on the chart."""
    found = affected_now(Affected.objects.filter(ticket_id=ticket.pk).values_list("value", flat=True))
    ticket.affected_count, ticket.raised = found or None, raised(found)


def _set_element(ticket: Ticket, change: Change) -> None:
    kind, _, key = change.column.partition("/")
    if kind == "machine":
        _set_row(TicketMachine, {"ticket_id": ticket.pk, "machine_id": int(key)}, change.after is not None)
    elif kind == "relation":
        relation, _, other = key.partition(":")
        _set_row(
            Relation,
            {"ticket_id": ticket.pk, "kind": relation, "other_id": int(other)},
            change.after is not None,
        )
    else:
        model = ELEMENT_MODELS[kind]
        model.objects.filter(ticket_id=ticket.pk, key=key).delete()
        if change.after is not None:
            typed = _typed(key, change.after) if kind == "field" else {}
            model(ticket_id=ticket.pk, key=key, value=change.after, **typed).save(force_insert=True)


def _set_row(model: Any, key: dict[str, Any], present: bool) -> None:
    if present:
        prepared.insert(model(**key))
    else:
        model.objects.filter(**key).delete()


def _typed(key: str, value: Any) -> dict[str, Any]:
    """Choose where a local field's value is searched: under its field's name, by text, number or instant."""
    place = searchable(value)
    return {"name": key.partition(":")[0], "text": place.text, "number": place.number, "at": place.at}
