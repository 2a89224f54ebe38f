"""A screen on the wall: shows the board and nothing else, through every shift, until it is taken down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.store.models import DisplayToken, User
from tests.cast import Cast
from tests.visitor import Visitor


@pytest.fixture
def address(cast: Cast) -> str:
    """What mei types into the browser of the screen, once."""
    page = Visitor("mei").send("/account/displays", label="control room").content.decode()
    assert "control room" in page
    return page.partition("class=secret>http://noc.lakenet.example")[2].partition("<")[0]


@pytest.fixture
def screen(address: str) -> Visitor:
    screen = Visitor()
    assert screen.get(address).headers["Location"] == "/display"
    return screen


@pytest.mark.req("R16.5")
def test_the_screen_shows_the_board_for_months_and_nobody_signs_on(
    cast: Cast, screen: Visitor, trouble: int
) -> None:
    start = datetime.now(UTC)
    with time_machine.travel(start, tick=False) as clock:
        for days in (0, 1, 30, 200):
            clock.move_to(start + timedelta(days=days))
            page = screen.text("/display")
            assert "Ann Arbor – Chicago 100G down" in page
            assert "<form" not in page
            assert "<button" not in page


def test_the_screen_draws_itself_anew_when_something_has_happened(
    cast: Cast, screen: Visitor, trouble: int, anna: Actor
) -> None:
    poll = screen.text("/display").partition('data-new="')[2].partition('"')[0]
    assert screen.get(poll).status_code == 204
    desk.take(trouble, by=anna, door=Door.WEB)
    assert screen.get(poll).status_code == 200


@pytest.mark.parametrize(
    "page",
    ["/", "/?wall", "/new", "/views/all", "/tickets/1", "/search?q=x", "/account", "/account/displays"],
)
def test_nothing_else_opens_to_a_screen(screen: Visitor, page: str) -> None:
    assert screen.get(page).headers["Location"].startswith("/sign-on")
    assert screen.get("/api/v1/tickets").status_code == 401
    assert screen.post("/tickets/1/notes", {"text": "x"}).status_code == 401
    assert screen.post("/display", {}).status_code == 405


def test_a_screen_that_is_taken_down_is_dark_at_once(cast: Cast, address: str, screen: Visitor) -> None:
    assert Visitor("kofi").post(f"/account/displays/{DisplayToken.objects.get().pk}", {}).status_code == 404
    assert screen.get("/display").status_code == 200
    Visitor("mei").post(f"/account/displays/{DisplayToken.objects.get().pk}", {})
    for where in ("/display", "/display/new", address):
        assert screen.get(where).status_code == 404


@pytest.mark.parametrize("change", ["disabled", "no group any more"])
def test_a_screen_never_shows_more_than_its_maker_may_see(
    cast: Cast, screen: Visitor, trouble: int, change: str
) -> None:
    mei = User.objects.get(name="mei")
    if change == "disabled":
        User.objects.filter(pk=mei.pk).update(is_active=False)
        assert screen.get("/display").status_code == 404
    else:
        mei.groups.clear()
        assert "Ann Arbor" not in screen.text("/display")


@pytest.mark.parametrize("token", ["", "x" * 43])
def test_a_made_up_token_shows_nothing(cast: Cast, token: str) -> None:
    stranger = Visitor()
    stranger.client.cookies["nocturne-display"] = token
    assert stranger.get("/display").status_code == 404
    assert stranger.get(f"/display/{token or 'x'}").status_code == 404


def test_the_token_is_kept_hashed(address: str) -> None:
    assert address.rpartition("/")[2] not in str(DisplayToken.objects.values())
