"""One line changes one ticket, on every page, in `noc`, by mail and over the API."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nocturne.core.oneline import CLEAR, Intent, Line, chips, intent, parse_line, render
from nocturne.core.refusals import Invalid

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def read(given: str | list[str], *, numbered: bool = True) -> Line:
    return parse_line(given, NOW, "Europe/Paris", numbered=numbered)


@pytest.mark.req("R16.2")
def test_anna_updates_a_ticket_with_one_line() -> None:
    line = read('4711 Called site; no answer next:"Call again" timer:"2h remind site"')
    assert (line.number, line.text) == (4711, "Called site; no answer")
    assert line.keys == {"next": "Call again", "timer": "2h remind site"}
    assert line.values == {
        "next": "Call again",
        "timer": (datetime(2026, 11, 22, 14, 0, tzinfo=UTC), "remind site"),
    }


@pytest.mark.req("S3")
def test_words_that_a_shell_has_split_read_the_same() -> None:
    words = ["4711", "called", "site,", "no answer", "next:call again", "timer:2h remind site"]
    line = read(words)
    assert (line.number, line.text) == (4711, "called site, no answer")
    assert line.keys == {"next": "call again", "timer": "2h remind site"}


def test_quotes_that_reach_us_through_a_shell_are_meant() -> None:
    assert read(["4711", 'next:say "hello"']).keys == {"next": 'say "hello"'}


def test_an_element_that_only_holds_a_key_somewhere_is_text() -> None:
    assert read(["4711", "they set state:open"]).text == "they set state:open"


@pytest.mark.parametrize(
    ("given", "text", "keys"),
    [
        ("4711 next:call then wait", "next:call then wait", {}),
        ("4711 BGP state:idle on cr1 owner:anna", "BGP state:idle on cr1", {"owner": "anna"}),
        ("4711 see http://noc.example/x foo:bar", "see http://noc.example/x foo:bar", {}),
        ("4711 12:30 called", "12:30 called", {}),
        ("4711 -- log says state:down next:hop", "log says state:down next:hop", {}),
        ("4711 log says -- state:down next:hop", "log says state:down next:hop", {}),
        ("4711 log owner:anna -- says state:down", "log says state:down", {"owner": "anna"}),
        ("4711 a -- b -- c", "a b -- c", {}),
        ("4711 owner:anna --", "", {"owner": "anna"}),
        ("4711 a--b owner:anna", "a--b", {"owner": "anna"}),
        ("4711  two  spaces   stay owner:anna ", "two  spaces   stay", {"owner": "anna"}),
        ("4711\nfirst\n  second line owner:anna", "first\n  second line", {"owner": "anna"}),
        ("4711 it's 5\" wide owner:anna", "it's 5\" wide", {"owner": "anna"}),
        ("4711 done next:'call them'", "done", {"next": "call them"}),
        ("4711 done next:“call them”", "done", {"next": "call them"}),
        ("4711 done next:don't", "done", {"next": "don't"}),
        ("4711 done next:'tis", "done", {"next": "'tis"}),
        (r'4711 done next:"say \"now\" in C:\temp \\o/"', "done", {"next": r'say "now" in C:\temp \o/'}),
        ("4711 Owner:anna STATE:open", "", {"owner": "anna", "state": "open"}),
        ("4711 alarm:2h node:cr1.aa", "", {"timer": "2h", "machine": ["cr1.aa"]}),
        ("4711 machine:a,b node:c cc:d@e.net", "", {"machine": ["a", "b", "c"], "cc": ["d@e.net"]}),
    ],
)
def test_keys_count_only_as_a_run_at_the_end(given: str, text: str, keys: dict[str, object]) -> None:
    line = read(given)
    assert (line.number, line.text, line.keys) == (4711, text, keys)


def test_a_known_key_that_stayed_text_is_named_for_a_hint() -> None:
    assert read("4711 timer:2h remind site").leftovers == ("timer:2h",)
    assert read("4711 timer:2h").leftovers == ()
    assert read("4711 -- timer:2h").leftovers == ()


@pytest.mark.parametrize(
    ("given", "number", "text"),
    [
        ("#4711 called", 4711, "called"),
        ("called 4711", None, "called 4711"),
        ("-- 4711 called", None, "4711 called"),
        ("0042 routers", None, "0042 routers"),
        ("4711: called", None, "4711: called"),
        ("9" * 19, None, "9" * 19),
        ("", None, ""),
        ("owner:anna", None, ""),
    ],
)
def test_the_number_stands_first(given: str, number: int | None, text: str) -> None:
    line = read(given)
    assert (line.number, line.text) == (number, text)


def test_a_line_for_a_new_ticket_has_no_number() -> None:
    line = read("3 links down at Kalamazoo queue:backbone", numbered=False)
    assert (line.number, line.text, line.keys) == (None, "3 links down at Kalamazoo", {"queue": "backbone"})


def test_values_that_need_no_database_are_understood() -> None:
    line = read("4711 ok priority:P1 severity:2 clock:Vendor at:11:25 parent:#88 worked:1h30")
    assert line.values == {
        "priority": 1,
        "severity": 2,
        "clock": "vendor",
        "at": datetime(2026, 11, 22, 10, 25, tzinfo=UTC),
        "parent": 88,
        "worked": 5400,
    }


def test_what_can_be_taken_away_is_taken_away_by_none() -> None:
    line = read("4711 owner:none timer:- next:None parent:none queue:none")
    assert line.values == {"owner": CLEAR, "timer": CLEAR, "next": CLEAR, "parent": CLEAR, "queue": "none"}


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ("4711 ok priority:9", "priority", "bad_level"),
        ("4711 ok severity:none", "severity", "bad_level"),
        ("4711 ok timer:soon", "timer", "bad_time"),
        ('4711 ok alarm:"10 min ago look"', "timer", "time_past"),
        ("4711 ok at:25:00", "at", "bad_time"),
        ('4711 ok at:"08:00 CET"', "at", "bad_zone"),
        ("4711 ok clock:stopped", "clock", "bad_clock"),
        ("4711 ok parent:abc", "parent", "bad_number"),
        ("4711 ok worked:long", "worked", "bad_worked"),
        ("4711 ok next:", "next", "empty_value"),
        ('4711 ok next:""', "next", "empty_value"),
        ("4711 ok machine:,", "machine", "empty_value"),
        ('4711 ok next:"call again', "next", "unclosed_quote"),
        ('4711 ok next:"call"again', "next", "unclosed_quote"),
        ("4711 ok owner:anna owner:kofi", "owner", "key_twice"),
        ("4711 ok timer:2h alarm:3h", "timer", "key_twice"),
    ],
)
def test_a_bad_value_gives_the_line_back_with_the_reason(given: str, field: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(given)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert refused.value.params["line"] == given
    position = refused.value.params["position"]
    assert isinstance(position, int)
    assert given[position:].lower().startswith((f"{field}:", "alarm:"))


def test_a_bad_value_among_split_words_is_placed_in_the_whole_line() -> None:
    with pytest.raises(Invalid) as refused:
        read(["4711", "no answer", "priority:9", "next:call again"])
    assert refused.value.params["line"] == "4711 no answer priority:9 next:call again"
    assert refused.value.params["position"] == 15


def test_chips_show_what_was_understood() -> None:
    line = read('4711 ok next:none at:11:25 worked:90 priority:p1 cc:a@b.net,c@d.net timer:"2h remind"')
    assert chips(line, "Europe/Paris") == [
        ("ticket", "4711"),
        ("text", "ok"),
        ("next", "none"),
        ("at", "2026-11-22 10:25 UTC (11:25 Europe/Paris)"),
        ("worked", "1 h 30 m"),
        ("priority", "1"),
        ("cc", "a@b.net"),
        ("cc", "c@d.net"),
        ("timer", "2026-11-22 14:00 UTC (15:00 Europe/Paris) remind"),
    ]
    assert chips(read("")) == []


@pytest.mark.parametrize(
    ("given", "rendered"),
    [
        ("4711 ok alarm:'2h x'", '4711 ok timer:"2h x"'),
        ("4711 -- state:down", "4711 -- state:down"),
        ("4711 owner:anna -- state:down", "4711 owner:anna -- state:down"),
        ("4711 state:down now", "4711 state:down now"),
    ],
)
def test_a_line_can_be_written_again(given: str, rendered: str) -> None:
    assert render(read(given)) == rendered


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("4711", Intent.JUMP),
        (" #4711 ", Intent.JUMP),
        ("4711 called", Intent.ACT),
        (">handover", Intent.GO),
        ("fibre cut", Intent.SEARCH),
        ("", Intent.SEARCH),
    ],
)
def test_the_command_line_tells_apart_what_is_wanted(given: str, wanted: Intent) -> None:
    assert intent(given) is wanted
