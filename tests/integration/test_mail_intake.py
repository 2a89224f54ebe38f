"""The spool is emptied one mail after the other, and no mail, however bad, stops the next."""

from __future__ import annotations

import os
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from nocturne.core.refusals import Conflict, NotFound, Unavailable, WrongState
from nocturne.doors.mail import filing, ledger, readers, spool
from nocturne.doors.mail.intake import DEATHS, Intake
from nocturne.doors.mail.readers import Died, Reader
from nocturne.doors.mail.spool import Envelope
from nocturne.store import blobs
from nocturne.store.models import MailIn, Ticket
from tests.post import PostOffice, mail

pytestmark = [pytest.mark.req("R15.5", "S11")]

POISON = b"X-Poison: yes"


@pytest.fixture
def poisonous(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], None]:
    """Make the child that reads mails do something terrible when it meets a poisoned one."""

    def poison(what: str) -> None:
        folder = tmp_path_factory.mktemp("poison")
        (folder / "sitecustomize.py").write_text(
            textwrap.dedent(
                f"""
                import os, sys, time
                from nocturne.doors.mail import reading
                before = reading.read
                def read(raw, folder):
                    if {POISON!r} in raw:
                        {what}
                    return before(raw, folder)
                reading.read = read
                """
            )
        )
        paths = [str(folder), *(path for path in sys.path if path)]
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))

    return poison


@pytest.fixture
def own_reader(office: PostOffice) -> Iterator[Reader]:
    office.intake.reader = Reader()
    yield office.intake.reader
    office.intake.reader.end()


def put(office: PostOffice, raw: bytes, queue: str = "general") -> Path:
    return spool.put(office.folder, raw, Envelope(queue, "correspond", time.time()))


def until_done(office: PostOffice) -> None:
    """This will let the lane go on until the spool is empty, without waiting for its rests."""
    for _ in range(20):
        office.intake._rests.clear()
        office.take_in()
        if not spool.waiting(office.folder):
            return


@pytest.mark.parametrize(
    "what",
    [
        "os._exit(3)",
        "os.kill(os.getpid(), 9)",
        "os.kill(os.getpid(), 11)",
        "raise SystemExit",
        "x = bytearray(3_000_000_000)",
        "print('{}', flush=True); os._exit(0)",
    ],
)
def test_a_mail_that_kills_its_reader_is_set_aside_after_three_deaths(
    office: PostOffice, own_reader: Reader, poisonous: Callable[[str], None], what: str
) -> None:
    poisonous(what)
    raw = mail().replace(b"Subject:", POISON + b"\nSubject:", 1)
    put(office, raw)
    put(office, mail(subject="After it"))

    until_done(office)

    poisoned = MailIn.objects.get(state="quarantine")
    assert (poisoned.reason, poisoned.attempts) == ("poison", DEATHS)
    kept = spool.find(office.folder, poisoned.sha256)
    assert kept is not None
    assert spool.content(kept) == raw
    assert Ticket.objects.get().subject == "After it"
    assert spool.waiting(office.folder) == []


@pytest.mark.parametrize("what", ["while True: pass", "time.sleep(60)"])
def test_a_mail_that_takes_for_ever_is_cut_off(
    office: PostOffice,
    own_reader: Reader,
    poisonous: Callable[[str], None],
    what: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readers, "PATIENCE", 0.7)
    poisonous(what)
    path = put(office, mail().replace(b"Subject:", POISON + b"\nSubject:", 1))

    with pytest.raises(Died):
        own_reader.read(path, office.folder, size=100)


def test_the_next_mail_does_not_wait_for_a_poisoned_one(
    office: PostOffice, own_reader: Reader, poisonous: Callable[[str], None]
) -> None:
    poisonous("os._exit(3)")
    put(office, mail().replace(b"Subject:", POISON + b"\nSubject:", 1))
    put(office, mail(subject="After it"))

    office.take_in()

    assert Ticket.objects.get().subject == "After it"
    assert MailIn.objects.get(state="spooled").attempts == 1


