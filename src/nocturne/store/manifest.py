"""What a backup says of itself: what made it, what it holds, and the SHA-256 of every file in it.

Needs neither Django nor a database: a machine that has never seen the original must be able to check it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

NAME = "manifest.json"
FORMAT = 1
PIECE = 1024 * 1024
COUNTS = {
    "ticket": "SELECT count(*) FROM ticket",
    "entry": "SELECT count(*) FROM entry",
    "attachment": "SELECT count(*) FROM attachment",
    "account": "SELECT count(*) FROM account",
}
"""What is counted when a database is copied, and again when it is put back."""
DATABASES = {"sqlite": "nocturne.sqlite3", "postgresql": "nocturne.dump"}


class BadBackup(Exception):
    """A backup that cannot be made, or that must not be restored; the message says why and what would help."""


@dataclass
class Manifest:
    """What stands in `manifest.json`.

    :param migrations: those the database has had, so that an older Nocturne refuses what it cannot read.
    :param last_entry: the journal number of the last entry in it.
    :param files: relative path → [SHA-256, size].
    :param missing: attachments that the books name and whose bytes were gone or damaged before the backup.
    """

    nocturne: str
    database: str
    made_at: str
    migrations: list[str]
    counts: dict[str, int]
    last_entry: int
    files: dict[str, list[Any]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT

    def save(self, folder: Path) -> None:
        """Write it as the last file of a backup: one without it is not whole."""
        facts = asdict(self)
        content = json.dumps(facts | {"seal": _seal(facts)}, indent=1, sort_keys=True).encode() + b"\n"
        write_durably(folder / NAME, [content])
        sync_folder(folder)


def load(folder: Path) -> Manifest:
    """Read what a backup says of itself.

    :raises BadBackup: it is none, it is not whole, or its manifest was changed.
    """
    try:
        facts = json.loads((folder / NAME).read_bytes())
        seal = facts.pop("seal")
        if facts["format"] != FORMAT:
            raise BadBackup(
                f"{folder} was made by another version of Nocturne, in a format that this one cannot read."
            )
        if seal != _seal(facts):
            raise BadBackup(f"{folder / NAME} is not what was written. Take another backup.")
        return Manifest(**{each.name: facts[each.name] for each in fields(Manifest)})
    except FileNotFoundError as absent:
        raise BadBackup(f"{folder} holds no whole backup: there is no {NAME} in it.") from absent
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise BadBackup(f"{folder / NAME} cannot be read ({problem}). Take another backup.") from problem


def verify(folder: Path, found: Manifest, *, tell: Callable[[str], None] = lambda _: None) -> None:
    """Read every file of a backup and compare it with its hash.

    :raises BadBackup: the first file that is missing or not what was written.
    """
    for done, (name, (sha256, size)) in enumerate(sorted(found.files.items()), 1):
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise BadBackup(f"{name} would lie outside the backup. Take another backup.")
        try:
            same = path.stat().st_size == size and hash_of(path) == sha256
        except OSError as problem:
            raise BadBackup(f"{path} cannot be read ({problem.strerror}). Take another backup.") from problem
        if not same:
            raise BadBackup(f"{path} is not what was written. Nothing was restored; take another backup.")
        if done % 1000 == 0:
            tell(f"{done} of {len(found.files)} files are as they were written.")


def hash_of(path: Path) -> str:
    """Give the SHA-256 of a file in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_durably(source: Path, target: Path) -> str:
    """Copy a file so that it is on the disk when this returns; gives the SHA-256 of what was read."""
    digest = hashlib.sha256()
    with open(source, "rb") as file:

        def pieces() -> Iterable[bytes]:
            while piece := file.read(PIECE):
                digest.update(piece)
                yield piece

        write_durably(target, pieces())
    return digest.hexdigest()


def write_durably(target: Path, pieces: Iterable[bytes]) -> None:
    """Write a new file, readable by its owner alone, and have it on the disk when this returns."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        for piece in pieces:
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk when this returns."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Have a file's content on the disk when this returns."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _seal(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
