"""Ada administers people in her browser; nobody reaches beyond what is theirs, and every act stands in the audit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import (
    accounts,
    admitting,
    audit,
    configuring,
    displays,
    people,
    representing,
    tokens,
    ways,
)
from nocturne.store import configured
from nocturne.store.models import (
    Audit,
    ContactWay,
    DisplayToken,
    LinkRevocation,
    PasswordReset,
    Queue,
    Representative,
    Session,
    Token,
    User,
)
from tests.caller import caller
from tests.cast import PASSWORD, Cast, account
from tests.command import Nocturne
from tests.unit.test_configuration import SECURITY
from tests.visitor import Visitor, said

ANNA = "/administration/person/anna"


@pytest.fixture
def hana(cast: Cast, ada: Actor) -> Visitor:
    """Hana of the personnel office administers people, and nothing else."""
    configuring.change(
        {
            ("group", "personnel"): {"title": "Personnel"},
            ("clearance", "personnel"): {
                "group": "personnel",
                "sees": ["staff"],
                "appends": ["staff"],
                "changes": ["staff"],
                "rights": ["administer-people", "work", "export"],
            },
        },
        by=ada,
        door=Door.WEB,
    )
    configured.refresh()
    account("hana", "personnel")
    return Visitor("hana")


def shown(answer: object) -> str:
    assert answer.status_code == 302, said(answer)  # type: ignore[attr-defined]
    return answer.headers["Location"]  # type: ignore[attr-defined,no-any-return]


@pytest.mark.req("R16.5")
def test_a_new_colleague_gets_an_account_a_group_and_a_link_for_their_password(cast: Cast) -> None:
    ada = Visitor("ada")
    answer = ada.send(
        "/administration/people/new",
        name="lea",
        full_name="Lea Brandt",
        email="lea@lakenet.example",
        zone="Europe/Berlin",
        groups=["operators"],
    )
    page = ada.text(shown(answer))
    assert "The account is made." in page
    assert "Europe/Berlin" in page
    lea = User.objects.get(name="lea")
    assert [group.name for group in lea.groups.all()] == ["operators"]
    assert PasswordReset.objects.filter(asked="lea", state="waiting").count() == 1
    acts = Audit.objects.filter(subject="lea", actor_label="ada").values_list("act", flat=True)
    assert set(acts) == {"account_added", "password_link_sent"}
    assert "lea" in ada.text("/administration/people?words=brandt&group=operators")
    assert "lea" in ada.text("/administration/audit?kind=account")


def test_what_was_typed_stays_when_an_account_cannot_be_made(cast: Cast) -> None:
    ada = Visitor("ada")
    answer = ada.send(
        "/administration/people/new", name="anna", full_name="Another Anna", groups=["supervisors"]
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "anna" in said(answer)
    assert 'value="Another Anna"' in page
    assert 'value="supervisors" checked' in page
    answer = ada.send("/administration/people/new", name="lea", email="", send_link="1")
    assert "No link can be sent to lea" in said(answer)
    assert not User.objects.filter(name="lea").exists(), "all of it, or nothing"


def test_people_are_found_by_name_group_and_state_and_listed_page_by_page(cast: Cast) -> None:
    for number in range(70):
        account(f"night{number:02}", "operators")
    admitting.disable("night03", by=cast.ada, door=Door.WEB)
    ada, address, seen = Visitor("ada"), "/administration/people?words=night&group=operators", []
    while address:
        page = ada.text(address)
        seen += [each for each in range(70) if f">night{each:02}<" in page]
        more = page.partition("<p class=more><a href=")[2].partition(">")[0].strip('"')
        address = more.replace("&amp;", "&")
    assert seen == [each for each in range(70) if each != 3]
    assert ">night03<" in ada.text("/administration/people?state=disabled")
    assert "Nobody fits." in ada.text("/administration/people?words=zzz")


@pytest.mark.req("R16.5", "R16.6")
def test_whoever_does_not_administer_people_reaches_none_of_it(cast: Cast) -> None:
    account("cleo", contact=cast.cleo_contact)
    before = Audit.objects.count()
    for who in ("anna", "mei", "cleo"):
        visitor = Visitor(who)
        for path in (
            *("people", "people/new", "person/anna", "person/nobody", "person/anna/disabling"),
            *("groups", "groups/operators", "contacts", "contacts/1", "representatives", "displays"),
        ):
            assert visitor.get(f"/administration/{path}").status_code == 403, (who, path)
        for path in (
            *("people/new", "person/anna/groups", "person/anna/disabling", "person/ada/tokens", "groups"),
            *("groups/administrators/members", "groups/x/removal", "contacts/1", "representatives"),
            *("representatives/1/end", "displays/1/removal"),
        ):
            answer = visitor.post(
                f"/administration/{path}", {"who": who, "groups": "administrators", "name": "x"}
            )
            assert answer.status_code == 403, (who, path)
    assert Audit.objects.count() == before


@pytest.mark.req("R9.5", "R16.5")
def test_nobody_puts_anybody_into_a_group_that_may_more_than_they(cast: Cast, hana: Visitor) -> None:
    answer = hana.send(ANNA, f"{ANNA}/groups", groups=["operators", "administrators"])
    assert answer.status_code == 403
    assert "administrators" in said(answer)
    answer = hana.post("/administration/groups/administrators/members", {"who": "hana"})
    assert answer.status_code == 403
    for act, values in (
        ("password", {"password": "another-crew-2040"}),
        ("tokens", {"label": "x", "scope": "admin"}),
        ("password-link", {}),
        ("password-removal", {}),
    ):
        assert hana.post(f"/administration/person/ada/{act}", values).status_code == 403, act
    assert hana.post("/administration/person/ada/disabling", {}).status_code == 403
    assert not accounts.actor_of(people.find("hana")).groups & {"administrators"}
    assert people.find("ada").is_active


@pytest.mark.req("R16.5")
def test_what_follows_is_said_before_an_account_is_disabled_and_follows_at_once(
    cast: Cast, trouble: int
) -> None:
    from nocturne import desk

    desk.take(trouble, by=cast.anna, door=Door.WEB)
    anna, ada = Visitor("anna"), Visitor("ada")
    _, plain = tokens.create_token(people.find("anna"), "script")
    page = ada.text(f"{ANNA}/disabling")
    for words in ("1 signed-on browser", "1 token", "0 wall displays", "1 open ticket"):
        assert words in page, words
    assert "Disabled." in ada.text(shown(ada.send(f"{ANNA}/disabling")))
    assert anna.get("/").status_code == 302
    assert accounts.actor_by_token(plain) is None
    assert not Session.objects.filter(user__name="anna").exists()
    assert "They may sign on again" in ada.text(shown(ada.send(ANNA, f"{ANNA}/enabling")))
    assert Visitor("anna").get("/").status_code == 200


def test_the_last_administrator_cannot_be_disabled_or_taken_out(cast: Cast) -> None:
    ada = Visitor("ada")
    assert ada.send("/administration/person/ada/disabling").status_code == 409
    answer = ada.send("/administration/person/ada", "/administration/person/ada/groups", groups=[])
    assert answer.status_code == 409
    assert accounts.actor_of(people.find("ada")).groups == {"administrators"}


@pytest.mark.req("R16.5")
def test_the_things_of_one_account_are_not_reached_through_another(cast: Cast) -> None:
    kofi = people.find("kofi")
    token, _ = tokens.create_token(kofi, "script")
    way = ways.add(kofi, "phone", "+1 734 555 0119", by=cast.ada, door=Door.WEB)
    screen, _ = displays.create(kofi, "control room")
    speaker = representing.name("network", "Backbone", by=cast.ada, door=Door.WEB, account="kofi")
    ada = Visitor("ada")
    for noun, number in (
        ("token-revocation", token.pk),
        ("way-removal", way.number),
        ("screen-removal", screen.pk),
        ("speaking-end", speaker.number),
    ):
        for given in (number, 999_999, "x", "-1", "9" * 40):
            assert ada.post(f"{ANNA}/{noun}", {"number": str(given)}).status_code == 404, (noun, given)
    assert Token.objects.get(pk=token.pk).revoked_at is None
    assert DisplayToken.objects.get(pk=screen.pk).revoked_at is None
    assert ContactWay.objects.filter(pk=way.number).exists()
    assert Representative.objects.filter(pk=speaker.number).exists()
    for noun in ("token-revocation", "way-removal", "screen-removal", "speaking-end"):
        page = ada.text("/administration/person/kofi")
        number = page.partition(f"person/kofi/{noun}")[2].partition("name=number value=")[2].partition(">")[0]
        shown(ada.post(f"/administration/person/kofi/{noun}", {"number": number}))
    assert Token.objects.get(pk=token.pk).revoked_at is not None
    assert DisplayToken.objects.get(pk=screen.pk).revoked_at is not None
    assert not Representative.objects.exists()
    assert ada.post("/administration/person/nobody/browsers", {}).status_code == 404
    assert ada.post(f"{ANNA}/promotion", {}).status_code == 404


@pytest.mark.req("R16.5")
def test_a_form_changes_what_it_is_for_and_nothing_else(cast: Cast) -> None:
    ada = Visitor("ada")
    anna = User.objects.filter(name="anna").values().get()
    extra = {
        "name": "root", "is_staff": "1", "is_active": "", "is_service": "1", "local_sign_on": "1",
        "groups": "administrators", "password": "x",
         "last_login": "2020-01-01", "contact_id": "1", "id": "7", "pk": "7", "is_superuser": "1",
    }  # fmt: skip
    shown(ada.send(ANNA, f"{ANNA}/about", full_name="Anna Ek", **extra))
    after = User.objects.filter(pk=anna["id"]).values().get()
    assert after == anna | {"full_name": "Anna Ek"}
    assert accounts.actor_of(User.objects.get(pk=anna["id"])).groups == {"operators"}


def test_two_administrators_do_not_overwrite_each_other_unseen(cast: Cast) -> None:
    ada = Visitor("ada")
    form = ada.form(ANNA, f"{ANNA}/about")
    people.change("anna", {"zone": "Europe/Oslo"}, by=cast.ada, door=Door.WEB)
    answer = ada.post(f"{ANNA}/about", form.values | {"zone": "Europe/Rome"})
    assert answer.status_code == 409
    assert "Europe/Oslo" in said(answer)
    assert 'value="Europe/Rome"' in answer.content.decode(), "what was typed is still there"
    shown(ada.post(f"{ANNA}/about", form.values | {"full_name": "Anna Ek"}))
    assert people.person("anna").zone == "Europe/Oslo", (
        "a field that was left alone stays as the other left it"
    )


def test_a_token_is_shown_once_and_made_for_what_was_asked(cast: Cast) -> None:
    ada = Visitor("ada")
    answer = ada.send(
        ANNA, f"{ANNA}/tokens", label="backup script", scope="read", queues="general", days="30"
    )
    plain = answer.content.decode().partition("class=secret>")[2].partition("<")[0]
    actor = accounts.actor_by_token(plain)
    assert actor is not None
    assert (actor.label, actor.scopes) == ("anna", frozenset({"read"}))
    assert actor.only_queues is not None
    page = ada.text(ANNA)
    assert "backup script" in page
    assert plain not in page
    assert "nowhere" in said(ada.send(ANNA, f"{ANNA}/tokens", label="x", queues="nowhere"))
    assert ada.send(ANNA, f"{ANNA}/tokens", label="x", days="many").status_code == 422


def test_ways_and_hours_are_kept_and_nonsense_is_said(cast: Cast) -> None:
    ada = Visitor("ada")
    shown(ada.send(ANNA, f"{ANNA}/ways", kind="phone", value="+1 (734) 555-0119", label="on duty"))
    assert "on duty" in ada.text(ANNA)
    wrong = ada.send(ANNA, f"{ANNA}/ways", kind="phone", value="call me")
    assert wrong.status_code == 422
    assert 'value="call me"' in wrong.content.decode()
    shown(ada.send(ANNA, f"{ANNA}/notices", update="never", quiet_from="22:00", quiet_until="06:30"))
    assert ways.choices(people.find("anna")).told["update"] == "never"
    for quiet in (("22:00", ""), ("late", "early")):
        answer = ada.send(ANNA, f"{ANNA}/notices", quiet_from=quiet[0], quiet_until=quiet[1])
        assert answer.status_code == 422


@pytest.mark.req("R16.5")
def test_an_act_that_matters_asks_again_who_sits_there_and_keeps_what_was_typed(cast: Cast) -> None:
    start = datetime.now(UTC)
    with time_machine.travel(start, tick=False) as clock:
        ada = Visitor("ada")
        clock.move_to(start + timedelta(minutes=20))
        assert ada.get(ANNA).status_code == 200, "looking needs no proof"
        asked = ada.post(f"{ANNA}/groups", {"groups": ["operators", "supervisors"]})
        assert asked.status_code == 403
        assert "Confirm that it is you" in asked.content.decode()
        assert accounts.actor_of(people.find("anna")).groups == {"operators"}
        again = {"groups": ["operators", "supervisors"], "sure": "1", "sure-password": PASSWORD}
        shown(ada.post(f"{ANNA}/groups", again))
    assert accounts.actor_of(people.find("anna")).groups == {"operators", "supervisors"}


def test_a_password_is_set_demanded_mailed_and_taken_away(cast: Cast) -> None:
    ada, anna = Visitor("ada"), Visitor("anna")
    assert ada.send(ANNA, f"{ANNA}/password", password="short").status_code == 422
    shown(ada.send(ANNA, f"{ANNA}/password", password="another-crew-2040", must_change="1"))
    assert anna.get("/").status_code == 302
    assert people.person("anna").must_change_password
    shown(ada.send(ANNA, f"{ANNA}/password-link"))
    assert PasswordReset.objects.filter(asked="anna").exists()
    shown(ada.send(ANNA, f"{ANNA}/password-demand"))
    shown(ada.send(ANNA, f"{ANNA}/password-removal"))
    assert not people.person("anna").has_password
    assert ada.post(f"{ANNA}/password-link", {}).status_code == 409
    told = [row.act for row in Audit.objects.filter(subject="anna").order_by("pk")]
    assert told == ["password_set", "password_link_sent", "password_change_demanded", "password_taken_away"]
    assert "another-crew" not in str(list(Audit.objects.values_list("before", "after", "facts")))


def test_groups_lie_within_groups_but_never_in_a_circle(cast: Cast) -> None:
    ada = Visitor("ada")
    shown(ada.send("/administration/groups", name="night", title="Night shift"))
    shown(ada.send("/administration/groups/operators", includes=["night"]))
    members = "/administration/groups/night/members"
    page = ada.text(shown(ada.send("/administration/groups/night", members, who="kofi")))
    assert "They are also in operators" in page
    assert "kofi" in ada.text("/administration/people?group=operators")
    circle = ada.send("/administration/groups/night", includes=["operators"])
    assert circle.status_code == 422
    assert "night" in said(circle)
    unknown = ada.send("/administration/groups/night", members, who="nobody-here")
    assert unknown.status_code == 404
    assert 'value="nobody-here"' in unknown.content.decode()
    used = ada.send("/administration/groups/night", "/administration/groups/night/removal")
    assert used.status_code == 422
    assert "is in use: kofi, group/operators" in said(used)
    assert ada.get("/administration/groups/nowhere").status_code == 404
    assert audit.verify() is None


@pytest.mark.req("R5.2", "R15.8")
def test_representatives_are_named_by_account_or_mail_address_and_end(cast: Cast) -> None:
    ada = Visitor("ada")
    where = "/administration/representatives"
    shown(ada.send(where, who="rowe@site.example", kind="site", thing="Ann Arbor"))
    shown(ada.send(where, who="kofi", kind="machine", thing="cr1.aa"))
    page = ada.text(where)
    assert "rowe@site.example" in page
    assert "cr1.aa" in page
    wrong = ada.send(where, who="rowe@site.example", kind="site", thing="Atlantis")
    assert wrong.status_code == 422
    assert 'value="Atlantis"' in wrong.content.decode()
    assert ada.send(where, who="nobody", kind="site", thing="Ann Arbor").status_code == 422
    for row in Representative.objects.all():
        shown(ada.post(f"{where}/{row.pk}/end", {}))
        assert ada.post(f"{where}/{row.pk}/end", {}).status_code == 404
    assert not Representative.objects.exists()


@pytest.mark.req("S10")
def test_a_contact_signs_on_nowhere_and_their_links_can_be_made_worthless(cast: Cast) -> None:
    ada = Visitor("ada")
    page = ada.text("/administration/contacts?words=lansing")
    assert "Cleo Reyes" in page
    where = f"/administration/contacts/{cast.cleo_contact.pk}"
    assert "make one" in ada.text(where)
    assert "worthless now" in ada.send(where).content.decode()
    assert LinkRevocation.objects.get(contact=cast.cleo_contact).generation == 1
    assert ada.get("/administration/contacts/999999").status_code == 404
    assert ada.post("/administration/contacts/999999", {}).status_code == 404


def test_a_screen_is_taken_down_by_command_and_by_program(cast: Cast, nocturne: Nocturne) -> None:
    first, _ = displays.create(people.find("mei"), "control room")
    second, _ = displays.create(people.find("mei"), "hall")
    assert "control room" in nocturne("display", "list").out
    assert nocturne("display", "remove", str(first.pk)).code == 0
    assert nocturne("display", "remove", str(first.pk)).code == 1
    program = caller(cast.ada, scopes="read write admin")
    assert [each["label"] for each in program.get("/displays")["displays"]] == ["hall"]
    assert (
        caller(cast.mei, scopes="read write admin").call("DELETE", f"/displays/{second.pk}")["status"] == 403
    )
    program.call("DELETE", f"/displays/{second.pk}")
    assert program.status == 204
    assert program.call("DELETE", f"/displays/{second.pk}")["code"] == "no_such_display"
    assert program.get("/displays")["displays"] == []


def test_a_screen_is_taken_down_by_an_administrator(cast: Cast) -> None:
    screen, _ = displays.create(people.find("mei"), "control room")
    ada = Visitor("ada")
    assert "control room" in ada.text("/administration/displays")
    shown(ada.send("/administration/displays", f"/administration/displays/{screen.pk}/removal"))
    assert "No screen is up." in ada.text("/administration/displays")
    assert ada.post(f"/administration/displays/{screen.pk}/removal", {}).status_code == 404
    assert Audit.objects.latest("pk").act == "display_revoked"


@pytest.mark.req("R16.6")
def test_who_administers_people_learns_of_no_queue_that_is_hidden_from_them(
    cast: Cast, ada: Actor, hana: Visitor
) -> None:
    configuring.change(SECURITY, by=ada, door=Door.WEB)
    configured.refresh()
    Queue.objects.get(name="security").members.add(people.find("anna"))
    Queue.objects.get(name="general").members.add(people.find("anna"))
    page = hana.text(ANNA)
    assert "general" in page
    assert "security" not in page
    assert "security" not in hana.text(f"{ANNA}/disabling")
