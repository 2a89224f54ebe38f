"""Laws of the query language: any text is read or refused, and both interpreters find the same tickets."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nocturne.core.entry import DataClass
from nocturne.core.permits import Actor
from nocturne.core.query import matches, parse
from nocturne.core.query.facts import Said
from nocturne.core.query.tree import And, Not, Or, Term, Tree
from nocturne.core.refusals import Invalid

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PIECES = st.sampled_from(
    [
        *'()-"\\, :',
        "or",
        "not",
        "is:",
        "is:open",
        "owner:",
        "me",
        "none",
        "order:",
        "newest",
        "4711",
        "node:a",
        "x",
        "#",
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    text=st.lists(PIECES, max_size=10).map("".join)
    | st.lists(PIECES, max_size=8).map(" ".join)
    | st.text(max_size=30)
)
def test_any_text_is_a_query_or_is_refused_at_a_place_in_it(text: str) -> None:
    with contextlib.suppress(Invalid):
        matches(parse(text).tree, {}, None, now=NOW)
    try:
        parse(text)
    except Invalid as refused:
        position = refused.params["position"]
        inside = isinstance(position, int) and 0 <= position <= len(text)
    else:
        inside = True
    assert inside


def value(*known: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(known), min_size=1, max_size=2).map(tuple)


TERMS = st.one_of(
    *(
        st.builds(Term, st.just(key), value(*known))
        for key, known in {
            "is": ("open", "mine", "untaken", "waiting", "closed", "overdue", "noalarm", "merged", "signoff"),
            "state": ("open", "waiting"),
            "owner": ("anna", "KOFI", "me", None, "nobody"),
            "queue": ("general", "nowhere"),
            "type": ("complaint", "trouble"),
            "clock": ("noc", "vendor"),
            "priority": (1, 2),
            "severity": (3, 4),
            "machine": ("cr1.aa", "CR2.chi", None, "x_1%"),
            "site": ("Ann Arbor", None),
            "network": ("backbone", None),
            "circuit": ("NL-1", None),
            "vendor": ("norlink", None),
            "parent": (1, 2, None),
            "number": (1, 2, 3),
            "text": ("fibre", "CUT", "50%", "a_b", "\\", "nonsense"),
        }.items()
    )
)
TREES: st.SearchStrategy[Tree] = st.recursive(
    TERMS,
    lambda trees: st.one_of(
        st.builds(Not, trees),
        st.builds(And, st.lists(trees, max_size=3).map(tuple)),
        st.builds(Or, st.lists(trees, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)


@pytest.fixture
def tickets(db: None) -> list[dict[str, Any]]:
    """Forty tickets of every kind, and the facts of each as a reader in memory has them."""
    from nocturne.store.fulltext.writing import made_anew
    from nocturne.store.models import (
        Circuit,
        Machine,
        Network,
        Queue,
        Site,
        Ticket,
        TicketMachine,
        User,
        Vendor,
    )

    owners = [None, User.objects.create(name="anna"), User.objects.create(name="kofi")]
    queue = Queue.objects.create(name="general-2")
    queues = [Queue.objects.get_or_create(name="general")[0], queue]
    networks = [None, Network.objects.create(name="Backbone")]
    sites = [None, Site.objects.create(name="Ann Arbor")]
    circuits = [None, Circuit.objects.create(name="NL-1")]
    vendors = [None, Vendor.objects.create(name="Norlink")]
    machines = [Machine.objects.create(name=name) for name in ("cr1.aa", "cr2.chi", "x_1%")]
    subjects = ["Fibre cut at 50%", "a_b is down", "axb is up", "fibre \\ copper", "Cut"]
    meanings = ["open", "waiting", "resolved", "closed", "new"]
    found: list[dict[str, Any]] = []
    for number in range(1, 41):
        chosen: dict[str, Any] = {
            "number": number,
            "subject": subjects[number % 5],
            "state": meanings[number % 7 % 5],
            "meaning": meanings[number % 7 % 5],
            "clock": ["noc", "vendor", "stopped"][number % 3],
            "type": ["trouble", "complaint", "planned"][number // 2 % 3],
            "priority": number % 4 + 1,
            "severity": number // 3 % 4 + 1,
            "owner": owners[number % 3],
            "queue": queues[number % 2],
            "network": networks[number // 2 % 2],
            "site": sites[number // 3 % 2],
            "circuit": circuits[number // 4 % 2],
            "vendor": vendors[number // 5 % 2],
            "alarm_at": [None, NOW - timedelta(hours=1), NOW + timedelta(hours=1)][number // 2 % 3],
            "ringing_since": [None, None, NOW][number // 4 % 3],
            "checked_by": owners[number // 6 % 3],
            "parent_id": number - 1 if number % 4 == 2 else None,
            "merged_into_id": number - 2 if number % 9 == 0 else None,
        }
        ticket = Ticket.objects.create(
            **chosen, opened_by="anna", opened_at=NOW, touched_at=NOW, clock_since=NOW
        )
        on = [machine for place, machine in enumerate(machines) if number % (place + 2) == 0]
        TicketMachine.objects.bulk_create(TicketMachine(ticket=ticket, machine=machine) for machine in on)
        named = {name: getattr(each, "name", each) for name, each in chosen.items()}
        parents = {"parent": chosen["parent_id"], "merged_into": chosen["merged_into_id"]}
        found.append(named | parents | {"machines": [machine.name for machine in on]})
    made_anew([facts["number"] for facts in found])
    for facts in found:
        if facts["merged_into"] is not None:  # by these words who reads everything finds the survivor
            said = found[facts["merged_into"] - 1].setdefault("said", [])
            said.append(Said(facts["subject"], int(DataClass.CUSTOMER)))
    return found


@pytest.mark.django_db
@pytest.mark.req("R16.6")
def test_both_interpreters_find_the_same_tickets(tickets: list[dict[str, Any]]) -> None:
    from nocturne.store.models import Ticket, User
    from nocturne.store.search import where

    anna = Actor("account", User.objects.get(name="anna").pk, "anna", frozenset({"supervisors"}))
    nobody = Actor("system", None, "Nocturne")

    @settings(max_examples=120, deadline=None, database=None)
    @given(tree=TREES, known=st.booleans())
    def agree(tree: Tree, known: bool) -> None:
        condition = where(tree, anna if known else nobody, now=NOW)
        by_sql = list(Ticket.objects.filter(condition).order_by("number").values_list("number", flat=True))
        me = "anna" if known else None
        assert by_sql == [facts["number"] for facts in tickets if matches(tree, facts, me, now=NOW)]

    agree()
