"""What finds nothing is told what in it nothing can fit, as far as whoever asks may look it up."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.utils import timezone

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import completing, finding, understanding
from nocturne.desk.terms import Affected, Opening
from nocturne.store.models import Contact, Group, User
from tests.caller import reporter
from tests.cast import Cast
from tests.visitor import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.req("R2.1")]


@pytest.fixture
def people(cast: Cast, trouble: int) -> Cast:
    """Somebody with a full name and an address, somebody who has left, and a customer."""
    User.objects.filter(name="anna").update(full_name="Anna Lindqvist", email="anna@noc.example")
    User.objects.create(name="gone", is_active=False)
    Contact.objects.create(name="Imani Brooks", email="imani@lansing.example", organisation="Lansing College")
    Group.objects.get_or_create(name="operators")
    return cast


def doubts(text: str, actor: Actor) -> list[tuple[str, str, str | None]]:
    asked = finding.ask(text, actor, now=timezone.now())
    return [(each.key, each.given, each.near) for each in understanding.doubts(asked, actor)]


@pytest.mark.parametrize(
    "text",
    [
        "owner:anna", "owner:ANNA@noc.example", 'owner:"Anna Lindqvist"', "owner:@operators", "owner:gone", "owner:an*",
        'reporter:"Imani Brooks"', "reporter:imani@lansing.example", "reporter:@lansing.example",
        "watcher:kofi,me,none",
        'watcher:"imani brooks"', "was:owner:kofi", "changed:owner from:anna by:kofi", "checked_by:mei",
        'reporter.organisation:"Lansing College"', "machine.site:none", "fibre", "et-0/1/0", "10.0.0.1", "fib*",
        '"fibre c"*', "203.0.113.*",
    ],
)  # fmt: skip
def test_of_what_there_is_nothing_is_doubted(people: Cast, text: str) -> None:
    assert doubts(text, people.anna) == []


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("owner:anan", ("owner", "anan", "anna")),
        ("owner:Lindq", ("owner", "Lindq", "anna")),
        ("owner:anna@nowhere.example", ("owner", "anna@nowhere.example", None)),
        ("owner:@operatros", ("owner", "@operatros", "@operators")),
        ("reporter:imani", ("reporter", "imani", "Imani Brooks")),
        ("reporter:@nowhere.example", ("reporter", "@nowhere.example", None)),
        ("watcher:kofii", ("watcher", "kofii", "kofi")),
        ("asked:koffi", ("asked", "koffi", "kofi")),
        ("checked_by:mie", ("checked_by", "mie", "mei")),
        ("was:owner:koffi", ("owner", "koffi", "kofi")),
        ("changed:owner to:anan", ("owner", "anan", "anna")),
        ("changed:state by:koffi", ("by", "koffi", "kofi")),
        ("was:node:cr9.aa", ("machine", "cr9.aa", "cr1.aa")),
        ("reporter.organisation:Lansing", ("reporter.organisation", "Lansing", "Lansing College")),
        ('"fibre c*"', ("text", '"fibre c*"', '"fibre c"*')),
        ("fibre – cut", ("text", "–", None)),
        ("AS-64499", ("text", "AS-64499", "AS64499")),
        ('"AS 64499"', ("text", '"AS 64499"', "AS64499")),
        ("is:open AS 64499", ("text", "AS 64499", "AS64499")),
        ("is:open customer:Nobody", ("customer", "Nobody", None)),
        ("tag:bpg", ("tag", "bpg", None)),
        ("HX7002", ("text", "HX7002", '"HX 7002"')),
        ("203.0.113.0/24", ("text", "203.0.113.0/24", "203.0.113.*")),
    ],
)
def test_what_nothing_can_fit_is_told_with_what_may_be_meant(
    people: Cast, text: str, doubt: tuple[str, str, str | None]
) -> None:
    assert doubts(text, people.anna) == [doubt]
    if doubt[2] is not None and doubt[0] != "text":
        mended = text.replace(doubt[1], f'"{doubt[2]}"' if " " in doubt[2] else doubt[2])
        assert doubts(mended, people.anna) == []


def test_who_is_affected_and_what_is_tagged_is_not_doubted_where_it_stands_on_a_ticket(
    people: Cast, trouble: int
) -> None:
    desk.affected(trouble, Affected("customer", "Lansing College", "down"), by=people.anna, door=Door.WEB)
    desk.update(trouble, "Called Norlink.", by=people.anna, door=Door.WEB, tags=["bgp"])
    for text in (
        'is:closed customer:"lansing college"',
        "tag:bgp is:closed",
        "affected:>5",
        "tag:none severity:4",
    ):
        assert doubts(text, people.anna) == []


def test_what_is_offered_finds_it(people: Cast) -> None:
    def opened(subject: str) -> int:
        return desk.open(Opening(subject=subject), by=people.anna, door=Door.WEB).number

    wanted = {
        "AS-64499": opened("Peering AS64499 is down"),
        "HX7002": opened("Optic HX-7002 is dark"),
        "203.0.113.0/24": opened("No way to 203.0.113.7"),
        '"fibre c*"': opened("A fibre cut"),
        "fibre – chewed": opened("The fibre is chewed"),
    }
    anna = Visitor("anna")
    for typed, number in wanted.items():
        page = anna.get(f"/search?q={typed}").content.decode()
        assert f"id=row-{number} " not in page, typed
        mended = re.search(r'class=mend href="([^"]+)"', page)
        assert mended is not None, typed
        assert f"id=row-{number} " in anna.text(unescape(mended[1])), typed


def test_a_bare_name_of_a_colleague_is_said_to_be_one_and_completed_by_the_full_name(people: Cast) -> None:
    page = unescape(Visitor("anna").text("/search?q=kofi"))
    assert "kofi is a colleague" in page
    assert "/search?q=owner%3Akofi" in page
    for typed in ("owner:Lindq", "changed:owner to:lindq", "watcher:lindq"):
        assert "anna" in [each.text for each in completing.complete(typed, len(typed), people.anna)], typed


@pytest.mark.req("S3")
@pytest.mark.parametrize(
    ("there", "nowhere"),
    [
        ("reporter:imani", "reporter:nobody"),
        ("reporter:@lansing.example", "reporter:@nowhere.example"),
        ("reporter.organisation:Lansing", "reporter.organisation:Nowhere"),
        ("machine.site:Lansing", "machine.site:Nowhere"),
    ],
)
def test_whoever_may_not_look_people_up_learns_nothing(people: Cast, there: str, nowhere: str) -> None:
    asked = reporter("cleo", people.cleo_contact)
    known, unknown = (asked.get(f"/tickets?q={each}+subject:unheard") for each in (there, nowhere))
    assert known.get("doubts") == unknown.get("doubts")
    assert not known.get("doubts")
    bare = asked.get("/tickets?q=kofi")
    assert (bare["doubts"], bare["meant"]) == ([], [])
