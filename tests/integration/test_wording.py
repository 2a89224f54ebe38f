"""Whoever is refused is told why, in words."""

from __future__ import annotations

import re
from pathlib import Path

from django.utils import translation

import nocturne
from nocturne.core.chart import COLUMNS, ELEMENTS
from nocturne.core.entry import Kind
from nocturne.core.refusals import Forbidden, Invalid, WrongState
from nocturne.desk import wording
from nocturne.doors.api import sayings

RAISED = re.compile(
    r"\b(?:Invalid|NotFound|Forbidden|WrongState|Conflict|KeyReused|TooLarge|TooMany|Unavailable|Refusal)\(\s*\"(\w+)\""
)

CONFIGURED = re.compile(r"\bwrong\(\s*\"(\w+)\"")


def test_every_reason_that_is_given_has_its_words() -> None:
    sources = Path(nocturne.__file__).parent.rglob("*.py")
    texts = [source.read_text() for source in sources]
    codes = {code for text in texts for code in RAISED.findall(text)}
    codes |= {f"configuration_{code}" for text in texts for code in CONFIGURED.findall(text)}
    assert len(codes) > 60
    assert sorted(codes - wording.REFUSALS.keys() - sayings.DETAILS.keys()) == []


def test_everything_that_may_be_wrong_with_a_field_has_its_words() -> None:
    sources = Path(nocturne.__file__).parent.rglob("field*/*.py")
    text = "".join(source.read_text() for source in sources)
    codes = {f"field_{code}" for code in re.findall(r'\bbad\(\s*field, "(\w+)"', text)}
    assert len(codes) > 25
    assert sorted(codes - wording.REFUSALS.keys()) == []
    checks = (Path(nocturne.__file__).parent / "core/configuration/fieldchecks.py").read_text()
    refused = {f"configuration_{code}" for code in re.findall(r'\bwrong\(\s*"(\w+)"', checks)}
    assert sorted(refused - wording.REFUSALS.keys() - {"configuration_no_such"}) == []


def test_every_act_and_every_field_has_its_words() -> None:
    assert {kind.value for kind in Kind} <= wording.ACTS.keys()
    assert COLUMNS.keys() | ELEMENTS.keys() <= wording.FIELDS.keys()


def test_the_words_carry_the_facts() -> None:
    assert "cr9.xx" in wording.refusal(Invalid("unknown_machine", field="machine", given="cr9.xx"))
    assert "closed" in wording.refusal(WrongState("cannot_taken_when_closed", meaning="closed"))
    assert "4711, 4712" in wording.refusal(WrongState("open_dependencies", numbers=[4711, 4712]))


def test_a_fact_that_is_missing_leaves_a_gap_and_no_error() -> None:
    assert "…" in wording.act("referred", {})


def test_who_searches_by_a_field_that_is_hidden_is_not_told_of_changing_it() -> None:
    assert "change" not in wording.refusal(Forbidden("field_not_permitted", field="priority", position=0))


def test_whose_time_runs_is_said_in_the_language_of_whoever_reads() -> None:
    already = WrongState("waits_already", clock="customer")
    assert wording.act("suspended", {"clock": "vendor"}) == "suspended it: vendor time"
    assert "on customer time" in wording.refusal(already)
    with translation.override("de"):
        assert wording.act("suspended", {"clock": "vendor"}) == "ließ es warten, Zeit: Lieferant"
        assert "Kundschaft" in wording.refusal(already)
