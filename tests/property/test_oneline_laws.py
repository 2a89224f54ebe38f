"""Laws of the one-line language."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from nocturne.core.oneline import Line, parse_line, render
from nocturne.core.refusals import Invalid

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PIECES = st.sampled_from(
    [
        "4711",
        "#12",
        "--",
        "next:",
        "owner:anna",
        'next:"',
        'next:"a b"',
        "next:'a",
        "machine:a,b",
        '"',
        "'",
        "\\",
        "\n",
        " ",
        "  ",
        "state:down",
        "timer:2h",
        "no answer",
        "é“",
        "”",
        "x:y",
        "3",
        "priority:1",
        "at:11:25",
        "cc:a",
    ]
)
SOUP = st.lists(PIECES, max_size=9).map("".join) | st.lists(PIECES, max_size=9).map(" ".join)
WORDS = st.text(alphabet="ab:\"'\\-4 #é,", min_size=1, max_size=8)


def read(given_: str | list[str]) -> Line | None:
    try:
        return parse_line(given_, NOW, "Europe/Paris")
    except Invalid:
        return None


def meaning(line: Line) -> tuple[object, ...]:
    return line.number, line.text, line.keys, line.values


@settings(max_examples=100, deadline=None)
@given(text=SOUP)
def test_what_is_rendered_reads_the_same(text: str) -> None:
    line = read(text)
    if line is not None:
        again = read(render(line))
        assert again is not None
        assert meaning(again) == meaning(line)


@settings(max_examples=25, deadline=None)
@given(words=st.lists(WORDS | PIECES, max_size=7))
def test_what_a_shell_has_split_can_be_rendered_too(words: list[str]) -> None:
    line = read(words)
    if line is not None:
        again = read(render(line))
        assert again is not None
        assert meaning(again) == meaning(line)


@settings(max_examples=30, deadline=None)
@given(words=st.lists(st.text(alphabet="abc:;,.!?é", min_size=1, max_size=7), max_size=8))
def test_no_word_is_ever_lost(words: list[str]) -> None:
    line = read(["4711", *words, "owner:anna"])
    if line is not None and not line.keys.keys() - {"owner"}:
        assert line.text == " ".join(words)


@settings(max_examples=30, deadline=None)
@given(
    text=st.sampled_from(["", "called site", "it's down", "a -- b"]),
    next_=st.text(alphabet="abc \"\\'é:", min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda each: each not in ("", "-")),
    machines=st.lists(st.from_regex(r"[a-z0-9./-]{1,9}", fullmatch=True), min_size=1, max_size=3),
)
def test_every_value_survives_its_quotes(text: str, next_: str, machines: list[str]) -> None:
    line = Line(4711, text, {"next": next_, "machine": machines}, {})
    again = read(render(line))
    assert again is not None
    assert (again.number, again.text, again.keys) == (4711, text, line.keys)
