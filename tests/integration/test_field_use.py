"""Which fields earn their place: filled by people, asked for by queries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nocturne import desk
from nocturne.core import configuration
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import fielduse
from nocturne.desk.terms import Opening
from tests.caller import caller
from tests.cast import Cast
from tests.local_fields import FIELDS, configure


@pytest.fixture(autouse=True)
def fields(ada: Actor) -> Iterator[None]:
    configure(FIELDS, by=ada)
    fielduse.forget()
    yield
    fielduse.forget()
    configuration.use(None)


def figure(column: str, by: Actor) -> fielduse.Figures:
    return next(each for each in fielduse.figures(by) if each.column == column)


@pytest.mark.req("R9.1")
def test_it_is_told_how_often_a_field_was_filled_and_asked_for(ada: Actor, anna: Actor, trouble: int) -> None:
    desk.change(
        trouble, {"field/cve": "CVE-2026-1234", "field/hosts": "10.0.0.1,10.0.0.2"}, by=anna, door=Door.WEB
    )
    desk.open(Opening(subject="Move", type="planned", circuit="NL-IC-3321"), by=anna, door=Door.WEB)
    calls = caller(anna)
    for query in ("cve:*", "cve:none or owner:me", "bandwidth:>1G"):
        calls.get(f"/tickets?q={query}")
    fielduse.write_noted()
    cve, hosts, rack = (figure(f"field/{name}", ada) for name in ("cve", "hosts", "rack"))
    assert (cve.title, cve.filled, cve.of, cve.asked, cve.share) == ("CVE", 1, 2, 2, 0.5)
    assert (hosts.filled, hosts.asked, hosts.last_asked_at) == (1, 0, None)
    assert (rack.filled, rack.of) == (0, 1), "only planned work has it"
    assert (figure("circuit", ada).filled, figure("owner", ada).asked) == (1, 1)


@pytest.mark.req("R9.1")
def test_a_second_look_counts_nothing_anew(ada: Actor, trouble: int) -> None:
    fielduse.figures(ada)
    with CaptureQueriesContext(connection) as asked:
        fielduse.figures(ada)
    assert len(asked) == 1


@pytest.mark.req("R16.6")
def test_who_may_not_read_a_field_everywhere_is_not_told_how_often_it_is_filled(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    configure({("class", "legal"): {"number": 12}}, by=ada)
    configure({("field", "cve"): {**FIELDS["field", "cve"], "class": "legal"}}, by=ada)
    assert figure("field/cve", ada).filled is None
    assert figure("field/due", ada).filled == 0
