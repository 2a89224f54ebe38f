"""Working a ticket: words on it, whose it is, whom it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nocturne.core.entry import Door, Kind
from nocturne.core.lifecycle import Meaning
from nocturne.core.mailthread import looks_like_list
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, WrongState
from nocturne.desk import facts, lookups
from nocturne.desk.moving import waiting_clock
from nocturne.desk.terms import NOTHING, Extra, Written
from nocturne.desk.write import Case, Step, one_line, running_clock, write
from nocturne.store.models import User, Vendor

HOLD = 10
HOLD_MANY = 60
"""Seconds a reply waits for Undo: longer when more than five people get it, or a list."""
WAIT_CLOCKS = ("customer", "vendor")


def update(
    number: int,
    text: str = "",
    *,
    by: Actor,
    door: Door,
    extra: Extra = NOTHING,
    machines: Sequence[str] = (),
    cc: Sequence[str] = (),
    tags: Sequence[str] = (),
) -> Written:
    """Add a note, and whatever comes along with it; without words it is a change of the fields given.

    :raises Invalid: nothing at all was said.
    """

    def plan(_: Case) -> Step:
        after = facts.machines(machines)
        for address in cc:
            after |= facts.watcher(address)
        for name in tags:
            after |= facts.tag(name)
        return Step(after=after, text=text)

    said = bool(text.strip() or extra.files)
    if not said and not (
        machines
        or cc
        or tags
        or extra.fields
        or extra.worked
        or extra.next_action is not None
        or extra.alarm is not None
    ):
        raise Invalid("nothing_said", field="text")
    return write(number, Kind.NOTE if said else Kind.CHANGED, plan, by=by, door=door, extra=extra)


def reply(
    number: int,
    text: str,
    *,
    by: Actor,
    door: Door,
    extra: Extra = NOTHING,
    to: Sequence[str] | None = None,
) -> Written:
    """Answer the customer: the words are theirs to read, and are mailed to the reporter and those who watch.

    :param to: the addresses that are to get it, from those offered or new ones; None means everyone offered.
    :raises Invalid: there are no words.
    """
    if not text.strip():
        raise Invalid("empty_reply", field="text")

    def plan(case: Case) -> Step:
        people = facts.recipients(case)
        if to is not None:
            people = chosen(people, to)
        many = len(people) > 5 or any(looks_like_list(each["address"]) for each in people)
        return Step(text=text, facts={"to": people, "hold": HOLD_MANY if many else HOLD})

    return write(number, Kind.REPLY, plan, by=by, door=door, extra=extra)


def chosen(offered: list[dict[str, Any]], to: Sequence[str]) -> list[dict[str, Any]]:
    """Keep the recipients that were chosen, and add the addresses that are new.

    :raises Invalid: something given is not a mail address.
    """
    known = {each["address"].lower(): each for each in offered}
    people = []
    for address in dict.fromkeys(each.strip().lower() for each in to):
        if address in known:
            people.append(known[address])
        elif lookups.is_address(address):
            people.append({"address": address, "name": ""})
        else:
            raise Invalid("bad_address", field="to", given=address)
    return people


def take(number: int, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Make the ticket one's own.

    :raises WrongState: it is one's own already, or it has ended.
    :raises Invalid: only accounts own tickets.
    """

    def plan(case: Case) -> Step:
        if by.kind != "account" or by.id is None:
            raise Invalid("only_accounts_own", field="owner")
        if by.is_account(case.header.get("owner")):
            raise WrongState("already_yours", number=case.number)
        return Step(after={"owner": lookups.row(by.id, by.label)})

    return write(number, Kind.TAKEN, plan, by=by, door=door, extra=extra)


