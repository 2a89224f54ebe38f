"""Why can anna see this, and why not: asked in the browser, answered clearance by clearance."""

from __future__ import annotations

import pytest

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import configuring
from nocturne.store import configured
from nocturne.store.models import Entry
from tests.caller import caller
from tests.cast import Cast, account
from tests.command import Nocturne
from tests.unit.test_configuration import SECURITY
from tests.visitor import Visitor, said

RIGHTS = "/administration/rights"


@pytest.mark.req("R9.5", "S9")
def test_why_anna_can_see_a_field_or_cannot_is_said_clearance_by_clearance(cast: Cast, trouble: int) -> None:
    ada = Visitor("ada")
    page = ada.text(f"{RIGHTS}?who=anna&where={trouble}&what=owner")
    assert "anna can read" in page
    assert "gives it to the group operators" in page
    refused = ada.text(f"{RIGHTS}?who=anna&where={trouble}&what=redact")
    assert "anna may not do this" in refused
    assert "is for the group administrators" in refused
    assert "ada" in refused, "and who can"
    all_who_can = ada.text(f"{RIGHTS}?where=%23{trouble}")
    assert "Who can?" in all_who_can
    assert "whoever reported it" in all_who_can
    assert f"?who=anna&amp;where={trouble}&amp;what=circuit" in page, "one field leads to the next"


@pytest.mark.req("R9.5", "R16.6")
def test_a_queue_can_be_asked_about_before_it_has_a_ticket(
    cast: Cast, ada: Actor, nocturne: Nocturne
) -> None:
    configuring.change(SECURITY, by=ada, door=Door.WEB)
    configured.refresh()
    account("sam", "csirt", "administrators")
    sam = Visitor("sam")
    page = sam.text(f"{RIGHTS}?who=anna&where=security")
    assert "anna knows nothing of a new ticket in security" in page
    assert "sam" in sam.text(f"{RIGHTS}?where=security")
    assert nocturne("explain", "anna", "security").code == 1
    assert nocturne("explain", "sam", "security").code == 0
    assert (
        caller(ada, scopes="read write admin").get("/queues/general/explanation?who=anna&what=merge")[
            "allowed"
        ]
        is True
    )
    assert (
        caller(ada, scopes="read write admin").get("/queues/security/explanation?who=anna")["code"]
        == "no_such_queue_here"
    )
    unknown = Visitor("ada").get(f"{RIGHTS}?who=anna&where=security")
    missing = Visitor("ada").get(f"{RIGHTS}?who=anna&where=nowhere")
    assert (unknown.status_code, missing.status_code) == (404, 404)
    assert said(unknown) == said(missing).replace("nowhere", "security"), "who asks learns of no hidden queue"


def test_what_cannot_be_explained_is_said_and_what_was_typed_stays(cast: Cast, trouble: int) -> None:
    ada = Visitor("ada")
    for asked, status in (
        (f"who=anna&where={trouble}&what=colour", 422),
        (f"who=nobody&where={trouble}", 404),
        ("who=anna&where=999999", 404),
        ("who=anna&where=99999999999999999999", 404),
    ):
        answer = ada.get(f"{RIGHTS}?{asked}")
        assert answer.status_code == status, asked
        assert said(answer).endswith(".")
        assert f'value="{asked.partition("who=")[2].partition("&")[0]}"' in answer.content.decode()


@pytest.mark.req("R16.6")
def test_only_who_administers_people_or_clearances_asks_about_others(cast: Cast, trouble: int) -> None:
    entry = Entry.objects.get(ticket=trouble)
    update = f"/tickets/{trouble}/entries/{entry.address}"
    for who in ("anna", "mei"):
        visitor = Visitor(who)
        assert visitor.get(f"{RIGHTS}?who=ada&where={trouble}").status_code == 403
        assert "Who can what?" not in visitor.text(f"/tickets/{trouble}")
        assert "who reads it" not in visitor.text(update)
    ada = Visitor("ada")
    assert f"{RIGHTS}?where={trouble}" in ada.text(f"/tickets/{trouble}")
    page = ada.text(update)
    assert f"{RIGHTS}?where={trouble}&amp;what=" in page
    where = page.partition(f"{RIGHTS}?")[2].partition('"')[0].replace("&amp;", "&")
    assert "anna" in ada.text(f"{RIGHTS}?{where}")


def test_the_command_line_leads_to_administration_whoever_may_enter_it(cast: Cast) -> None:
    ada, anna = Visitor("ada"), Visitor("anna")
    for word, page in (
        ("people", "people"),
        ("audit", "audit"),
        ("health", "health"),
        ("rights", "rights"),
        ("speakers", "representatives"),
        ("administration", ""),
    ):
        where = f"/administration/{page}".rstrip("/")
        assert ada.post("/line", {"line": f">{word}"}).headers["Location"] == where
        assert "/administration" not in anna.post("/line", {"line": f">{word}"}).headers["Location"]
    assert ">audit" in ada.post("/line/read", {"line": ">"}).content.decode().replace("&gt;", ">")
    assert "audit" not in anna.post("/line/read", {"line": ">"}).content.decode()
