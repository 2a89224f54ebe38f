"""My account: zone, look, password, tokens, browsers, and letting a command line in."""

from __future__ import annotations

import pytest

from nocturne.core.permits import Actor
from nocturne.desk import accounts, tokens, ways
from nocturne.store.models import Session, Token, User
from tests.cast import PASSWORD, Cast
from tests.visitor import Visitor, said


def test_a_zone_is_chosen_by_its_name(anna: Actor) -> None:
    visitor = Visitor("anna")
    assert visitor.send("/account", zone="europe/oslo").status_code == 302
    assert User.objects.get(pk=anna.id).zone == "Europe/Oslo"
    refused = visitor.send("/account", zone="CET")
    assert refused.status_code == 422
    assert "Europe/Paris" in said(refused)


def test_nobody_becomes_more_by_adding_fields(anna: Actor) -> None:
    visitor = Visitor("anna")
    before = User.objects.values().get(pk=anna.id)
    more = {
        "name": "root",
        "groups": "administrators",
        "is_active": "",
        "is_service": "1",
        "contact": "1",
        "email": "x@y.z",
    }
    visitor.send("/account", **more)
    assert User.objects.values().get(pk=anna.id) == before
    assert accounts.actor_of(User.objects.get(pk=anna.id)).groups == {"operators"}


@pytest.mark.req("R16.5")
def test_a_new_password_signs_the_other_browsers_off(anna: Actor) -> None:
    here, there = Visitor("anna"), Visitor("anna")
    wrong = here.send("/account", "/account/password", old="not it", new="carrier-pigeon-7")
    assert (wrong.status_code, said(wrong)) == (422, "The present password is not right.")
    weak = here.send("/account", "/account/password", old=PASSWORD, new="password")
    assert "too easy to guess" in said(weak)
    done = here.send("/account", "/account/password", old=PASSWORD, new="carrier-pigeon-7")
    assert "is changed" in done.content.decode()
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert Visitor("anna", password="carrier-pigeon-7").get("/").status_code == 200


@pytest.mark.req("R16.5")
def test_a_token_is_shown_once_and_can_be_revoked(anna: Actor) -> None:
    visitor = Visitor("anna")
    made = visitor.send("/account", "/account/tokens", label="my script", scope="read").content.decode()
    plain = made.partition("class=secret>")[2].partition("<")[0]
    actor = accounts.actor_by_token(plain)
    assert actor is not None
    assert (actor.label, actor.scopes) == ("anna", {"read"})
    page = visitor.text("/account")
    assert "my script" in page
    assert plain not in page
    token = Token.objects.get()
    assert Visitor("kofi").post(f"/account/tokens/{token.pk}", {}).status_code == 404
    assert visitor.send("/account", f"/account/tokens/{token.pk}").status_code == 302
    assert accounts.actor_by_token(plain) is None


def test_one_ends_ones_own_browsers_and_nobody_elses(cast: Cast) -> None:
    here, there, kofi = Visitor("anna"), Visitor("anna"), Visitor("kofi")
    page = here.text("/account")
    assert page.count("this one") == 1
    marks = [part.partition('"')[0] for part in page.split("/account/sessions/")[1:]]
    assert len(marks) == 1
    assert kofi.post(f"/account/sessions/{marks[0]}", {}).status_code == 404
    here.post(f"/account/sessions/{marks[0]}", {})
    assert there.get("/").status_code == 302
    assert (here.get("/").status_code, kofi.get("/").status_code) == (200, 200)
    assert Session.objects.filter(user__name="anna").count() == 1


def test_a_look_is_chosen_and_remembered_by_the_browser(cast: Cast) -> None:
    visitor = Visitor("anna")
    answer = visitor.post("/account/theme", {"theme": "dark", "back": "/views/mine"})
    assert answer.headers["Location"] == "/views/mine"
    assert 'data-theme="dark"' in visitor.text("/")
    visitor.post("/account/theme", {"theme": "", "back": "//evil.example"})
    assert "data-theme" not in visitor.text("/")
    visitor.client.cookies["nocturne-theme"] = '"><script>'
    assert "<script>" not in visitor.text("/").partition("<head")[2][:200]


def test_a_command_line_signs_on_by_a_code_that_its_user_confirms(cast: Cast) -> None:
    secret, shown = tokens.ask_for_code("noc on tty3")
    visitor = Visitor("anna")
    assert shown in visitor.text(f"/device?code={shown}")
    wrong = visitor.send("/device", code="AAAA-AAAA")
    assert wrong.status_code == 404
    assert "no such code" in said(wrong)
    assert tokens.redeem_code(secret) is None
    assert "noc on tty3" in visitor.send("/device", code=shown.lower()).content.decode()
    redeemed = tokens.redeem_code(secret)
    assert redeemed is not None
    assert redeemed[0].name == "anna"


def test_whoever_has_no_password_here_is_not_asked_to_change_it(anna: Actor) -> None:
    visitor = Visitor("anna")
    assert "Present password" in visitor.text("/account")
    User.objects.filter(pk=anna.id).update(password="!")
    assert "Present password" not in visitor.text("/account")


@pytest.mark.req("R15.5", "S6")
def test_anna_says_how_she_is_reached_and_when_she_is_told(anna: Actor) -> None:
    page = Visitor("anna")
    answer = page.send("/account/reach", "/account/ways", kind="phone", value="+1 734 555 0119", label="duty")
    assert answer.status_code == 302
    assert "+1 734-555-0119" in page.text("/account/reach")
    answer = page.send("/account/reach", "/account/ways", kind="phone", value="call me", label="duty")
    assert answer.status_code == 422
    assert 'value="call me"' in answer.content.decode()
    answer = page.send(
        "/account/reach",
        "/account/notices",
        update="daily",
        owner="now",
        quiet_from="22:00",
        quiet_until="06:30",
    )
    assert answer.status_code == 302
    form = page.form("/account/reach", "/account/notices")
    assert (form.values["update"], form.values["quiet_from"]) == ("daily", "22:00")
    answer = page.send("/account/reach", "/account/notices", quiet_from="late", quiet_until="")
    assert answer.status_code == 422
    assert 'value="late"' in answer.content.decode()
    way = next(each for each in ways.of(User.objects.get(name="anna")) if each.kind == "phone")
    assert page.send("/account/reach", f"/account/ways/{way.number}").status_code == 302
    assert "0119" not in page.text("/account/reach")


@pytest.mark.req("R16.5")
def test_a_way_of_somebody_else_is_not_hers_to_remove(cast: Cast) -> None:
    kofi = User.objects.get(name="kofi")
    [way] = ways.of(kofi)
    page = Visitor("anna")
    assert page.post(f"/account/ways/{way.number}", {}).status_code == 404
    assert ways.of(kofi)


@pytest.mark.req("R16.5")
def test_a_token_is_narrowed_and_ends_as_its_owner_says(anna: Actor) -> None:
    page = Visitor("anna")
    answer = page.send(
        "/account", "/account/tokens", label="graphs", scope="read", queues="general", days="30"
    )
    assert answer.status_code == 200
    [row] = tokens.Token.objects.all()
    assert (row.scopes, row.is_narrowed, [each.name for each in row.queues.all()]) == (
        "read",
        True,
        ["general"],
    )
    assert row.expires_at is not None
    listed = page.text("/account")
    assert "graphs" in listed
    assert ">general<td" in listed
    answer = page.send(
        "/account", "/account/tokens", label="more graphs", scope="read", queues="nowhere", days="x"
    )
    assert answer.status_code == 422
    assert 'value="more graphs"' in answer.content.decode()
    assert tokens.Token.objects.count() == 1
