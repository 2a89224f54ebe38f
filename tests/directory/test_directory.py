"""Signing on by a real directory (slapd), through a running house that has the extra for it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from tests import slapd
from tests.authenticator import code, codes_on, secret_on
from tests.house import House, ready_made
from tests.passerby import Passerby, alert
from tests.slapd import BASE, PEOPLE, READER, READER_PASSWORD, Slapd

ANNA, INES, OMAR = (PEOPLE[name][1] for name in ("anna", "ines", "omar"))

pytestmark = pytest.mark.timeout(300)


def table(directory: Slapd, **more: object) -> str:
    """This will write the directory's table for nocturne.toml."""
    values = {
        "url": directory.url,
        "bind_dn": READER,
        "bind_password": READER_PASSWORD,
        "users": f"ou=people,{BASE}",
        "groups": f"ou=groups,{BASE}",
        "create": True,
        "starttls": False,
    } | more
    lines = [
        f"{name} = {str(value).lower() if isinstance(value, bool) else repr(value)}"
        for name, value in values.items()
    ]
    groups = {f"cn=noc,ou=groups,{BASE}": "operators", f"cn=chiefs,ou=groups,{BASE}": "supervisors"}
    mapped = [f"{theirs!r} = {ours!r}" for theirs, ours in groups.items()]
    return "\n".join(["[ldap]", *lines, "[ldap.group_map]", *mapped])


@pytest.fixture(scope="module")
def directory() -> Iterator[Slapd]:
    directory = Slapd().fill().start()
    try:
        yield directory
    finally:
        directory.remove()


@pytest.fixture(scope="module")
def house(directory: Slapd) -> Iterator[House]:
    own = ready_made()
    own.bin = slapd.environment()
    (own.home / "nocturne.toml").write_text(table(directory))
    try:
        yield own.start()
    finally:
        own.remove()


def enter(house: House, name: str, password: str) -> Passerby:
    """This will sign somebody on.

    :raises AssertionError: they are not let in.
    """
    browser = Passerby(house)
    answer = browser.sign_on(name, password)
    assert answer.status_code == 302, alert(answer)
    return browser


@pytest.mark.req("R16.5")
def test_ines_signs_on_with_her_password_of_the_directory_and_gets_the_groups_it_says(house: House) -> None:
    assert enter(house, "ines", INES).is_in
    rows = house.run("user", "list", "--json").out
    line = next(part for part in rows.split("{") if '"ines"' in part)
    assert all(
        word in line.replace("\\u00ea", "ê") for word in ("Inês Duarte", "operators", "supervisors")
    ), line
    assert enter(house, "Ines", INES).is_in, "the same account in other letters"
    assert house.run("sign-on", "list").out.count(f"uid=ines,ou=people,{BASE}") == 1


@pytest.mark.req("R16.5")
@pytest.mark.parametrize("password", ["", " ", "wrong", "\t", INES])
def test_no_password_and_no_wrong_one_opens_an_account(house: House, password: str) -> None:
    browser = Passerby(house)
    answer = browser.sign_on("omar", password)
    assert answer.status_code == 422
    assert not browser.is_in


@pytest.mark.parametrize(
    "name", ["*", "ine*", "ines)(uid=*", "*)(|(uid=*", "ines\\2a", "a" * 70, "mute", ")(", "\\"]
)
def test_a_name_is_a_name_and_no_filter(house: House, name: str) -> None:
    browser = Passerby(house)
    assert browser.sign_on(name, INES).status_code == 422
    assert not browser.is_in


def test_known_and_unknown_names_get_the_same_answer(house: House) -> None:
    house.add_user("lena")
    said = {alert(Passerby(house).sign_on(name, "not-this-one")) for name in ("lena", "ines", "nobody-here")}
    assert said == {"Name and password do not fit. Check both and try again."}


