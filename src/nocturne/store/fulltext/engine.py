"""The index of the database that is there."""

from __future__ import annotations

from types import ModuleType

from nocturne.store.db import is_sqlite


def engine() -> ModuleType:
    from nocturne.store.fulltext import on_postgresql, on_sqlite

    return on_sqlite if is_sqlite() else on_postgresql
