"""Local fields are found through their index, asked for in the search box, and set in one line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.utils import timezone

from nocturne import desk
from nocturne.core import configuration
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.query import parse
from nocturne.core.refusals import Forbidden, Invalid
from nocturne.desk import charts, line
from nocturne.desk.localfields import as_object
from nocturne.desk.terms import Opening
from nocturne.store.models import Ticket
from nocturne.store.search import where
from tests.cast import Cast
from tests.local_fields import FIELDS, configure


@pytest.fixture(autouse=True)
def fields(ada: Actor) -> Iterator[None]:
    configure(FIELDS, by=ada)
    yield
    configuration.use(None)


def found(query: str, actor: Actor) -> list[int]:
    condition = where(parse(query, now=timezone.now(), zone=actor.zone).tree, actor, now=timezone.now())
    return list(
        Ticket.objects.visible_to(actor).filter(condition).order_by("number").values_list("number", flat=True)
    )


@pytest.mark.req("R9.1")
@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("cve:CVE-2026-1234", "ticket_field_by_text"),
        ("cve:CVE-2026-*", "ticket_field_by_text"),
        ("bandwidth:>10G", "ticket_field_by_number"),
        ("due:2026-12", "ticket_field_by_at"),
        ("hosts:10.0.0.0/8", "ticket_field_by_text"),
        ("tag:bgp", "ticket_field_by_text"),
    ],
)
def test_a_field_is_found_through_its_index(anna: Actor, trouble: int, query: str, index: str) -> None:
    condition = where(parse(query, now=timezone.now()).tree, anna, now=timezone.now())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # a table of ten rows is read whole by choice
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in Ticket.objects.filter(condition).explain()


@pytest.mark.req("R9.1", "R9.5")
def test_a_ticket_is_found_by_a_field_under_its_old_and_its_new_name(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    from nocturne.desk import configuring
    from nocturne.store import configured

    desk.change(trouble, {"field/cve": "CVE-2026-1234"}, by=cast.anna, door=Door.WEB)
    configuring.rename("field", "cve", "advisory", by=ada, door=Door.WEB)
    configured.refresh()
    assert found("advisory:cve-2026-1234", cast.anna) == [trouble]
    assert found("cve:CVE-2026-*", cast.anna) == [trouble]
    assert found("cve:none", cast.anna) == []


@pytest.mark.req("R16.6")
def test_what_may_not_be_read_cannot_be_found(cast: Cast, ada: Actor, trouble: int) -> None:
    configure({("field", "cve"): {**FIELDS["field", "cve"], "class": "restricted"}}, by=ada)
    desk.change(trouble, {"field/cve": "CVE-2026-1234"}, by=cast.mei, door=Door.WEB)
    assert found("cve:CVE-2026-*", cast.mei) == [trouble]
    with pytest.raises(Forbidden):
        found("cve:CVE-2026-*", cast.anna)
    with pytest.raises(Forbidden):
        found("-cve:none", cast.anna)


@pytest.mark.req("R9.1", "R14.1")
def test_one_line_sets_fields_by_their_names(anna: Actor, trouble: int) -> None:
    typed = f'{trouble} patched cve:CVE-2026-1234 bandwidth:"2.5 Gbit/s" hosts:10.0.0.1,10.0.0.2'
    understood = line.perform(typed, by=anna, door=Door.CLI, now=timezone.now())
    assert ("cve", "CVE-2026-1234") in understood.chips
    assert as_object(charts.chart(trouble, anna).fields) == {
        "cve": "CVE-2026-1234",
        "bandwidth": 2_500_000_000,
        "hosts": ["10.0.0.1", "10.0.0.2"],
    }
    line.perform(f"{trouble} cve:none hosts:-", by=anna, door=Door.CLI, now=timezone.now())
    assert as_object(charts.chart(trouble, anna).fields) == {"bandwidth": 2_500_000_000}
    with pytest.raises(Invalid) as refused:
        line.perform(f"{trouble} cve:wrong", by=anna, door=Door.CLI, now=timezone.now())
    assert refused.value.field == "field/cve"


@pytest.mark.req("R9.1")
def test_a_tag_is_found(anna: Actor, trouble: int) -> None:
    desk.update(trouble, tags=["BGP"], by=anna, door=Door.WEB)
    desk.open(Opening(subject="Other"), by=anna, door=Door.WEB)
    assert found("tag:bgp", anna) == [trouble]
    assert found("-tag:none", anna) == [trouble]
