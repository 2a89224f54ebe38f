"""A database with all tables and nothing in it, made once for all suites and copied: making the tables takes seconds.

The runner of all suites names a folder for it; by hand each run makes its own tables.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from tests import database

KEPT = os.environ.get("NOCTURNE_TEST_MODELS", "")


def lend() -> None:
    """This will put a copy of the tables where Django is about to look for its test database, or name the model."""
    from django.db import connections

    test = connections.databases["default"]["TEST"]
    if database.SERVER:
        test["TEMPLATE"] = urlsplit((_made() / "address").read_text()).path[1:]
    else:
        put(Path(test["NAME"]))


def put(file: Path) -> None:
    """This will put a copy of the tables where an SQLite database is about to be looked for."""
    shutil.copyfile(_made() / "nocturne.sqlite3", file)
    file.chmod(0o600)


def copied() -> str:
    """This will make a copy of the tables and give its address; it is empty text when the suite runs on SQLite."""
    return database.copy((_made() / "address").read_text()) if database.SERVER else ""


@cache
def _made() -> Path:
    """Make the tables where they are kept, unless they are there."""
    folder = Path(KEPT or tempfile.mkdtemp(prefix="nocturne-tables-"))
    place = folder / ("tables-postgres" if database.SERVER else "tables-sqlite")
    with open(f"{place}.lock", "wb") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        if not (place / "address").exists():
            _make(place)
    if not KEPT:
        address = (place / "address").read_text()
        atexit.register(lambda: (database.drop(address), shutil.rmtree(folder)))
    return place


def _make(place: Path) -> None:
    place.mkdir(parents=True)
    address = database.fresh()
    foreign = ("NOCTURNE_", "DATABASE_URL", "BASE_URL", "PORT")
    with tempfile.TemporaryDirectory() as home:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)} | {
            "NOCTURNE_HOME": home,
            "DATABASE_URL": address or f"sqlite:///{place / 'nocturne.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "nocturne.config.settings",
            "PYTHONPATH": "src",
        }
        migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, env=environment, check=True)
        if not address:
            _fold(place / "nocturne.sqlite3")
    (place / "address").write_text(address)


def _fold(file: Path) -> None:
    """Bring what waits in the log beside an SQLite database into it, so that the one file is all of it."""
    import sqlite3

    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
