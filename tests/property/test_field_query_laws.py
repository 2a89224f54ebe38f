"""Local fields are found alike by both interpreters of the query language, whatever is asked of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nocturne.core import configuration
from nocturne.core.configuration import assemble, current
from nocturne.core.configuration.standard import STANDARD_DOCUMENTS
from nocturne.core.fieldvalues import Context, searchable, spell_all
from nocturne.core.permits import Actor
from nocturne.core.query import matches, parse
from nocturne.core.query.tree import And, Term
from nocturne.core.refusals import Invalid
from tests.local_fields import FIELDS

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVERYBODY = Actor("system", None, "Nocturne")
TYPED: dict[str, list[list[str]]] = {
    "cve": [[], ["CVE-2026-1234"], ["CVE-2026-9999"], ["CVE-2025-0001"]],
    "bandwidth": [[], ["10G"], ["100G"], ["2.5M"]],
    "layer": [[], ["link"], ["fibre"], ["routing"]],
    "hosts": [[], ["10.0.0.1"], ["10.0.0.1", "192.0.2.7"], ["2001:db8::1"], ["10.1.2.x"]],
    "due": [[], ["2026-11-22"], ["2026-12-01"], ["2027-01-01"]],
}
ASKED = st.sampled_from(
    [
        "cve:CVE-2026-*", "cve:cve-2026-1234", "cve:none", "cve:*", "cve:nothing", "bandwidth:>10G",
        "bandwidth:>=10G", "bandwidth:1M..10G", "bandwidth:10000M,100G", "bandwidth:none", "layer:link",
        "layer:Fibre", "layer:routing,none", "hosts:10.0.0.0/8", "hosts:192.0.2.7", "hosts:10.1.2.x",
        "hosts:none", 'hosts:"2001:db8::/32"', "hosts:>10.0.0.1", "due:2026", "due:2026-12", "due:<today",
        "due:>=today", "due:2026-11-22..2026-12-31", "tag:bgp", "tag:none", "tag:b*", "advisory:CVE-2026-1234",
    ]
)  # fmt: skip
QUERIES = st.lists(st.tuples(st.sampled_from(["", "-"]), ASKED).map("".join), min_size=1, max_size=3).map(
    " ".join
)


@pytest.fixture
def tickets(db: None) -> Iterator[list[dict[str, Any]]]:
    """Forty tickets with values of all kinds, some under a name that the field has had."""
    from nocturne.store.models import FieldValue, Queue, Ticket

    documents = {**STANDARD_DOCUMENTS, **FIELDS}
    documents["field", "cve"] = {**FIELDS["field", "cve"], "formerly": ["advisory"], "strict": False}
    configuration.use(assemble(documents))
    queue = Queue.objects.get_or_create(name="general")[0]
    found: list[dict[str, Any]] = []
    for number in range(1, 41):
        Ticket.objects.create(
            number=number, subject="x", state="open", meaning="open", clock="noc", type="trouble", queue=queue,
            opened_by="anna", opened_at=NOW, touched_at=NOW, clock_since=NOW,
        )  # fmt: skip
        facts: dict[str, Any] = {"number": number}
        for turn, (name, choices) in enumerate(TYPED.items(), start=1):
            field = current().field(name)
            assert field is not None
            typed = choices[number * turn // 2 % len(choices)]
            values = spell_all(replace(field, many=True), typed, Context(NOW), warnings=[])
            facts[f"field/{name}"] = [searchable(each) for each in values]
            kept = "advisory" if name == "cve" and number % 2 else name
            for place, each in enumerate(values):
                key = f"{kept}:{place}" if field.many else kept
                where = searchable(each)
                FieldValue.objects.create(
                    ticket_id=number, key=key, name=kept, value=each, text=where.text, number=where.number,
                    at=where.at,
                )  # fmt: skip
        tags = ["bgp"] if number % 3 == 0 else []
        for tag in tags:
            FieldValue.objects.create(ticket_id=number, key=f"tag:{tag}", name="tag", value=tag, text=tag)
        facts["field/tag:"] = [searchable(each) for each in tags]
        found.append(facts)
    yield found
    configuration.use(None)


@pytest.mark.django_db
@pytest.mark.req("R9.1")
def test_both_interpreters_find_the_same_tickets_by_local_fields(tickets: list[dict[str, Any]]) -> None:
    from nocturne.store import search
    from nocturne.store.models import Ticket

    @settings(max_examples=150, deadline=None, database=None)
    @given(text=QUERIES, order=st.sampled_from(["newest", "priority"]), few=st.sampled_from([0, 5, 20_000]))
    def agree(text: str, order: str, few: int) -> None:
        tree = parse(text, now=NOW).tree
        with patch.object(search, "FEW", few):
            by_sql = Ticket.objects.filter(search.where(tree, EVERYBODY, now=NOW, order=order)).order_by(
                "number"
            )
        expected = [facts["number"] for facts in tickets if matches(tree, facts, None, now=NOW)]
        assert list(by_sql.values_list("number", flat=True)) == expected

    agree()
    asked = [parse(f"{text}", now=NOW).tree for text in ("cve:CVE-2026-*", "bandwidth:>10G", "due:2026-12")]
    assert all(any(matches(tree, facts, None, now=NOW) for facts in tickets) for tree in asked)


@pytest.mark.req("R9.1")
@pytest.mark.parametrize(
    ("text", "reason"),
    [("bandwidth:>wide", "unknown_value"), ("due:whenever", "unknown_value"), ("bandwith:1", "unknown_key")],
)
def test_a_question_that_no_field_can_answer_is_refused(text: str, reason: str) -> None:
    configuration.use(assemble({**STANDARD_DOCUMENTS, **FIELDS}))
    try:
        with pytest.raises(Invalid) as refused:
            parse(text, now=NOW)
    finally:
        configuration.use(None)
    assert refused.value.params["reason"] == reason
    if reason == "unknown_key":
        assert refused.value.params["suggestion"] == "bandwidth"


def test_a_time_is_no_slip_of_a_key() -> None:
    assert parse("10:25 down").tree == And((Term("text", ("10:25",), 0), Term("text", ("down",), 6)))
