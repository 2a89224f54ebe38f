"""Nocturne's secret key: made on the first start, kept in the data directory, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def secret_key(home: Path) -> str:
    """This will return the installation's secret, making it if there is none yet.

    :raises OSError: the data directory cannot be written.
    """
    path = home / "secret"
    with suppress(FileNotFoundError):
        return path.read_text(encoding="ascii").strip()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = home / f".secret-{os.getpid()}-{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
    # A link fails where a rename would replace: when two processes start at once, the first one's secret stays.
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    return path.read_text(encoding="ascii").strip()
