"""Ola has worked with RT for years, types its words, and is told what they are here."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from noc.__main__ import main as noc
from nocturne.core import oneline
from nocturne.core.permits import Actor
from nocturne.desk import rtwords
from nocturne.store.models import Entry
from tests.cast import Cast
from tests.visitor import Visitor

PAGE = Path(__file__).parents[2] / "docs" / "operators" / "coming-from-rt.md"


@pytest.fixture
def ola(cast: Cast) -> Visitor:
    return Visitor("anna")


@pytest.mark.parametrize(
    ("typed", "here"),
    [
        (">steal", "4711 owner:me"),
        ("comment", "note"),
        ("Correspond", "reply"),
        ("{trouble} steal", "4711 owner:me"),
        ("{trouble} comment: called them", "note"),
        (">AdminCc", "watchers"),
        ("Owner = 'ola' AND Status = 'open'", "is:open owner:me"),
        ("custom field", "fields"),
        (">stalled", "clock:customer"),
    ],
)
def test_a_word_of_rts_is_answered_with_ours_while_it_is_typed(
    ola: Visitor, trouble: int, typed: str, here: str
) -> None:
    page = ola.post("/line/read", {"line": typed.format(trouble=trouble)}).content.decode()
    assert "class=hint" in page
    assert here in page


def test_going_to_a_word_of_rts_does_nothing_and_says_what_would(ola: Visitor, trouble: int) -> None:
    before = Entry.objects.count()
    page = ola.post("/line", {"line": ">steal"})
    assert page.status_code == 200
    assert "owner:me" in page.content.decode()
    assert 'value="&gt;steal"' in page.content.decode()
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    "sentence", ["fibre cut due to digging", "history lost on cr1", "4711 due at noon", ">mine", "4711", ""]
)
def test_who_speaks_plainly_is_not_lectured(db: None, sentence: str) -> None:
    assert rtwords.hint(sentence) == ""


def test_every_line_that_a_hint_offers_can_be_typed(anna: Actor) -> None:
    for meaning in rtwords.MEANT.values():
        for line in [each.partition("”")[0] for each in meaning.split("“")[1:]]:
            if line.startswith("4711"):
                parsed = oneline.parse_line(line, datetime(2026, 11, 26, tzinfo=UTC), "UTC")
                assert parsed.keys or parsed.text


def test_the_shell_knows_rts_commands_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert noc(["steal", "4711"]) == 2
    assert "`noc take NUMBER`" in capsys.readouterr().err


def test_the_page_for_newcomers_from_rt_names_what_they_look_for() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for word in (
        "Comment",
        "Correspond",
        "Steal",
        "Give",
        "AdminCc",
        "Scrip",
        "Requestor",
        "Lifecycle",
        "CustomField",
    ):
        assert word in text