def give(number: int, to: str, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Make somebody else the owner, who is told by mail; an empty name puts the ticket back into its queue.

    :raises Invalid: there is no such account.
    :raises WrongState: the ticket is theirs already.
    """

    def plan(case: Case) -> Step:
        person = lookups.person(to)
        if person is not None and person["id"] == case.header.get("owner"):
            raise WrongState("already_theirs", owner=person["label"])
        return Step(after={"owner": person}, facts={"to": person["label"] if person else ""})

    return write(number, Kind.GIVEN, plan, by=by, door=door, extra=extra)


def refer(
    number: int,
    to: str,
    *,
    reference: str = "",
    clock: str = "",
    by: Actor,
    door: Door,
    extra: Extra = NOTHING,
) -> Written:
    """Hand the ticket to a vendor, a site or another NOC in one act: who, their number, whose time, timer, next action.

    :param to: a vendor of the inventory, or any name as it is said.
    :param clock: whose time runs from now on, vendor or customer; by itself what the state says, else the vendor's.
    :raises Invalid: nobody was named, or the clock is none to wait on.
    """
    who = one_line(to, field="to", limit=160)
    if not who:
        raise Invalid("nobody_named", field="to")
    wait_clock(clock)

    def plan(case: Case) -> Step:
        runs = waiting_clock(case.going, clock, "vendor")
        vendor = Vendor.objects.filter(name__iexact=who, retired_at=None).values_list("pk", "name").first()
        after: dict[str, Any] = {"clock": runs, "referred_to": vendor[1] if vendor else who}
        if vendor:
            after["vendor"] = lookups.row(*vendor)
        theirs = one_line(reference, field="reference", limit=120)
        if theirs:
            after["vendor_reference"] = theirs
        return Step(after=after, facts={"to": after["referred_to"], "clock": runs})

    return write(number, Kind.REFERRED, plan, by=by, door=door, extra=extra, clock=clock or "vendor")


def wait_clock(clock: str) -> str:
    """Check whose time is to run while a ticket waits; empty leaves it to the state.

    :raises Invalid: nobody's that can be waited for.
    """
    if clock and clock not in WAIT_CLOCKS:
        raise Invalid("bad_clock", field="clock", given=clock, known=list(WAIT_CLOCKS))
    return clock


def dispatch(number: int, to: str, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Send somebody: an account is told by mail, anybody else is written down.

    :raises Invalid: nobody was named.
    """
    who = one_line(to, field="to", limit=160)
    if not who:
        raise Invalid("nobody_named", field="to")

    def plan(_: Case) -> Step:
        account = User.objects.filter(name__iexact=who, is_active=True).values_list("pk", "name").first()
        name = account[1] if account else who
        facts = {"to": name, "account": account[0]} if account else {"to": name}
        return Step(after={"dispatched_to": name}, facts=facts)

    return write(number, Kind.DISPATCHED, plan, by=by, door=door, extra=extra)


def escalate(number: int, to: str, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Say that help from outside the NOC is needed, and whose (RFC 1297: escalated to).

    :raises Invalid: nobody was named.
    """
    who = one_line(to, field="to", limit=160)
    if not who:
        raise Invalid("nobody_named", field="to")
    return write(
        number,
        Kind.ESCALATED,
        lambda _: Step(after={"escalated_to": who}, facts={"to": who}),
        by=by,
        door=door,
        extra=extra,
    )


def change(
    number: int,
    fields: dict[str, Any],
    *,
    by: Actor,
    door: Door,
    extra: Extra = NOTHING,
    machines: Sequence[str] | None = None,
) -> Written:
    """Change header fields; `machines`, if given, is the whole new list.

    :raises Conflict: somebody else has changed one of them since the writer looked.
    """

    def plan(case: Case) -> Step:
        after: dict[str, Any] = {}
        if machines is not None:
            wanted = facts.machines(machines)
            present = {name for name in case.elements if name.startswith("machine/")}
            after = dict.fromkeys(present - wanted.keys()) | {
                name: value for name, value in wanted.items() if name not in present
            }
        return Step(after=after, mine=dict(fields))

    if not fields and machines is None:
        return update(number, by=by, door=door, extra=extra)
    return write(number, Kind.CHANGED, plan, by=by, door=door, extra=extra)


def suspend(number: int, clock: str = "", *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Let the ticket wait: somebody else's time runs from now (or from `extra.at`) on.

    :param clock: customer or vendor; by itself what the state says, else the customer's.
    :raises Invalid: the clock is none to wait on, or the state has another.
    :raises WrongState: it waits already, on the same time.
    """
    wait_clock(clock)

    def plan(case: Case) -> Step:
        runs = waiting_clock(case.going, clock, "customer")
        if case.going.end is None and case.meaning is Meaning.WAITING and case.header.get("clock") == runs:
            raise WrongState("waits_already", clock=runs)
        return Step(after={"clock": runs}, facts={"clock": runs})

    return write(number, Kind.SUSPENDED, plan, by=by, door=door, extra=extra, clock=clock or "customer")


def resume(number: int, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """End the wait: the NOC's time runs again."""

    def plan(case: Case) -> Step:
        runs = running_clock(case, case.going.state.starts or "noc")
        return Step(after={"clock": runs, "referred_to": None})

    return write(number, Kind.RESUMED, plan, by=by, door=door, extra=extra)


def move(number: int, state: str, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Bring the ticket into another state by a move of its life cycle's own, which no other act stands for.

    :param state: the state's name, a former one, or its title.
    :raises WrongState: the life cycle has no such moves from the present state.
    :raises Invalid: none of them leads to this state.
    """

    def plan(case: Case) -> Step:
        goes = case.going
        if goes.end is None:
            raise WrongState("in_state_already", state=goes.at.shown)
        after: dict[str, Any] = {}
        if goes.end.meaning is Meaning.WAITING and not goes.end.clock:
            after["clock"] = "customer"
        elif goes.at.meaning is Meaning.WAITING and goes.end.meaning is not Meaning.WAITING:
            after = {"clock": running_clock(case, goes.end.starts or "noc"), "referred_to": None}
        return Step(after=after, facts={"to": goes.end.name})

    wanted = one_line(state, field="state", limit=80)
    if not wanted:
        raise Invalid("no_state_named", field="state")
    return write(number, Kind.MOVED, plan, by=by, door=door, extra=replace(extra, state=wanted))
