"""Every word of the language means the same in memory and in SQL, whoever asks and whatever they may read.

The tickets are told by entries with changes of all kinds, in classes that only some read; readers and clearances are
drawn by lot. What is found in memory is worked out ticket by ticket from the books (`nocturne.desk.recalling`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nocturne.core import permits
from nocturne.core.permits import Actor
from nocturne.core.query import demand, matches, parse
from nocturne.core.query.facts import Known
from nocturne.core.query.tree import Query
from nocturne.core.refusals import Forbidden, Invalid
from tests.asked import ASKED, QUERIES
from tests.configured import in_force
from tests.property.test_permits_laws import CLEARANCE, documents
from tests.property.test_query_laws import tickets

pytestmark = pytest.mark.long

__all__ = ["tickets"]

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
MANY = 40
LADDER = (0, 1, 2, 3, 12)
COLUMNS = (
    "owner", "priority", "machine", "alarm_at", "state", "reporter", "parent", "relation", "party", "affected", "clock",
    "site", "type", "outage", "cause",
)  # fmt: skip


@pytest.fixture
def told(tickets: list[dict[str, Any]]) -> dict[str, int]:
    """This will tell a life of each of the forty tickets, and give the numbers of who may ask."""
    from nocturne.store import pasts
    from nocturne.store.fulltext.writing import made_anew
    from nocturne.store.models import (
        Affected,
        Attachment,
        Circuit,
        Contact,
        Entry,
        EntryText,
        FieldValue,
        Group,
        Machine,
        Network,
        Outage,
        Party,
        Question,
        Queue,
        Relation,
        Site,
        Ticket,
        TicketMachine,
        User,
        Vendor,
    )

    anna, kofi = User.objects.get(name="anna"), User.objects.get(name="kofi")
    mei = User.objects.create(name="mei", email="mei@noc.example")
    User.objects.filter(pk=anna.pk).update(email="anna@noc.example", full_name="Anna Lindqvist")
    for name, members in (("operators", [anna]), ("night", [kofi, mei])):
        group, _ = Group.objects.get_or_create(name=name)
        group.members.set(members)
    cleo = Contact.objects.create(name="Cleo", email="cleo@college.example", organisation="College")
    rowe = Contact.objects.create(name="rowe", email="rowe@site.example")
    nights = Queue.objects.create(name="nights")
    network, site, vendor = Network.objects.get(), Site.objects.get(), Vendor.objects.get()
    detroit = Site.objects.create(name="Detroit")
    emilie = Contact.objects.create(name="Émilie", email="emilie@site.example")
    mueller, zurich = Vendor.objects.create(name="Müller"), Site.objects.create(name="Zürich")
    juerg, machine = User.objects.create(name="jürg"), Machine.objects.create(name="är1")
    Site.objects.filter(pk=site.pk).update(network=network)
    Machine.objects.filter(name="cr1.aa").update(site=site, network=network)
    Machine.objects.filter(name="cr2.chi").update(site=detroit)
    Circuit.objects.update(vendor=vendor, network=network, from_site=site, to_site=detroit)
    people = [
        {"kind": "account", "id": anna.pk, "label": "anna"},
        {"kind": "account", "id": kofi.pk, "label": "kofi"},
    ]
    people += [
        {"kind": "contact", "id": cleo.pk, "label": "Cleo"},
        {"kind": "system", "id": None, "label": "Nocturne"},
    ]
    for number in range(1, MANY + 1):

        def at(hours: float, number: int = number) -> datetime:
            return NOW - timedelta(hours=hours, minutes=number)

        ago = {7: 200, 9: 2_500}.get(number % 10, (1, 5, 26, 50, 700)[number % 5])
        Ticket.objects.filter(pk=number).update(
            opened_at=at(ago),
            reporter=[None, cleo, rowe, emilie][number // 2 % 4],
            started_at=[None, at(30)][number % 2],
            restored_at=[None, at(3)][number // 3 % 2],
            resolved_at=[None, at(25)][number // 5 % 2],
            closed_at=[None, at(24)][number // 7 % 2],
            planned_start=[None, NOW + timedelta(hours=30), None, at(10)][number // 4 % 4],
            planned_end=[None, NOW + timedelta(hours=40)][number // 4 % 2],
            touched_staff_at=at(40 if number % 10 == 3 else number % 4),
            touched_customer_at=[None, at(20)][number % 2],
            worked=[None, 600, 5400][number % 3],
            cause=[None, "Fibre cut", "port", "Ölleck"][number // 2 % 4],
            resolution=[None, "spliced"][number // 3 % 2],
            vendor_reference=[None, "INC-77"][number // 4 % 2],
            key_component=[None, "port 3", "Fan"][number // 2 % 3],
            next_action=[None, "Call again", "wait"][number // 3 % 3],
            referred_to=[None, "Norlink NOC"][number // 5 % 2],
            destination_address=[None, "192.0.2.7"][number // 2 % 2],
            objected=[None, True, False][number // 3 % 3],
            opened_by=["anna", "Cleo"][number % 2],
        )
        ticket = Ticket.objects.filter(pk=number)
        if number % 7 == 3:
            ticket.update(vendor=mueller, site=zurich)
        if number % 8 == 1:
            ticket.update(checked_by=mei)
        if number % 10 == 9:
            ticket.update(queue=nights)
        if number % 12 == 2:
            ticket.update(alarm_at=NOW + timedelta(hours=20), ringing_since=None)
        if number in PARENTS:
            ticket.update(parent_id=PARENTS[number])
        if number % 11 == 5:
            ticket.update(owner=juerg)
            TicketMachine.objects.create(ticket_id=number, machine=machine)
        if number % 3 == 0:
            Party.objects.create(ticket_id=number, key=f"watcher:account:{anna.pk}", value={})
        if number % 5 == 0:
            Party.objects.create(ticket_id=number, key=f"watcher:contact:{cleo.pk}", value={})
        if number % 7 == 0:
            Party.objects.create(ticket_id=number, key=f"expert:account:{kofi.pk}", value={})
        for place in range(number % 3):
            kind = ("customer", "service")[place]
            value = {
                "kind": kind,
                "name": ({1: "Ölwerk", 3: "Lansing"}.get(number % 5, "College"), "Mail")[place],
                "effect": "down",
                "from": None,
                "to": None,
            }
            Affected.objects.create(ticket_id=number, key=f"1.{place}", value=value)
        Ticket.objects.filter(pk=number).update(affected_count=number % 3 or None)
        for place in range(number // 2 % 3):
            Outage.objects.create(ticket_id=number, key=f"1.{place}", value={})
        if number % 4 == 0:
            Relation.objects.create(ticket_id=number, kind="depends_on", other_id=number // 4)
        if number % 8 == 5:
            Relation.objects.create(ticket_id=number, kind="depends_on", other_id=number + 1)
        if number % 6 == 0:
            Relation.objects.create(ticket_id=number, kind="refers_to", other_id=number // 6 + 1)
        if number % 3 == 0:
            FieldValue.objects.create(ticket_id=number, key="tag:bgp", name="tag", value="bgp", text="bgp")
        row = Ticket.objects.get(pk=number)
        opening = [["clock", None, "noc"], ["state", None, {"name": "new", "meaning": "new"}]]
        state = {"name": row.state, "meaning": row.meaning}
        between = {"name": "waiting", "meaning": "waiting"}
        owner = {"id": row.owner_id, "label": "x"} if row.owner_id else None
        theirs = {"id": kofi.pk, "label": "kofi"}
        lives: list[list[list[Any]]] = [
            [["state", {"name": "new", "meaning": "new"}, between], ["clock", "noc", "vendor"]],
            [["state", between, state], ["clock", "vendor", row.clock]],
            [["owner", theirs, owner]] if number % 2 else [["owner", None, theirs], ["owner", theirs, owner]],
            [["severity", 1, row.severity], [f"machine/{Machine.objects.earliest('pk').pk}", "cr1.aa", None]],
            [["alarm_at", None, "2026-11-23T08:00:00.000000Z"]],
            [["cause", None, "Fibre cut"]] if number % 5 == 2 else [["next_action", None, "Call again"]],
        ]
        lives = [] if number % 13 == 0 else lives
        for seq, changes in enumerate(
            [opening, *(each for n, each in enumerate(lives) if (number + n) % 4)], start=1
        ):
            by = people[(number + seq) % 4]
            entry = Entry.objects.create(
                ticket_id=number, seq=seq, kind="opened" if seq == 1 else "changed",
                at=at(ago) + timedelta(minutes=37 * (seq - 1)), recorded_at=NOW, author_kind=by["kind"],
                author_id=by["id"], author_label=by["label"], door="web", born_class=2,
                shown_class=LADDER[(number + seq) % 5], changes=changes, address=f"{number}-{seq}", text_hash=b"",
                prev_hash=b"", hash=b"",
            )  # fmt: skip
            closed = [["subject", None, "x"]] if seq == 3 else []
            EntryText.objects.create(entry=entry, salt=b"", text=SAID[number % 3 * seq % 4], changes=closed)
            if seq == 1 and number % 3:
                person = anna if number % 6 == 2 else kofi
                asked: dict[str, Any] = {"user_id": person.pk, "asked": person.name}
                if number % 2:
                    group = Group.objects.get(name=("operators", "night")[number % 4 == 1])
                    asked = {"group": group, "asked": group.name}
                Question.objects.create(
                    key=f"q-{number}", ticket_id=number, entry=entry, at=NOW, author="anna",
                    state=("open", "answered")[number % 5 == 4], **asked,
                )  # fmt: skip
            if (number + seq) % 3 == 0:
                Attachment.objects.create(
                    entry=entry, ticket_id=number, name=("trace.txt", "Plan.pdf")[seq % 2], media_type="text/plain",
                    size=1, sha256="0", token=f"{number}-{seq}", redacted=seq == 4,
                )  # fmt: skip
    pasts.rebuild(range(1, MANY + 1))
    made_anew(range(1, MANY + 1), now=NOW)
    return {"anna": anna.pk, "kofi": kofi.pk, "cleo": cleo.pk}


def recalled(actor: Actor) -> dict[int, Known]:
    """Give what somebody may know of each ticket that they may know of."""
    from nocturne.desk import recalling
    from nocturne.store.models import Ticket

    rows = Ticket.objects.visible_to(actor).select_related(*recalling.ROWS_NAMED)
    return {ticket.pk: recalling.known(ticket, actor, now=NOW) for ticket in rows}


def asked_alike(text: str, actor: Actor, tickets: dict[int, Known] | None = None) -> set[int] | None:
    """Ask in both ways, and give what was found; None where the asker is refused."""
    from nocturne.store.models import Ticket
    from nocturne.store.search import where

    try:
        query = parse(text, now=NOW, zone="Europe/Zurich", reads=partial(permits.sees_column, actor))
        demand(query.tree, actor)
    except (Invalid, Forbidden):
        return None
    shown = Ticket.objects.visible_to(actor)
    by_sql = set(
        shown.filter(where(query.tree, actor, now=NOW, order="newest")).values_list("number", flat=True)
    )
    by_sql_not_walked = set(shown.filter(where(query.tree, actor, now=NOW)).values_list("number", flat=True))
    in_memory = {
        number
        for number, known in (recalled(actor) if tickets is None else tickets).items()
        if matches(query.tree, known.facts, None, now=NOW, reads=known.reads, seen=known.seen)
    }
    assert by_sql == in_memory, text
    assert by_sql_not_walked == in_memory, text
    assert found_alike(query, actor, in_memory), text
    return in_memory


def found_alike(query: Query, actor: Actor, expected: set[int]) -> bool:
    """Count and list in the ways that pages do, some at a time: each ticket comes once, whatever is walked."""
    from nocturne.desk import finding
    from nocturne.store import lists

    whole = replace(query, limit=None)
    assert set(finding.numbers(actor, whole, now=NOW, most=MANY)) == expected
    assert len(finding.numbers(actor, whole, now=NOW, most=3)) == min(len(expected), 4)
    newest = [row["number"] for row in finding.every(actor, whole, now=NOW, order="newest")]
    oldest = [row["number"] for row in finding.every(actor, whole, now=NOW, order="oldest")]
    urgent = [row["number"] for row in finding.every(actor, whole, now=NOW, order="priority")]
    assert newest == sorted(expected, reverse=True)
    assert oldest == sorted(expected, reverse=lists.followed("oldest", actor) == "newest")
    assert sorted(urgent) == sorted(expected)
    return True


@contextmanager
def a_few_at_a_time(*, at_all: bool) -> Iterator[None]:
    """Let even these few tickets be walked, a handful at a time, as a million are."""
    from nocturne.desk import finding
    from nocturne.store import farwalks, searchpast

    few = ((farwalks, "FIRST", 4), (farwalks, "LARGEST", 6), (farwalks, "FEW", 2), (farwalks, "SORTED", 2),
           (farwalks, "NEAR", 3), (farwalks, "WIDER", 2), (searchpast, "MANY", 1), (finding, "STEP", 5))  # fmt: skip
    with pytest.MonkeyPatch.context() as patched:
        for module, name, value in few if at_all else ():
            patched.setattr(module, name, value)
        yield


@pytest.mark.django_db
@pytest.mark.timeout(600)
@pytest.mark.req("R16.5", "S18", "R2.1")
def test_each_word_finds_the_same_in_memory_and_in_sql_and_most_find_some_and_not_others(
    told: dict[str, int],
) -> None:
    mei = Actor("account", told["anna"], "anna", frozenset({"supervisors"}))
    both = Actor("account", told["anna"], "anna", frozenset({"supervisors"}), contact=told["cleo"])
    told_to = {actor: recalled(actor) for actor in (mei, both)}
    found = {}
    for text in ASKED:
        actor = both if "reporter" in text else mei
        found[text] = asked_alike(text, actor, told_to[actor])
    idle = [text for text, numbers in found.items() if not numbers or len(numbers) == MANY]
    assert set(idle) <= NOTHING_TO_FIND, "these should tell tickets apart"


PARENTS = {3: 2, 8: 17, 14: 1, 15: 1, 20: 5, 21: 5}
"""Who hangs below whom, beside those that do anyhow: two complaints below one, a ticket below one that hangs itself."""
SAID = ("words", "et-0/1/0 went down at 10:25", "Note: 2001:db8::1 or de:ad:be:ef:00:01", "invoice 4711")
NOTHING_TO_FIND = {"clock:customer>=0m", "4711"}
"""Words that each of these tickets has, or none: they are asked with others by lot, and turned round."""


@pytest.mark.django_db
@pytest.mark.timeout(600)
@pytest.mark.req("R16.5", "R16.6", "S18")
def test_whatever_is_asked_by_whomever_is_found_alike_in_memory_and_in_sql(told: dict[str, int]) -> None:
    from nocturne.store.fulltext.building import begin, step
    from nocturne.store.fulltext.state import asked_as, state
    from nocturne.store.models import Network, Queue

    numbers = {
        "queue_ids": dict(Queue.objects.values_list("name", "pk")),
        "network_ids": dict(Network.objects.values_list("name", "pk")),
    }

    @settings(max_examples=200, deadline=None, database=None)
    @given(
        clearances=st.lists(CLEARANCE, min_size=1, max_size=4),
        hidden=st.booleans(),
        columns=st.dictionaries(
            st.sampled_from(COLUMNS),
            st.sampled_from(["public", "customer", "restricted", "legal"]),
            max_size=4,
        ),
        groups=st.sets(st.sampled_from(["operators", "night"]), min_size=1),
        is_reporter=st.booleans(),
        text=QUERIES,
        few=st.booleans(),
    )
    def agree(
        clearances: list[dict[str, Any]], hidden: bool, columns: dict[str, str], groups: set[str], is_reporter: bool,
        text: str, few: bool,
    ) -> None:  # fmt: skip
        contact = told["cleo"] if is_reporter else None
        actor = Actor("account", told["anna"], "anna", frozenset(groups), contact=contact)
        with in_force(documents(clearances, hidden, columns), **numbers) as configuration:
            known = state()
            if any(configuration.class_of(asked_as(name)) < old for name, old in known.moved().items()):
                begin()  # words that have been opened to more readers are found when the worker has made the index anew
                step(MANY)
            with a_few_at_a_time(at_all=few):
                asked_alike(text, actor)

    agree()
