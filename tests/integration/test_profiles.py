"""Ada sets a new site up from a profile, and the NOC's people find queues, fields and life cycles waiting."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest

from nocturne import desk
from nocturne.core.configuration import tree
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk import accounts, audit, charts, people, profiles, setup
from nocturne.desk import demo as lakenet
from nocturne.desk.terms import Opening
from nocturne.store import configured, lists
from nocturne.store.models import Audit, Installation, Queue
from tests.command import Nocturne
from tests.visitor import Visitor

NEW = "another-good-one-7"


@pytest.fixture
def empty(db: None) -> Iterator[None]:
    """A house that nobody has set up yet."""
    setup.forget_cached()
    yield
    setup.forget_cached()


def set_up(profile: str, **more: str) -> None:
    setup.perform(setup.SetUp("ada", NEW, name="lakenet", zone="America/Detroit", profile=profile, **more))
    configured.refresh()


def hired(name: str, groups: list[str]) -> Actor:
    return accounts.actor_of(people.add(name, groups=groups, by=desk.MACHINERY, door=Door.CLI))


@pytest.mark.req("R9.4", "R9.5")
@pytest.mark.parametrize("profile", profiles.PROFILES)
def test_every_profile_is_a_whole_configuration_without_a_fault(profile: str) -> None:
    documents = profiles.documents(profile)
    assert tree.everything_wrong(documents) == []
    files = tree.write(documents)
    assert tree.problems(files) == []
    assert tree.documents_in(files)[0] == documents
    fields = {name for kind, name in documents if kind == "field"}
    shown = {
        name for (kind, _), body in documents.items() if kind == "type" for name in body.get("fields", ())
    }
    assert shown == fields, "a field that no type shows, or the other way round"


@pytest.mark.req("R9.4")
@pytest.mark.parametrize(
    ("profile", "queues"),
    [
        ("minimal", {"general"}),
        ("nren", {"general", "backbone", "peering", "security", "customers", "planned"}),
        ("helpdesk", {"general", "workstation", "mainframe", "requests"}),
    ],
)
def test_a_site_set_up_from_a_profile_takes_tickets_in_its_queues(
    empty: None, profile: str, queues: set[str]
) -> None:
    set_up(profile, correspond_address="noc@lakenet.example")
    assert set(Queue.objects.values_list("name", flat=True)) == queues
    assert Queue.objects.get(name="general").correspond_address == "noc@lakenet.example"
    found = configured.load()
    assert (found.site.tag, found.site.zone) == ("lakenet", "America/Detroit")
    assert all(each.zone == "America/Detroit" for each in found.calendars.values())
    assert Installation.objects.get().name == "lakenet"
    ola = hired("ola", ["operators", *({"csirt"} & found.groups.keys())])
    for queue in queues:
        opening = Opening(
            subject=f"Something is wrong in {queue}", queue=queue, type=found.queues[queue].default_type
        )
        number = desk.open(opening, by=ola, door=Door.WEB).number
        assert charts.header(number, ola).header["queue"] == queue
    assert audit.verify() is None


@pytest.mark.req("R16.6", "R9.4")
def test_the_security_queue_of_a_research_network_is_nothing_to_who_is_not_cleared(empty: None) -> None:
    set_up("nren")
    sam = hired("sam", ["csirt"])
    ola = hired("ola", ["operators"])
    ada = accounts.actor_by_id(people.find("ada").pk)
    assert ada is not None
    before = lists.counts(ola, ["board"])
    number = desk.open(
        Opening(subject="Stolen keys", queue="security", type="incident"), by=sam, door=Door.WEB
    ).number
    assert charts.header(number, sam).header["subject"] == "Stolen keys"
    for other in (ola, ada):
        with pytest.raises(NotFound):
            charts.header(number, other)
    assert lists.counts(ola, ["board"]) == before


@pytest.mark.req("S10", "R9.4")
def test_the_set_up_page_offers_the_profiles_with_a_sentence_each(empty: None) -> None:
    link = setup.link()
    assert link is not None
    address = link.removeprefix(setup.base_url())
    visitor = Visitor()
    page = html.unescape(visitor.text(address))
    for name, meant in profiles.PROFILES.items():
        assert f"{name}: {meant}" in page
    values = visitor.forms(address)[0].values | {"admin": "ada", "password": NEW, "profile": "nren"}
    assert visitor.forms(address)[0].values["profile"] == "minimal"
    refused = visitor.post(address, values | {"again": "something else"})
    assert 'value="nren" checked' in refused.content.decode()
    visitor.post(address, values | {"again": NEW})
    assert Queue.objects.filter(name="peering").exists()
    assert set(Audit.objects.values_list("door", flat=True)) == {"web"}


def test_a_profile_that_does_not_exist_sets_nothing_up(empty: None, nocturne: Nocturne) -> None:
    said = nocturne("setup", "--admin", "ada", "--password-stdin", "--profile", "ncr", given=f"{NEW}\n")
    assert said.code == 1
    assert "There is no profile ncr" in said.err
    assert not setup.is_done()
    assert not Queue.objects.exists()


@pytest.mark.parametrize("profile", profiles.PROFILES)
def test_the_demonstration_works_on_top_of_every_profile(
    empty: None, nocturne: Nocturne, profile: str
) -> None:
    said = nocturne("setup", "--admin", "ada", "--password-stdin", "--profile", profile, given=f"{NEW}\n")
    assert said.code == 0, said
    lakenet.begin()
    lakenet.go_on()
    backbone = configured.load().queues["backbone"]
    assert backbone.default_type == ("network" if profile == "nren" else "trouble")
    assert "anna" in backbone.members
    assert Queue.objects.get(name="backbone").members.filter(name="anna").exists()
    assert Queue.objects.filter(name="engineering").exists()


@pytest.mark.req("S8")
def test_a_queue_that_a_command_makes_and_changes_is_a_document_and_audited(
    empty: None, nocturne: Nocturne
) -> None:
    set_up("minimal")
    hired("anna", ["operators"])
    assert nocturne("queue", "add", "peering", "--member", "ANNA", "--purpose", "Sessions").code == 0
    assert nocturne("queue", "change", "peering", "--silence-days", "9", "--purpose", "").code == 0
    body = configured.load().documents["queue", "peering"]
    assert body == {"type": "trouble", "silence_days": 9, "members": ["anna"]}
    rows = audit.found(subject_kind="queue", subject="peering")
    assert rows[0].after == body
    assert [row.door for row in rows] == ["cli", "cli"]
    assert all(row.actor_label.endswith(" on the host") for row in rows), "who ran it"
    assert nocturne("queue", "change", "peering", "--without-member", "anna").code == 0
    assert not Queue.objects.get(name="peering").members.exists()
