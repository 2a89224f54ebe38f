"""Tests on a real database, in one process: everyone is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from nocturne import desk
from nocturne.core import configuration
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import accounts, tiles
from nocturne.desk.terms import Opening, Reporter
from nocturne.store import configured, journal
from nocturne.store.models import Contact
from nocturne.watch import post
from nocturne.watch.live import hub as live
from nocturne.watch.live.hub import Hub
from tests import fieldwork
from tests.caller import Caller, caller
from tests.caller import reporter as reporting
from tests.cast import Cast, account, people
from tests.fieldwork import put
from tests.post import PostOffice
from tests.sink import Sink
from tests.unit.test_configuration import SECURITY
from tests.visitor import Visitor


@pytest.fixture
def cast(db: None) -> Cast:
    return people()


@pytest.fixture
def anna(cast: Cast) -> Actor:
    return cast.anna


@pytest.fixture
def kofi(cast: Cast) -> Actor:
    return cast.kofi


@pytest.fixture
def mei(cast: Cast) -> Actor:
    return cast.mei


@pytest.fixture
def ada(cast: Cast) -> Actor:
    return cast.ada


@pytest.fixture
def cleo(cast: Cast) -> Actor:
    return cast.cleo


@pytest.fixture
def cleo_contact(cast: Cast) -> Contact:
    return cast.cleo_contact


@pytest.fixture
def trouble(anna: Actor) -> int:
    """A trouble on the backbone that anna has opened."""
    opening = Opening(
        subject="Ann Arbor – Chicago 100G down",
        text="Interface down since 10:55.",
        machines=["cr1.aa"],
        severity=2,
    )
    return desk.open(opening, by=anna, door=Door.WEB).number


@pytest.fixture
def complaint(cleo: Actor) -> int:
    """A complaint that cleo has mailed."""
    opening = Opening(
        subject="Cannot reach the library",
        type="complaint",
        text="Since this morning nothing loads.",
        reporter_id=cleo.contact,
    )
    return desk.open(opening, by=cleo, door=Door.MAIL).number


@pytest.fixture
def reporter() -> Reporter:
    return Reporter(name="Rowe", email="rowe@site.example", phone="+1 734 555 0119")


@pytest.fixture
def anna_calls(anna: Actor) -> Caller:
    """A program of anna's."""
    return caller(anna)


@pytest.fixture
def cleo_calls(cast: Cast) -> Caller:
    """A program of cleo's, who reports problems."""
    return reporting("cleo", cast.cleo_contact)


@pytest.fixture
def anna_at_her_desk(cast: Cast) -> Visitor:
    """Anna in a browser without JavaScript."""
    return Visitor("anna")


@pytest.fixture(autouse=True)
def standard_again() -> Iterator[None]:
    """Whatever a test has configured is forgotten behind it: the next one begins with the standard."""
    yield
    configuration.use(None)


@pytest.fixture
def sam(cast: Cast, ada: Actor) -> Actor:
    """Of the incident response team, who configures the site besides, and may read one field more than others."""
    put(SECURITY, ada)
    put({("field", "informant"): {"kind": "text", "class": "security"}}, ada)
    return accounts.actor_of(account("sam", "csirt", "operators", "administrators"))


@pytest.fixture
def visit(cast: Cast, ada: Actor, anna: Actor) -> int:
    """A ticket of a queue whose work is done on site, under a life cycle of its own."""
    return fieldwork.visit(ada, anna)


@pytest.fixture
def one_queue(cast: Cast) -> None:
    """The site's one queue, with the document that belongs to it, as a page of settings needs it."""
    configured.store({("queue", "general"): {"correspond": "noc@lakenet.example"}}, at=timezone.now())
    configuration.use(configured.load())


@pytest.fixture
def as_if_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test writes is never committed: let followers on PostgreSQL read it all the same."""
    monkeypatch.setattr(journal, "_LOWEST_RUNNING", str(2**63 - 1))


@pytest.fixture
def sink(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """A mail server that keeps what it is given; what leaves the house goes there."""
    sink = Sink().start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    monkeypatch.setattr(post, "_targets", post.Targets())
    yield sink
    sink.stop()


@pytest.fixture
def office(cast: Cast, tmp_path: Path, request: pytest.FixtureRequest) -> PostOffice:
    """The way of mail into the house, and out of it where a test has a `sink`."""
    return PostOffice(tmp_path, request.getfixturevalue("sink") if "sink" in request.fixturenames else None)


@pytest.fixture(autouse=True)
def tiles_anew() -> None:
    """What was made for a dashboard in another test is not shown in this one."""
    tiles.forget()


@pytest.fixture
def own_hub(monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub whose turns the test takes itself."""
    made = Hub()
    monkeypatch.setattr(made, "_walk", lambda: None)
    monkeypatch.setattr(live, "_hub", made)
    return made
