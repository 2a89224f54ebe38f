"""Fresh databases for running houses, when the suite runs on PostgreSQL."""

from __future__ import annotations

import os
import secrets
from urllib.parse import urlsplit, urlunsplit

import psycopg

SERVER = os.environ.get("NOCTURNE_TEST_DATABASE_URL", "")


def fresh() -> str:
    """This will make an empty database and give its address; it is empty text when the suite runs on SQLite."""
    return _create("template1")


def copy(address: str) -> str:
    """This will make a copy of a database that nobody is connected to."""
    return _create(urlsplit(address).path[1:])


def _create(model: str) -> str:
    if not SERVER:
        return ""
    name = f"house_{secrets.token_hex(6)}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{model}"')
    return urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))


def drop(address: str) -> None:
    if address:
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{urlsplit(address).path[1:]}" WITH (FORCE)')
