"""Keeps the index as it should be: called where entries are written, inside their transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from nocturne.core.configuration import current
from nocturne.core.entry import Change
from nocturne.core.fulltext import MERGED, TEXT, facets, machine, party
from nocturne.store.blobs import File
from nocturne.store.families import family_of, survivor_of
from nocturne.store.fulltext import taken
from nocturne.store.fulltext.engine import engine
from nocturne.store.fulltext.state import State, plain, state
from nocturne.store.models import Attachment, Entry, Job, TextIndex, Ticket

REPLIES, FILES = "fulltext_reply", "fulltext_files"
LANES = {REPLIES: "desk", FILES: "files"}
_HEADER = frozenset({"subject", *taken.WORDS})
_FACETS = frozenset({*taken.ATTRIBUTES, "merged_into"})
_ROWS = frozenset(taken.ROWS)
_SAID = frozenset({"machine", "party", "affected", "field"})


@dataclass(slots=True)
class Before:
    """What of a ticket stood in the index before an entry, as far as the entry changes it."""

    known: State
    texts: dict[str, str] | None = None
    values: dict[str, Any] | None = None
    names: set[str] | None = None


def before(ticket: Ticket, changes: Sequence[Change]) -> Before | None:
    """Look at what an entry's changes will replace; None while the ticket is not in the index yet."""
    known = state()
    if ticket.pk < known.below:
        return None
    found = Before(known)
    columns = {change.column for change in changes}
    if ticket.last_seq == 0:
        return Before(known, {}, {}, set())
    if columns & _HEADER:
        found.texts = taken.header_texts(vars(ticket))
    if columns & _FACETS:
        found.values = taken.facet_values(vars(ticket))
    if columns & _ROWS or any(each.partition("/")[0] in _SAID for each in columns):
        found.names = taken.name_tokens(taken.names_on(ticket.pk), known)
    return found


def after(
    ticket: Ticket,
    was: Before | None,
    entry: Entry,
    text: str | None,
    changes: Sequence[Change],
    files: Sequence[File] = (),
) -> None:
    """Bring a ticket's tokens up to date with an entry that has just been added.

    What its files say is read by the worker; here they are found by their names.
    """
    sent = [each.name for each in files if each.purpose == taken.SENT]
    if sent:
        _later(FILES, entry, entry.recorded_at)
    if was is None:
        return
    gone: set[str] = set()
    new: set[str] = set()
    if text or sent:
        data_class = taken.said_class(
            entry.kind, entry.shown_class, entry.facts, entry.recorded_at, entry.recorded_at
        )
        new |= taken.text_tokens(data_class, text, sent)
        if data_class != entry.shown_class:
            _later(REPLIES, entry, entry.recorded_at + timedelta(seconds=entry.facts["hold"]))
    if was.texts is not None:
        _differ(
            taken.header_tokens(was.texts, was.known),
            taken.header_tokens(taken.header_texts(vars(ticket)), was.known),
            gone,
            new,
        )
    if was.values is not None:
        earlier = facets(was.values) if was.values else set()
        _differ(earlier, facets(taken.facet_values(vars(ticket))), gone, new)
    if was.names is not None:
        _remember(changes, was.known)
        _differ(was.names, taken.name_tokens(taken.names_on(ticket.pk), was.known), gone, new)
    for change in changes:
        kind, _, key = change.column.partition("/")
        if kind == "machine":
            (gone if change.after is None else new).add(machine(int(key)))
        elif kind == "party" and key.startswith(("watcher:", "expert:")):
            (gone if change.after is None else new).add(party(key))
    if gone or new:
        engine().change(ticket.pk, gone, new)
    for change in changes:
        if change.column == "merged_into":
            _merged(ticket.pk, change, was.known, entry.recorded_at)


def _merged(gone: int, change: Change, known: State, now: datetime) -> None:
    """Let the survivor be found by what was said on a merged ticket, or no longer where the merge is taken back."""
    if change.before is not None:
        made_anew([survivor_of(change.before["id"]) or change.before["id"]], now=now)
    survivor = survivor_of(gone)
    if change.after is not None and survivor is not None and survivor >= known.below:
        for each in family_of(gone):
            engine().change(survivor, (), taken.merged_tokens(each, known, now=now))


def _remember(changes: Sequence[Change], known: State) -> None:
    """Write down which class the words of a column bear that the index did not have until now."""
    new = {plain(each.column): int(current().class_of(each.column)) for each in changes if "/" in each.column}
    if not new.keys() <= known.classes.keys():
        TextIndex.objects.filter(pk=1).update(classes={**new, **known.classes})


def _differ(earlier: set[str], later: set[str], gone: set[str], new: set[str]) -> None:
    gone |= earlier - later
    new |= later - earlier


def _later(kind: str, entry: Entry, at: datetime) -> None:
    leave(kind, [entry.pk], run_at=at, now=entry.recorded_at)


def leave(kind: str, entries: Iterable[int], *, run_at: datetime, now: datetime) -> None:
    """Leave it to the worker to say some entries' words once more; what is left already is not left twice."""
    Job.objects.bulk_create(
        [
            Job(
                lane=LANES[kind],
                kind=kind,
                args={"entry": each},
                unique_key=f"{kind}:{each}",
                run_at=run_at,
                created_at=now,
            )
            for each in entries
        ],
        ignore_conflicts=True,
    )


def say(entry: int) -> None:
    """Put an entry's words into the index once more, as whose they are now: a held reply is said, a file was read."""
    columns = ("ticket_id", "shown_class", "words__text", "words__redaction_id")
    found = Entry.objects.filter(pk=entry).values_list(*columns).first()
    if found is None or found[3] is not None or found[0] < state().below:
        return
    number, data_class, text, _ = found
    files = Attachment.objects.filter(entry=entry, redacted=False, purpose=taken.SENT).values_list(
        "name", "said__text"
    )
    tokens = taken.text_tokens(data_class, text, [each for row in files for each in row if each])
    engine().change(number, (), tokens)
    if (survivor := survivor_of(number)) not in (None, number):
        engine().change(survivor, (), {MERGED + each[1:] for each in tokens if each[0] == TEXT})


def made_anew(numbers: Sequence[int], *, now: datetime | None = None) -> None:
    """Work out the tokens of some tickets anew, because something was taken away or came from elsewhere."""
    known = state()
    there = [number for number in numbers if number >= known.below]
    if there:
        engine().fill(taken.whole(there, known, now=now or timezone.now()))


def taken_away(number: int, *, now: datetime) -> None:
    """Let nobody find what an entry said any more, nor anybody in the index's own tables; its words are gone already.

    What the index has deleted lies in it until it is written together: at once where it is small, else by the worker.
    """
    made_anew(_with_survivors(number), now=now)
    if engine().is_small():
        engine().write_together()
    else:
        TextIndex.objects.filter(pk=1).update(untidy_at=now)


def _with_survivors(number: int) -> list[int]:
    survivor = survivor_of(number)
    return [number] if survivor in (None, number) else [number, survivor]
