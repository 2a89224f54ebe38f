"""`@name` is the staff's own: whoever is not of the house asks nobody with it, and learns of no account."""

from __future__ import annotations

import re
from typing import Any

import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.desk import Extra, correspondence
from nocturne.store.models import Entry, Notice, Question
from tests.caller import Caller, reporter
from tests.cast import Cast, account
from tests.post import PostOffice, entry_of, mail, ours
from tests.visitor import Visitor

pytestmark = [pytest.mark.req("R16.5", "R1.2"), pytest.mark.usefixtures("as_if_committed")]

NAMES = ("kofi", "operators", "nobody-such")
"""An account, a group, and nobody."""


def alike(said: Any, name: str) -> str:
    """What was answered, without the name that was asked with, and without what is drawn by lot or moves on."""
    text = str(said).replace(name, "NAME")
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", text)
    return re.sub(r"[A-Za-z0-9_-]{12,}|\b\d+\b", "N", text)


@pytest.mark.parametrize(
    "sender",
    ["Cleo <cleo@college.example>", "rowe@site.example", "anna@lakenet.example"],
    ids=["hers", "strange", "forged"],
)
def test_a_mail_that_names_somebody_asks_nobody_and_is_answered_as_any_other(
    office: PostOffice, complaint: int, sender: str
) -> None:
    answers = []
    for name in NAMES:
        text = f"@{name} is the line up again?\n"
        rows = [
            office.receive(mail(text, sender=sender)),
            office.receive(mail(text, sender=sender, answers=ours(complaint))),
            office.receive(mail(text, sender=sender, subject=correspondence.tag(complaint))),
        ]
        told = []
        for row in rows:
            entry = entry_of(row)
            assert entry.words.text == text, "the words stay as they were written"
            assert "asks" not in entry.facts
            to = Notice.objects.filter(entry=entry).values_list("address", "purpose")
            told.append((row.state, entry.kind, entry.shown_class, sorted(entry.facts), sorted(to)))
        answers.append(told)
    assert answers[0] == answers[1] == answers[2]
    assert not Question.objects.exists()


WAYS = (
    ("/tickets/{n}/entries", {"kind": "received", "text": "@{name} hello?"}),
    ("/tickets/{n}/entries", {"kind": "note", "text": "@{name} hello?"}),
    ("/tickets/{n}/entries", {"kind": "reply", "text": "@{name} hello?"}),
    ("/tickets/{n}/questions", {"to": ["{name}"], "text": "hello?"}),
    ("/tickets/{n}/reopening", {"text": "@{name} hello?"}),
    ("/line", {"line": "{n} @{name} hello?"}),
    ("/tickets", {"subject": "@{name} hello?", "text": "@{name} hello?"}),
)


@pytest.mark.parametrize(
    ("path", "body"), WAYS, ids=[f"{path} {body.get('kind', '')}" for path, body in WAYS]
)
def test_a_customers_program_asks_nobody_and_is_answered_alike(
    cast: Cast, complaint: int, path: str, body: dict[str, Any]
) -> None:
    cleo: Caller = reporter("cleo", cast.cleo_contact)

    def filled(value: Any, name: str) -> Any:
        if isinstance(value, list):
            return [filled(each, name) for each in value]
        return value.replace("{name}", name).replace("{n}", str(complaint))

    found = []
    for name in NAMES:
        sent = {key: filled(value, name) for key, value in body.items()}
        told = cleo.post(path.replace("{n}", str(complaint)), sent)
        found.append((cleo.status, alike(told, name)))
    assert found[0] == found[1] == found[2]
    assert not Question.objects.exists()
    assert not [each for each in Entry.objects.all() if "asks" in each.facts]


def test_a_customer_at_the_page_asks_nobody_and_is_offered_no_name(cast: Cast, complaint: int) -> None:
    account("cleo", contact=cast.cleo_contact)
    cleo = Visitor("cleo")
    found = []
    for name in NAMES:
        answer = cleo.send(f"/tickets/{complaint}", f"/tickets/{complaint}/messages", text=f"@{name} hello?")
        found.append((answer.status_code, alike(answer.content.decode(), name)))
    assert found[0] == found[1] == found[2]
    assert not Question.objects.exists()
    staff = Visitor("anna")
    for address in ("/near/people?q=kof", "/near/colleagues?q=kof", "/search/complete?q=owner:kof"):
        assert "kofi" in staff.text(address).replace("q=kof", ""), "there is something to be told"
        answer = cleo.get(address)
        assert answer.status_code in (403, 404, 405) or "kofi" not in answer.content.decode().replace(
            "q=kof", ""
        )
    assert "kofi" not in cleo.post("/line/read", {"line": f"{complaint} @kof"}).content.decode()


def test_one_of_the_staff_learns_who_works_there_and_asks_only_whom_it_reaches(
    cast: Cast, trouble: int
) -> None:
    written = desk.update(trouble, "@nobody-such hello?", by=cast.anna, door=Door.WEB)
    assert [each.params["given"] for each in written.warnings] == ["nobody-such"]
    desk.update(trouble, "@kofi hello?", by=cast.anna, door=Door.WEB, extra=Extra())
    assert Question.objects.get().asked == "kofi"


def test_a_mail_to_the_staffs_own_address_asks_nobody_either(office: PostOffice, complaint: int) -> None:
    row = office.receive(
        mail("@kofi is it up?", sender="anna@lakenet.example", answers=ours(complaint)), action="comment"
    )
    assert "asks" not in entry_of(row).facts
    assert not Question.objects.exists()