def test_the_attempt_is_counted_before_anything_looks_into_the_mail(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def die(*_: object, **__: object) -> None:
        seen.append(MailIn.objects.get().attempts)
        raise KeyboardInterrupt  # as if the worker were killed here

    monkeypatch.setattr(Reader, "read", die)
    put(office, mail())
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            office.intake.turn()

    assert seen == [1, 2]


def test_a_worker_that_is_killed_again_and_again_is_not_the_mails_fault_for_long(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Reader, "read", die)
        put(office, mail())
        for _ in range(5):
            with pytest.raises(KeyboardInterrupt):
                office.intake.turn()

    office.take_in()

    assert MailIn.objects.get().state == "filed"


def test_a_mail_that_breaks_the_filing_is_set_aside_too(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(filing, "file", broken)
    put(office, mail())

    until_done(office)

    assert MailIn.objects.get().reason == "cannot_file"


def test_a_full_disk_costs_no_mail_and_no_attempt(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise Unavailable("disk_full")

    path = put(office, mail())
    with monkeypatch.context() as filling:
        filling.setattr(blobs, "keep", full)
        for _ in range(DEATHS + 2):
            with pytest.raises(Unavailable):
                office.intake.turn()
    assert path.exists()
    assert MailIn.objects.get().attempts == 0

    office.take_in()

    assert MailIn.objects.get().state == "filed"


def test_a_mail_filed_by_a_worker_that_died_before_it_cleared_the_spool_is_not_filed_twice(
    office: PostOffice,
) -> None:
    raw = mail()
    office.receive(raw)
    put(office, raw)

    office.take_in()

    assert Ticket.objects.count() == 1
    assert spool.waiting(office.folder) == []


def test_two_workers_take_a_mail_in_once(office: PostOffice, tmp_path: Path) -> None:
    path = put(office, mail())
    other = Intake(office.folder)
    import fcntl

    with open(path, "rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert other.turn() > 0
    office.take_in()

    assert other.turn() > 0
    assert Ticket.objects.count() == 1


def test_a_file_that_no_gateway_wrote_is_set_aside(office: PostOffice) -> None:
    (office.folder / "stray.mail").write_bytes(b"From: x\n\nhello\n")

    office.take_in()

    row = MailIn.objects.get()
    assert (row.state, row.reason) == ("quarantine", "not_spooled")
    kept = spool.find(office.folder, row.sha256)
    assert kept is not None
    assert spool.content(kept) == b"From: x\n\nhello\n"


def test_a_worker_that_dies_while_it_sets_a_mail_aside_loses_it_not(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_path: Path) -> Path:
        raise KeyboardInterrupt

    raw = mail()
    put(office, raw, queue="nowhere")
    with monkeypatch.context() as dying:
        dying.setattr(spool, "set_aside", die)
        with pytest.raises(KeyboardInterrupt):
            office.intake.turn()

    office.take_in()

    row = MailIn.objects.get()
    kept = spool.find(office.folder, row.sha256)
    assert row.state == "quarantine"
    assert kept is not None
    assert kept.parent.name == spool.QUARANTINE
    assert spool.content(kept) == raw


def test_what_killed_gateways_left_behind_is_cleared_away_after_a_day(office: PostOffice) -> None:
    old, new = office.folder / ".part-1-abc", office.folder / ".part-2-abc"
    for path in (old, new):
        path.write_bytes(b"half a mail")
    os.utime(old, (time.time() - 90_000, time.time() - 90_000))

    office.take_in()

    assert not old.exists()
    assert new.exists()


def test_a_mail_in_quarantine_is_listed_shown_and_taken_in_again(
    office: PostOffice, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "folder_in", lambda _home: office.folder)
    raw = mail(subject="For the wrong queue")
    row = office.receive(raw, queue="nowhere", at=time.time() - 3600)

    [listed] = ledger.listed(state="quarantine", limit=10)
    assert (listed["number"], listed["reason"], listed["subject"]) == (
        row.pk,
        "unknown_queue",
        "For the wrong queue",
    )
    assert ledger.shown(row.pk)["sha256"] == row.sha256
    assert ledger.raw(row.pk) == raw

    ledger.replay(row.pk, queue="general")
    office.take_in()

    row.refresh_from_db()
    assert (row.state, row.queue) == ("filed", "general")
    assert spool.find(office.folder, row.sha256) is None
    assert ledger.raw(row.pk) == raw
    ticket = Ticket.objects.get()
    assert ticket.subject == "For the wrong queue"
    assert abs((ticket.opened_at - row.received_at).total_seconds()) < 0.01
    with pytest.raises(WrongState):
        ledger.replay(row.pk)


def test_a_replay_never_makes_two_of_a_mail_that_came_for_both_queues(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "folder_in", lambda _home: office.folder)
    raw = mail()
    office.receive(raw)
    stray = office.receive(raw, queue="nowhere")
    stray.refresh_from_db()
    MailIn.objects.filter(pk=stray.pk).update(state="quarantine")

    with pytest.raises(Conflict):
        ledger.replay(stray.pk, queue="general")
    with pytest.raises(NotFound):
        ledger.replay(999)
    assert Ticket.objects.count() == 1


def test_the_child_ends_when_there_is_nothing_to_read(office: PostOffice, own_reader: Reader) -> None:
    put(office, mail())
    office.take_in()
    child = own_reader._child
    assert child is not None

    own_reader._used_at -= readers.IDLE_ENDS_AFTER + 1
    office.take_in()

    assert own_reader._child is None


def test_reading_needs_no_database(office: PostOffice) -> None:
    """The child knows nothing of it: what a mail does there reaches no ticket."""
    import subprocess

    code = "import sys, nocturne.doors.mail.reading; print('django' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    said = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "False"
    assert connection.vendor in ("sqlite", "postgresql")
