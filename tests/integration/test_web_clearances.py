"""The console of somebody who does not read every ticket alike: what is missing is missing everywhere."""

from __future__ import annotations

import pytest

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.desk import accounts, configuring
from nocturne.desk.terms import Extra, Opening
from nocturne.doors.web import acts
from nocturne.store import configured, lists
from tests.cast import Cast, account
from tests.unit.test_configuration import SECURITY
from tests.visitor import Visitor


@pytest.fixture
def lars(cast: Cast, ada: Actor) -> Actor:
    """An operator of the queue `peering`, who reads of the other tickets what customers read."""
    documents = {
        ("queue", "peering"): {"title": "Peering"},
        ("group", "peers"): {},
        ("clearance", "peers-own"): {
            "group": "peers", "queues": ["peering"], "sees": ["staff"], "appends": ["staff"], "changes": ["staff"],
            "rights": ["work"],
        },
        ("clearance", "peers-others"): {"group": "peers", "sees": ["customer"]},
    }  # fmt: skip
    configuring.change(documents, by=ada, door=Door.WEB)
    configured.refresh()
    return accounts.actor_of(account("lars", "peers"))


@pytest.mark.req("R16.5", "R16.6", "S8")
def test_an_operator_of_one_queue_works_there_and_reads_elsewhere_what_is_shared(
    lars: Actor, cast: Cast, trouble: int
) -> None:
    own = desk.open(Opening(subject="BGP down", queue="peering"), by=cast.anna, door=Door.WEB).number
    for number in (own, trouble):
        desk.change(number, {"next_action": "call Norlink", "priority": 1}, by=cast.anna, door=Door.WEB)
        desk.update(number, "said in confidence", by=cast.anna, door=Door.WEB)
    visitor = Visitor("lars")
    for way in ("", "/peek", "/print", "/new?seen=x"):
        assert "call Norlink" in visitor.text(f"/tickets/{own}") or way
        page = visitor.get(f"/tickets/{trouble}{way}").content.decode()
        for word in ("call Norlink", "in confidence", "anna"):
            assert word not in page, f"{way} shows {word}"
    board = visitor.text("/")
    assert "Ann Arbor – Chicago 100G down" in board
    assert board.count("→ call Norlink") == 1
    for query in ("owner:none", "priority:1", "is:untaken"):
        found = visitor.text(f"/search?q={query}")
        assert "BGP down" in found, query
        assert "Ann Arbor" not in found, query
    form = visitor.form(f"/tickets/{own}", f"/tickets/{own}/notes")
    assert visitor.post(f"/tickets/{own}/notes", {**form.values, "text": "peer called"}).status_code == 302
    for noun in acts.BY_NOUN:
        values = {"text": "x", "to": "lars", "line": "x", "reason": "x", "priority": "1", "was-priority": "4"}
        assert visitor.post(f"/tickets/{trouble}/{noun}", values).status_code == 403, noun


@pytest.mark.req("R16.6")
def test_a_note_is_written_for_the_readers_one_chooses_among_those_one_may_write_for(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    documents = {
        ("class", "legal"): {"number": 12, "title": "Legal"},
        ("group", "lawyers"): {},
        ("clearance", "lawyers"): {
            "group": "lawyers", "sees": ["staff", "legal"], "appends": ["staff", "legal"], "rights": ["work"],
        },
    }  # fmt: skip
    configuring.change(documents, by=ada, door=Door.WEB)
    configured.refresh()
    account("lena", "lawyers")
    lena, anna = Visitor("lena"), Visitor("anna")
    assert 'name=data_class aria-label="Who reads it"' in lena.text(f"/tickets/{trouble}")
    assert "name=data_class" not in anna.text(f"/tickets/{trouble}"), "there is nothing to choose"
    form = lena.form(f"/tickets/{trouble}", f"/tickets/{trouble}/notes")
    sent = {**form.values, "text": "Privileged words", "data_class": "legal"}
    assert lena.post(f"/tickets/{trouble}/notes", sent).status_code == 302
    assert "Privileged words" in lena.text(f"/tickets/{trouble}")
    assert "Legal" in lena.text(f"/tickets/{trouble}")
    assert "Privileged words" not in anna.text(f"/tickets/{trouble}")
    for word in ("legal", "no-such-class"):
        refused = anna.post(f"/tickets/{trouble}/notes", {"text": "mine", "data_class": word})
        assert refused.status_code == 403
        assert "mine" in refused.content.decode(), "what was typed is still there"


@pytest.mark.req("R16.6", "S8")
def test_a_queue_that_one_may_not_know_of_is_named_nowhere(cast: Cast, ada: Actor, trouble: int) -> None:
    configuring.change(SECURITY, by=ada, door=Door.WEB)
    configured.refresh()
    sam = accounts.actor_of(account("sam", "csirt"))
    hidden = desk.open(Opening(subject="Stolen laptop", queue="security"), by=sam, door=Door.WEB).number
    desk.update(hidden, "x", by=sam, door=Door.WEB, extra=Extra(data_class=DataClass.STAFF))
    anna, missing = Visitor("anna"), 999_999
    for way in (
        "/",
        "/tickets/open",
        f"/tickets/{trouble}/fields",
        "/search?q=laptop",
        "/search?q=queue:security",
    ):
        answer = anna.get(way)
        if answer.status_code == 200:
            page = answer.content.decode().replace("queue:security", "").replace("queue%3Asecurity", "")
            page = page.replace("nothing here is called “security”", "")  # said of whatever is not there
            assert "security" not in page.lower(), way
            assert "Stolen" not in page, way
    for name in ("security", "securitx"):
        assert f"nothing here is called “{name}”" in anna.text(f"/search?q=queue:{name}")
    there = anna.post("/tickets/open", {"subject": "x", "queue": "security"})
    nowhere = anna.post("/tickets/open", {"subject": "x", "queue": "securitx"})
    assert (there.status_code, nowhere.status_code) == (422, 422)
    assert "There is no queue security." in there.content.decode()
    for way in ("", "/print", "/peek", "/notes", "/merge"):
        assert (
            anna.get(f"/tickets/{hidden}{way}").status_code
            == anna.get(f"/tickets/{missing}{way}").status_code
        )
    moved = anna.post(f"/tickets/{trouble}/fields", {"queue": "security", "was-queue": "general"})
    assert moved.status_code in (404, 422)


@pytest.mark.req("R16.6", "R2.1")
def test_a_board_holds_only_what_its_reader_may_know_is_open(cast: Cast, ada: Actor, trouble: int) -> None:
    documents = {
        ("queue", "peering"): {},
        ("queue", "general"): {},
        ("group", "peers"): {},
        ("clearance", "peers"): {"group": "peers", "queues": ["peering"], "sees": ["staff"], "rights": ["work"]},
        ("clearance", "peers-general"): {"group": "peers", "queues": ["general"], "sees": ["public"]},
    }  # fmt: skip
    configuring.change(documents, by=ada, door=Door.WEB)
    configured.refresh()
    lars = accounts.actor_of(account("lars", "peers"))
    own = [desk.open(Opening(subject=s, queue="peering"), by=cast.anna, door=Door.WEB).number for s in "abc"]
    for order in ("priority", "newest", "oldest"):
        found = [row["number"] for row in lists.rows(lars, order=order).rows]
        assert sorted(found) == own, "whether the other is open is not theirs to know"
    assert [row["number"] for row in lists.rows(lars, order="newest", limit=2).rows] == own[:0:-1]
