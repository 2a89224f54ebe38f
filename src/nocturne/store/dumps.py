"""PostgreSQL's own programs for copying a whole database, and what has to be set right after one is put back.

Needs no Django to put a database back: that is done on machines which have none yet.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from nocturne.store.manifest import COUNTS, BadBackup, Manifest, sync_file

_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


def dump(copy: Path, found: Manifest) -> list[str]:
    """Copy the database as it stands at one moment; gives the SHA-256 of the attachments it names.

    :raises BadBackup: `pg_dump` is missing or fails.
    """
    from django.db import connection, transaction

    program = _program("pg_dump", "back this database up")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        options = ["--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={copy}"]
        _run([program, *options], _environment_of(connection.settings_dict), "pg_dump")
        for name, query in COUNTS.items():
            cursor.execute(query)
            found.counts[name] = cursor.fetchone()[0]
        cursor.execute("SELECT coalesce(max(id), 0) FROM entry")
        found.last_entry = cursor.fetchone()[0]
        cursor.execute("SELECT DISTINCT sha256 FROM attachment WHERE NOT redacted")
        hashes = [row[0] for row in cursor.fetchall()]
    copy.chmod(0o600)
    sync_file(copy)
    listed = _run([_program("pg_restore", "check the copy"), "--list", str(copy)], {}, "pg_restore")
    if missing := sorted(name for name in _guards() if f" {name} " not in listed):
        raise BadBackup(f"The copy lacks the triggers {', '.join(missing)}: run `nocturne migrate`.")
    return hashes


def _guards() -> set[str]:
    from nocturne.store import guards

    return guards.wanted()


def put_back(copy: Path, address: str, found: Manifest, *, replace: bool) -> None:
    """Fill a PostgreSQL database from a copy, whole or not at all.

    :param address: the database, as in DATABASE_URL.
    :param replace: a database that holds something loses it.
    :raises BadBackup: it holds something, `pg_restore` is missing or fails, or the outcome is not what was copied.
    """
    import psycopg

    program = _program("pg_restore", "restore this backup")
    try:
        with psycopg.connect(address, autocommit=True) as server:
            if _one(server, _TABLES) and not replace:
                raise BadBackup(
                    "The database holds something already. Give an empty one, or --force to replace it."
                )
            if replace:
                server.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
        environment, name = _environment_in(address)
        _run([program, *options, f"--dbname={name}", str(copy)], environment, "pg_restore")
        with psycopg.connect(address) as server:
            _forget_transactions(server)
            present = {name: _one(server, query) for name, query in COUNTS.items()}
            if present != found.counts:
                raise BadBackup(f"The database holds {present}, and {found.counts} were copied.")
    except psycopg.OperationalError as problem:
        raise BadBackup(f"The database does not answer: {problem}".strip()) from problem


def _one(server: Any, query: str) -> int:
    return int(server.execute(query).fetchone()[0])


def _forget_transactions(server: Any) -> None:
    """Forget the numbers of the old server's transactions.

    Entries carry the number of the transaction that wrote them, so that nobody who follows the journal skips a late
    one. Another server counts from its own beginning: entries with the old numbers would lie in its future, unread,
    and what is written next would lie before where its readers stand.
    """
    server.execute(
        """
        UPDATE follower SET xid = 0, entry = coalesce(
            (SELECT min(id) - 1 FROM entry WHERE (entry.xid, entry.id) > (follower.xid, follower.entry)),
            (SELECT coalesce(max(id), 0) FROM entry))
        """
    )
    server.execute("ALTER TABLE entry DISABLE TRIGGER entry_stays")
    server.execute("UPDATE entry SET xid = 0")
    server.execute("ALTER TABLE entry ENABLE TRIGGER entry_stays")


def _program(name: str, purpose: str) -> str:
    found = shutil.which(name)
    if found is None:
        places = sorted(
            Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: path.parts[-3].zfill(3)
        )
        found = str(places[-1]) if places else None
    if found is None:
        raise BadBackup(
            f"To {purpose}, PostgreSQL's program {name} is needed, and it is not on this machine."
            " On Debian: apt-get install postgresql-client"
        )
    return found


def _run(command: Sequence[str], environment: Mapping[str, str], name: str) -> str:
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BadBackup(f"{name} failed: {done.stderr.strip() or done.returncode}")
    return done.stdout


def _environment_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """Say to PostgreSQL's programs which database is meant; a password never stands on a command line."""
    given = {
        "PGDATABASE": settings["NAME"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGSSLMODE": settings.get("OPTIONS", {}).get("sslmode", ""),
    }
    return {name: str(value) for name, value in given.items() if value}


def _environment_in(address: str) -> tuple[dict[str, str], str]:
    url = urlsplit(address)
    options = dict(parse_qsl(url.query))
    name = unquote(url.path.lstrip("/"))
    settings = {
        "NAME": name,
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.get("host", "") or unquote(url.hostname or ""),
        "PORT": options.get("port", "") or str(url.port or ""),
        "OPTIONS": options,
    }
    return _environment_of(settings), name
