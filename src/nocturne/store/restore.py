"""Puts a backup back, on this machine or on one that has never seen the original. Needs no Django and no settings.

Every hash is verified before anything is touched; what stood in the way is put aside and not deleted.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from nocturne.store import dumps, manifest
from nocturne.store.manifest import DATABASES, BadBackup, Manifest

MIGRATIONS = Path(__file__).with_name("migrations")
STAGE = ".restoring"
ASIDE = "before-restore"


def restore(
    folder: Path,
    home: Path,
    *,
    now: datetime,
    database_url: str = "",
    replace: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Manifest:
    """Put a backup into a data directory, and into its PostgreSQL database where it is of one.

    :param database_url: the empty PostgreSQL database to fill.
    :param replace: what is in the data directory is put aside; what is in the PostgreSQL database is lost.
    :raises BadBackup: the backup is not good, the target holds something, or Nocturne runs there.
    """
    found = manifest.load(folder)
    _refuse_newer(found)
    _refuse_other_database(found, database_url)
    manifest.verify(folder, found, tell=tell)
    tell(f"All {len(found.files)} files are as they were written.")
    with _nobody_runs_in(home):
        in_the_way = [path for path in _contents(home) if path.name != "run"]
        if in_the_way and not replace:
            raise BadBackup(
                f"{home} holds something already. Give an empty folder, or --force to put that aside."
            )
        stage = home / f"{STAGE}-{os.getpid()}"
        stage.mkdir(mode=0o700)
        for name, (sha256, _) in found.files.items():
            if name == DATABASES["postgresql"]:
                continue
            if manifest.copy_durably(folder / name, stage / name) != sha256:
                raise BadBackup(f"{folder / name} changed while it was read. Nothing was restored.")
        if found.database == "sqlite":
            _prove(stage / DATABASES["sqlite"], found)
        else:
            dumps.put_back(folder / DATABASES["postgresql"], database_url, found, replace=replace)
        _put_aside(home, in_the_way, now)
        _move_in(stage, home)
    return found


def _refuse_newer(found: Manifest) -> None:
    known = {path.stem for path in MIGRATIONS.glob("[0-9]*.py")}
    if newer := sorted(
        {name.removeprefix("store.") for name in found.migrations if name.startswith("store.")} - known
    ):
        raise BadBackup(
            f"It was made by Nocturne {found.nocturne}, whose database this older version does not know"
            f" ({newer[-1]}). Install that version or a later one."
        )


def _refuse_other_database(found: Manifest, database_url: str) -> None:
    is_postgresql = database_url.startswith(("postgres://", "postgresql://"))
    if found.database == "postgresql" and not is_postgresql:
        raise BadBackup("It is of a PostgreSQL database: say by DATABASE_URL which empty one to fill.")
    if found.database == "sqlite" and database_url:
        raise BadBackup("It is of an SQLite database, which lies in the data directory: unset DATABASE_URL.")


def _contents(home: Path) -> list[Path]:
    """List what lies in a data directory, but for what an earlier restore left behind."""
    try:
        return sorted(path for path in home.iterdir() if not path.name.startswith((STAGE, ASIDE)))
    except FileNotFoundError:
        return []


@contextmanager
def _nobody_runs_in(home: Path) -> Iterator[None]:
    """Keep a supervisor from starting in this data directory, and refuse where one runs."""
    run = home / "run"
    try:
        run.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = open(run / "serve.pid", "a+")  # noqa: SIM115
    except OSError as problem:
        raise BadBackup(f"{home} cannot be used: {problem.strerror}.") from problem
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise BadBackup(f"Nocturne runs with {home}. Stop it first.") from taken
        yield


def _prove(database: Path, found: Manifest) -> None:
    """Open the restored database and compare it with what was counted when it was copied."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as restored:
        verdict = restored.execute("PRAGMA integrity_check").fetchone()[0]
        counts = {name: restored.execute(query).fetchone()[0] for name, query in manifest.COUNTS.items()}
    if verdict != "ok" or counts != found.counts:
        raise BadBackup(f"The database in it is damaged ({verdict}). Take another backup.")


def _put_aside(home: Path, in_the_way: list[Path], now: datetime) -> None:
    if not in_the_way:
        return
    aside = home / f"{ASIDE}-{now:%Y%m%dT%H%M%SZ}"
    while aside.exists():
        time.sleep(0.01)
        aside = aside.with_name(f"{aside.name}-")
    aside.mkdir(mode=0o700)
    for path in in_the_way:
        path.rename(aside / path.name)


def _move_in(stage: Path, home: Path) -> None:
    """Move what was staged into place, the database last: without it nothing starts on half a restore."""
    names = sorted(path.name for path in stage.iterdir())
    for name in sorted(names, key=lambda each: each == DATABASES["sqlite"]):
        if name == "run":
            for path in (stage / name).iterdir():
                path.replace(home / name / path.name)
            (stage / name).rmdir()
        else:
            (stage / name).rename(home / name)
    stage.rmdir()
    manifest.sync_folder(home)
