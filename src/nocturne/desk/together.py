"""Marks what is written as part of one act on many tickets, so that whoever is told of it is told once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_batch: ContextVar[str] = ContextVar("batch", default="")


@contextmanager
def as_batch(key: str) -> Iterator[None]:
    """Let all that is written meanwhile belong to a batch."""
    token = _batch.set(key)
    try:
        yield
    finally:
        _batch.reset(token)


def facts() -> dict[str, Any]:
    """Give what an entry says of the batch that it belongs to."""
    key = _batch.get()
    return {"batch": key} if key else {}
