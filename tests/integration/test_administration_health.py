"""Ada sees how the house is, what helps where it is not well, and sets going again what has stopped."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import configuring, troubles
from nocturne.doors.mail import ledger, spool
from nocturne.doors.mail.intake import Intake
from nocturne.doors.mail.spool import Envelope
from nocturne.store import backup, configured, readiness
from nocturne.store.models import Audit, Entry, Heartbeat, Job, MailIn, Notice, Ticket
from tests.caller import caller
from tests.cast import Cast, account
from tests.command import Nocturne
from tests.visitor import Visitor, said

HEALTH = "/administration/health"


@pytest.fixture
def worker(db: None) -> None:
    Heartbeat.objects.create(name="worker", at=timezone.now())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from dataclasses import replace

    monkeypatch.setattr(settings, "NOCTURNE", replace(settings.NOCTURNE, home=tmp_path))
    return tmp_path


@pytest.fixture
def dead_notice(trouble: int) -> Notice:
    entry = Entry.objects.get(ticket=trouble)
    return Notice.objects.create(
        ticket_id=trouble, entry=entry, purpose="reply", address="rowe@site.example", message_id="<x@y>",
        state="dead", run_at=timezone.now(), attempts=9, error="550 no such user",
    )  # fmt: skip


def job(**values: object) -> Job:
    now = timezone.now()
    return Job.objects.create(
        **{"lane": "watch", "kind": "load_demo", "run_at": now, "created_at": now, **values}  # type: ignore[arg-type]
    )


def part(page: str, title: str) -> str:
    """This will find what a page says of one part."""
    return page.partition(f"<td>{title}<td>")[2].partition("<tr>")[0].partition("</table>")[0]


@pytest.mark.usefixtures("worker", "home")
@pytest.mark.req("S8")
def test_a_house_that_is_well_says_so(cast: Cast) -> None:
    page = Visitor("ada").text(HEALTH)
    assert "it answers" in page
    assert "1 is at work" in page
    assert "state bad" not in page
    assert "SQLite" in page or "PostgreSQL" in page
    piece = Visitor("ada").text(f"{HEALTH}/parts")
    assert piece.startswith("<table")
    assert part(piece, "Database") == part(page, "Database")


@pytest.mark.usefixtures("home")
def test_every_line_that_is_not_well_says_what_helps(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "LEAST_FREE_BYTES", 10**18)
    with connection.cursor() as cursor:
        table = "" if connection.vendor == "sqlite" else " ON entry"
        cursor.execute(f"DROP TRIGGER entry_stays{table}")
    job(state="ready", run_at=timezone.now() - timedelta(minutes=9))
    page = Visitor("ada").text(HEALTH)
    for title, remedy in {
        "Worker": "nocturne worker",
        "Disk": "Make room",
        "Guards": "nocturne audit verify",
        "Follow-up work": "more workers help",
        "Backup": "nocturne backup FOLDER",
    }.items():
        assert remedy in part(page, title), title


@pytest.mark.usefixtures("worker")
def test_a_backup_that_is_late_is_said(cast: Cast, home: Path, tmp_path: Path) -> None:
    assert "none has been made" in part(Visitor("ada").text(HEALTH), "Backup")
    (home / "run").mkdir()
    for age, remedy in ((timedelta(hours=3), False), (timedelta(hours=30), True)):
        made: datetime = timezone.now() - age
        (home / "run" / "last_backup").write_text(made.isoformat())
        told = part(Visitor("ada").text(HEALTH), "Backup")
        assert ("nocturne backup" in told) is remedy
        assert "old" in told
    (home / "run" / "last_backup").write_text("\x00 nonsense")
    assert backup.last(home) is None


@pytest.mark.usefixtures("worker")
@pytest.mark.req("R16.2")
def test_a_mail_in_quarantine_is_taken_in_for_another_queue(cast: Cast, home: Path) -> None:
    raw = b"From: Rowe <rowe@site.example>\r\nSubject: No light\r\nMessage-ID: <1@site.example>\r\n\r\nSince noon.\r\n"
    folder = spool.folder_in(home)
    spool.put(folder, raw, Envelope("nowhere", "correspond", timezone.now().timestamp()))
    intake = Intake(folder)
    try:
        intake.turn()
        row = MailIn.objects.get()
        assert row.state == "quarantine"
        ada = Visitor("ada")
        page = ada.text(HEALTH)
        assert "1 mail waits" in part(page, "Mail in")
        assert "rowe@site.example" in page
        answer = ada.post(f"{HEALTH}/mail/{row.pk}", {"queue": "nowhere-either"})
        assert answer.status_code == 422
        assert "nowhere-either" in said(answer)
        assert ada.send(HEALTH, f"{HEALTH}/mail/{row.pk}", queue="general").status_code == 302
        intake._asked_at = 0.0
        intake.turn()
        intake.turn()
    finally:
        intake.close()
    row.refresh_from_db()
    assert row.state == "filed"
    assert Ticket.objects.get(pk=row.ticket_id).subject == "No light"
    assert Audit.objects.latest("pk").act == "mail_replayed"
    assert ada.post(f"{HEALTH}/mail/{row.pk}", {"queue": "general"}).status_code == 409
    assert ada.post(f"{HEALTH}/drop/{row.pk}", {}).status_code == 409


@pytest.mark.usefixtures("home")
def test_a_mail_whose_bytes_are_gone_comes_back_into_quarantine(cast: Cast) -> None:
    row = MailIn.objects.create(
        sha256="0" * 64,
        queue="general",
        action="correspond",
        state=troubles.AGAIN,
        received_at=timezone.now(),
    )
    ledger.take_in_again()
    row.refresh_from_db()
    assert row.state == "quarantine"


@pytest.mark.usefixtures("worker", "home")
def test_mail_that_could_not_be_sent_and_a_job_that_failed_are_set_going_again(
    cast: Cast, dead_notice: Notice
) -> None:
    failed = job(state="dead", error="ValueError: nothing", attempts=8)
    ada = Visitor("ada")
    page = ada.text(HEALTH)
    assert "550 no such user" in page
    assert "ValueError: nothing" in page
    assert "send it again" in part(page, "Mail out")
    assert ada.send(HEALTH, f"{HEALTH}/notice/{dead_notice.pk}").status_code == 302
    assert ada.send(HEALTH, f"{HEALTH}/job/{failed.pk}").status_code == 302
    dead_notice.refresh_from_db()
    failed.refresh_from_db()
    assert (dead_notice.state, dead_notice.attempts) == ("waiting", 0)
    assert (failed.state, failed.error) == ("ready", "")
    assert [row.act for row in Audit.objects.order_by("-pk")[:2]] == ["job_put_back", "notice_sent_again"]
    for noun in ("notice", "job", "mail", "drop", "everything"):
        for number in (dead_notice.pk if noun == "notice" else failed.pk, 999_999):
            if noun in ("notice", "job") or number == 999_999:
                assert ada.post(f"{HEALTH}/{noun}/{number}", {}).status_code == 404


@pytest.mark.req("R16.5", "R16.6")
def test_only_who_looks_after_the_house_sees_how_it_is(cast: Cast, dead_notice: Notice) -> None:
    for who in ("anna", "mei"):
        visitor = Visitor(who)
        for path in (HEALTH, f"{HEALTH}/parts"):
            assert visitor.get(path).status_code == 403
        assert visitor.post(f"{HEALTH}/notice/{dead_notice.pk}", {}).status_code == 403
    program = caller(cast.mei, scopes="read write admin")
    assert program.get("/health")["code"] == "not_permitted"
    assert program.post(f"/health/notices/{dead_notice.pk}/again")["code"] == "not_permitted"
    dead_notice.refresh_from_db()
    assert dead_notice.state == "dead"


@pytest.mark.usefixtures("worker", "home")
def test_a_monitoring_system_and_a_program_are_told_the_same(
    cast: Cast, dead_notice: Notice, nocturne: Nocturne
) -> None:
    told = nocturne("health", "--json")
    assert told.code == 1
    by_command = {each["name"]: each["state"] for each in json.loads(told.out)["parts"]}
    program = caller(cast.ada, scopes="read write admin")
    found = program.get("/health")
    assert found["state"] == "bad"
    assert {each["name"]: each["state"] for each in found["parts"]} == by_command
    assert found["notices"][0]["error"] == "550 no such user"
    assert "ACT   Mail out" in nocturne("health").out
    program.post(f"/health/notices/{dead_notice.pk}/again")
    assert program.status == 204
    assert nocturne("health").code == 0
    assert program.post("/health/mails/999999/again", {"queue": "general"})["code"] == "no_such_mail"
    assert program.post("/health/jobs/999999/again")["code"] == "no_such_job"


def test_without_a_database_the_command_says_so(
    cast: Cast, nocturne: Nocturne, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def away() -> None:
        raise OperationalError("it is away")

    monkeypatch.setitem(readiness.PARTS, "database", away)
    told = nocturne("health")
    assert told.code == 1
    assert "the database does not answer" in told.out
    assert "DATABASE_URL" in told.out


@pytest.mark.req("R16.6")
@pytest.mark.usefixtures("worker", "home")
def test_who_may_not_know_of_a_ticket_or_a_queue_is_told_nothing_of_its_mail(
    cast: Cast, ada: Actor, dead_notice: Notice
) -> None:
    body = {"group": "caretakers", "rights": ["administer-configuration"]}
    configuring.change(
        {("group", "caretakers"): {"title": "Caretakers"}, ("clearance", "caretakers"): body},
        by=ada,
        door=Door.WEB,
    )
    configured.refresh()
    account("cary", "caretakers")
    now = timezone.now()
    row = MailIn.objects.create(
        sha256="0" * 64,
        queue="general",
        action="correspond",
        state="quarantine",
        received_at=now,
        subject="hidden-word",
    )
    cary = Visitor("cary")
    page = cary.text(HEALTH)
    for words in ("rowe@site.example", "550", "hidden-word", "1 mail"):
        assert words not in page
    assert cary.post(f"{HEALTH}/mail/{row.pk}", {"queue": "general"}).status_code == 404
    assert cary.post(f"{HEALTH}/notice/{dead_notice.pk}", {}).status_code == 404
    assert "hidden-word" in Visitor("ada").text(HEALTH)
