"""Every text that the console shows is one that can be translated, and German has all of them.

The catalogue is replaced by one that puts each text between brackets. Whatever stands on a page outside brackets is
either somebody's words, or was forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from nocturne.core import query
from nocturne.core.permits import Actor
from nocturne.desk import columns, titles
from nocturne.doors.web import headings, times
from nocturne.doors.web.templatetags import still
from nocturne.store.models import Entry
from tests.cast import Cast
from tests.integration.test_web_routes import PUBLIC
from tests.pages import PAGES, ways
from tests.visitor import Visitor

SHOWN = {"title", "aria-label", "placeholder", "alt", "label", "aria-description"}
"""Attributes that are read out or shown; a label's title is what files and queries call it."""
SILENT = {"script", "style", "code", "kbd", "template"}
WORD = re.compile(r"[^\W\d_]{2,}")
QUERY = re.compile(r"\b[a-z_.]+:\S*|>\w+")
"""What is said in the language of the search box is the same in every language."""


def words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text.casefold()))


SAID_BY_PEOPLE = words(
    "Ann Arbor – Chicago 100G down. Interface down since 10:55. Cannot reach the library. cr1.aa cr2.chi Backbone "
    "Since this morning nothing loads. Lansing College Cleo Reyes cleo@college.example Lakenet anna kofi mei ada "
    "@lakenet.example never-written is:open queue:backbone node:cr1"
)
"""What the people of these tests have written, and what they are called."""
KEYS = words(" ".join(query.keys()))
"""Words of the language of queries, which is one for all."""
NAMES = words(
    "Nocturne UTC NOC RT CSV XLSX JSON Lines Django Python SQLite PostgreSQL English Deutsch MB kB min"
)
"""Names of things, and units."""
OF_CONFIGURATIONS = words(
    "operators supervisors administrators standard trouble planned work general complaint reporter representative "
    "public customer staff restricted circuit "
    "Something is broken; complaints point to it. Who reported a problem reads what was written for customers, and "
    "answers."
)
"""What the configuration that ships is called, which a site may say otherwise."""


@pytest.fixture
def brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language in which every text stands between brackets."""

    def one(_self: object, text: str) -> str:
        return f"⟦{text.rpartition(chr(4))[2]}⟧" if text else text

    def many(_self: object, single: str, plural: str, number: int) -> str:
        return one(_self, single if number == 1 else plural)

    monkeypatch.setattr(trans_real.DjangoTranslation, "gettext", one)
    monkeypatch.setattr(trans_real.DjangoTranslation, "ngettext", many)
    # What has been said before, in the language that this one takes the place of, is not said again.
    monkeypatch.setattr(still, "_kept", {})
    monkeypatch.setattr(columns, "known", columns._known)
    monkeypatch.setattr(headings, "_kept", lambda _actor, _key, make: make())
    monkeypatch.setattr(times, "_begun", times._begun.__wrapped__)


class Reader(HTMLParser):
    """Reads a page as somebody does, and keeps what stands outside brackets."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.silent: list[str] = []
        self.bare: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent.append(tag)
        for name, value in attrs:
            if (name in SHOWN and (tag, name) != ("label", "title")) or (
                name == "content" and tag == "meta" and " " in (value or "")
            ):
                self.bare += _outside(value or "")

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            for part in re.split(r"([⟦⟧])", data):
                if part in ("⟦", "⟧"):
                    self.depth += 1 if part == "⟦" else -1
                elif self.depth <= 0 and part.strip():
                    self.bare.append(part.strip())


def _outside(text: str) -> Iterator[str]:
    inner = None
    while inner != text:
        inner, text = text, re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
    if text.strip():
        yield text.strip()


@pytest.mark.parametrize("name", PAGES)
def test_whatever_is_said_on_a_page_can_be_said_in_another_language(
    cast: Cast, anna: Actor, trouble: int, complaint: int, brackets: None, name: str
) -> None:
    entry = Entry.objects.get(ticket=trouble).address
    visitor = Visitor() if name in PUBLIC else Visitor("ada")
    forgotten = []
    for way in ways(name, trouble, entry):
        answer = visitor.get(way)
        if answer.streaming:
            answer.close()
            continue
        if "html" not in answer.headers["Content-Type"]:
            continue
        reader = Reader()
        reader.feed(re.sub(r"\(Debian [^)]*\)", "", answer.content.decode().replace(entry, "")))
        forgotten += [
            f"{way}: {text[:90]!r}"
            for text in reader.bare
            if words(QUERY.sub(" ", text)) - SAID_BY_PEOPLE - NAMES - KEYS - OF_CONFIGURATIONS
        ]
    assert not forgotten, "not said through gettext:\n" + "\n".join(forgotten)


def test_titles_that_ship_are_said_in_german() -> None:
    with translation.override("de"):
        said = {title: titles.shipped(title) for title in titles.SHIPPED}
    assert {title for title, german in said.items() if title == german} <= {"Meta"}
