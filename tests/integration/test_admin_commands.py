"""Ada sets the house up and looks after its people from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click
import pytest
from django.contrib.auth.hashers import check_password
from typer.main import get_command

from nocturne.config import command
from nocturne.desk import accounts, setup, tokens
from nocturne.doors.cli import COMMANDS, manners
from nocturne.store.models import Group, Installation, Queue, Session, Token, User
from tests.cast import PASSWORD, Cast
from tests.command import Nocturne

NEW = "another-good-one-7"


@pytest.fixture
def empty(db: None) -> Iterator[None]:
    """A house that nobody has set up yet."""
    setup.forget_cached()
    yield
    setup.forget_cached()


@pytest.mark.req("S10")
def test_ada_sets_the_house_up_once(empty: None, nocturne: Nocturne) -> None:
    words = (
        "setup",
        "--admin",
        "ada",
        "--email",
        "ada@noc.example",
        "--site-name",
        "lakenet",
        "--password-stdin",
    )
    said = nocturne(
        *words, "--zone", "America/Detroit", "--correspond", "noc@lakenet.example", given=f"{NEW}\n"
    )
    assert (said.code, said.out) == (0, "")
    ada = User.objects.get(name="ada")
    assert check_password(NEW, ada.password)
    assert list(ada.groups.values_list("name", flat=True)) == ["administrators"]
    assert Installation.objects.get().name == "lakenet"
    assert Queue.objects.get().correspond_address == "noc@lakenet.example"

    again = nocturne(*words, given=f"{NEW}\n")
    assert (again.code, again.err) == (1, "Nocturne has been set up already. Sign on instead.\n")
    assert User.objects.count() == 1


@pytest.mark.req("S10")
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("short\n", "too easy to guess"),
        ("ada@noc.example\n", "too easy to guess"),
        ("\n", "holds no password"),
    ],
)
def test_a_password_that_will_not_do_sets_nothing_up(
    empty: None, nocturne: Nocturne, given: str, words: str
) -> None:
    said = nocturne("setup", "--admin", "ada", "--email", "ada@noc.example", "--password-stdin", given=given)
    assert said.code != 0
    assert words in said.err
    assert not User.objects.exists()
    assert not Group.objects.exists()


def test_where_nobody_can_be_asked_for_a_password_it_says_how_to_give_one(
    empty: None, nocturne: Nocturne
) -> None:
    said = nocturne("setup", "--admin", "ada")
    assert said.code == 2
    assert "--password-stdin" in said.err


@pytest.mark.req("S10")
def test_ada_adds_an_operator_who_signs_on(cast: Cast, nocturne: Nocturne) -> None:
    words = (
        "user",
        "add",
        "ola",
        "--group",
        "operators",
        "--email",
        "ola@noc.example",
        "--zone",
        "Europe/Oslo",
    )
    assert nocturne(*words, "--full-name", "Ola Nyberg", "--password-stdin", given=f"{NEW}\n").code == 0
    ola = accounts.sign_on("Ola", NEW)
    assert (ola.full_name, ola.zone) == ("Ola Nyberg", "Europe/Oslo")
    assert accounts.actor_of(ola).is_staff
    assert "There is an account ola already" in nocturne("user", "add", "ola", "--group", "operators").err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--group", "gardeners"), "no group gardeners"),
        (("--group", "operators", "--zone", "Mars/One"), "Mars/One"),
        (("--group", "operators", "--email", "no address"), "no address"),
        ((), "--group operators"),
    ],
)
def test_what_cannot_be_right_makes_no_account(
    cast: Cast, nocturne: Nocturne, words: tuple[str, ...], says: str
) -> None:
    said = nocturne("user", "add", "ola", *words)
    assert said.code != 0
    assert says in said.err
    assert not User.objects.filter(name="ola").exists()


@pytest.mark.req("S4")
def test_a_customers_account_sees_what_they_reported(cast: Cast, nocturne: Nocturne) -> None:
    assert nocturne("user", "add", "cleo", "--contact", "cleo@college.example").code == 0
    cleo = accounts.actor_of(User.objects.get(name="cleo"))
    assert cleo.contact == cast.cleo_contact.pk
    assert not cleo.is_staff


def test_ada_sees_who_there_is(cast: Cast, nocturne: Nocturne) -> None:
    lines = nocturne("user", "list").out.splitlines()
    assert lines[0].split()[:2] == ["name", "full"]
    assert [line.split()[0] for line in lines[1:]] == ["ada", "anna", "kofi", "mei"]
    anna = next(each for each in json.loads(nocturne("user", "list", "--json").out) if each["name"] == "anna")
    assert (anna["groups"], anna["is_active"], anna["has_password"]) == (["operators"], True, True)


def _signed_on(name: str) -> None:
    now = setup.clock.now()
    user = User.objects.get(name=name)
    Session.objects.create(digest=f"x{name}", user=user, data="", created_at=now, seen_at=now, expires_at=now)


def test_whoever_is_disabled_is_out_at_once(cast: Cast, nocturne: Nocturne) -> None:
    _, plain = tokens.create_token(User.objects.get(name="anna"), "laptop")
    _signed_on("anna")
    assert nocturne("user", "disable", "ANNA").code == 0
    assert accounts.actor_by_token(plain) is None
    assert not Session.objects.filter(user__name="anna").exists()
    assert nocturne("user", "disable", "anna").code == 1
    assert nocturne("user", "enable", "anna").code == 0
    assert accounts.actor_by_token(plain) is None, "what ended stays ended: she makes a new one"


def test_the_last_administrator_cannot_be_disabled(cast: Cast, nocturne: Nocturne) -> None:
    said = nocturne("user", "disable", "ada")
    assert (said.code, said.err) == (1, "ada is the last administrator. Make another one first.\n")
    assert User.objects.get(name="ada").is_active


def test_a_new_password_ends_the_sessions_of_the_old_one(cast: Cast, nocturne: Nocturne) -> None:
    _signed_on("kofi")
    assert nocturne("user", "password", "kofi", "--password-stdin", given=f"{NEW}\n").code == 0
    assert not Session.objects.filter(user__name="kofi").exists()
    assert accounts.sign_on("kofi", NEW).name == "kofi"
    assert nocturne("user", "password", "nobody", "--password-stdin", given=f"{PASSWORD}\n").code == 1


@pytest.mark.req("R15.9")
def test_a_token_is_printed_once_alone_on_its_line(cast: Cast, nocturne: Nocturne) -> None:
    said = nocturne("token", "create", "anna", "--label", "laptop")
    assert (said.code, said.err) == (0, "")
    [line] = said.out.splitlines()
    actor = accounts.actor_by_token(line)
    assert actor is not None
    assert (actor.label, actor.scopes) == ("anna", {"read", "write"})
    assert line not in nocturne("token", "list", "anna").out

    number = str(Token.objects.get().pk)
    assert nocturne("token", "revoke", number).code == 0
    assert accounts.actor_by_token(line) is None
    assert nocturne("token", "revoke", number).err == "There is no such token.\n"


def test_a_token_may_be_for_reading_only_and_end_by_itself(cast: Cast, nocturne: Nocturne) -> None:
    line = nocturne(
        "token", "create", "anna", "--label", "graphs", "--scope", "read", "--days", "30"
    ).out.strip()
    actor = accounts.actor_by_token(line)
    assert actor is not None
    assert actor.scopes == {"read"}
    assert Token.objects.get().expires_at is not None
    assert nocturne("token", "create", "anna", "--label", "x", "--scope", "everything").code == 2


@pytest.mark.req("S8")
def test_ada_adds_a_queue(cast: Cast, nocturne: Nocturne) -> None:
    words = (
        "--correspond",
        "peering@lakenet.example",
        "--purpose",
        "Sessions with others",
        "--type",
        "request",
    )
    assert nocturne("queue", "add", "Peering", *words).code == 0
    queue = Queue.objects.get(name="peering")
    assert (queue.default_type, queue.purpose) == ("request", "Sessions with others")
    assert "peering" in nocturne("queue", "list").out
    assert nocturne("queue", "add", "peering").err == "There is a queue peering already.\n"
    assert "no ticket type nonsense" in nocturne("queue", "add", "other", "--type", "nonsense").err
    assert nocturne("queue", "add", "other", "--comment", "no address").code == 1


@pytest.mark.req("S8")
def test_ada_says_who_works_in_a_queue_who_watches_it_and_how_long_silence_lasts(
    cast: Cast, nocturne: Nocturne
) -> None:
    words = ("--silence-days", "9", "--member", "Anna", "--member", "kofi", "--watcher", "mei")
    assert nocturne("queue", "add", "peering", "--purpose", "Sessions", *words).code == 0
    queue = Queue.objects.get(name="peering")
    assert queue.silence_days == 9
    assert {each.name for each in queue.members.all()} == {"anna", "kofi"}
    assert {each.name for each in queue.watchers.all()} == {"mei"}

    User.objects.filter(name="kofi").update(is_active=False)
    words = ("--without-member", "kofi", "--watcher", "anna", "--without-watcher", "mei", "--type", "request")
    said = nocturne("queue", "change", "Peering", *words, "--silence-days", "14")
    assert (said.code, said.err) == (0, "The queue peering is as you said.\n")
    [row] = [
        each for each in json.loads(nocturne("queue", "list", "--json").out) if each["name"] == "peering"
    ]
    assert (row["members"], row["watchers"], row["silence_days"]) == (["anna"], ["anna"], 14)
    assert (row["default_type"], row["purpose"]) == ("request", "Sessions"), "what was not given stays"
    lines = nocturne("queue", "list").out.splitlines()
    assert lines[0].split() == [
        *("queue", "type", "correspond", "comment", "silence", "members", "watchers", "purpose")
    ]
    assert [line.split() for line in lines if line.startswith("peering")] == [
        ["peering", "request", "-", "-", "14", "anna", "anna", "Sessions"]
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nowhere", "--silence-days", "3"), "There is no queue nowhere.\n"),
        (("general", "--silence-days", "0"), "0 days of silence cannot be"),
        (("general", "--silence-days", "40000"), "40000 days of silence cannot be"),
        (("general", "--purpose", "x", "--watcher", "nobody"), "There is no active account nobody.\n"),
        (
            ("general", "--purpose", "x", "--member", "anna", "--without-member", "nobody"),
            "no active account",
        ),
        (("general", "--type", "nonsense"), "no ticket type nonsense"),
        (("general", "--comment", "no address"), "no address is not a mail address"),
    ],
)
def test_a_queue_is_not_changed_by_halves(
    cast: Cast, nocturne: Nocturne, words: tuple[str, ...], says: str
) -> None:
    before = Queue.objects.values().get(name="general")
    said = nocturne("queue", "change", *words)
    assert said.code == 1
    assert says in said.err
    assert Queue.objects.values().get(name="general") == before
    assert not Queue.objects.get(name="general").members.exists()


def test_a_database_of_an_older_version_is_told_in_one_sentence(
    cast: Cast, nocturne: Nocturne, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manners, "is_behind", lambda: True)
    said = nocturne("user", "list")
    assert (said.code, said.out) == (1, "")
    assert said.err == "The database is not ready for this version: run `nocturne migrate` first.\n"


def _parameters() -> Iterator[tuple[str, click.Parameter]]:
    def walk(name: str, one: click.Command) -> Iterator[tuple[str, click.Parameter]]:
        for parameter in one.params:
            yield name, parameter
        for each, inner in getattr(one, "commands", {}).items():
            yield from walk(f"{name} {each}", inner)

    whole = get_command(command.app)
    for name in COMMANDS:
        found = whole.get_command(click.Context(whole), name)  # type: ignore[attr-defined]
        assert found is not None, name
        assert found.help, name
        yield from walk(name, found)


def test_every_option_has_a_sentence_of_help() -> None:
    checked = 0
    for name, parameter in _parameters():
        if parameter.name == "help" or str(parameter.name).startswith("_"):
            continue
        text = getattr(parameter, "help", None)
        assert text, f"nocturne {name}: {parameter.name}"
        assert text.endswith("."), f"nocturne {name}: {parameter.name}: {text}"
        checked += 1
    assert checked > 30
