"""Takes mail out of the spool, one after the other: whatever one of them is or does, the next one has its turn."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from nocturne.core.refusals import Refusal, Unavailable
from nocturne.doors.mail import filing, ledger, spool
from nocturne.doors.mail.letter import Letter
from nocturne.doors.mail.readers import Died, Reader
from nocturne.doors.mail.spool import Spooled
from nocturne.store.models import MailIn

DEATHS = 3
"""So often a mail may kill the process that reads it, or break the filing, before a person has to look at it."""
ATTEMPTS = 10
"""And so often it may be begun in all: a worker that is killed meanwhile is not the mail's fault, but ten are."""
AT_ONCE = 20
PAUSE = 0.2
ASKED_EVERY = 3.0
"""Seconds between two looks at whether somebody wants a mail taken in once more."""
LEFTOVERS_AFTER = 24 * 3600.0

log = logging.getLogger("nocturne.mail")


class Intake:
    """The worker's lane for incoming mail."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or spool.folder_in(settings.NOCTURNE.home)
        self.reader = Reader()
        self._rests: dict[Path, float] = {}
        self._cleaned_at = 0.0
        self._asked_at = 0.0

    def turn(self) -> float:
        """This will take in the mails that have waited longest.

        :return: how many seconds the lane may rest.
        """
        self._clean_up()
        now = time.monotonic()
        if now >= self._asked_at + ASKED_EVERY:
            self._asked_at = now
            ledger.take_in_again()
        taken = 0
        for path in spool.waiting(self.folder):
            taken += self._rests.get(path, 0.0) <= now and self._take(path)
            if taken == AT_ONCE:
                return 0.0
        if taken:
            return 0.0
        self.reader.end_when_idle()
        return PAUSE

    def close(self) -> None:
        self.reader.end()

    def _take(self, path: Path) -> bool:
        """Take one mail in.

        :return: False where another worker is at it, or was.
        """
        with _held(path) as file:
            if file is None:
                return False
            try:
                spooled = spool.read(file, path)
            except spool.Unreadable:
                file.seek(0)
                digest = hashlib.sha256(file.read()).hexdigest()
                spooled = Spooled(path, digest, file.tell(), spool.Envelope("", "", time.time()))
                _quarantine(ledger.begin(spooled), "not_spooled", path, digest)
                return True
            row = ledger.begin(spooled)
            if row.state == "quarantine":
                spool.set_aside(path)
            elif row.state in ledger.DONE:
                self._done(path)
            elif row.attempts > ATTEMPTS:
                _quarantine(row, "poison", path)
            else:
                self._read_and_file(row, spooled)
            return True

    def _read_and_file(self, row: MailIn, spooled: Spooled) -> None:
        path, letter = spooled.path, None
        try:
            with tempfile.TemporaryDirectory(prefix=".reading-", dir=self.folder) as folder:
                letter = self.reader.read(path, Path(folder), size=spooled.size)
                filing.file(letter, spooled, row, Path(folder))
        except Unavailable:
            ledger.forgive(row)
            raise
        except filing.Quarantine as reason:
            _quarantine(row, str(reason), path, letter=letter)
        except Refusal as refusal:
            log.warning("mail %s is refused: %s", spooled.sha256[:12], refusal.code)
            _quarantine(row, refusal.code, path, letter=letter)
        except Exception as problem:
            if row.attempts >= DEATHS:
                log.exception(
                    "mail %s goes into quarantine after %s attempts", spooled.sha256[:12], row.attempts
                )
                _quarantine(row, "poison" if isinstance(problem, Died) else "cannot_file", path)
            else:
                log.warning("mail %s was not taken in: %r", spooled.sha256[:12], problem)
                self._rests[path] = time.monotonic() + 2.0**row.attempts
        else:
            self._done(path)

    def _done(self, path: Path) -> None:
        self._rests.pop(path, None)
        path.unlink(missing_ok=True)

    def _clean_up(self) -> None:
        """Take away, once an hour, what killed gateways and workers have left half done."""
        if time.monotonic() - self._cleaned_at < 3600 and self._cleaned_at:
            return
        self._cleaned_at = time.monotonic()
        for path in spool.leftovers(self.folder, older_than=time.time() - LEFTOVERS_AFTER):
            path.unlink(missing_ok=True)
        for folder in self.folder.glob(".reading-*"):
            if folder.stat().st_mtime < time.time() - LEFTOVERS_AFTER:
                for each in folder.iterdir():
                    each.unlink(missing_ok=True)
                folder.rmdir()


@contextmanager
def _held(path: Path) -> Iterator[BinaryIO | None]:
    """Hold a spooled file so that no other worker takes it; None where one holds it, or has finished it."""
    try:
        file = open(path, "rb")  # noqa: SIM115
    except FileNotFoundError:
        yield None
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield file if _is_still_there(file, path) else None


def _is_still_there(file: BinaryIO, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.fstat(file.fileno()).st_ino == path.stat().st_ino
    return False


def _quarantine(
    row: MailIn, reason: str, path: Path, sha256: str = "", *, letter: Letter | None = None
) -> None:
    """Put a mail where people find it: its name in the list, its bytes in a corner of the spool."""
    known = (
        {"sender": letter.sender[1], "subject": letter.subject, "message_id": letter.message_id}
        if letter
        else {}
    )
    # The list first: a mail that is in quarantine there and still in the spool is moved when it is found.
    ledger.finish(row, "quarantine", reason=reason, **known)
    moved = spool.set_aside(path)
    if sha256:
        moved.rename(moved.with_name(f"{sha256}-stray{spool.SUFFIX}"))
    log.error("mail %s is in quarantine (%s): nocturne mail show %s", row.sha256[:12], reason, row.pk)
