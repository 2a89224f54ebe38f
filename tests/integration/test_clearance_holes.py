"""Who is not cleared for a class does not come by it, whatever of the configuration is theirs to change."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import GUEST, Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.desk import accounts, charts, configuring, marks, membership
from nocturne.desk.terms import Extra, Opening
from nocturne.store import configured
from nocturne.store.models import Queue, User
from tests.cast import Cast, account
from tests.fieldwork import put
from tests.unit.test_configuration import SECURITY


def document(kind: str, name: str) -> dict[str, Any]:
    return dict(configured.load().documents[kind, name])


@pytest.fixture
def stolen(cast: Cast, ada: Actor) -> int:
    """A ticket in the queue of the incident response team, of which nobody else knows."""
    put(SECURITY | {("group", "mine"): {}}, ada)
    membership.join("ada", "mine", by=ada, door=Door.WEB)
    sam = accounts.actor_of(account("sam", "csirt"))
    return desk.open(Opening(subject="Stolen laptop", queue="security"), by=sam, door=Door.WEB).number


def lower_the_queue() -> list[configuring.Changes]:
    return [{("queue", "security"): {"type": "trouble"}}]


def take_the_groups_place() -> list[configuring.Changes]:
    clearance = {**document("clearance", "csirt"), "group": "mine"}
    return [
        {
            ("group", "csirt"): None,
            ("group", "mine"): {"formerly": ["csirt"]},
            ("clearance", "csirt"): clearance,
        }
    ]


def take_it_away_and_give_it_anew() -> list[configuring.Changes]:
    given = {"group": "administrators", "sees": ["restricted", "security"]}
    return [{("clearance", "csirt"): None}, {("clearance", "mine"): given}]


def move_the_number() -> list[configuring.Changes]:
    given = {"group": "administrators", "sees": ["restricted", "mine"]}
    return [
        {("class", "security"): {"number": 11}},
        {("class", "mine"): {"number": 10}, ("clearance", "mine"): given},
    ]


@pytest.mark.req("R16.6", "S10")
@pytest.mark.parametrize(
    "attack", [lower_the_queue, take_the_groups_place, take_it_away_and_give_it_anew, move_the_number]
)
def test_who_administers_everything_does_not_come_by_a_class_they_do_not_hold(
    cast: Cast, ada: Actor, stolen: int, attack: Callable[[], list[configuring.Changes]]
) -> None:
    ada = accounts.actor_of(User.objects.get(name="ada"))
    *before, last = attack()
    for step in before:
        with suppress(Forbidden, Invalid):
            put(step, ada)
    with pytest.raises((Forbidden, Invalid)):
        put(last, ada)
    ada = accounts.actor_of(User.objects.get(name="ada"))
    with pytest.raises(NotFound):
        charts.header(stolen, ada)


@pytest.mark.req("R16.6")
def test_an_update_in_a_class_is_not_opened_by_giving_its_number_to_another(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    legal = {
        "group": "lawyers",
        "sees": ["staff", "legal"],
        "appends": ["staff", "legal"],
        "rights": ["work"],
    }
    put({("class", "legal"): {"number": 12}, ("group", "lawyers"): {}, ("clearance", "lawyers"): legal}, ada)
    lena = accounts.actor_of(account("lena", "lawyers"))
    words = Extra(data_class=DataClass.named("legal"))
    desk.update(trouble, "Privileged", by=lena, door=Door.WEB, extra=words)
    with pytest.raises(Invalid, match="number_kept"):
        put({("class", "legal"): {"number": 13}}, ada)
    put({("clearance", "lawyers"): None}, ada)
    with pytest.raises(Forbidden, match="granting_unheld_class"):
        put({("clearance", "own"): {"group": "administrators", "sees": ["legal"]}}, ada)
    assert "Privileged" not in [each.text for each in charts.entries(trouble, ada).entries]


@pytest.mark.req("R9.5", "R16.6")
def test_a_field_is_opened_by_those_alone_who_may_read_it(cast: Cast, ada: Actor, trouble: int) -> None:
    put(
        {
            ("group", "builders"): {},
            ("clearance", "builders"): {
                "group": "builders",
                "sees": ["staff"],
                "rights": ["work", "administer-configuration"],
            },
            ("field", "cve"): {"kind": "text", "class": "restricted"},
            ("field", "cause"): {"class": "restricted"},
        },
        ada,
    )
    bo = accounts.actor_of(account("bo", "builders"))
    desk.change(trouble, {"field/cve": "CVE-2026-1234"}, by=ada, door=Door.WEB)
    renamed = {"kind": "text", "class": "staff", "formerly": ["cve"]}
    for opening in (
        {("field", "cve"): {"kind": "text", "class": "staff"}},
        {("field", "cve"): None, ("field", "weakness"): renamed},
        {("field", "cause"): {"class": "public"}},
    ):
        with pytest.raises(Forbidden, match="granting_unheld_class"):
            put(opening, bo)
    put({("field", "cve"): {"kind": "text", "class": "staff"}}, ada)
    assert charts.chart(trouble, cast.anna).fields[0].values == ["CVE-2026-1234"]


@pytest.mark.req("R9.5")
def test_a_queue_that_is_there_does_not_swallow_another(cast: Cast, ada: Actor) -> None:
    put({("queue", "peering"): {}, ("queue", "night"): {}}, ada)
    desk.open(Opening(subject="Dark", queue="night"), by=cast.anna, door=Door.WEB)
    with pytest.raises(Invalid, match="in_use"):
        put({("queue", "night"): None, ("queue", "peering"): {"formerly": ["night"]}}, ada)
    assert Queue.objects.filter(name="night").exists()


@pytest.mark.req("R16.6", "S18")
def test_that_a_confidence_was_taken_away_is_told_to_those_who_could_read_it(
    trouble: int, mei: Actor, ada: Actor, anna: Actor
) -> None:
    secret = Extra(data_class=DataClass.RESTRICTED)
    said = desk.update(trouble, "Legal has been told.", by=mei, door=Door.WEB, extra=secret)
    before = charts.header(trouble, anna).version
    desk.redact(trouble, said.address, "Names a lawyer", by=ada, door=Door.WEB)
    assert charts.header(trouble, anna).version == before, "nothing has happened that is hers to know"
    as_anna, as_mei = (
        str([(each.kind, each.text, each.facts) for each in charts.entries(trouble, reader).entries])
        for reader in (anna, mei)
    )
    assert "redacted" not in as_anna
    assert "lawyer" not in as_anna
    assert "Names a lawyer" in as_mei
    plain = desk.update(trouble, "He called.", by=anna, door=Door.WEB)
    desk.redact(trouble, plain.address, "Wrong ticket", by=ada, door=Door.WEB)
    assert charts.header(trouble, anna).version != before, "what she could read is hers to miss"


@pytest.mark.req("R16.6", "S18")
def test_what_customers_hear_of_moves_no_mark_of_whoever_is_shown_less(
    cast: Cast, ada: Actor, anna: Actor
) -> None:
    put(
        {
            ("queue", "status"): {},
            ("clearance", "status"): {"party": "anybody", "queues": ["status"], "sees": ["public"]},
            ("field", "subject"): {"class": "public"},
        },
        ada,
    )
    notice = desk.open(Opening(subject="Works tonight", queue="status"), by=anna, door=Door.WEB).number
    before = marks.of(GUEST)
    for_customers = Extra(data_class=DataClass.CUSTOMER)
    desk.update(notice, "It takes longer.", by=anna, door=Door.WEB, extra=for_customers)
    assert marks.of(GUEST) == before
