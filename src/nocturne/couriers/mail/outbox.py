"""Where no mail server is configured: each mail as a file that any mail program opens."""

from __future__ import annotations

import hashlib
import os
from email.message import EmailMessage
from pathlib import Path

from nocturne.couriers.mail.outcome import Postponed
from nocturne.couriers.mail.wire import as_bytes


def carry(message: EmailMessage, *, folder: Path) -> None:
    """This will put a mail into a folder; the same mail a second time is the same file.

    :raises Postponed: it cannot be written now.
    """
    name = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:24]
    part = folder / f".{name}-{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with open(part, "wb") as file:
            file.write(as_bytes(message))
            file.flush()
            os.fsync(file.fileno())
        part.rename(folder / f"{name}.eml")
    except OSError as problem:
        part.unlink(missing_ok=True)
        raise Postponed(str(problem), is_server=True) from problem
