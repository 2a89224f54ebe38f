"""One language to find tickets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nocturne.core.fieldvalues.asking import Range
from nocturne.core.permits import Actor
from nocturne.core.query import demand, matches, parse
from nocturne.core.query.canonical import canonical
from nocturne.core.query.tree import EVERYTHING, And, Measured, Not, Or, Past, Prefix, Query, Term, terms
from nocturne.core.refusals import Forbidden, Invalid

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "number": 4711,
    "subject": "Ann Arbor – Chicago 100G down (fibre cut?)",
    "state": "waiting",
    "meaning": "waiting",
    "clock": "vendor",
    "type": "trouble",
    "queue": "backbone",
    "owner": "anna",
    "priority": 1,
    "severity": 2,
    "network": "Backbone",
    "site": "Ann Arbor",
    "vendor": "Norlink",
    "parent": 88,
    "machines": ["cr1.aa", "cr2.chi"],
    "alarm_at": NOW - timedelta(minutes=4),
}


def term(key: str, *values: Any, position: int = 0) -> Term:
    return Term(key, values, position)


def test_words_are_joined_by_and_or_binds_weaker_and_minus_turns_one_round() -> None:
    assert parse("node:cr1.aa,cr2.chi (owner:me or -severity:4) order:newest").tree == And(
        (
            term("machine", "cr1.aa", "cr2.chi"),
            Or((term("owner", "me", position=21), Not(term("severity", 4, position=34)))),
        )
    )
    assert parse("a b or c").tree == Or(
        (And((term("text", "a"), term("text", "b", position=2))), term("text", "c", position=7))
    )
    assert parse("not (a)").tree == Not(term("text", "a", position=5))
    assert parse("a and b").tree == And((term("text", "a"), term("text", "b", position=6)))


def test_an_empty_query_finds_everything_in_no_order() -> None:
    assert parse("  ") == Query(EVERYTHING)
    assert parse("order:updated") == Query(EVERYTHING, "updated")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("4711", term("number", 4711)),
        ("#4711", term("number", 4711)),
        ('"4711"', term("text", "4711")),
        ("00912233", term("text", "00912233")),
        ("number:0088", term("number", 88)),
        ('"fibre \\"cut\\""', term("text", 'fibre "cut"')),
        ("et-0/1/0", term("text", "et-0/1/0")),
        ("2001:db8::1", term("text", "2001:db8::1")),
        ("de:ad:be:ef", term("text", "de:ad:be:ef")),
        ("http://noc.example", term("text", "http://noc.example")),
        ("Note:", term("text", "Note:")),
        ("cr1.aa:443", term("text", "cr1.aa:443")),
        ("00-1b:2", term("text", "00-1b:2")),
        ("foo(bar)", term("text", "foo(bar)")),
        ("-", term("text", "-")),
        ('site:"Ann Arbor",Detroit', term("site", "Ann Arbor", "Detroit")),
        ("Owner:ANNA", term("owner", "ANNA")),
        ("owner:None,ME", term("owner", None, "me")),
        ("fib*", term("text", Prefix("fib"))),
        ('"fib*"', term("text", "fib*")),
        ("subject:cut,fib*", term("subject", "cut", Prefix("fib"))),
        ("priority:p1,2", term("priority", 1, 2)),
        ("parent:#88", term("parent", 88)),
        ("IS:Open", term("is", "open")),
        ("was:owner:anna,kofi", term("was", Past("owner", ("anna",)), Past("owner", ("kofi",)))),
        ("was:severity:1..2", term("was", Past("severity", (1, 2)))),
        ("changed:severity from:2..3 to:1", term("changed", Past("severity", (2, 3), (1,)))),
        ("was:owner:@operators", term("was", Past("owner", ("@operators",)))),
        ('was:owner:"none",none', term("was", Past("owner", ("none",)), Past("owner", (None,)))),
        ("has:machines:2..4", term("has", Measured("machines", Range("number", 2, 4)))),
        ("number:>4711", term("number", Range("number", 4711, None, closed_low=False))),
        ("parent:*", term("parent", Prefix(""))),
    ],
)
def test_a_word_stands_for_itself(text: str, wanted: Term) -> None:
    assert parse(text).tree == wanted


@pytest.mark.req("R2.1")
def test_a_number_beside_words_is_one_of_them_and_a_ticket_where_it_is_marked() -> None:
    def read(text: str) -> str:
        query = parse(text)
        assert parse(canonical(query)) == query
        return canonical(query)

    assert read("port 22") == 'port "22"'
    assert read("313 555 0102 is:open") == '"313" "555" "0102" is:open'
    assert read("vlan 100 or 4711") == 'vlan "100" or 4711'
    assert read("fibre (4711 or #4702)") == "fibre (4711 or 4702)"
    assert read("#4711 fibre") == read("number:4711 fibre") == "#4711 fibre"
    assert read("fibre -4711") == "fibre -4711"
    assert read("4711 is:open") == read("#4711 is:open") == "4711 is:open"
    assert read("(fibre 22) owner:me") == '(fibre "22") owner:me'
    assert read("00912233 fibre") == '"00912233" fibre'
    assert read("00912233 is:open") == "00912233 is:open"


@pytest.mark.req("R2.1")
@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("opened:>2026-11-20 10:00", 'opened:>"2026-11-20 10:00"'),
        ("opened:<mon 08:00 is:open", 'opened:<"mon 08:00" is:open'),
        ("due:<tomorrow 8:00 owner:me", 'due:<"tomorrow 8:00" owner:me'),
        ("opened:yesterday 18:00..today 06:00", 'opened:"yesterday 18:00..today 06:00"'),
        ("(opened:yesterday 18:00 or severity:1)", '(opened:"yesterday 18:00" or severity:1)'),
        ("opened:today 10:25,yesterday 10:25:30", 'opened:"today 10:25","yesterday 10:25:30"'),
        ("parent.closed:>=fri 24:00", 'parent.closed:>="fri 24:00"'),
        ("changed:state after:mon 08:00 by:anna", 'changed:state after:"mon 08:00" by:anna'),
        ("opened:>2d 10:25", 'opened:>2d "10:25"'),
        ('opened:today "10:25"', 'opened:today text:"10:25"'),
        ("opened:2026-11 10:25", 'opened:2026-11 "10:25"'),
        ("severity:1 10:25", "severity:1 text:10:25"),
        ("opened:today order:newest 10:25", "opened:today text:10:25 order:newest"),
    ],
)
def test_a_time_of_day_behind_a_date_is_part_of_it(typed: str, wanted: str) -> None:
    read, quoted = (parse(text, now=NOW) for text in (typed, wanted))
    assert read == parse(canonical(read), now=NOW)
    meant = [(term.key, term.values, term.beside) for term in terms(quoted.tree)]
    assert [(term.key, term.values, term.beside) for term in terms(read.tree)] == meant


@pytest.mark.parametrize(
    ("text", "reason", "position", "suggestion"),
    [
        ("is:open onwer:anna", "unknown_key", 8, "owner"),
        ("foo:bar", "unknown_key", 0, None),
        ("is:open machine.sit:lansing", "unknown_key", 8, "machine.site"),
        ("parent.sttae:open", "unknown_key", 0, "parent.state"),
        ("depends.parent.onwer:me", "unknown_key", 0, "depends.parent.owner"),
        ("checked_bi:mei", "unknown_key", 0, "checked_by"),
        ("is:open next_acton:none", "unknown_key", 8, "next_action"),
        ("key_componet:fan", "unknown_key", 0, "key_component"),
        ("checked-by:mei", "unknown_key", 0, "checked_by"),
        ("foo_bar:2d", "unknown_key", 0, None),
        ("machine.vendor:Norlink", "unknown_key", 0, None),
        ("owner.name:kofi", "unknown_key", 0, "owner"),
        ("circuit.machine:cr1.aa", "unknown_key", 0, None),
        ("children.severity:1", "unknown_key", 0, "child.severity"),
        ("parent.order:newest", "unknown_key", 0, None),
        ("parent.parent.parent.parent.state:open", "unknown_key", 0, None),
        ("is:opne", "unknown_value", 0, "open"),
        ("type:troubel", "unknown_value", 0, "trouble"),
        ("order:oldst", "unknown_value", 0, "oldest"),
        ("priority:9", "unknown_value", 0, None),
        ("parent:x", "unknown_value", 0, None),
        ("limit:5,6", "one_value_only", 0, None),
        ("was:severity:>4", "unknown_value", 0, None),
        ("was:clock:vendor", "unknown_value", 0, "clock:vendor>0m"),
        ("queue:none queue:", "value_missing", 11, None),
        ('a "b', "quote_not_closed", 2, None),
        ('site:"b', "quote_not_closed", 5, None),
        ("(a", "bracket_not_closed", 0, None),
        ("(a) )", "bracket_not_opened", 4, None),
        ("a or", "term_missing", 4, None),
        ("or a", "term_missing", 0, None),
        ("not", "term_missing", 3, None),
        ("order:newest order:newest", "order_out_of_place", 13, None),
        ("(order:newest)", "order_out_of_place", 1, None),
        ("(" * 30, "too_deep", 20, None),
        ("not " * 30, "too_deep", 80, None),
        ("a " * 300, "too_long", 400, None),
        ("a" * 3000, "too_long", 2000, None),
        ("a\x00b", "strange_character", 1, None),
        ("ab \udce9", "strange_character", 3, None),
        ("owner:" + "a," * 101, "value_missing", 0, None),
    ],
)
def test_a_query_that_is_not_understood_says_where_and_what_was_perhaps_meant(
    text: str, reason: str, position: int, suggestion: str | None
) -> None:
    with pytest.raises(Invalid) as refused:
        parse(text)
    assert (refused.value.code, refused.value.field) == ("bad_query", "query")
    found = refused.value.params
    assert (found["reason"], found["position"], found["suggestion"]) == (reason, position, suggestion)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4711",
        "chicago",
        '"100g down"',
        "is:open",
        "is:mine",
        "is:waiting",
        "is:overdue",
        "-is:noalarm",
        "state:waiting",
        "owner:me",
        "owner:Anna",
        "owner:kofi,anna",
        "-owner:none",
        "node:CR2.chi",
        "-node:none",
        "circuit:none",
        "type:trouble",
        "priority:1",
        "severity:2,3",
        "queue:backbone network:backbone",
        'site:"ann arbor"',
        "vendor:norlink clock:vendor",
        "parent:88",
        "number:1,4711",
        "down or nonsense",
        "(nonsense or 4711) -is:closed",
        "-is:merged",
        "-is:untaken",
    ],
)
@pytest.mark.req("R2.2")
def test_a_ticket_is_found(text: str) -> None:
    assert matches(parse(text).tree, FACTS, "anna", now=NOW)


@pytest.mark.parametrize(
    "text",
    [
        "4712",
        "-4711",
        "detroit",
        "is:resolved",
        "is:signoff",
        "owner:none",
        "node:none",
        "node:ar1.lan",
        "vendor:none",
        "is:untaken",
        "is:merged",
        "is:noalarm",
        "priority:2",
        "down nonsense",
        "-(down or nonsense)",
        "state:open",
    ],
)
def test_a_ticket_is_left_out(text: str) -> None:
    assert not matches(parse(text).tree, FACTS, "anna", now=NOW)


def test_views_of_the_board_say_what_they_mean() -> None:
    def found(text: str, **changes: Any) -> bool:
        return matches(parse(text).tree, FACTS | changes, "kofi", now=NOW)

    assert not found("is:mine")
    assert not matches(parse("is:mine").tree, FACTS | {"owner": None}, None, now=NOW)
    assert found("is:untaken", owner=None)
    assert not found("is:untaken", owner=None, merged_into=4000)
    assert not found("is:open", merged_into=4000)
    assert found("is:merged", merged_into=4000)
    assert found("is:noalarm", alarm_at=None)
    assert not found("is:noalarm", alarm_at=None, ringing_since=NOW)
    assert found("is:overdue", alarm_at=None, ringing_since=NOW)
    assert not found("is:overdue", alarm_at=NOW + timedelta(minutes=1))
    assert found("is:signoff", meaning="resolved")
    assert not found("is:signoff", meaning="resolved", checked_by="mei")
    assert not found("is:signoff", meaning="resolved", type="complaint")


@pytest.mark.req("R16.5")
def test_what_a_reader_may_not_read_cannot_be_found_by_them() -> None:
    cleo = Actor("account", 9, "cleo", contact=3)
    anna = Actor("account", 1, "anna", frozenset({"operators"}))
    for allowed in (
        "is:open 4711 chicago",
        "state:open type:trouble node:cr1.aa site:x network:none severity:1",
    ):
        demand(parse(allowed).tree, cleo)
    for hidden in (
        "owner:anna",
        "-owner:anna",
        "a or is:mine",
        "is:open,overdue",
        "vendor:x",
        "priority:1",
        "parent:88",
    ):
        with pytest.raises(Forbidden):
            demand(parse(hidden).tree, cleo)
        demand(parse(hidden).tree, anna)
    with pytest.raises(Forbidden) as refused:
        demand(parse("is:open circuit:NL-1").tree, cleo)
    assert (refused.value.code, refused.value.field) == ("field_not_permitted", "circuit")
    demand(parse("circuit:NL-1").tree, anna)
