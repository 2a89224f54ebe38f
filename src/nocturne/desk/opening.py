"""Opening a ticket."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any, NamedTuple

from nocturne.core import permits
from nocturne.core.configuration import current
from nocturne.core.entry import DataClass, Door, Kind, instant
from nocturne.core.lifecycle import Meaning
from nocturne.core.permits import Actor
from nocturne.core.priority import default_priority
from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.core.values import level, line, spelt, ticket_type
from nocturne.desk import clock, facts, filling, localfields, lookups, outsiders
from nocturne.desk.terms import NOTHING, Extra, Opening, Written
from nocturne.desk.write import Case, Step, add_unasked, clean_text
from nocturne.store import configured, prepared
from nocturne.store.db import writing
from nocturne.store.models import Queue, Ticket
from nocturne.store.readings import Reading

_TIMES = ("started_at", "detected_at", "reported_at", "planned_start", "planned_end")


def open(new: Opening, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:  # noqa: A001
    """Open a ticket: its header, its description, and whatever else is known at the start.

    :raises Invalid: something given cannot be right; its field is named.
    :raises Forbidden: this actor may not open tickets.
    """
    subject = line("subject", clean_text(new.subject))
    if not subject:
        raise Invalid("empty_subject", field="subject")
    warnings: list[Invalid] = []
    with writing():
        outsiders.count(by, door)
        configured.refresh()
        now = clock.now()
        dated = by.is_staff or door not in (Door.API, Door.WEB)
        at = clock.happened(extra.at if dated else None, now=now)
        queue = _queue(new.queue, by, by_mail=door is Door.MAIL)
        kind = ticket_type(new.type) if new.type else current().given_type(queue.default_type)
        known = current().type(kind)
        usual = kind == current().given_type(queue.default_type)
        if not by.is_staff and by.kind != "system" and not (known.is_reported or usual):
            raise Forbidden("field_not_permitted", field="type")
        first = current().lifecycle_of(kind, queue.pk).beginning
        place = {"queue": queue.pk, "type": kind, "state": first.name, "meaning": Meaning.NEW.value}
        given = new
        new, stands = filling.by_machines(new)
        network = lookups.thing("network", stands.get("network") or new.network)
        if network is not None:
            place["network"] = network["id"]
        permits.demand_opening(by, place, _given(given), by_mail=door is Door.MAIL)
        new, next_action = filling.by_queue(new, queue.name)
        severity = level("severity", new.severity) if new.severity is not None else 3
        after: dict[str, Any] = {
            "type": kind,
            "queue": lookups.row(queue.pk, queue.name),
            "subject": subject,
            "state": first.stored(),
            "clock": "scheduled" if known.is_planned else first.clock or "noc",
            "severity": severity,
            "priority": level("priority", new.priority)
            if new.priority is not None
            else default_priority(kind, severity),
            "opened_by": by.label[:160],
            "opened_at": instant(at),
            "reporter": _reporter(new, by),
            "owner": lookups.person(new.owner),
            "next_action": line("next_action", next_action) if next_action else None,
        }
        found = stands | ({"network": network} if network is not None else {})
        for name in ("network", "site", "circuit", "vendor"):
            after[name] = found.get(name) or lookups.thing(name, getattr(new, name))
        for name in ("user_address", "destination_address"):
            after[name] = line(name, getattr(new, name))
        for name in _TIMES:
            after[name] = _time(name, getattr(new, name))
        if known.is_planned and (new.planned_start is None) != (new.planned_end is None):
            raise Invalid("planned_needs_both", field="planned_end" if new.planned_start else "planned_start")
        after |= facts.elements(new, seq=1)
        after |= localfields.opened(new, after, by=by, warnings=warnings)
        if new.outages and after["started_at"] is None:
            after["started_at"] = instant(min(each.start for each in new.outages))
        if new.parent is not None:
            after["parent"] = _parent(new.parent, by)
        written = _first_entry(new, after, by=by, door=door, at=at, now=now, extra=extra)
        return replace(written, warnings=[*warnings, *written.warnings])


_ELEMENTS = {"machines": "machine", "outages": "outage", "affected": "affected", "cc": "party"}
_FREE = {"subject", "text", "queue", "number", "reporter", "reporter_id", "type", "fields"}


def _given(new: Opening) -> list[str]:
    """Name the columns that the opener chose to fill, so that the permits can judge each."""
    filled = [
        each.name for each in fields(new) if each.name not in _FREE and _is_given(getattr(new, each.name))
    ]
    return [*(f"{_ELEMENTS[name]}/" if name in _ELEMENTS else name for name in filled), *new.fields]


def _is_given(value: Any) -> bool:
    return bool(value) if isinstance(value, str | list | tuple) else value is not None


def _first_entry(
    new: Opening, after: dict[str, Any], *, by: Actor, door: Door, at: datetime, now: datetime, extra: Extra
) -> Written:
    ticket = Ticket(
        number=new.number,
        type=after["type"],
        queue_id=after["queue"]["id"],
        subject=after["subject"],
        state=after["state"]["name"],
        meaning=after["state"]["meaning"],
        clock=after["clock"],
        opened_by=by.label[:160],
        opened_at=at,
        touched_at=now,
        touched_staff_at=now,
        touched_customer_at=now,
        clock_since=at,
    )
    prepared.insert(ticket)
    case = Case(ticket, {}, by, door, at, now, _elements={})
    step = Step(
        after={name: value for name, value in after.items() if value is not None},
        text=new.text,
        data_class=extra.data_class if extra.data_class is not None else _class_of(after, by),
    )
    return add_unasked(case, Kind.OPENED, step, extra)


def _class_of(after: dict[str, Any], by: Actor) -> DataClass:
    """Let a reporter read their own report; what the staff open for themselves is theirs."""
    if not by.is_staff and by.kind != "system":
        return DataClass.CUSTOMER
    reported = current().type(after["type"]).is_reported and after.get("reporter") is not None
    return DataClass.CUSTOMER if reported else DataClass.STAFF


class _Asked(NamedTuple):
    """A queue in which somebody wants to open a ticket."""

    pk: int
    name: str
    default_type: str
    retired_at: datetime | None


def _queue(name: str, by: Actor, *, by_mail: bool) -> _Asked:
    """Find the queue that a ticket is opened in; one that its opener may not know of is not there.

    :raises Invalid: there is none, or it is retired.
    """
    wanted = lookups.queue_name(name or current().site.default_queue)
    rows = _QUEUE.rows(lookups.in_any_case(wanted)) if wanted else _QUEUE.rows(shape=(None,))
    found = _Asked(**rows[0]) if rows else None
    if found is None or not (by_mail or permits.knows_queue(by, found.pk)):
        raise Invalid("unknown_queue", field="queue", given=name)
    if found.retired_at is not None:
        raise Invalid("retired_queue", field="queue", given=found.name)
    return found


def _called(name: str | None) -> Any:
    """Describe the queue of a name; without one, the first that there was."""
    named = (
        Queue.objects.order_by("pk")
        if name is None
        else Queue.objects.filter(name__iexact=name).order_by("pk")
    )
    return named.values("pk", "name", "default_type", "retired_at")[:1]


_QUEUE = Reading(_called)


def _reporter(new: Opening, by: Actor) -> dict[str, Any] | None:
    if not by.is_staff and by.kind in ("account", "contact", "guest"):
        # Whom else they name is not theirs to say: mail goes to a reporter.
        return lookups.row(by.contact, by.label) if by.contact is not None else None
    if new.reporter_id is not None:
        return lookups.row(new.reporter_id, lookups.label("reporter", new.reporter_id))
    given = new.reporter
    if given is None or not (given.name or given.email or given.phone or given.organisation):
        return None
    return lookups.typed_contact(
        name=given.name, organisation=given.organisation, phone=given.phone, email=given.email
    )


def _time(name: str, at: datetime | None) -> Any:
    return None if at is None else spelt(name, at)


def _parent(number: int, by: Actor) -> dict[str, Any]:
    parent = Ticket.objects.visible_to(by).filter(pk=number).first()
    if parent is None:
        raise NotFound("no_such_ticket", field="parent", number=number)
    return lookups.row(parent.merged_into_id or parent.pk, str(parent.merged_into_id or parent.pk))
