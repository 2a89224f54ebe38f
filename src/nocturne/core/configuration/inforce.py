"""The configuration in force in this process. Whoever reads the database puts it here when it has changed there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nocturne.core.configuration.whole import Configuration

_in_force: Configuration | None = None
_supposed: ContextVar[Configuration | None] = ContextVar("supposed", default=None)


def current() -> Configuration:
    """Give the configuration in force; before any was put in force, what a new site begins with."""
    if (supposed := _supposed.get()) is not None:
        return supposed
    if _in_force is None:
        from nocturne.core.configuration.standard import STANDARD

        return STANDARD
    return _in_force


def use(configuration: Configuration | None) -> None:
    """Put a configuration in force, at once and whole; None goes back to the standard."""
    global _in_force
    _in_force = configuration


@contextmanager
def supposing(configuration: Configuration) -> Iterator[None]:
    """Let whoever asks within this suppose that another configuration were in force; nobody else notices."""
    token = _supposed.set(configuration)
    try:
        yield
    finally:
        _supposed.reset(token)