@pytest.mark.req("R16.5")
def test_an_account_that_was_here_before_is_taken_over_by_nobody_of_the_same_name(house: House) -> None:
    anna = house.add_user("anna")
    browser = Passerby(house)
    refused = browser.sign_on("anna", ANNA)
    assert refused.status_code == 403
    subject = f"uid=anna,ou=people,{BASE}"
    assert subject in alert(refused)
    assert not browser.is_in
    house.run("sign-on", "link", "anna", "ldap", subject)
    assert enter(house, "anna", ANNA).is_in
    assert Passerby(house).sign_on("anna", anna.password).status_code == 422, "linked, and so no longer here"


def test_somebody_in_no_group_of_ours_gets_no_account(house: House) -> None:
    browser = Passerby(house)
    assert browser.sign_on("omar", OMAR).status_code == 403
    assert not browser.is_in
    assert '"omar"' not in house.run("user", "list", "--json").out


def test_whoever_is_disabled_here_stays_out_whatever_the_directory_says(house: House) -> None:
    enter(house, "ines", INES)
    house.run("user", "disable", "ines")
    try:
        assert Passerby(house).sign_on("ines", INES).status_code == 422
    finally:
        house.run("user", "enable", "ines")


@pytest.mark.req("R16.5")
def test_while_the_directory_is_away_named_operators_sign_on_and_nobody_waits(
    house: House, directory: Slapd
) -> None:
    lena, local = house.add_user("lars"), house.add_user("nils")
    house.run("sign-on", "link", "lars", "ldap", f"uid=omar,ou=people,{BASE}")
    house.run("sign-on", "local", "lars")
    directory.stop()
    try:
        began = time.monotonic()
        refused = Passerby(house).sign_on("ines", INES)
        assert refused.status_code == 503
        assert "does not answer" in alert(refused)
        assert alert(Passerby(house).sign_on("nobody-here", "x")) == alert(refused)
        assert time.monotonic() - began < 10
        assert enter(house, "nils", local.password).is_in
        browser = Passerby(house)
        asked = browser.sign_on("lars", lena.password)
        assert "Set up a second factor" in asked.text, "never by the password alone"
        done = browser.fill(asked, "/sign-on/enrol", code=code(secret_on(asked.text)))
        assert len(codes_on(done.text)) == 10
        assert browser.is_in
        audit = house.run("sign-on", "list").out
        assert "lars" in audit
    finally:
        directory.start()
    deadline = time.monotonic() + 60
    while Passerby(house).sign_on("ines", INES).status_code != 302:
        assert time.monotonic() < deadline
        time.sleep(
            7
        )  # a name has ten tries in five minutes, and the directory rests for 20 s after a silence


@pytest.mark.req("R16.5")
@pytest.mark.parametrize(("known", "status"), [(True, 302), (False, 503)])
def test_a_password_goes_only_to_a_directory_whose_certificate_we_know(
    directory: Slapd, known: bool, status: int
) -> None:
    own = ready_made()
    own.bin = slapd.environment()
    stranger = own.home / "stranger"
    stranger.mkdir()
    slapd.certificates(stranger)
    authority = (directory.here if known else stranger) / "ca.pem"
    described = table(directory, starttls=True, ca_file=str(authority), subject="entryUUID")
    (own.home / "nocturne.toml").write_text(described)
    try:
        own.start()
        assert Passerby(own).sign_on("ines", INES).status_code == status
        names = re.findall(r"ines +ldap +([0-9a-f-]{36}) ", own.run("sign-on", "list").out)
        assert len(names) == int(known), "linked by what never changes"
    finally:
        own.remove()


def test_a_house_without_the_extra_says_what_it_lacks(directory: Slapd) -> None:
    own = ready_made()
    (own.home / "nocturne.toml").write_text(table(directory))
    try:
        said = own.cli("serve")
        assert said.code != 0
        assert "nocturne[ldap]" in said.err + said.out
    finally:
        own.remove()
