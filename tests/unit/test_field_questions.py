"""What people ask of local fields becomes pieces of an index, and what cannot be asked is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from nocturne.core.configuration.fields import Choice, Field
from nocturne.core.fieldvalues import Context, searchable, spell
from nocturne.core.fieldvalues.asking import asked, holds
from nocturne.core.fieldvalues.facts import filled, named, put_in, unknown
from nocturne.core.refusals import Invalid

CONTEXT = Context(datetime(2026, 11, 26, 12, tzinfo=UTC), "UTC", "NL")
LAYERS = (Choice("link"), Choice("fibre", parent="link"), Choice("routing"))


@pytest.mark.req("R9.1")
@pytest.mark.parametrize(
    ("kind", "more", "question", "value", "found"),
    [
        ("text", {}, "cve-2026-*", "CVE-2026-1234", True),
        ("text", {}, "CVE-2026-*", "CVE-2025-1", False),
        ("text", {}, "cve-2026-1234", "CVE-2026-1234", True),
        ("text", {}, "CVE-2026", "CVE-2026-1234", False),
        ("choice", {"choices": LAYERS}, "link", "fibre", True),
        ("choice", {"choices": LAYERS}, "fibre", "link", False),
        ("number", {"unit": "bit/s"}, ">10G", "40G", True),
        ("number", {"unit": "bit/s"}, ">10G", "10G", False),
        ("number", {"unit": "bit/s"}, ">=10G", "10G", True),
        ("number", {"unit": "bit/s"}, "1G..10G", "2.5G", True),
        ("number", {"unit": "bit/s"}, "10000M", "10G", True),
        ("date", {}, "2026-11", "2026-11-30", True),
        ("date", {}, "2026-11", "2026-12-01", False),
        ("date", {}, "2026", "2026-12-31", True),
        ("date", {}, "<today", "2026-11-25", True),
        ("date", {}, "<today", "2026-11-26", False),
        ("time", {}, ">22:00", "23:15", True),
        ("duration", {}, "<2h", "90m", True),
        ("as number", {}, "AS6939", "6939", True),
        ("as number", {}, "64512..65534", "AS65000", True),
        ("ip address", {}, "10.0.0.0/8", "10.200.3.4", True),
        ("ip address", {}, "10.0.0.0/8", "11.0.0.1", False),
        ("ip address", {}, ">10.0.0.9", "10.0.0.10", True),
        ("ip address", {}, "2001:db8::/32", "2001:db8::7", True),
        ("mac address", {}, "001b.4411.3ab7", "00:1b:44:11:3a:b7", True),
        ("mac address", {}, "00:1b:44*", "00:1b:44:11:3a:b7", True),
        ("phone", {}, "020 592 5000", "+31 20 592 5000", True),
        ("yes or no", {}, "yes", "no", False),
        ("url", {}, "https://example.net/*", "https://example.net/a", True),
        ("ip address", {"strict": False}, "10.1.2.x", "10.1.2.x", True),
    ],
)
def test_a_question_finds_what_lies_in_it_and_nothing_else(
    kind: str, more: dict[str, Any], question: str, value: str, found: bool
) -> None:
    field = Field("f", kind=kind, **more)
    place = searchable(spell(field, value, CONTEXT, warnings=[]))
    assert holds(asked(field, question, CONTEXT), [place]) is found


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        ("number", ">wide"),
        ("date", "whenever"),
        ("text", ">a"),
        ("ip address", "10.0.0.0/99"),
        ("ticket", "x"),
    ],
)
def test_a_question_that_cannot_be_is_refused(kind: str, question: str) -> None:
    with pytest.raises(Invalid):
        asked(Field("f", kind=kind), question, CONTEXT)


@pytest.mark.req("R14.2")
def test_facts_stand_in_a_help_text_and_are_never_read_again() -> None:
    text = "Call {machine.contact.name} on {machine.contact.phone}."
    assert named(text) == ["machine.contact.name", "machine.contact.phone"]
    known = {"machine.contact.name": "{me.name}"}
    assert put_in(text, known, missing="(not known)") == "Call {me.name} on (not known)."
    assert unknown("{machine.password} {settings.SECRET_KEY}") == ["machine.password", "settings.SECRET_KEY"]


@pytest.mark.req("R9.3")
def test_a_default_with_a_fact_that_is_not_known_fills_nothing() -> None:
    assert filled("{machine.contact.phone}", {}) is None
    assert (
        filled("{machine.contact.phone}", {"machine.contact.phone": "+31 20 592 5000"}) == "+31 20 592 5000"
    )
    assert filled("fixed", {}) == "fixed"
