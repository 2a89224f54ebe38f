"""The configuration is changed whole, audited, and taken back; nobody gives what they do not hold."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.desk import accounts, audit, charts, configuring
from nocturne.desk.terms import Extra, Opening
from nocturne.store import configured, lists
from nocturne.store.models import Audit, ConfigurationDocument, Group, Queue, Ticket
from tests.cast import Cast, account
from tests.unit.test_configuration import SECURITY


def put(changes: configuring.Changes, by: Actor) -> list[tuple[str, str]]:
    done = configuring.change(changes, by=by, door=Door.WEB)
    configured.refresh()
    return done


@pytest.mark.req("R9.5", "S8")
def test_a_queue_is_built_without_code_and_without_restart(cast: Cast, ada: Actor) -> None:
    put(
        {
            ("queue", "peering"): {
                "title": "Peering",
                "correspond": "peering@lakenet.example",
                "members": ["anna"],
            }
        },
        ada,
    )
    row = Queue.objects.get(name="peering")
    assert row.correspond_address == "peering@lakenet.example"
    assert [each.name for each in row.members.all()] == ["anna"]
    opened = desk.open(Opening(subject="BGP down", queue="peering"), by=cast.anna, door=Door.WEB)
    assert Ticket.objects.get(pk=opened.number).queue_id == row.pk


@pytest.mark.req("R16.6", "S8")
def test_a_queue_for_few_is_nothing_to_the_others_not_even_a_count(cast: Cast, ada: Actor) -> None:
    put(SECURITY, ada)
    sam = accounts.actor_of(account("sam", "csirt"))
    before = lists.counts(cast.anna, ["board"])
    number = desk.open(Opening(subject="Stolen laptop", queue="security"), by=sam, door=Door.WEB).number
    desk.update(number, "Keys are on it.", by=sam, door=Door.WEB)
    assert charts.header(number, sam).header["subject"] == "Stolen laptop"
    assert [row["number"] for row in lists.rows(sam).rows] == [number]
    for other in (cast.anna, cast.mei, cast.ada):
        with pytest.raises(NotFound):
            charts.chart(number, other)
        assert number not in [row["number"] for row in lists.rows(other).rows]
        with pytest.raises(NotFound):
            desk.update(number, "hello", by=other, door=Door.WEB)
    assert lists.counts(cast.anna, ["board"]) == before


@pytest.mark.req("R16.6")
def test_an_entry_of_a_local_class_is_read_by_its_readers_alone(cast: Cast, ada: Actor, trouble: int) -> None:
    put({("class", "legal"): {"number": 12}, ("group", "lawyers"): {}}, ada)
    lawyer = {
        "group": "lawyers",
        "sees": ["staff", "legal"],
        "appends": ["staff", "legal"],
        "rights": ["work"],
    }
    put({("clearance", "lawyers"): lawyer}, ada)
    lena = accounts.actor_of(account("lena", "lawyers"))
    before = {who.label: charts.header(trouble, who).version for who in (cast.anna, cast.mei, lena)}
    desk.update(
        trouble, "Privileged", by=lena, door=Door.WEB, extra=Extra(data_class=DataClass.named("legal"))
    )
    assert "Privileged" in [each.text for each in charts.entries(trouble, lena).entries]
    for other in (cast.anna, cast.mei, cast.ada):
        assert "Privileged" not in [each.text for each in charts.entries(trouble, other).entries]
    assert charts.header(trouble, cast.anna).version == before["anna"]
    assert charts.header(trouble, cast.mei).version == before["mei"]
    assert charts.header(trouble, lena).version != before["lena"]
    with pytest.raises(Forbidden):
        desk.update(
            trouble, "x", by=cast.mei, door=Door.WEB, extra=Extra(data_class=DataClass.named("legal"))
        )


@pytest.mark.req("R9.5")
def test_a_change_that_is_wrong_in_one_place_changes_nothing(cast: Cast, ada: Actor) -> None:
    before = dict(configured.load().documents)
    with pytest.raises(Invalid):
        put({("queue", "good"): {}, ("queue", "bad"): {"type": "no-such-type"}}, ada)
    assert configured.load().documents == before
    assert not Queue.objects.filter(name="good").exists()
    assert not Audit.objects.exists()


@pytest.mark.req("R9.5")
def test_every_change_is_written_down_and_can_be_taken_back(cast: Cast, ada: Actor) -> None:
    put({("queue", "peering"): {"title": "Peering"}}, ada)
    put({("queue", "peering"): {"title": "Sessions"}, ("queue", "ixp"): {}}, ada)
    latest = configuring.history("queue", "peering")[0]
    assert (latest.actor_label, latest.before, latest.after) == (
        "ada",
        {"title": "Peering"},
        {"title": "Sessions"},
    )
    configuring.revert(latest.pk, by=ada, door=Door.WEB)
    assert configured.load().queues["peering"].title == "Peering"
    assert "ixp" not in configured.load().queues
    assert audit.verify() is None


@pytest.mark.req("R8.1")
def test_the_audit_cannot_be_changed_and_notices_when_it_was(cast: Cast, ada: Actor) -> None:
    put({("queue", "peering"): {}}, ada)
    for statement in ("UPDATE audit SET actor_label = 'mei'", "DELETE FROM audit"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    drop = "DROP TRIGGER audit_stays" + (" ON audit" if connection.vendor == "postgresql" else "")
    with connection.cursor() as cursor:
        cursor.execute(drop)
        cursor.execute("UPDATE audit SET actor_label = 'mei'")
    broken = audit.verify()
    assert broken is not None
    assert broken.reason == "changed"


@pytest.mark.req("S10")
def test_who_may_not_administer_changes_nothing(cast: Cast) -> None:
    for who in (cast.anna, cast.mei, cast.cleo):
        with pytest.raises(Forbidden):
            put({("queue", "peering"): {}}, who)
    assert ConfigurationDocument.objects.filter(name="peering").count() == 0


@pytest.mark.req("R16.6", "S10")
def test_nobody_grants_what_they_do_not_hold(cast: Cast, ada: Actor) -> None:
    deputy = {"group": "supervisors", "sees": ["staff"], "appends": ["staff"], "changes": ["staff"],
              "rights": ["work", "administer-clearances"]}  # fmt: skip
    put({("clearance", "supervisors"): deputy}, ada)
    operators = configured.load().documents["clearance", "operators"]
    for more in ({"sees": ["restricted"]}, {"rights": ["work", "redact"]}):
        with pytest.raises(Forbidden):
            put({("clearance", "operators"): {**operators, **more}}, cast.mei)
    put({("clearance", "operators"): {**operators, "help": "Everybody on shift."}}, cast.mei)
    put(SECURITY, ada)
    with pytest.raises(Forbidden):
        put(
            {("clearance", "own"): {"group": "supervisors", "queues": ["security"], "sees": ["security"]}},
            cast.mei,
        )


@pytest.mark.req("R9.5")
def test_what_is_in_use_is_retired_and_not_removed(cast: Cast, ada: Actor, trouble: int) -> None:
    put(
        {
            ("queue", "general"): {"title": "General"},
            ("group", "night"): {},
            ("class", "legal"): {"number": 12},
        },
        ada,
    )
    account("nora", "night")
    for document in (("queue", "general"), ("group", "night")):
        with pytest.raises(Invalid) as refused:
            put({document: None}, ada)
        assert refused.value.code == "configuration_in_use"
    put({("class", "legal"): None}, ada)
    assert Ticket.objects.get(pk=trouble).queue.name == "general"
    assert Group.objects.filter(name="night").exists()


@pytest.mark.req("R9.5")
def test_renaming_a_queue_moves_no_ticket_and_loses_no_mail(cast: Cast, ada: Actor) -> None:
    put(
        {("queue", "peering"): {}, ("clearance", "peers"): {"group": "operators", "queues": ["peering"]}}, ada
    )
    number = desk.open(Opening(subject="BGP down", queue="peering"), by=cast.anna, door=Door.WEB).number
    configuring.rename("queue", "peering", "interconnection", by=ada, door=Door.WEB)
    configured.refresh()
    assert charts.header(number, cast.anna).header["queue"] == "interconnection"
    assert configured.load().clearances["peers"].queues == ("interconnection",)
    again = desk.open(
        Opening(subject="By the old name", queue="peering"), by=cast.anna, door=Door.MAIL
    ).number
    assert Ticket.objects.get(pk=again).queue.name == "interconnection"
    row = configuring.history("queue", "interconnection")[0]
    configuring.revert(row.pk, by=ada, door=Door.WEB)
    assert Queue.objects.filter(name="peering").exists()
