"""Databases that are alike but for what somebody may not read, side by side in one process.

Each is a copy of one that has its people signed on already. Whatever is asked of one is rolled back, so that the next
question finds it as it was; time stands still and chance is the same in both.
"""

from __future__ import annotations

import os
import random
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import time_machine
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from nocturne.desk import setup

NOW = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
"""The moment at which every question is asked: a Monday."""


@dataclass
class Database:
    """One database of its own, which can stand in for the usual one."""

    name: str
    wrapper: BaseDatabaseWrapper
    _sequences: list[tuple[str, int, bool]] | None = None

    @classmethod
    def copied(cls, name: str, original: BaseDatabaseWrapper) -> Database:
        """This will copy a database that nobody is connected to."""
        own = original.copy()
        source = str(original.settings_dict["NAME"])
        if original.vendor == "sqlite":
            target = str(Path(source).with_name(f"{name}.sqlite3"))
            shutil.copyfile(source, target)
        else:
            target = f"{source}_{name}"
            with own._nodb_cursor() as cursor:  # type: ignore[attr-defined]
                cursor.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
                cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        options = {k: v for k, v in original.settings_dict["OPTIONS"].items() if k != "pool"}
        own.settings_dict = {**original.settings_dict, "NAME": target, "OPTIONS": options}
        return cls(name, own)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """This will make it the database that everything reads and writes."""
        before = connections["default"]
        connections["default"] = self.wrapper
        setup.forget_cached()
        try:
            yield
        finally:
            connections["default"] = before
            setup.forget_cached()

    @contextmanager
    def looked_at(self) -> Iterator[None]:
        """This will enter it at the moment of all questions, and take back whatever happens inside."""
        with self.entered(), at(NOW):
            self._begin_again()
            with transaction.atomic():
                try:
                    yield
                finally:
                    transaction.set_rollback(True)

    def _begin_again(self) -> None:
        """Let what comes next be numbered as if nobody had asked before: PostgreSQL takes no number back."""
        if self.wrapper.vendor != "postgresql" or self.wrapper.in_atomic_block:
            return  # inside another look something may have been numbered that is there still
        with connection.cursor() as cursor:
            if self._sequences is None:
                cursor.execute(
                    "SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value), "
                    "last_value IS NOT NULL FROM pg_sequences"
                )
                self._sequences = cursor.fetchall()
            again = ", ".join("setval(%s::regclass, %s, %s)" for _ in self._sequences)
            cursor.execute(f"SELECT {again}", [value for each in self._sequences for value in each])

    def drop(self) -> None:
        target = str(self.wrapper.settings_dict["NAME"])
        self.wrapper.close()
        if self.wrapper.vendor == "sqlite":
            for each in Path(target).parent.glob(f"{Path(target).name}*"):
                each.unlink()
            return
        with self.wrapper._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')


def settled() -> None:
    """This will let go of the present database, so that it can be copied as it is."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    if "pool" in connection.settings_dict["OPTIONS"]:
        connection.close_pool()  # a database that a pool still holds on to cannot be copied


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """This will let time stand still."""
    with time_machine.travel(moment, tick=False):
        yield


@contextmanager
def chance(seed: str) -> Iterator[None]:
    """This will make everything that is drawn by lot depend on a seed alone, so that twins draw the same."""
    source = random.Random(seed)
    drawn: dict[str, Any] = {
        "choice": source.choice,
        "randbelow": source.randrange,
        "token_bytes": lambda size=32: source.randbytes(size),
        "token_hex": lambda size=32: source.randbytes(size).hex(),
        "token_urlsafe": lambda size=32: _letters(source, size),
    }
    with mock.patch.multiple(secrets, **drawn), mock.patch.object(os, "urandom", source.randbytes):
        yield


def _letters(source: random.Random, size: int) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return "".join(source.choice(alphabet) for _ in range((size * 4 + 2) // 3))
