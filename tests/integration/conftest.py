"""Tests on a real database, in one process: everyone is there."""

from __future__ import annotations

import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import tiles
from nocturne.desk.terms import Opening, Reporter
from nocturne.store.models import Contact
from nocturne.watch.live import hub as live
from nocturne.watch.live.hub import Hub
from tests.cast import Cast, people


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
