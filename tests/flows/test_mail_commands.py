"""An administrator's way with mail: through the gateway, into the list, out of quarantine, into the outbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest

from tests.house import House, ready_made
from tests.killing import until
from tests.post import mail

pytestmark = [
    pytest.mark.req("R15.5", "S11"),
    pytest.mark.one_database("commands in front of the intake of mail, which is proven on both"),
]


@pytest.fixture(scope="module")
def silent_house() -> Iterator[House]:
    """A house without a mail server."""
    house = ready_made(NOCTURNE_SMTP_URL="")
    try:
        yield house.start()
    finally:
        house.remove()


def listed(house: House, state: str = "") -> list[Any]:
    words = ["mail", "list", "--json", *(["--state", state] if state else [])]
    found: list[Any] = json.loads(house.run(*words).out)
    return found


def test_without_a_mail_server_the_console_says_where_mail_goes_and_there_it_is(silent_house: House) -> None:
    assert f"mail is written to {silent_house.home / 'outbox'}" in silent_house.log
    raw = mail(sender="Rowe <rowe@site.example>", subject="No dial tone")

    assert silent_house.cli("mail", "in", "--queue", "general", "--action", "correspond", given=raw).code == 0

    assert until(lambda: list((silent_house.home / "outbox").glob("*.eml")) != [], 30)
    [file] = (silent_house.home / "outbox").glob("*.eml")
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert letter["To"] == "Rowe <rowe@site.example>"
    assert "ticket" in str(letter.get_body())
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_mail_for_no_queue_waits_and_is_taken_in_after_all(silent_house: House) -> None:
    raw = mail(subject="Wrongly addressed")
    assert silent_house.cli("mail", "in", "--queue", "nowhere", given=raw).code == 0
    assert until(lambda: len(listed(silent_house, "quarantine")) == 1, 30)
    [waiting] = listed(silent_house, "quarantine")
    number = str(waiting["number"])

    assert (waiting["reason"], waiting["subject"]) == ("unknown_queue", "Wrongly addressed")
    assert "Wrongly addressed" in silent_house.run("mail", "list").out
    assert "unknown_queue" in silent_house.run("mail", "show", number).out
    assert silent_house.run("mail", "show", number, "--raw").out.replace("\r\n", "\n") == raw.decode()

    silent_house.run("mail", "replay", number, "--queue", "general")

    assert until(lambda: listed(silent_house, "quarantine") == [], 30)
    [found] = [each for each in listed(silent_house) if each["number"] == waiting["number"]]
    assert found["state"] == "filed"
    assert found["ticket"]
    again = silent_house.cli("mail", "replay", number)
    assert again.code == 1
    assert "is on its ticket already" in again.err
    assert "No mail number 4711" in silent_house.cli("mail", "show", "4711").err
