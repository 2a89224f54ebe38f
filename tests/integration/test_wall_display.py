"""A screen on the wall: shows the board and nothing else, through every shift, until it is taken down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid
from nocturne.desk import dashboards, displays, viewacts
from nocturne.store.models import Audit, DisplayToken, SavedView, User
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


@pytest.fixture
def own(mei: Actor) -> str:
    """A view of mei's that she has told nobody of."""
    return viewacts.create(viewacts.Wanted("Escalations", "priority:1"), by=mei, door=Door.WEB).key


@pytest.mark.req("S18")
def test_a_token_opens_what_its_screen_was_put_up_for_and_nothing_else_of_its_makers(
    screen: Visitor, own: str, mei: Actor
) -> None:
    board = dashboards.create(dashboards.Wanted("Mine", tiles=[]), by=mei, door=Door.WEB).key
    assert screen.get("/display?view=board").status_code == 200
    for where in (f"/display?view={own}", "/display?view=all", f"/display/dashboards/{board}"):
        page = screen.text(where, status=404)
        assert "This screen was not put up to show that" in page
        assert "Escalations" not in page
        assert "mei" not in page
        assert "<nav" not in page
    assert screen.get("/display/dashboards/night").status_code == 404


@pytest.mark.req("R16.5")
def test_a_screen_takes_in_turns_what_was_chosen_for_it_and_its_maker_changes_that(
    screen: Visitor, own: str, trouble: int
) -> None:
    mei = Visitor("mei")
    address = f"/account/displays/{DisplayToken.objects.get().pk}/shows"
    mei.send(address, shows=[f"view:{own}", "dashboard:night"], every="30")
    page = screen.get("/display")
    assert "Escalations" in page.content.decode()
    assert page.headers["Refresh"] == "30; url=/display?turn=1"
    led = screen.get("/display?turn=1")
    assert led.headers["Location"] == "/display/dashboards/night?turn=1"
    night = screen.get(led.headers["Location"])
    assert "The night" in night.content.decode()
    assert night.headers["Refresh"] == "30; url=/display?turn=2"
    assert "Escalations" in screen.text("/display?turn=2"), "after the last the first comes again"
    assert screen.get("/display?view=board").status_code == 404
    assert "Escalations · The night" in mei.text("/account/displays")
    assert Audit.objects.latest("pk").act == "display_changed"


def test_what_is_gone_has_no_turn_and_a_screen_with_nothing_left_says_so(
    screen: Visitor, own: str, mei: Actor
) -> None:
    number = DisplayToken.objects.get().pk
    user = User.objects.get(name="mei")
    displays.change(user, number, label="hall", shows=[f"view:{own}", "view:board"], every=20)
    viewacts.delete(own, by=mei, door=Door.WEB)
    page = screen.get("/display?turn=0")
    assert page.status_code == 200
    assert "Refresh" not in page.headers, "only the board is left"
    DisplayToken.objects.filter(pk=number).update(shows=[f"view:{own}"])
    assert screen.get("/display").status_code == 404


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"shows": ["view:nonsense"]}, "no view or dashboard"),
        ({"shows": ["view:board"], "every": "2"}, "does not fit here"),
        ({"shows": ["view:board"], "every": "soon"}, "does not fit here"),
    ],
)
def test_what_cannot_hang_there_is_refused_and_what_was_typed_stays(
    cast: Cast, given: dict[str, object], says: str
) -> None:
    answer = Visitor("mei").send("/account/displays", label="the hall", **given)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert 'value="the hall"' in answer.content.decode()
    assert not DisplayToken.objects.exists()


def test_a_view_of_somebody_elses_is_none_to_hang(cast: Cast, own: str) -> None:
    with pytest.raises(Invalid, match="no_such_place"):
        displays.create(User.objects.get(name="anna"), "hall", [f"view:{own}"])


def test_nobody_changes_a_screen_of_somebody_elses(screen: Visitor) -> None:
    address = f"/account/displays/{DisplayToken.objects.get().pk}/shows"
    for name in ("kofi", "ada"):
        assert Visitor(name).get(address).status_code == 404
        assert Visitor(name).post(address, {"shows": "view:all"}).status_code == 404


def test_an_account_has_so_many_screens_and_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(displays, "MOST", 2)
    mei = Visitor("mei")
    form = mei.form("/account/displays")
    addresses = {
        mei.post(form.action, form.values | {"label": "hall"})
        .content.decode()
        .partition("secret>")[2]
        .partition("<")[0]
        for _click in range(2)
    }
    assert len(addresses) == DisplayToken.objects.count() == 1, "a second click puts up no second one"
    mei.send("/account/displays", label="hall")
    refused = mei.send("/account/displays", label="one more")
    assert refused.status_code == 422
    assert "2 screens" in refused.content.decode()
    displays.revoke(User.objects.get(name="mei"), DisplayToken.objects.latest("pk").pk)
    assert mei.send("/account/displays", label="one more").status_code == 200


def test_a_screen_from_before_it_could_be_chosen_shows_the_board(
    screen: Visitor, trouble: int, own: str
) -> None:
    DisplayToken.objects.update(shows=None, every=None)
    assert "Ann Arbor – Chicago 100G down" in screen.text("/display")
    assert screen.get(f"/display?view={own}").status_code == 404


@pytest.mark.req("S18")
def test_a_screen_whose_question_is_none_any_more_shows_nothing_of_its_maker(
    screen: Visitor, own: str
) -> None:
    DisplayToken.objects.update(shows=[f"view:{own}"])
    SavedView.objects.filter(key=own).update(query="is:nonsense")
    page = screen.text("/display", status=422)
    for kept in ("<nav", "<form", "csrf", "mei", "Escalations"):
        assert kept not in page
