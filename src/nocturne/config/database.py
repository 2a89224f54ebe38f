"""Which database Nocturne keeps its books in, and how it is opened."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from nocturne.config.options import Options

# Measured: docs/decisions/004-database.md. Django sets foreign_keys itself; it stands here so that one list is whole.
SQLITE_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "recursive_triggers": "ON",
    "mmap_size": str(256 * 1024 * 1024),
    "cache_size": "-32000",
    "journal_size_limit": str(64 * 1024 * 1024),
    "temp_store": "MEMORY",
}


def databases(options: Options) -> dict[str, dict[str, Any]]:
    """This will say how Django opens the one database that the options name."""
    url = urlsplit(options.database_url)
    if url.scheme in {"", "sqlite"}:
        file = unquote(url.path)[1:] if url.scheme else str(options.home / "nocturne.sqlite3")
        return {"default": sqlite(file)}
    return {"default": postgresql(options.database_url, threads=options.web_threads)}


def sqlite(file: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A transaction that begins by reading and then writes fails with "database is locked" whatever the
            # time-out is; one that begins IMMEDIATE waits for its turn.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": ";".join(f"PRAGMA {name}={value}" for name, value in SQLITE_PRAGMAS.items()),
        },
    }


def postgresql(address: str, *, threads: int) -> dict[str, Any]:
    url = urlsplit(address)
    # Short reads by key make the bulk of the work: compiling a plan costs more than it ever saves, and so does trying
    # every order of the joins that only put names to a list's rows (6 to 12 ms to plan, 0.3 to run).
    options: dict[str, Any] = {
        "options": "-c jit=off -c join_collapse_limit=4",
        "application_name": "nocturne",
        "connect_timeout": 10,
    }
    options |= dict(parse_qsl(url.query))
    host = options.pop("host", "") or unquote(url.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": host,
        "PORT": str(options.pop("port", url.port or "")),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # after a failover the pool must not hand out dead connections
        "OPTIONS": options | {"pool": {"min_size": 1, "max_size": threads + 8, "timeout": 10}},
    }
