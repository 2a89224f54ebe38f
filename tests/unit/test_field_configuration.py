"""A field that could not work is refused when it is configured, with the place where it is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from nocturne.core.configuration import assemble
from nocturne.core.configuration.standard import STANDARD_DOCUMENTS
from nocturne.core.fieldvalues import patterns
from nocturne.core.refusals import Invalid


def with_field(name: str, **body: Any) -> Any:
    return assemble({**STANDARD_DOCUMENTS, ("field", name): body})


@pytest.mark.req("R9.5", "R14.2")
@pytest.mark.parametrize(
    ("body", "code", "where"),
    [
        (
            {"kind": "phone", "default": "{machine.contact.home_phone}"},
            "configuration_fact_of_class",
            "field/cve.default",
        ),
        (
            {"default": "{machine.contact.phone}", "class": "customer"},
            "configuration_fact_of_class",
            "field/cve.default",
        ),
        ({"pattern": "(a"}, "configuration_bad_pattern", "field/cve.pattern"),
        ({"pattern": "((a{900}){900})"}, "configuration_bad_pattern", "field/cve.pattern"),
        ({"kind": "date", "pattern": "a"}, "configuration_pattern_for_other_kind", "field/cve.pattern"),
        ({"kind": "text", "unit": "ms"}, "configuration_unit_for_other_kind", "field/cve.unit"),
        ({"kind": "date", "default": "soon"}, "configuration_bad_default", "field/cve.default"),
        ({"default": "{machine.secret}"}, "configuration_no_such_fact", "field/cve.default"),
        ({"help": "Ask {settings.KEY}"}, "configuration_no_such_fact", "field/cve.help"),
        ({"required_in": ["finished"]}, "configuration_no_such", "field/cve.required_in"),
        (
            {"kind": "choice", "choices": [{"value": "a", "parent": "b"}, {"value": "b", "parent": "a"}]},
            "configuration_choice_circle",
            "field/cve.choices.1.parent",
        ),
        (
            {"kind": "choice", "choices": [{"value": "a"}, {"value": "B", "formerly": ["A"]}]},
            "configuration_choice_twice",
            "field/cve.choices.2",
        ),
        (
            {"kind": "choice", "choices": [{"value": "a", "parent": "z"}]},
            "configuration_no_such",
            "field/cve.choices.1.parent",
        ),
    ],
)
def test_a_field_that_cannot_work_is_refused(body: dict[str, Any], code: str, where: str) -> None:
    with pytest.raises(Invalid) as refused:
        with_field("cve", **body)
    assert (refused.value.code, refused.value.field) == (code, where)


@pytest.mark.req("R9.5")
@pytest.mark.parametrize("name", ["node", "next", "order", "is", "text", "tag", "timer"])
def test_a_word_that_the_line_or_a_query_knows_cannot_name_a_field(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        with_field(name)
    assert refused.value.code == "configuration_name_reserved"


@pytest.mark.req("R9.2")
@pytest.mark.timeout(10)
def test_a_pattern_that_would_run_for_ever_elsewhere_is_answered_at_once() -> None:
    assert not patterns.fits("(a+)+$", "a" * 20_000 + "!")


@pytest.mark.req("R9.5")
def test_a_good_field_and_what_a_site_says_of_a_core_field_are_taken() -> None:
    found = with_field("cve", pattern="CVE-[0-9]{4}-[0-9]{4,7}", help="Ask {machine.contact.phone}.")
    assert found.field("cve").pattern
    said = assemble(
        {**STANDARD_DOCUMENTS, ("field", "cause"): {"title": "Root cause", "required_in": ["resolved"]}}
    )
    assert said.fields["cause"].core
