"""The permits and their twins in SQL say the same of every ticket, whatever a site has configured."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nocturne.core import explaining, permits
from nocturne.core.configuration import current
from nocturne.core.permits import Actor, SpeaksFor
from nocturne.core.query import matches
from nocturne.core.query.facts import Said
from nocturne.core.query.tree import And, Not, Or, Prefix, Term, Tree
from tests.configured import in_force
from tests.property.test_query_laws import NOW, TREES, tickets

__all__ = ["tickets"]

CLASSES = st.lists(
    st.sampled_from(["public", "customer", "staff", "restricted", "legal"]), max_size=2, unique=True
)
SOMETIMES = st.booleans() | st.just(False)
CLEARANCE = st.fixed_dictionaries(
    {
        "who": st.sampled_from(
            ["operators", "night", "reporter", "owner", "watcher", "representative", "anybody"]
        ),
        "sees": CLASSES,
    },
    optional={
        "queues": st.sampled_from([["general"], ["general-2"], ["general", "general-2"]]),
        "networks": st.just(["Backbone"]),
        "types": st.sampled_from([["complaint"], ["trouble", "planned"]]),
        "states": st.sampled_from([["open"], ["waiting", "resolved"], ["closed"]]),
    },
)
FACETED = st.recursive(
    st.one_of(
        *(
            st.builds(Term, st.just(key), st.sampled_from(known).map(lambda each: (each,)))
            for key, known in {
                "state": ("open", "waiting"), "owner": ("anna", "kofi", "me", None), "queue": ("general",),
                "type": ("complaint", "trouble"), "priority": (1, 2), "machine": ("cr1.aa", Prefix("cr")),
                "machine.site": ("Ann Arbor",), "site": ("Ann Arbor", None), "network": ("backbone", None),
                "is": ("open", "untaken", "waiting", "mine"),
            }.items()
        )
    ),
    lambda trees: st.one_of(
        st.builds(Not, trees), *(st.builds(each, st.tuples(trees, trees)) for each in (And, Or))
    ),
    max_leaves=3,
)  # fmt: skip
"""Questions of columns that the index knows as well as the tickets do."""
COLUMNS = ("subject", "owner", "priority", "circuit", "machine", "alarm_at", "state", "reporter")


def documents(clearances: list[dict[str, Any]], hidden: bool, columns: dict[str, str]) -> dict[Any, Any]:
    """Spell drawn clearances as documents; two queues, of which one may have a class of its own."""
    found: dict[Any, Any] = {
        ("class", "legal"): {"number": 12},
        ("group", "night"): {},
        ("queue", "general"): {},
        ("queue", "general-2"): {"class": "legal"} if hidden else {},
        **{("clearance", name): None for name in ("operators", "reporter", "representative")},
        **{("field", name): {"class": word} for name, word in columns.items()},
    }
    for place, each in enumerate(clearances):
        who = each["who"]
        party = {"group": who} if who in ("operators", "night") else {"party": who}
        found["clearance", f"c{place}"] = {
            **party,
            **{key: value for key, value in each.items() if key != "who"},
        }
    return found


@pytest.mark.django_db
@pytest.mark.req("R16.5", "R16.6", "S18")
def test_what_somebody_may_see_is_the_same_in_memory_and_in_sql(tickets: list[dict[str, Any]]) -> None:
    from nocturne.store import reach
    from nocturne.store import search as search_in_store
    from nocturne.store.fulltext import building, walking
    from nocturne.store.fulltext.writing import made_anew
    from nocturne.store.models import Contact, Machine, Network, Party, Queue, Ticket, User
    from nocturne.store.search import where

    anna = User.objects.get(name="anna")
    contact = Contact.objects.create(email="cleo@college.example")
    Ticket.objects.filter(number__in=range(1, 40, 5)).update(reporter=contact)
    for number in (3, 4, 20):
        Party.objects.create(ticket_id=number, key=f"watcher:account:{anna.pk}", value={})
    numbers = {
        "queue_ids": dict(Queue.objects.values_list("name", "pk")),
        "network_ids": dict(Network.objects.values_list("name", "pk")),
    }
    machine = Machine.objects.get(name="cr1.aa").pk
    made_anew([facts["number"] for facts in tickets])

    @example(  # the first thing that a new house does with a column is to give it another class
        clearances=[{"who": "owner", "sees": ["public"]}], hidden=False, columns={"subject": "public"}, groups=set(),
        is_reporter=False, speaks=False, narrowed=False, tree=Term("text", ("fibre",)),
    )  # fmt: skip
    @settings(max_examples=250, deadline=None, database=None)
    @given(
        clearances=st.lists(CLEARANCE, max_size=4),
        hidden=st.booleans(),
        columns=st.dictionaries(
            st.sampled_from(COLUMNS), st.sampled_from(["public", "restricted"]), max_size=2
        ),
        groups=st.sets(st.sampled_from(["operators", "night"])),
        is_reporter=st.booleans(),
        speaks=SOMETIMES,
        narrowed=SOMETIMES,
        tree=TREES | FACETED,
    )
    def agree(
        clearances: list[dict[str, Any]], hidden: bool, columns: dict[str, str], groups: set[str],
        is_reporter: bool, speaks: bool, narrowed: bool, tree: Tree,
    ) -> None:  # fmt: skip
        actor = Actor(
            "account", anna.pk, "anna", frozenset(groups), contact=contact.pk if is_reporter else None,
            speaks_for=SpeaksFor(machines=frozenset({machine})) if speaks else SpeaksFor(),
            only_queues=frozenset({numbers["queue_ids"]["general"]}) if narrowed else None,
        )  # fmt: skip
        with in_force(documents(clearances, hidden, columns), **numbers):
            rows = list(Ticket.objects.order_by("number").values(*reach.PLACE))
            places = {place["number"]: place for place in reach.places(rows, actor)}
            known = {number for number, place in places.items() if permits.in_scope(actor, place)}
            assert set(Ticket.objects.visible_to(actor).values_list("number", flat=True)) == known
            for number in current().class_words:
                condition = reach.visible(actor, number)
                scope = Ticket.objects.all() if condition is None else Ticket.objects.filter(condition)
                expected = {each for each, place in places.items() if number in permits.classes(actor, place)}
                assert set(scope.values_list("number", flat=True)) == expected
            explained = {
                each
                for each, place in places.items()
                if any(a.gives for a in explaining.why(actor, place, explaining.asked_by("ticket")).answers)
            }
            assert explained == known, "whoever asks why is told what is so"
            if building.is_due():
                building.begin()
                while building.step(1_000):
                    pass
            search(actor, tree, places)

    def search(actor: Actor, tree: Tree, places: dict[int, dict[str, Any]]) -> None:
        try:
            condition = where(tree, actor, now=NOW)
        except permits.Forbidden:
            return
        found = set(Ticket.objects.visible_to(actor).filter(condition).values_list("number", flat=True))
        expected = set()
        for facts in tickets:
            place = places[facts["number"]]
            seen = permits.classes(actor, place)

            def reads(column: str, seen: frozenset[int] = seen) -> bool:
                return current().class_of(column) in seen

            of_merged = [Said(each.text, current().class_of("subject")) for each in facts.get("said", ())]
            known = facts | {"said": of_merged if permits.held(actor).is_simple else []}
            if seen and matches(tree, known, "anna", now=NOW, reads=reads, seen=seen):
                expected.add(facts["number"])
        assert found == expected
        with patch.object(reach, "WIDE", -1), patch.dict(current().resolved):
            current().resolved.clear()
            condition = where(tree, actor, now=NOW, order="newest")
            scope = Ticket.objects.visible_to(actor, aside=True).filter(condition)
            assert set(scope.values_list("number", flat=True)) == expected, "however full their queues are"
        if (planned := search_in_store.planned(tree, actor, now=NOW, order="newest")) is not None:
            walked = [each for page in walking.walk(planned[0], actor, planned[1], now=NOW) for each in page]
            assert walked == sorted(expected, reverse=True), "and by the index alone, newest first"

    agree()
