"""What `noc ls`, `noc count` and `noc watch` lay out, and what they call new, changed and gone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noc import ls, rows, watch, wire
from noc.ends import Ended
from noc.places import Server

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
ROW: dict[str, Any] = {
    "number": 4711, "priority": 1, "severity": 2, "state": "waiting", "clock": "vendor", "owner": "anna",
    "opened_at": "2026-12-01T10:48:00.000Z", "alarm_at": None, "ringing_since": None, "machines": ["cr1.aa", "cr2.chi"],
    "subject": "Ann Arbor – Chicago 100G down", "next_action": "Splice ETA", "fields": {"cve": "CVE-2026-1"},
}  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.text(max_size=80), min_size=1, max_size=6), st.integers(20, 120))
def test_a_list_never_runs_over_the_edge_of_the_terminal(subjects: list[str], width: int) -> None:
    found = [ROW | {"number": n, "subject": each, "owner": each} for n, each in enumerate(subjects, 1)]
    for line in rows.table(found, now=NOW, width=width, marks={1: "changed"}):
        assert rows.wide(line) <= width


@pytest.mark.req("R16.2")
def test_wide_letters_take_the_room_they_take() -> None:
    assert rows.wide("東京 down") == 9
    assert rows.fitted("東京", 5) == "東京 "
    assert rows.cut("東京大阪", 5) == "東京…"


@pytest.mark.req("S18")
def test_columns_are_chosen_by_name_the_sites_own_among_them() -> None:
    asked = ls.read(["--columns", "number,where,cve,next", "--order=newest", "is:open"])
    head, line = rows.table([ROW], now=NOW, width=None, names=asked.columns)
    assert head.split() == ["number", "where", "cve", "next_action"]
    assert line == "4711    cr1.aa, cr2.chi  CVE-2026-1  Splice ETA"
    assert asked.path == "&q=is%3Aopen&order=newest"
    with pytest.raises(Ended, match="no column “sujbect”"):
        ls._refuse_unknown(["sujbect"], [ROW])


@pytest.mark.parametrize(
    "words", [["-n"], ["-n", "x"], ["--limit=0"], ["--columns"], ["--columns", ","], ["--cvs"]]
)
def test_a_slip_of_the_fingers_is_said(words: list[str]) -> None:
    with pytest.raises(Ended) as ended:
        ls.read(words)
    assert ended.value.code == 2


def test_what_follows_a_double_dash_is_the_query() -> None:
    assert ls.read(["--", "--csv"]).query == "--csv"


@pytest.mark.parametrize(("lines", "found"), [(0, b""), (1, b"a\n"), (2, b"a\nb\n"), (9, b"a\nb\nc")])
def test_a_file_is_cut_at_the_end_of_a_line(lines: int, found: bytes) -> None:
    assert ls._first(b"a\nb\nc", lines, b"\n") == found


class Answers:
    """A server that answers what it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tickets: list[dict[str, Any]] = []
        self.after: str | None = None
        self.is_away = False
        monkeypatch.setattr(wire, "call", self.call)

    def call(self, *_: Any, tag: str = "", **__: Any) -> wire.Answer:
        import json

        if self.is_away:
            raise wire.Unreachable("it does not answer in time")
        body = json.dumps({"tickets": self.tickets, "after": self.after}).encode()
        mine = f'"{hash(body)}"'
        return wire.Answer(304 if tag == mine else 200, {"etag": mine}, b"" if tag == mine else body)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Answers:
    return Answers(monkeypatch)


def watched(*words: str) -> watch.Watched:
    return watch.Watched(Server("http://127.0.0.1:1", "noct_x", "anna"), ls.read(list(words)))


@pytest.mark.req("R2.1", "S18")
def test_what_is_new_changed_and_gone_is_told_once(server: Answers) -> None:
    one, two, three = (ROW | {"number": n, "subject": f"Problem {n}"} for n in (1, 2, 3))
    server.tickets = [one, two]
    mine = watched("is:open")
    assert mine.look() == [], "what was there before is no news"
    assert mine.look() == []
    server.tickets = [one | {"owner": "kofi"}, three]
    assert [(word, row["number"]) for word, row in mine.look()] == [
        ("changed", 1),
        ("new", 3),
        ("gone", 2),
    ]
    assert mine.look() == []
    page = watch.page(mine, 80, 12, is_live=True)
    assert len(page) == 12
    assert [line.split()[:2] for line in page[2:5]] == [["changed", "1"], ["new", "3"], ["gone", "2"]]
    server.tickets = [three, two]
    assert [(word, row["number"]) for word, row in mine.look()] == [("new", 2), ("gone", 1)]
    assert [row["number"] for row in mine.gone] == [1], "whoever comes back is not shown twice"


@pytest.mark.req("R2.1")
def test_what_is_pushed_off_the_end_of_a_list_is_not_gone(server: Answers) -> None:
    server.tickets = [ROW | {"number": n} for n in (1, 2, 3)]
    mine = watched("-n", "3")
    mine.look()
    server.tickets, server.after = [ROW | {"number": n} for n in (9, 1, 2)], "more"
    assert [(word, row["number"]) for word, row in mine.look()] == [("new", 9)]
    assert "3+" in watch.page(mine, 60, 10, is_live=False)[0]


@pytest.mark.req("R16.2")
def test_a_server_that_is_away_leaves_what_was_seen_and_says_since_when(server: Answers) -> None:
    server.tickets = [ROW]
    mine = watched()
    mine.look()
    server.is_away = True
    assert mine.look() == []
    assert mine.wait > watch.EVERY
    assert "not reached since" in watch.page(mine, 100, 10, is_live=False)[-1]
    server.is_away = False
    mine.look()
    assert (mine.trouble, mine.wait) == ("", watch.EVERY)
    nobody = watched()
    server.is_away = True
    with pytest.raises(Ended) as ended:
        nobody.look()
    assert ended.value.code == 69
