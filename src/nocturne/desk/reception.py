"""What people outside say on a ticket: by mail, or signed on as its reporter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from nocturne.core import permits
from nocturne.core.configuration import current
from nocturne.core.entry import DataClass, Door, Kind, instant
from nocturne.core.lifecycle import Lifecycle, Meaning, State
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.desk import ending, opening, outsiders, relations
from nocturne.desk.alarms import MACHINERY
from nocturne.desk.moving import cycle_of
from nocturne.desk.objections import lock_in_order, objection
from nocturne.desk.terms import NOTHING, Extra, Opening, Written
from nocturne.desk.write import Case, Step, add, running_clock, take_in_hand
from nocturne.store import reach
from nocturne.store.db import writing
from nocturne.store.families import members_of, places_of, survivor_of
from nocturne.store.models import Entry, Queue

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
    :raises Forbidden: somebody outside sets fields.
    :raises NotFound: the ticket, or the one it was merged into, is not for them.
    """
    if not text.strip() and not extra.files:
        raise Invalid("nothing_said", field="text")
    if not by.is_staff and extra.fields:
        raise Forbidden("field_not_permitted", field=next(iter(extra.fields)))
    if not by.is_staff and door is not Door.MAIL:
        extra = replace(extra, at=None)  # whose clock runs is not for the customer to date back
    with writing():
        outsiders.count(by, door)
        survivor = survivor_of(number) or number
        members = members_of(survivor)
        if door is not Door.MAIL and number != survivor and number not in _known(survivor, by):
            raise NotFound(
                "no_such_ticket", number=number
            )  # nor may they learn that it was merged into theirs
        own = _own(survivor, members, by)
        lock_in_order(survivor, own)
        case = take_in_hand(survivor, by=by, door=door, at=extra.at)
        moves = moves and own is not None
        ended = case.meaning in (Meaning.RESOLVED, Meaning.CLOSED)
        if moves and ended and not _opens_again(case):
            return _new_ticket(case, text, subject, extra)
        step = Step(text=text, data_class=data_class)
        after, facts = _moved(case) if moves else ({}, {})
        if own in (None, survivor):
            step.after, step.facts = after, facts
            written = add(case, Kind.RECEIVED, lambda _: step, extra)
        else:
            written = _on_their_own(own or 0, step, by=by, door=door, extra=extra)
            if after:
                kind = Kind.REOPENED if ended else Kind.RESUMED
                moving = Case(case.ticket, case.header, MACHINERY, Door.RULE, case.at, case.now)
                add(moving, kind, lambda _: Step(after=after), Extra(cause=written.entry))
        parent = case.header.get("parent")
        if moves and ended and parent is not None and current().type(case.ticket.type).is_reported:
            objection(parent, case.number, cause=written.entry)
        return written


def _known(survivor: int, by: Actor) -> list[int]:
    """List the tickets of a family that somebody may know of."""
    places = reach.places(places_of(survivor), by)
    return [place["number"] for place in places if permits.in_scope(by, place)]


def _own(survivor: int, members: Mapping[int, int | None], by: Actor) -> int | None:
    """Find the ticket of a family that somebody outside reported: the survivor, or one that was merged into it."""
    if by.contact is None:
        return None
    theirs = [each for each, reporter in members.items() if reporter == by.contact]
    return survivor if survivor in theirs else next(iter(theirs), None)


def _opens_again(case: Case) -> bool:
    """Tell whether its reporter's words open an ended ticket again: not long after, where its life cycle has a way."""
    return case.at - _end(case) < REOPENS_FOR and cycle_of(case).may(Kind.REOPENED, case.state)


def _moved(case: Case) -> tuple[dict[str, Any], dict[str, Any]]:
    """Spell how its reporter's words move a ticket."""
    cycle, at = cycle_of(case), case.state
    if case.meaning in (Meaning.RESOLVED, Meaning.CLOSED):
        end = cycle.end(cycle.choose(Kind.REOPENED, at), at) or at
        runs = running_clock(case, end.starts or "noc")
        return {"state": end.stored()} | ending.reopening(case).after | {"clock": runs}, {"reopened": True}
    waits = case.meaning is Meaning.WAITING and case.header.get("clock") == "customer"
    if waits and (back := _back_to_work(cycle, at)) is not None:
        return {"state": back.stored(), "clock": running_clock(case, back.starts or "noc")}, {"resumed": True}
    return {}, {}


def _back_to_work(cycle: Lifecycle, at: State) -> State | None:
    """Find where a wait ends: where resuming leads, or else a move of the life cycle's own."""
    for kind in (Kind.RESUMED, Kind.MOVED):
        for move in cycle.ways(at, kind):
            end = cycle.end(move, at)
            if end is not None and end.meaning is Meaning.OPEN:
                return end
    return None


def _on_their_own(own: int, step: Step, *, by: Actor, door: Door, extra: Extra) -> Written:
    """Write on the ticket that was merged away what its reporter says: its survivor has other outside readers."""
    theirs = take_in_hand(own, by=by, door=door, at=extra.at, follow=False)
    return add(theirs, Kind.RECEIVED, lambda _: step, extra)


def _end(case: Case) -> Any:
    return case.ticket.closed_at or case.ticket.resolved_at or case.now


def _new_ticket(case: Case, text: str, subject: str, extra: Extra) -> Written:
    queue = Queue.objects.get(pk=case.ticket.queue_id)
    new = opening.open(
        Opening(
            subject=subject or case.ticket.subject,
            queue=queue.name,
            type=current().given_type(case.ticket.type),
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
        if case.meaning is not Meaning.RESOLVED or not current().type(case.ticket.type).is_reported:
            return None
        if not cycle_of(case).may(Kind.CLOSED, case.state):
            return None  # a sign-off, or whatever else has to come before the end, is somebody's to give
        days = Queue.objects.values_list("silence_days", flat=True).get(pk=case.ticket.queue_id)
        # What counts is when the complainer could read it, whenever the problem is said to have ended.
        told = Entry.objects.filter(ticket_id=case.number, kind=Kind.RESOLVED.value).order_by("-seq")
        since = told.values_list("recorded_at", flat=True).first() or case.now
        if since + timedelta(days=days) > case.now:
            return None
        after = {"closed_at": instant(case.now)}
        return add(case, Kind.CLOSED, lambda _: Step(after=after, facts={"silence_days": days}))
