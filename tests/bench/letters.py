"""How many mails a second go through spool and worker into tickets. Runs inside a place whose house is running."""

from __future__ import annotations

import os
import random
import time
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

from nocturne.doors.mail import spool
from nocturne.store.models import MailIn
from tests.bench import words

PATIENCE = 120.0


def measure(count: int) -> dict[str, float]:
    """This will lay mails into the spool all at once, and wait until the worker has made tickets of them.

    :raises AssertionError: not all of them became tickets.
    """
    folder = spool.folder_in(settings.NOCTURNE.home)
    beside = settings.NOCTURNE.home / "spool-beside"
    folder.mkdir(mode=0o700, exist_ok=True)
    run = f"{time.time_ns():x}"
    paths = [_put(beside, letter(run, n)) for n in range(count)]
    first = MailIn.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    filed = MailIn.objects.filter(pk__gt=first, state="filed")
    began = time.perf_counter()
    for path in paths:
        os.rename(path, folder / path.name)
    while (done := filed.count()) < count and time.perf_counter() - began < PATIENCE:
        time.sleep(0.02)
    seconds = time.perf_counter() - began
    assert done == count, f"{done} of {count} mails became tickets"
    return {"mails": count, "seconds": round(seconds, 2), "per_second": round(count / seconds, 1)}


def _put(folder: Path, raw: bytes) -> Path:
    return spool.put(folder, raw, spool.Envelope("general", "correspond", time.time()))


def letter(run: str, n: int) -> bytes:
    """This will write a mail of a contact, with a quoted tail as mails have."""
    message = EmailMessage()
    message["From"] = f"Contact {n} <contact{n}@bench.example>"
    message["To"] = "noc@bench.example"
    message["Subject"] = random.choice(words.FAULTS).format(machine="cr1.aa1", place="Lansing")
    message["Message-ID"] = f"<{run}.{n}@bench.example>"
    message["Date"] = "Sun, 22 Nov 2026 03:00:00 +0000"
    said = random.choice(words.OPENED).format(minute=n % 60)
    message.set_content(f"{said}\n\nContact {n}\n\n> earlier words\n> of somebody else\n")
    return message.as_bytes()
