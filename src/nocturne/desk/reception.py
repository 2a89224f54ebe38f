"""What people outside say on a ticket: by mail, or signed on as its reporter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from nocturne.core.entry import DataClass, Door, Kind, instant
from nocturne.core.lifecycle import STANDARD, Meaning
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid
from nocturne.desk import ending, opening, relations
from nocturne.desk.alarms import MACHINERY
from nocturne.desk.terms import NOTHING, Extra, Opening, Written
from nocturne.desk.write import Case, Step, add, take_in_hand
from nocturne.store.db import writing
from nocturne.store.models import Queue

REOPENS_FOR = timedelta(days=14)
"""How long after its end a ticket is opened again by its reporter's words; later they open a new one."""


def receive(
    number: int,
    text: str,
    *,
    by: Actor,
    door: Door,
    extra: Extra = NOTHING,
    moves: bool = True,
    subject: str = "",
    data_class: DataClass = DataClass.CUSTOMER,
) -> Written:
    """Take in words from outside. From the reporter they move the ticket: out of waiting for the customer; back from
    its end when that is less than 14 days ago; later into a new ticket that refers to the old one.

    :param moves: False for machine mail and for whoever is not the reporter: the words are kept, nothing moves.
    :param data_class: staff keeps the words of somebody the ticket does not know from its other outside readers.
    :raises Invalid: nothing was said.
    """
    if not text.strip() and not extra.files:
        raise Invalid("nothing_said", field="text")
    with writing():
        case = take_in_hand(number, by=by, door=door, at=extra.at)
        moves = moves and by.contact is not None and case.header.get("reporter") == by.contact
        ended = case.meaning in (Meaning.RESOLVED, Meaning.CLOSED)
        if moves and ended and case.now - _end(case) >= REOPENS_FOR:
            return _new_ticket(case, text, subject, extra)
        step = Step(text=text, data_class=data_class)
        if moves and ended:
            step.after = {"state": STANDARD.state("open").stored()} | ending.reopening(case).after
            step.facts = {"reopened": True}
        elif moves and case.meaning is Meaning.WAITING and case.header.get("clock") == "customer":
            step.after = {"state": STANDARD.state("open").stored(), "clock": "noc"}
            step.facts = {"resumed": True}
        written = add(case, Kind.RECEIVED, lambda _: step, extra)
        parent = case.header.get("parent")
        if moves and ended and parent is not None and case.ticket.type in ("complaint", "request"):
            relations.objection(parent, case.number, cause=written.entry)
        return written


def _end(case: Case) -> Any:
    return case.ticket.closed_at or case.ticket.resolved_at or case.now


def _new_ticket(case: Case, text: str, subject: str, extra: Extra) -> Written:
    queue = Queue.objects.get(pk=case.ticket.queue_id)
    new = opening.open(
        Opening(
            subject=subject or case.ticket.subject,
            queue=queue.name,
            type=case.ticket.type,
            text=text,
            reporter_id=case.by.contact,
        ),
        by=case.by,
        door=case.door,
        extra=extra,
    )
    relations.relate(new.number, "refers_to", case.number, by=MACHINERY, door=Door.RULE)
    return new


def close_silent(number: int) -> Written | None:
    """Close a resolved complaint whose complainer has said nothing for the queue's days of silence.

    :return: None where it has moved meanwhile, or the days are not over.
    """
    with writing():
        case = take_in_hand(number, by=MACHINERY, door=Door.RULE)
        if case.meaning is not Meaning.RESOLVED or case.ticket.resolved_at is None:
            return None
        days = Queue.objects.values_list("silence_days", flat=True).get(pk=case.ticket.queue_id)
        if case.ticket.resolved_at + timedelta(days=days) > case.now:
            return None
        after = {"closed_at": instant(case.now)}
        return add(case, Kind.CLOSED, lambda _: Step(after=after, facts={"silence_days": days}))
