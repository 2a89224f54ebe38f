"""Ada administers people: accounts, groups, what they are signed on with; and nobody comes by more than is given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from nocturne import desk
from nocturne.core.configuration import current, use
from nocturne.core.entry import Door
from nocturne.core.permits import Actor, held, may
from nocturne.core.refusals import Forbidden, Invalid, NotFound, Refusal, WrongState
from nocturne.desk import (
    accounts,
    admitting,
    audit,
    configuring,
    groups,
    keyring,
    membership,
    people,
    tokens,
    ways,
)
from nocturne.store.models import Audit, Contact, DeviceCode, Queue, Session, Token, User
from tests.cast import PASSWORD, Cast, account

WEB = Door.WEB


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    use(None)


@pytest.fixture
def lena(cast: Cast, ada: Actor) -> Actor:
    """Lena leads the shifts: she administers people, and otherwise may what supervisors may."""
    groups.add("leads", title="Shift leads", by=ada, door=WEB)
    body = {"group": "leads", "sees": ["restricted"], "appends": ["restricted"], "changes": ["restricted"],
            "rights": ["work", "supervise", "export", "administer-people"]}  # fmt: skip
    configuring.change({("clearance", "leads"): body}, by=ada, door=WEB)
    return accounts.actor_of(account("lena", "leads"))


def signed_on(name: str) -> None:
    now = accounts.clock.now()
    Session.objects.create(
        digest=f"x{name}",
        user=User.objects.get(name=name),
        data="",
        created_at=now,
        seen_at=now,
        expires_at=now,
    )


# --- accounts --------------------------------------------------------------------------------------------------------


@pytest.mark.req("S19")
def test_every_act_of_administration_stands_in_the_audit_and_no_secret_does(cast: Cast, ada: Actor) -> None:
    people.add("ola", groups=["operators"], password=PASSWORD, email="ola@noc.example", by=ada, door=WEB)
    people.change("ola", {"full_name": "Ola Nyberg", "zone": "Europe/Oslo"}, by=ada, door=WEB)
    admitting.set_password("ola", "another-long-one-7", by=ada, door=WEB)
    membership.set_groups("ola", ["supervisors"], by=ada, door=WEB)
    _, plain = keyring.make_token("ola", "graphs", by=ada, door=WEB)
    keyring.revoke(Token.objects.get().pk, by=ada, door=WEB)
    admitting.disable("ola", by=ada, door=WEB)
    admitting.enable("ola", by=ada, door=WEB)
    rows = Audit.objects.filter(subject_kind="account", subject="ola").order_by("pk")
    assert [row.act for row in rows] == [
        "account_added", "account_changed", "password_set", "groups_changed", "token_made", "token_revoked",
        "account_disabled", "account_enabled",
    ]  # fmt: skip
    assert {row.actor_label for row in rows} == {"ada"}
    changed = rows[1]
    assert (changed.before["zone"], changed.after["zone"]) == ("UTC", "Europe/Oslo")
    everything = "".join(f"{row.before}{row.after}{row.facts}" for row in rows)
    user = User.objects.get(name="ola")
    for secret in (PASSWORD, "another-long-one-7", plain, accounts.digest(plain), user.password):
        assert secret not in everything
    assert audit.verify() is None


@pytest.mark.req("S4", "R16.5")
def test_who_does_not_administer_people_changes_nothing_about_them(cast: Cast) -> None:
    before = list(User.objects.order_by("pk").values())
    acts: list[Any] = [
        lambda by: people.add("eve", groups=["administrators"], by=by, door=WEB),
        lambda by: people.change("kofi", {"email": "eve@evil.example"}, by=by, door=WEB),
        lambda by: admitting.disable("kofi", by=by, door=WEB),
        lambda by: admitting.set_password("kofi", "another-long-one-7", by=by, door=WEB),
        lambda by: membership.set_groups("anna", ["administrators"], by=by, door=WEB),
        lambda by: membership.join("anna", "administrators", by=by, door=WEB),
        lambda by: keyring.make_token("ada", "mine", by=by, door=WEB),
        lambda by: admitting.end_sessions("kofi", by=by, door=WEB),
        lambda by: ways.add(User.objects.get(name="kofi"), "mail", "eve@evil.example", by=by, door=WEB),
        lambda by: groups.add("mine", by=by, door=WEB),
    ]
    for by in (cast.anna, cast.mei, cast.cleo):
        for act in acts:
            with pytest.raises(Forbidden):
                act(by)
    assert list(User.objects.order_by("pk").values()) == before
    assert not Token.objects.exists()
    assert not Audit.objects.filter(subject_kind="account").exists()


@pytest.mark.req("R16.5")
def test_a_machines_account_has_no_password_and_signs_on_by_tokens_alone(cast: Cast, ada: Actor) -> None:
    people.add("icinga", groups=["operators"], is_service=True, by=ada, door=WEB)
    with pytest.raises(Invalid, match="service_has_no_password"):
        admitting.set_password("icinga", PASSWORD, by=ada, door=WEB)
    with pytest.raises(Invalid, match="service_has_no_password"):
        people.add("zabbix", is_service=True, password=PASSWORD, by=ada, door=WEB)
    with pytest.raises(Invalid, match="sign_on_failed"):
        accounts.sign_on("icinga", PASSWORD)
    _, plain = keyring.make_token("icinga", "alerts", by=ada, door=WEB)
    actor = accounts.actor_by_token(plain)
    assert actor is not None
    assert actor.label == "icinga"


@pytest.mark.parametrize("field", ["is_staff", "is_active", "is_service", "groups", "password", "name", "id"])
def test_nothing_else_of_an_account_is_written_than_what_may_be(cast: Cast, ada: Actor, field: str) -> None:
    before = User.objects.values().get(name="anna")
    with pytest.raises(Invalid, match="field_not_permitted"):
        people.change("anna", {"full_name": "Anna B", field: True}, by=ada, door=WEB)
    assert User.objects.values().get(name="anna") == before


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"full_name": "x" * 121}, "line_too_long"),
        ({"full_name": "Anna\r\nBcc: eve@evil.example"}, "not_printable"),
        ({"email": f"{'x' * 250}@noc.example"}, "line_too_long"),
        ({"language": "../../x"}, "unknown_language"),
        ({"zone": "Mars/One"}, "bad_zone"),
        ({"represents": "no address"}, "bad_address"),
    ],
)
def test_what_an_account_cannot_have_is_refused_when_it_is_made_and_when_it_is_changed(
    cast: Cast, ada: Actor, about: dict[str, str], code: str
) -> None:
    before = User.objects.values().get(name="anna")
    with pytest.raises(Invalid, match=code):
        people.change("anna", about, by=ada, door=WEB)
    with pytest.raises(Invalid, match=code):
        people.add("ola", by=ada, door=WEB, **about)
    assert User.objects.values().get(name="anna") == before
    assert not User.objects.filter(name="ola").exists()


@pytest.mark.req("R16.5")
def test_whoever_mails_us_is_a_contact_and_never_an_account(cast: Cast, complaint: int, ada: Actor) -> None:
    count = User.objects.count()
    desk.receive(complaint, "Still nothing.", by=cast.cleo, door=Door.MAIL)
    assert Contact.objects.filter(email="cleo@college.example").exists()
    assert User.objects.count() == count
    with pytest.raises(NotFound):
        people.find("cleo@college.example")
    # Nor does an account that is made for them sign on before it has a password.
    made = people.add("cleo", represents="cleo@college.example", by=ada, door=WEB)
    assert not User.objects.get(pk=made.pk).has_usable_password()


# --- ending what is there --------------------------------------------------------------------------------------------


@pytest.mark.req("R16.5")
def test_disabling_ends_browsers_tokens_and_codes_in_the_same_moment(cast: Cast, ada: Actor) -> None:
    anna = User.objects.get(name="anna")
    _, plain = tokens.create_token(anna, "laptop")
    secret, shown = tokens.ask_for_code("noc")
    tokens.confirm_code(shown, anna)
    signed_on("anna")
    admitting.disable("anna", by=ada, door=WEB)
    assert not Session.objects.filter(user=anna).exists()
    assert not DeviceCode.objects.filter(user=anna).exists()
    assert accounts.actor_by_token(plain) is None
    with pytest.raises(Refusal):
        tokens.redeem_code(secret)
    with pytest.raises(WrongState):
        tokens.create_token(User.objects.get(name="anna"), "again", by=ada)
    said = Audit.objects.get(act="account_disabled")
    assert said.facts == {"sessions": 1, "tokens": 1}


@pytest.mark.req("S10")
def test_the_last_administrator_stays_whatever_is_tried(cast: Cast, ada: Actor, lena: Actor) -> None:
    with pytest.raises(WrongState, match="last_administrator"):
        admitting.disable("ada", by=ada, door=WEB)
    with pytest.raises(WrongState, match="last_administrator"):
        membership.set_groups("ada", ["operators"], by=ada, door=WEB)
    with pytest.raises(WrongState, match="last_administrator"):
        membership.leave("ada", "administrators", by=ada, door=WEB)
    # A machine's account is nobody who could mend anything.
    people.add("robot", groups=["administrators"], is_service=True, by=ada, door=WEB)
    with pytest.raises(WrongState, match="last_administrator"):
        admitting.disable("ada", by=ada, door=WEB)
    assert accounts.actor_of(User.objects.get(name="ada")).groups == {"administrators"}
    membership.join("mei", "administrators", by=ada, door=WEB)
    admitting.disable("ada", by=ada, door=WEB)


@pytest.mark.req("S10")
def test_whoever_administers_through_a_group_within_a_group_counts(cast: Cast, ada: Actor) -> None:
    groups.add("chiefs", by=ada, door=WEB)
    groups.change("administrators", {"includes": ["chiefs"]}, by=ada, door=WEB)
    membership.join("mei", "chiefs", by=ada, door=WEB)
    mei = accounts.actor_of(User.objects.get(name="mei"))
    assert may(mei, "administer-people")
    admitting.disable("ada", by=mei, door=WEB)
    # Now it is the nesting that must not go: with it the last administrator would.
    with pytest.raises(Invalid, match="nobody_administers"):
        groups.change("administrators", {"includes": []}, by=mei, door=WEB)
    with pytest.raises(WrongState, match="last_administrator"):
        membership.leave("mei", "chiefs", by=mei, door=WEB)
    assert current().groups["administrators"].includes == ("chiefs",)


def test_an_administrator_whose_queues_are_partly_hidden_administers_all_the_same(
    cast: Cast, ada: Actor
) -> None:
    secret = {
        ("class", "security"): {"number": 10},
        ("queue", "security"): {"class": "security"},
    }
    configuring.change(secret, by=ada, door=WEB)
    again = accounts.actor_of(User.objects.get(name="ada"))
    assert may(again, "administer-people")
    people.add("ola", groups=["operators"], by=again, door=WEB)
    membership.set_groups("ola", ["administrators"], by=again, door=WEB)


# --- nobody gives what they do not hold ------------------------------------------------------------------------------


@pytest.mark.req("R16.5", "S10")
def test_a_shift_lead_makes_operators_and_no_administrators(cast: Cast, lena: Actor) -> None:
    people.add("ola", groups=["operators"], by=lena, door=WEB)
    membership.set_groups("ola", ["supervisors"], by=lena, door=WEB)
    for name in ("ola", "lena"):
        with pytest.raises(Forbidden, match="granting_unheld_right"):
            membership.join(name, "administrators", by=lena, door=WEB)
    with pytest.raises(Forbidden, match="granting_unheld_right"):
        people.add("eve", groups=["administrators"], by=lena, door=WEB)
    assert not User.objects.filter(name="eve").exists()


@pytest.mark.req("R16.5")
def test_a_shift_lead_does_not_become_an_administrator_by_way_of_ones_account(
    cast: Cast, lena: Actor
) -> None:
    acts: list[Any] = [
        lambda: admitting.set_password("ada", "another-long-one-7", by=lena, door=WEB),
        lambda: keyring.make_token("ada", "mine", by=lena, door=WEB),
        lambda: people.change("ada", {"email": "lena@noc.example"}, by=lena, door=WEB),
        lambda: admitting.disable("ada", by=lena, door=WEB),
        lambda: ways.add(User.objects.get(name="ada"), "mail", "lena@noc.example", by=lena, door=WEB),
    ]
    before = list(User.objects.order_by("pk").values())
    for act in acts:
        with pytest.raises(Forbidden, match="granting_unheld_right"):
            act()
    assert list(User.objects.order_by("pk").values()) == before


@pytest.mark.req("R16.5")
def test_a_shift_lead_does_not_become_an_administrator_by_nesting_groups(cast: Cast, lena: Actor) -> None:
    with pytest.raises(Forbidden, match="granting_unheld_right"):
        groups.change("administrators", {"includes": ["leads"]}, by=lena, door=WEB)
    groups.add("night", includes=["leads"], by=lena, door=WEB)
    with pytest.raises(Forbidden, match="granting_unheld_right"):
        groups.change("administrators", {"includes": ["night"]}, by=lena, door=WEB)
    assert not may(accounts.actor_of(User.objects.get(name="lena")), "administer-queues")


def test_groups_do_not_include_each_other_in_a_circle(cast: Cast, ada: Actor) -> None:
    groups.add("one", by=ada, door=WEB)
    groups.add("two", includes=["one"], by=ada, door=WEB)
    with pytest.raises(Invalid, match="group_circle"):
        groups.change("one", {"includes": ["two"]}, by=ada, door=WEB)
    assert groups.find("one").includes == []
    assert groups.find("one").part_of == ["two"]


def test_a_group_somebody_is_in_is_not_taken_away(cast: Cast, ada: Actor) -> None:
    groups.add("night", title="Night shift", by=ada, door=WEB)
    membership.join("anna", "night", by=ada, door=WEB)
    with pytest.raises(Invalid, match="in_use"):
        groups.remove("night", by=ada, door=WEB)
    membership.leave("anna", "night", by=ada, door=WEB)
    groups.remove("night", by=ada, door=WEB)
    with pytest.raises(NotFound):
        groups.find("night")
    with pytest.raises(Invalid, match="no_such"):  # its clearance names it
        groups.remove("operators", by=ada, door=WEB)


def test_who_joins_a_group_works_in_its_queues_from_then_on(cast: Cast, ada: Actor) -> None:
    groups.add("night", by=ada, door=WEB)
    configuring.change({("queue", "dark"): {"members": ["@night"], "watchers": ["@night"]}}, by=ada, door=WEB)
    membership.join("anna", "night", by=ada, door=WEB)
    row = Queue.objects.get(name="dark")
    assert [each.name for each in row.members.all()] == ["anna"]
    membership.leave("anna", "night", by=ada, door=WEB)
    assert not row.members.exists()
    assert not row.watchers.exists()


def test_rights_follow_the_groups_at_the_next_look(cast: Cast, ada: Actor) -> None:
    signed_on("kofi")
    membership.set_groups("kofi", [], by=ada, door=WEB)
    kofi = accounts.actor_by_id(User.objects.get(name="kofi").pk)
    assert kofi is not None
    assert not kofi.is_staff
    assert not held(kofi).sees
    assert Session.objects.get(user__name="kofi").renew, "their browser gets a new key with the next page"


# --- ways to reach somebody ------------------------------------------------------------------------------------------


@pytest.mark.req("R14.1")
def test_somebody_is_reached_in_several_ways_and_the_first_is_their_address(cast: Cast, ada: Actor) -> None:
    anna = User.objects.get(name="anna")
    phone = ways.add(anna, "phone", "+17345550119", label="duty", by=ada, door=WEB)
    assert phone.value == "+1 734-555-0119"
    ways.add(anna, "chat", "@anna:noc.example", by=ada, door=WEB)
    anna.refresh_from_db()
    assert (anna.email, anna.phone) == ("anna@lakenet.example", "+1 734-555-0119")
    ways.set_mail(anna, "anna.b@lakenet.example")
    anna.refresh_from_db()
    assert anna.email == "anna.b@lakenet.example"
    assert [way.kind for way in ways.of(anna)] == ["mail", "phone", "chat"]
    ways.remove(anna, phone.number, by=ada, door=WEB)
    anna.refresh_from_db()
    assert anna.phone == ""


def test_ones_own_word_for_an_address_does_not_make_it_ones_own(cast: Cast, anna: Actor) -> None:
    user = User.objects.get(name="anna")
    ways.remove(user, ways.of(user)[0].number, by=anna, door=WEB)
    way = ways.add(user, "mail", "boss@elsewhere.example", for_notices=True, by=anna, door=WEB)
    user.refresh_from_db()
    assert way.verified_at is None
    assert user.email == "", "no password is reset through it, and no notice goes there"
    assert ways.mail_addresses([user]) == {user.pk: []}


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("mail", "no address", "bad_address"),
        ("mail", "a@b.example>,<c@d.example", "bad_address"),
        ("phone", "0119", "bad_phone"),
        ("phone", "call me", "bad_phone"),
        ("fax", "+17345550119", "unknown_way"),
        ("chat", "two\nlines", "empty_way"),
        ("chat", " ", "empty_way"),
    ],
)
def test_what_is_no_way_to_reach_anybody_is_refused(
    cast: Cast, ada: Actor, kind: str, value: str, code: str
) -> None:
    anna = User.objects.get(name="anna")
    with pytest.raises(Invalid, match=code):
        ways.add(anna, kind, value, by=ada, door=WEB)
    assert [way.kind for way in ways.of(anna)] == ["mail"]


def test_a_way_of_somebody_else_is_not_there(cast: Cast, ada: Actor) -> None:
    anna, kofi = User.objects.get(name="anna"), User.objects.get(name="kofi")
    [kofis] = ways.of(kofi)
    with pytest.raises(NotFound):
        ways.remove(anna, kofis.number, by=cast.anna, door=WEB)
    assert ways.of(kofi)
