"""Texts that a site writes for its mails: filled with facts, and never run."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nocturne.core.configuration.placeholders import fill, named
from nocturne.core.configuration.templates import Template, chosen
from nocturne.core.configuration.whole import read_one
from nocturne.core.refusals import Invalid
from tests.configured import made


def written(purpose: str, **body: Any) -> Template:
    found: Template = read_one("template", "ours", {"purpose": purpose, **body})
    return found


@pytest.mark.req("R9.5")
@pytest.mark.parametrize(
    ("purpose", "text", "code"),
    [
        ("acknowledgement", "{ticket.number}: {ticket.subject}", "no_such_placeholder"),
        ("acknowledgement", "{ticket.number} for {reporter.name}", "no_such_placeholder"),
        ("acknowledgement", "{ticket.number} {text}", "no_such_placeholder"),
        ("reply", "{text} {ticket.next_action}", "no_such_placeholder"),
        ("reply", "{text} {ticket.owner}", "no_such_placeholder"),
        ("reply", "{text} {{ settings.SECRET_KEY }}", "no_such_placeholder"),
        ("reply", "{text} {% load static %}", "no_such_placeholder"),
        ("reply", "{text} {text.__class__}", "no_such_placeholder"),
        ("reply", "{text!r}", "no_such_placeholder"),
        ("reply", "We are on it.", "placeholder_needed"),
        ("resolved", "It is over.", "placeholder_needed"),
        ("acknowledgement", "We have it.", "placeholder_needed"),
        ("reply", "", "missing"),
        ("farewell", "{text}", "not_among"),
    ],
)
def test_a_text_that_would_say_too_much_or_nothing_is_refused_when_it_is_written(
    purpose: str, text: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        written(purpose, text=text)
    assert refused.value.code == f"configuration_{code}"


def test_two_texts_for_the_same_are_refused_since_nobody_could_say_which_is_meant() -> None:
    body = {"purpose": "reply", "text": "{text}"}
    with pytest.raises(Invalid) as refused:
        made({("template", "one"): body, ("template", "two"): body})
    assert refused.value.code == "configuration_template_twice"
    made({("template", "one"): body, ("template", "two"): body | {"language": "de"}})


@pytest.mark.parametrize(
    ("language", "queue", "name"),
    [
        ("en", "general", "any"),
        ("de", "general", "german"),
        ("de-at", "general", "german"),
        ("en", "security", "security"),
        ("de", "security", "security-german"),
        ("fr", "security", "security"),
    ],
)
def test_the_text_that_fits_best_is_taken(language: str, queue: str, name: str) -> None:
    texts = [
        Template("any", "reply", text="x"),
        Template("german", "reply", language="de", text="x"),
        Template("security", "reply", queue="security", text="x"),
        Template("security-german", "reply", queue="security", language="de", text="x"),
        Template("other", "resolved", text="x"),
    ]
    found = chosen(texts, "reply", language=language, queue=queue)
    assert found and found.name == name
    assert chosen(texts, "owner", language="en", queue="general") is None


def test_a_line_without_its_facts_is_left_out_with_the_gap_that_it_made() -> None:
    text = "Dear {reporter.name},\n\n{text}\n\nNext: {ticket.next_action}\n\nYours\n"
    facts = {"text": "  indented\n\n\nand on", "ticket.next_action": ""}
    assert fill(text, facts) == "  indented\n\n\nand on\n\nYours"


BRACES = st.text(alphabet="{}%. abcxtekr\n", max_size=30)


@pytest.mark.req("R16.5")
@given(BRACES, BRACES)
def test_what_stands_in_a_fact_stays_what_it_is(subject: str, words: str) -> None:
    facts = {"ticket.subject": f"x{subject}x", "text": f"x{words}x", "ticket.number": "4711"}
    assert fill("<{ticket.subject}|{text}>", facts) == f"<x{subject}x|x{words}x>"
    assert (
        fill("{text}", {**facts, "text": "x{ticket.number}{{7*7}}{% x %}x"})
        == "x{ticket.number}{{7*7}}{% x %}x"
    )


@given(st.text(max_size=60))
def test_a_text_without_braces_is_itself(text: str) -> None:
    if not named(text) and text == text.strip() and "\n" not in text:
        assert fill(text, {}) == text.rstrip()
