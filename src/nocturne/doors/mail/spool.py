"""Where a mail lies between the mail server and the worker: one file each, whole and on the disk, or not there.

The first line says what the mail server told us and we saw ourselves; the mail follows, byte for byte. This module
is loaded by the gateway, which has to start fast and without Django.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

MAGIC = b"nocturne mail 1 "
SUFFIX = ".mail"
QUARANTINE = "quarantine"
_PART = ".part-"
_LONGEST_FIRST_LINE = 64 * 1024


class Unreadable(ValueError):
    """A file in the spool that no gateway has written."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is known of a mail from outside it.

    :param received_at: seconds since 1970, when the gateway took it.
    :param sender: the envelope sender; None where the mail server did not tell it, empty for the null sender.
    """

    queue: str
    action: str
    received_at: float
    sender: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spooled:
    """A mail that lies in the spool; the SHA-256 is of the mail itself."""

    path: Path
    sha256: str
    size: int
    envelope: Envelope


def folder_in(home: Path) -> Path:
    return home / "spool"


class Writer:
    """Takes a mail in, piece by piece, into a file that nobody sees before it is whole."""

    def __init__(self, folder: Path, envelope: Envelope) -> None:
        _make(folder)
        self._folder = folder
        self._envelope = envelope
        self._digest = hashlib.sha256()
        self.size = 0
        self.is_blank = True
        self._part = folder / f"{_PART}{os.getpid()}-{os.urandom(6).hex()}"
        self._file = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        facts = json.dumps(asdict(envelope), separators=(",", ":"))
        _write_all(self._file, MAGIC + facts.encode("ascii") + b"\n")

    def write(self, piece: bytes) -> None:
        self._digest.update(piece)
        self.size += len(piece)
        self.is_blank = self.is_blank and not piece.strip()
        _write_all(self._file, piece)

    def keep(self) -> Path:
        """This will put the mail into the spool; when it returns, no fault of this machine loses it.

        The name follows from content, queue and action: the same mail delivered twice is one file.
        """
        os.fsync(self._file)
        os.close(self._file)
        path = self._folder / _name(self._digest.hexdigest(), self._envelope.queue, self._envelope.action)
        self._part.rename(path)
        _sync(self._folder)
        return path

    def drop(self) -> None:
        """This will leave nothing of it behind."""
        with suppress(OSError):
            os.close(self._file)
        with suppress(OSError):
            self._part.unlink()


def put(folder: Path, raw: bytes, envelope: Envelope) -> Path:
    """This will spool a mail that is at hand as a whole."""
    writer = Writer(folder, envelope)
    try:
        writer.write(raw)
        return writer.keep()
    except BaseException:
        writer.drop()
        raise


def set_aside(path: Path) -> Path:
    """This will put a mail out of the worker's way, for a person to look at; it stays in the spool, whole."""
    apart = path.parent / QUARANTINE
    _make(apart)
    moved = path.rename(apart / path.name)
    _sync(apart)
    _sync(path.parent)
    return moved


def find(folder: Path, sha256: str) -> Path | None:
    """This will find a mail that lies in the spool, or was set aside."""
    for place in (folder, folder / QUARANTINE):
        for path in place.glob(f"{sha256}-*{SUFFIX}"):
            return path
    return None


def content(path: Path) -> bytes:
    """This will read a mail that lies in the spool, byte for byte as it came."""
    raw = path.read_bytes()
    return raw.partition(b"\n")[2] if raw.startswith(MAGIC) else raw


def waiting(folder: Path) -> list[Path]:
    """This will list what lies in the spool, what came first before the rest."""
    found = []
    with suppress(FileNotFoundError), os.scandir(folder) as listed:
        for each in listed:
            if each.name.endswith(SUFFIX) and not each.name.startswith("."):
                with suppress(OSError):
                    found.append((each.stat().st_mtime_ns, Path(each.path)))
    return [path for _, path in sorted(found)]


def read(file: BinaryIO, path: Path) -> Spooled:
    """This will read what is known of a spooled mail and leave the file at its first byte.

    :raises Unreadable: no gateway has written this file.
    """
    first = file.readline(_LONGEST_FIRST_LINE)
    if not first.startswith(MAGIC) or not first.endswith(b"\n"):
        raise Unreadable(path.name)
    try:
        facts = json.loads(first[len(MAGIC) :])
        envelope = Envelope(**{**facts, "warnings": tuple(facts.get("warnings", ()))})
    except (ValueError, TypeError) as problem:
        raise Unreadable(path.name) from problem
    place = file.tell()
    digest = hashlib.sha256()
    for piece in iter(lambda: file.read(256 * 1024), b""):
        digest.update(piece)
    size = file.tell() - place
    file.seek(place)
    return Spooled(path, digest.hexdigest(), size, envelope)


def leftovers(folder: Path, *, older_than: float) -> Iterator[Path]:
    """This will find what killed gateways have left half written, untouched since `older_than` (seconds since 1970)."""
    with suppress(FileNotFoundError):
        for path in folder.glob(f"{_PART}*"):
            with suppress(OSError):
                if path.stat().st_mtime < older_than:
                    yield path


def _name(sha256: str, queue: str, action: str) -> str:
    place = hashlib.sha256(f"{queue}\0{action}".encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return f"{sha256}-{place}{SUFFIX}"


def _make(folder: Path) -> None:
    if not folder.is_dir():
        with suppress(FileExistsError):
            folder.mkdir(0o700)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]
