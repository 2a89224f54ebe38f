"""The twins that every test here asks: made once, and never changed by a question."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from nocturne.core import configuration
from tests.noninterference.worlds import Worlds


@pytest.fixture(scope="session")
def _worlds(django_db_setup: None, django_db_blocker: Any) -> Iterator[Worlds]:
    with django_db_blocker.unblock():
        made = Worlds.made()
        yield made
        made.drop()


@pytest.fixture
def worlds(_worlds: Worlds, standard_again: None, django_db_blocker: Any) -> Iterator[Worlds]:
    configuration.use(_worlds.configuration)
    logging.disable(logging.CRITICAL)  # half of what is asked here is refused, and each refusal is logged
    with django_db_blocker.unblock():
        yield _worlds
    logging.disable(logging.NOTSET)
