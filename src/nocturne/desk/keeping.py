"""Keeping the books right: mistakes corrected, data taken away, readers let in or kept out, all by new entries."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest

from nocturne.core import permits
from nocturne.core.chart import REDACTED
from nocturne.core.entry import Change, DataClass, Door, Kind
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound, WrongState
from nocturne.desk import accounts, batch_keeping, versions
from nocturne.desk.once import LONGEST_ACT
from nocturne.desk.terms import NOTHING, Extra, Written
from nocturne.desk.write import Case, Step, add, one_line, take_in_hand
from nocturne.store import blobs, pasts
from nocturne.store.db import writing
from nocturne.store.families import family_of, survivor_of
from nocturne.store.fulltext import writing as fulltext
from nocturne.store.models import (
    Attachment,
    Entry,
    EntryText,
    FileText,
    MailIn,
    Notice,
    Receipt,
    Ticket,
)


def find(address: str, number: int, by: Actor) -> Entry:
    """Find an entry by the address this actor knows it by.

    :raises NotFound: there is none, for this actor.
    """
    family = family_of(survivor_of(number) or number)
    found = (
        Entry.objects.filter(ticket_id__in=family, address=address).select_related("words", "ticket").first()
    )
    if found is None or found.shown_class not in versions.seen_by(by, found.ticket):
        raise NotFound("no_such_entry", field="entry")
    return found


def correct(
    number: int, address: str, text: str, *, by: Actor, door: Door, extra: Extra = NOTHING
) -> Written:
    """Put right what an entry says, by a new entry that points to it; the old words stay one key away.

    :raises Invalid: there are no new words.
    :raises Forbidden: the words are somebody else's, outside the staff.
    :raises WrongState: the words were taken away.
    """
    if not text.strip():
        raise Invalid("empty_correction", field="text")
    with writing():
        original = find(address, number, by)
        case = take_in_hand(original.ticket_id, by=by, door=door, at=extra.at, follow=False)
        if original.words.redaction_id is not None:
            raise WrongState("redacted_already")
        if original.words.text is None or not _by_staff(original):
            raise Forbidden("cannot_correct", field="entry")
        step = Step(text=text, data_class=DataClass(original.shown_class), corrects=original.pk)
        return add(case, Kind.CORRECTED, lambda _: step, extra)


def _by_staff(entry: Entry) -> bool:
    """Tell whether an entry is the staff's own: what somebody outside said stays as they said it."""
    if entry.author_kind != "account":
        return entry.author_kind != "contact"
    author = accounts.actor_by_id(entry.author_id or 0, even_gone=True)
    return author is not None and author.is_staff


def redact(
    number: int, address: str, reason: str, *, by: Actor, door: Door, extra: Extra = NOTHING
) -> Written:
    """Take an entry's words and files away for good and leave a tombstone with the reason.

    Header values that came from it and still stand are taken away with it.

    :raises Forbidden: only administrators do this.
    :raises Invalid: no reason was given.
    :raises WrongState: they are gone already.
    """
    said = one_line(reason, field="reason", limit=300)
    if not said:
        raise Invalid("empty_reason", field="reason")
    with writing():
        original = find(address, number, by)
        if original.words.redaction_id is not None:
            raise WrongState("redacted_already")
        written = _redact(original, said, by=by, door=door, extra=extra)
        copies = Entry.objects.filter(_copies_of(original), words__redaction=None).select_related("words")
        for copy in copies.order_by("ticket_id", "pk"):
            _redact(copy, said, by=by, door=door, extra=Extra(cause=written.entry))
        return written


def _copies_of(original: Entry) -> Q:
    """Describe where an entry's words stand again: in corrections, where a split cites it, as complaints' answers."""
    return (
        Q(corrects=original, kind=Kind.CORRECTED.value)
        | Q(cause=original, kind=Kind.NOTE.value, facts__cites=original.address)
        | Q(cause=original, kind=Kind.RESOLVED.value)
    )


def _redact(original: Entry, reason: str, *, by: Actor, door: Door, extra: Extra) -> Written:
    many = batch_keeping.held(original.facts)
    case = take_in_hand(original.ticket_id, by=by, door=door, follow=False)
    columns = [name for name, *_ in original.words.changes]
    now = case.header | case.elements if any("/" in name for name in columns) else case.header
    gone = {
        name: REDACTED
        for name, _, after in original.words.changes
        if after is not None and now.get(name) == after
    }
    # What it had cleared stays cleared: else the value before it would stand up again in the fold.
    gone |= {name: None for name, _, after in original.words.changes if after is None and name not in now}
    facts: dict[str, Any] = {"columns": columns, "entry": original.address, "reason": reason}
    # What only some of the staff could read, the others do not learn of by its end.
    kept = DataClass(original.shown_class) if original.shown_class > DataClass.STAFF else None
    step = Step(after=gone, facts=facts, corrects=original.pk, data_class=kept)
    written = add(case, Kind.REDACTED, lambda _: step, extra)
    pasts.taken_away(case.number, original.pk, [Change(*each) for each in original.words.changes])
    EntryText.objects.filter(pk=original.pk).update(
        text=None, changes=[], salt=b"", redaction_id=written.entry
    )
    hashes = list(Attachment.objects.filter(entry=original).values_list("sha256", flat=True))
    FileText.objects.filter(attachment__entry=original).delete()
    Attachment.objects.filter(entry=original).update(redacted=True, name="")
    Notice.objects.filter(entry=original, state__in=["waiting", "held"]).update(state="withdrawn")
    MailIn.objects.filter(entry=original).update(subject="", sender="")
    fulltext.taken_away(case.number, now=case.now)
    # What was asked of many tickets says once more what was written on each.
    batch = batch_keeping.taken_away(case.number, many)
    asked_at = min(original.recorded_at, many.made_at) if many is not None else original.recorded_at
    _forget_answers(case.number, batch, since=asked_at)
    return _forget_after_commit(hashes, written)


