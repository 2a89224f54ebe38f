"""Configurations for tests: the standard one with a few documents more, in force while a test needs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from nocturne.core import configuration
from nocturne.core.configuration import Configuration, assemble
from nocturne.core.configuration.standard import STANDARD_DOCUMENTS

Documents = Mapping[tuple[str, str], Mapping[str, Any] | None]


def made(documents: Documents, **numbers: Mapping[str, int]) -> Configuration:
    """Assemble the standard configuration with these documents; None takes one away."""
    together = {**STANDARD_DOCUMENTS, **documents}
    return assemble({key: body for key, body in together.items() if body is not None}, **numbers)


@contextmanager
def in_force(documents: Documents, **numbers: Mapping[str, int]) -> Iterator[Configuration]:
    """Put a configuration in force, and the standard one again afterwards."""
    found = made(documents, **numbers)
    configuration.use(found)
    try:
        yield found
    finally:
        configuration.use(None)
