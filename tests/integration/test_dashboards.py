"""Dashboards: lists, counts and graphs on one page, each as the one who looks may see it."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Conflict, Forbidden, Invalid, NotFound
from nocturne.desk import accounts, clock, dashboards, displays, finding, homepage, tiles, viewacts
from nocturne.desk.dashboards import Wanted
from nocturne.desk.graphs import Series
from nocturne.desk.terms import Opening
from nocturne.desk.viewacts import Wanted as View
from nocturne.doors.web import graphs
from nocturne.store import figures
from nocturne.store.models import Audit, Queue, User
from tests.caller import caller
from tests.cast import PASSWORD, Cast, account
from tests.local_fields import configure
from tests.visitor import Visitor

WEB = Door.WEB
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def shown(actor: Actor, **given: Any) -> tiles.Shown:
    tiles.forget()
    now = clock.now()
    return tiles.shown(tiles.read(given, actor, now=now), actor, now=now)


def opened(by: Actor, subject: str, at: datetime | None = None, **more: Any) -> int:
    with clock.as_of(at or clock.now()):
        return desk.open(Opening(subject=subject, **more), by=by, door=WEB).number


@pytest.mark.req("S18", "R2.1")
def test_a_dashboard_shows_lists_counts_and_graphs(anna: Actor, trouble: int) -> None:
    opened(anna, "Second", severity=1)
    made = dashboards.create(
        Wanted(
            "Mine",
            tiles=[
                {"kind": "view", "view": "board", "rows": 1},
                {"kind": "count", "query": "is:open", "warn": 2, "alarm": 9},
                {
                    "kind": "chart",
                    "query": "is:open",
                    "by": "severity",
                    "graph": "ring",
                    "title": "By severity",
                },
            ],
        ),
        by=anna,
        door=WEB,
    )
    page = Visitor("anna").text(f"/dashboards/{made.key}")
    assert "all of them" in page, "the list goes on"
    assert "<b>2</b>" in page
    assert ">many<" in page, "and not by colour alone"
    assert "<svg" in page and "style=" not in page
    assert "As a table" in page
    assert 'href="/search?q=%28is%3Aopen%29+severity%3A1"' in page, "a figure leads to its tickets"


@pytest.mark.req("S18")
def test_what_a_graph_draws_is_what_its_questions_find(anna: Actor, kofi: Actor) -> None:
    for n in range(4):
        number = opened(anna, f"Problem {n}", severity=1 + n % 2)
        if n:
            desk.take(number, by=kofi, door=WEB)
    for by in figures.BY:
        found = shown(anna, kind="chart", query="is:open", by=by)
        assert found.series, by
        for each in found.series:
            asked = finding.ask(each.query, anna, now=clock.now())
            assert finding.counted(anna, asked, now=clock.now()) == each.value, (by, each)
    assert [(each.label, each.value) for each in shown(anna, kind="chart", by="owner").series] == [
        ("kofi", 3),
        ("nobody", 1),
    ]


@pytest.mark.req("S18")
@pytest.mark.parametrize(
    "asked",
    [
        "is:open order:newest",
        "is:open or is:closed group:queue",
        "is:open limit:3",
        "is:open order:-severity group:owner limit:2",
        "limit:1",
        "order:oldest",
    ],
)
def test_each_figure_of_a_graph_leads_to_its_tickets_however_the_list_is_shown(
    anna: Actor, asked: str
) -> None:
    for n in range(5):
        opened(anna, f"Problem {n}", severity=1 + n % 3)
    now = clock.now()
    whole = finding.counted(anna, finding.ask(asked, anna, now=now), now=now)
    for by in ("severity", "opened"):
        series = shown(anna, kind="chart", query=asked, by=by, days=2).series
        assert sum(each.value for each in series) == whole
        for each in series:
            found = finding.ask(each.query, anna, now=now)
            assert finding.counted(anna, found, now=now) == each.value, (by, each)
    view = viewacts.create(View("Some", asked, order="severity", grouped="queue"), by=anna, door=WEB)
    for each in shown(anna, kind="chart", view=view.key, by="severity").series:
        answer = Visitor("anna").text(f"/search?{urlencode({'q': each.query})}")
        assert len(re.findall("<tr id=row-", answer)) == each.value


@pytest.mark.req("S18")
def test_days_are_those_of_the_readers_zone(anna: Actor) -> None:
    now = clock.now().replace(hour=12, minute=0)
    first = opened(anna, "First", now - timedelta(days=2))
    opened(anna, "Second", now - timedelta(days=1))
    with clock.as_of(now - timedelta(hours=1)):
        desk.resolve(first, "Spliced", by=anna, door=WEB)
    found = shown(anna, kind="chart", query="-is:merged", by="flow", days=3)
    assert [(each.value, each.second) for each in found.series] == [(1, 0), (1, 0), (0, 1)]
    assert [each.key for each in found.series][-1] == f"{clock.now():%Y-%m-%d}"


@pytest.mark.req("R16.5", "R16.6", "S4", "S18")
def test_each_looks_with_their_own_eyes(cast: Cast, anna: Actor, ada: Actor, complaint: int) -> None:
    Queue.objects.get_or_create(name="peering")
    configure(
        {
            ("queue", "peering"): {"title": "Peering"},
            ("group", "peers"): {},
            ("clearance", "peers"): {"group": "peers", "queues": ["peering"], "sees": ["staff"]},
        },
        by=ada,
    )
    nils = accounts.actor_of(account("nils", "peers"))
    opened(anna, "Session down", queue="peering")
    opened(anna, "Battery", severity=1)
    cleo = accounts.actor_of(account("cleo", contact=cast.cleo_contact))
    for who, count in ((anna, 3), (nils, 1), (cleo, 1)):
        assert shown(who, kind="count", query="is:open").count == count
        by_queue = shown(who, kind="chart", query="is:open", by="queue").series
        assert sum(each.value for each in by_queue) == count
        assert len(shown(who, kind="view", view="board").rows) == count
    assert shown(cleo, kind="chart", query="is:open", by="owner").series == [], (
        "nor whose, nor how many have one"
    )
    with pytest.raises(Forbidden):
        shown(cleo, kind="count", query="owner:anna")


@pytest.mark.req("R16.6", "S18")
def test_a_tile_that_asks_for_what_is_hidden_says_so_and_no_figure(cast: Cast, anna: Actor) -> None:
    view = viewacts.create(viewacts.Wanted("Ours", "owner:anna"), by=anna, door=WEB)
    tile = tiles.read({"kind": "count", "view": view.key}, anna, now=clock.now())
    cleo = accounts.actor_of(account("cleo", contact=cast.cleo_contact))
    told = tiles.shown(tile, cleo, now=clock.now())
    assert (told.count, told.query, told.rows) == (0, "", [])
    assert "gone, or is not for you" in told.says
    asked = tiles.Tile("count", query="owner:anna")
    assert tiles.shown(asked, cleo, now=clock.now()).says


@pytest.mark.req("S18")
def test_a_dashboard_belongs_to_somebody_a_group_or_the_site(
    cast: Cast, anna: Actor, kofi: Actor, ada: Actor
) -> None:
    made = dashboards.create(Wanted("Ours", tiles=[{"kind": "count"}]), by=anna, door=WEB)
    with pytest.raises(NotFound):
        dashboards.named(made.key, kofi)
    dashboards.change(made.key, {"kind": "group", "group": "operators"}, by=anna, door=WEB)
    assert dashboards.named(made.key, kofi).group == "operators"
    with pytest.raises(Forbidden):
        dashboards.change(made.key, {"title": "Mine"}, by=kofi, door=WEB)
    with pytest.raises(Forbidden):
        dashboards.change(made.key, {"kind": "site"}, by=anna, door=WEB)
    own = dashboards.create(Wanted("The site’s", kind="site"), by=ada, door=WEB)
    assert Audit.objects.latest("pk").act == "dashboard_made"
    assert own.key in [each.key for each in dashboards.readable(kofi)]
    with pytest.raises(Conflict):
        dashboards.change(own.key, {"title": "x"}, by=ada, door=WEB, version=7)
    with pytest.raises(Forbidden, match="built_in_dashboard"):
        dashboards.delete("night", by=ada, door=WEB)
    copy = dashboards.copy("night", by=kofi, door=WEB)
    assert len(copy.tiles) == len(dashboards.NIGHT.tiles)


@pytest.mark.req("S18", "S5")
def test_tiles_are_arranged_by_keyboard_and_without_scripts(anna: Actor, trouble: int) -> None:
    visitor = Visitor("anna")
    answer = visitor.send("/dashboards", title="Night shift")
    where = answer.headers["Location"]
    key = where.split("/")[2]

    def send(act: str, **values: str) -> Any:
        version = dashboards.named(key, anna).version
        return visitor.post(where, {"act": act, "version": str(version), **values})

    send("add", kind="chart", query="is:open", by="queue", width="2")
    send("add", kind="view", view="board", rows="3")
    send("up 2")
    send("save 0", kind="count", query="is:open", warn="1", title="Open now")
    found = dashboards.named(key, anna)
    assert [each.kind for each in found.tiles] == ["count", "view", "chart"]
    assert (found.tiles[0].title, found.tiles[0].warn, found.tiles[2].width) == ("Open now", 1, 2)
    wrong = send("save 1", kind="view", query="ownr:anna", view="")
    assert wrong.status_code == 422
    assert 'value="ownr:anna"' in wrong.content.decode(), "what was typed is still there"
    old = visitor.post(where, {"act": "remove 0", "version": "1"})
    assert old.status_code == 409
    send("remove 0")
    assert len(dashboards.named(key, anna).tiles) == 2
    send("about", title="Renamed", kind="person", group="", description="for us")
    assert "Renamed" in visitor.text(f"/dashboards/{key}")
    assert Visitor("kofi").get(f"/dashboards/{key}").status_code == 404
    visitor.post(f"/dashboards/{key}/removal", {})
    assert visitor.get(f"/dashboards/{key}").status_code == 404


@pytest.mark.req("R2.1")
def test_a_wall_turns_by_itself_and_has_nothing_to_click(anna: Actor) -> None:
    visitor = Visitor("anna")
    other = dashboards.copy("night", by=anna, door=WEB)
    answer = visitor.get(f"/dashboards/night?wall=1&with={other.key}&every=30")
    following = f"/dashboards/{other.key}?wall=1&every=30&with=night"
    assert answer.headers["Refresh"] == f"30; url={following}"
    assert (
        visitor.get(following)
        .headers["Refresh"]
        .endswith(f"/dashboards/night?wall=1&every=30&with={other.key}")
    )
    assert "Make a copy" not in answer.content.decode()


@pytest.mark.req("R2.1")
def test_a_screen_that_nobody_is_signed_on_at_shows_a_dashboard_and_nothing_else(
    anna: Actor, trouble: int
) -> None:
    _row, plain = displays.create(User.objects.get(name="anna"), "wall", ["dashboard:night"])
    screen = Visitor()
    assert screen.get("/display/dashboards/night").status_code == 404
    screen.get(f"/display/{plain}")
    shown = screen.get("/display/dashboards/night?with=night&every=20")
    assert "Ann Arbor – Chicago 100G down" in shown.content.decode()
    assert shown.headers["Refresh"].startswith("20; url=/display/dashboards/night")
    own = dashboards.create(Wanted("Kofi’s"), by=accounts.actor_of(User.objects.get(name="kofi")), door=WEB)
    assert screen.get(f"/display/dashboards/{own.key}").status_code == 404
    assert screen.get("/dashboards/night").status_code == 302


@pytest.mark.req("S18")
def test_who_likes_begins_with_a_dashboard(anna: Actor, kofi: Actor) -> None:
    visitor = Visitor("anna")
    assert visitor.get("/home").headers["Location"] == "/"
    visitor.post("/home/choice", {"dashboard": "night"})
    assert visitor.get("/home").headers["Location"] == "/dashboards/night"
    again = Visitor().post("/sign-on", {"name": "anna", "password": PASSWORD})
    assert again.headers["Location"] == "/dashboards/night"
    ours = dashboards.create(Wanted("Ours"), by=kofi, door=WEB)
    assert visitor.post("/home/choice", {"dashboard": ours.key}).status_code == 404
    own = dashboards.create(Wanted("Own"), by=anna, door=WEB)
    visitor.post("/home/choice", {"dashboard": own.key})
    dashboards.delete(own.key, by=anna, door=WEB)
    assert homepage.home_of(anna) == "", "what is gone is begun with no more"


@pytest.mark.req("R2.1", "R16.2")
def test_a_tile_is_given_anew_only_when_it_is_another(anna: Actor) -> None:
    visitor = Visitor("anna")
    page = visitor.text("/dashboards/night")
    address = "/dashboards" + page.partition('data-tile="/dashboards')[2].partition('"')[0]
    assert visitor.get(address).status_code == 204
    opened(anna, "Another")
    tiles.forget()
    assert "<b>1</b>" in visitor.text(address)


@pytest.mark.req("R16.2")
def test_a_tile_is_made_once_for_all_who_ask_in_a_moment(anna: Actor, kofi: Actor, trouble: int) -> None:
    tile, now = tiles.Tile("chart", query="is:open", by="queue"), clock.now()
    tiles.forget()
    tiles.shown(tile, anna, now=now)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        tiles.shown(tile, anna, now=now)
    assert len(asked) <= 1, "only whether anything has happened"
    with CaptureQueriesContext(connection) as asked:
        tiles.shown(tile, kofi, now=now)
    assert len(asked) > 1, "and never for somebody else"


@pytest.mark.req("R15.11")
def test_the_figures_of_a_graph_are_taken_away(anna: Actor, cast: Cast, trouble: int) -> None:
    made = dashboards.create(
        Wanted("x", tiles=[{"kind": "chart", "query": "is:open", "by": "severity", "title": "=By severity"}]),
        by=anna,
        door=WEB,
    )
    answer = Visitor("anna").get(f"/dashboards/{made.key}/tiles/0/figures")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="by-severity-')
    assert list(csv.reader(io.StringIO(answer.content.decode()))) == [["Severity", "Tickets"], ["2", "1"]]
    assert Visitor("anna").get(f"/dashboards/{made.key}/tiles/7/figures").status_code == 404


@pytest.mark.req("S18")
def test_programs_keep_and_read_dashboards(anna: Actor, trouble: int) -> None:
    calls = caller(anna)
    made = calls.post(
        "/dashboards",
        {
            "title": "By program",
            "tiles": [{"kind": "count", "query": "is:open"}, {"kind": "chart", "by": "queue"}],
        },
    )
    assert calls.status == 201, made
    count, chart = calls.get(f"/dashboards/{made['key']}/tiles")["tiles"]
    assert (count["count"], count["is_exact"], count["level"]) == (1, True, "")
    assert chart["series"] == [
        {"label": "general", "key": "general", "value": 1, "query": "(is:open) queue:general"}
    ]
    calls.patch(f"/dashboards/{made['key']}", {"tiles": []})
    assert calls.get(f"/dashboards/{made['key']}")["tiles"] == []
    assert calls.call("PUT", "/me/home", {"dashboard": made["key"]}) == {"dashboard": made["key"]}
    wrong = calls.post("/dashboards", {"title": "x", "tiles": [{"kind": "chart", "by": "nonsense"}]})
    assert (calls.status, wrong["code"]) == (422, "unknown_choice")
    calls.call("DELETE", f"/dashboards/{made['key']}")
    assert calls.status == 204
    assert [each["key"] for each in calls.get("/dashboards")["dashboards"]] == ["night"]


def test_what_cannot_be_a_tile_is_refused(anna: Actor) -> None:
    for given, code in (
        ({"kind": "table"}, "unknown_choice"),
        ({"kind": "view", "rows": "0"}, "number_out_of_range"),
        ({"kind": "count", "warn": "-1"}, "number_out_of_range"),
        ({"kind": "chart", "days": "9999"}, "number_out_of_range"),
        ({"kind": "count", "query": "ownr:x"}, "bad_query"),
    ):
        with pytest.raises(Invalid, match=code):
            tiles.read(given, anna, now=clock.now())
    with pytest.raises(NotFound):
        tiles.read({"kind": "view", "view": "nonsense"}, anna, now=clock.now())


@pytest.mark.parametrize("values", [[5], [1, 0, 3], [1] * 9, [7, 7]])
def test_a_ring_and_bars_are_drawn_of_any_figures(anna: Actor, values: list[int]) -> None:
    series = [Series(f"<b>{n}", value, str(n), f"queue:{n}") for n, value in enumerate(values)]
    for graph in ("bars", "ring"):
        made = str(graphs.graph(tiles.Shown(tiles.Tile("chart", graph=graph), "x", series=series)))
        assert made.count("<a ") >= len(values)
        assert "<b>" not in made
        assert "nan" not in made