def _forget_answers(number: int, batch: str, *, since: datetime) -> None:
    """Empty the answers kept for repeats that may hold what was taken away; a repeat stays harmless without them.

    :param batch: the key of the act on many tickets whose answer may hold it; empty where there was none.
    """
    for receipt in Receipt.objects.filter(
        created_at__gte=since - LONGEST_ACT, answer__isnull=False
    ).iterator():
        answer = json.dumps(receipt.answer)
        if batch and f'"key": "{batch}"' in answer:
            Receipt.objects.filter(pk=receipt.pk).update(answer={"key": batch})
        elif f'"number": {number}' in answer:
            Receipt.objects.filter(pk=receipt.pk).update(answer={"number": number})


def _forget_after_commit(hashes: list[str], written: Written) -> Written:
    """Delete the bytes that nothing refers to any more, once the tombstone is on the disk."""
    unused = [each for each in hashes if not Attachment.objects.filter(sha256=each, redacted=False).exists()]
    for each in unused:
        transaction.on_commit(partial(blobs.forget, each))
    return written


def reclassify(
    number: int, address: str, to: DataClass, *, by: Actor, door: Door, extra: Extra = NOTHING
) -> Written:
    """Let other readers read an entry, or keep them from it; what it was born as stays written.

    :raises Forbidden: the class is above the actor's own.
    :raises WrongState: it is for these readers already.
    """
    with writing():
        original = find(address, number, by)
        case = take_in_hand(original.ticket_id, by=by, door=door, follow=False)
        if original.shown_class == to:
            raise WrongState("class_already", data_class=to.word)
        if not {int(to), original.shown_class} <= permits.appends(by, case.place):
            raise Forbidden("class_not_permitted", field="data_class", data_class=to.word)
        step = Step(
            facts={"entry": original.address, "from": DataClass(original.shown_class).word, "to": to.word},
            data_class=_most_kept(to, DataClass(original.shown_class)),
            corrects=original.pk,
        )
        written = add(case, Kind.RECLASSIFIED, lambda _: step, extra)
        Entry.objects.filter(pk=original.pk).update(shown_class=int(to))
        pasts.reclassified(original.ticket_id, original.pk, int(to))
        for correction in Entry.objects.filter(corrects=original, kind=Kind.CORRECTED.value):
            if correction.shown_class != to:
                reclassify(number, correction.address, to, by=by, door=door)
        fulltext.taken_away(case.number, now=case.now)
        _mark_for_readers(case, min(to, DataClass(original.shown_class)))
        return written


def _most_kept(to: DataClass, was: DataClass) -> DataClass:
    """Choose who may know that an entry has changed its readers: those who could read it before and after."""
    local = next((each for each in (to, was) if each.is_local), None)
    return local if local is not None else max(to, was, DataClass.STAFF)


def _mark_for_readers(case: Case, lowest: DataClass) -> None:
    """Let every class of reader whose view has changed learn that something is new."""
    seq = case.ticket.last_seq
    if lowest <= DataClass.RESTRICTED:
        Ticket.objects.filter(pk=case.number).update(last_seq_restricted=seq, touched_restricted_at=case.now)
    if lowest <= DataClass.STAFF:
        Ticket.objects.filter(pk=case.number).update(last_seq_staff=seq, touched_staff_at=case.now)
    if lowest <= DataClass.CUSTOMER:
        Ticket.objects.filter(pk=case.number).update(
            last_seq_customer=Greatest(F("last_seq_customer"), seq), touched_customer_at=case.now
        )


def withdraw(number: int, address: str, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Undo the sending of a reply that is still held: its words stay on the chart, marked as not sent.

    :raises WrongState: it has gone out already.
    :raises Forbidden: somebody else has written it.
    """
    with writing():
        original = find(address, number, by)
        case = take_in_hand(original.ticket_id, by=by, door=door, follow=False)
        if original.author_kind != by.kind or original.author_id != by.id:
            raise Forbidden("not_yours", field="entry")
        if Entry.objects.filter(corrects=original, kind=Kind.WITHDRAWN.value).exists():
            raise WrongState("withdrawn_already")
        hold = int(original.facts.get("hold", 0))
        if original.kind != Kind.REPLY.value or (case.now - original.recorded_at).total_seconds() >= hold:
            raise WrongState("sent_already")
        if Notice.objects.filter(entry=original).exclude(attempts=0, state="waiting").exists():
            raise WrongState("sent_already")
        step = Step(facts={"entry": original.address}, corrects=original.pk, data_class=DataClass.CUSTOMER)
        written = add(case, Kind.WITHDRAWN, lambda _: step, extra)
        Notice.objects.filter(entry=original).update(state="withdrawn")
        return written
