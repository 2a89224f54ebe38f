"""A backup while everything goes on: the database in one step, then the attachments it names, then the proof of both.

The order matters. Mail that waits in the spool is copied before the database: what is filed meanwhile is in both, and
filing it again changes nothing. Attachments are copied after it: they are written before they are referenced.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

import nocturne
from nocturne.core.refusals import NotFound
from nocturne.store import blobs, dumps, guards
from nocturne.store.manifest import (
    COUNTS,
    DATABASES,
    PIECE,
    BadBackup,
    Manifest,
    copy_durably,
    hash_of,
    sync_file,
    sync_folder,
    write_durably,
)
from nocturne.store.models import Attachment

Tell = Callable[[str], None]
BESIDE = ("secret", "nocturne.toml", "run/base_url")
"""Files of the data directory without which a restored database is not the same installation."""
MAIL = "spool"
LAST = "run/last_backup"
"""When the last backup was made, for whoever asks how the house is."""


def make(target: Path, *, home: Path, now: datetime, tell: Tell = lambda _: None) -> Manifest:
    """Back this installation up into a new folder, and prove that the copy is good.

    :raises BadBackup: the folder holds something, a program is missing, or the copy is not good.
    """
    _claim(target)
    found = Manifest(
        nocturne=nocturne.__version__,
        database=connection.vendor,
        made_at=now.isoformat(timespec="seconds"),
        migrations=sorted(
            f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
        ),
        counts={},
        last_entry=0,
    )
    _copy_home(target, home, found)
    database = target / DATABASES[connection.vendor]
    copy = _copy_sqlite if connection.vendor == "sqlite" else dumps.dump
    hashes = copy(database, found)
    tell(f"The database is copied: {found.counts['ticket']} tickets, {found.counts['entry']} entries.")
    _note(found, target, database)
    _copy_attachments(target, hashes, found, tell)
    for folder in {path.parent for path in (target / name for name in found.files)}:
        sync_folder(folder)
    found.save(target)
    _remember(home, found.made_at)
    return found


def last(home: Path) -> datetime | None:
    """Say when the last whole backup was made from this data directory; None if none was."""
    try:
        return datetime.fromisoformat((home / LAST).read_text("ascii").strip())
    except (OSError, ValueError):
        return None


def _remember(home: Path, made_at: str) -> None:
    """Leave word of a backup that is whole. A disk that is full must not spoil it."""
    fresh = home / f"{LAST}.new"
    with suppress(OSError):
        fresh.parent.mkdir(mode=0o700, exist_ok=True)
        fresh.write_text(f"{made_at}\n", "ascii")
        fresh.replace(home / LAST)


def _claim(target: Path) -> None:
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(target.iterdir()):
            raise BadBackup(f"{target} holds something already. Give a new folder for each backup.")
    except OSError as problem:
        raise BadBackup(f"{target} cannot be used: {problem.strerror}.") from problem


def _note(found: Manifest, target: Path, path: Path) -> None:
    found.files[str(path.relative_to(target))] = [hash_of(path), path.stat().st_size]


def _copy_home(target: Path, home: Path, found: Manifest) -> None:
    """Copy the small files, and the mail that has been taken in and not yet filed."""
    spooled = [path for path in (home / MAIL).rglob("*") if path.is_file() and not path.name.startswith(".")]
    for source in [*(home / name for name in BESIDE), *spooled]:
        copy = target / source.relative_to(home)
        try:
            read = copy_durably(source, copy)
        except FileNotFoundError:  # there is none, or the worker has filed this mail meanwhile
            continue
        _note(found, target, copy)
        if found.files[str(copy.relative_to(target))][0] != read:
            raise BadBackup(
                f"{copy} is not what was written to it: the disk it lies on is not to be trusted."
            )


def _copy_sqlite(copy: Path, found: Manifest) -> list[str]:
    """Copy the database in one step, which never waits for writers and never makes them wait.

    In several steps it would begin anew after every write, and under load never end.
    """
    copy.touch(mode=0o600)
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=20)) as original,
        closing(sqlite3.connect(copy)) as made,
    ):
        original.backup(made, pages=-1)
        # One file, without a log beside it: it is read where nobody writes.
        made.execute("PRAGMA journal_mode=DELETE")
    sync_file(copy)
    with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as made:
        verdict = made.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise BadBackup(
                f"The copy of the database is damaged ({verdict}). The original may be, too: check it now."
            )
        triggers = {name for (name,) in made.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
        if missing := sorted(guards.wanted() - triggers):
            raise BadBackup(f"The copy lacks the triggers {', '.join(missing)}: run `nocturne migrate`.")
        for name, query in COUNTS.items():
            found.counts[name] = made.execute(query).fetchone()[0]
        found.last_entry = made.execute("SELECT coalesce(max(id), 0) FROM entry").fetchone()[0]
        return [sha for (sha,) in made.execute("SELECT DISTINCT sha256 FROM attachment WHERE redacted = 0")]


def _copy_attachments(target: Path, hashes: list[str], found: Manifest, tell: Tell) -> None:
    for done, sha256 in enumerate(sorted(hashes), 1):
        copy = target / "attachments" / blobs.name_of(sha256)
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            _link_or_copy(sha256, copy)
        except NotFound:
            if Attachment.objects.filter(sha256=sha256, redacted=False).exists():  # not redacted meanwhile
                found.missing.append(sha256)
            continue
        if hash_of(copy) != sha256:
            copy.unlink()
            found.missing.append(sha256)
            continue
        found.files[str(copy.relative_to(target))] = [sha256, copy.stat().st_size]
        if done % 1000 == 0:
            tell(f"{done} of {len(hashes)} attachments are copied.")


def _link_or_copy(sha256: str, copy: Path) -> None:
    """Put stored bytes into the backup: by a second name where that is possible, since they never change.

    :raises NotFound: they are not there.
    """
    try:
        os.link(blobs.storage().path(blobs.name_of(sha256)), copy)
        return
    except (OSError, NotImplementedError):  # another disk, or a store that is no folder
        pass
    with blobs.open_blob(sha256) as stored:
        write_durably(copy, iter(lambda: stored.read(PIECE), b""))
