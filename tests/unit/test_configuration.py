"""A site's configuration is read whole, and refused with the place and the reason."""

from __future__ import annotations

from typing import Any

import pytest

from nocturne.core.configuration import assemble, renamed
from nocturne.core.configuration.standard import STANDARD, STANDARD_DOCUMENTS
from nocturne.core.entry import DataClass
from nocturne.core.refusals import Invalid
from tests.configured import in_force, made

SECURITY = {
    ("class", "security"): {"number": 10, "title": "Security"},
    ("queue", "security"): {"class": "security", "type": "trouble"},
    ("group", "csirt"): {"title": "Incident response"},
    ("clearance", "csirt"): {
        "group": "csirt",
        "queues": ["security"],
        "sees": ["restricted", "security"],
        "appends": ["staff", "security"],
        "changes": ["staff", "security"],
        "rights": ["work"],
    },
}


def test_the_standard_configuration_says_what_rfc_1297_says() -> None:
    assert STANDARD.behaves("complaint") == "complaint"
    assert STANDARD.class_of("circuit") == DataClass.STAFF
    assert STANDARD.class_of("machine/42") == DataClass.CUSTOMER
    assert STANDARD.class_of("field/cve") == DataClass.RESTRICTED, "what nobody defines is kept close"


@pytest.mark.req("R9.5")
@pytest.mark.parametrize(
    ("document", "body", "code", "where"),
    [
        (("queue", "a"), {"purpos": "x"}, "configuration_unknown_key", "queue/a.purpos"),
        (("queue", "a"), {"title": 7}, "configuration_not_text", "queue/a.title"),
        (("queue", "a"), {"silence_days": 0}, "configuration_not_number", "queue/a.silence_days"),
        (("queue", "a"), {"type": "gone"}, "configuration_no_such", "queue/a.type"),
        (("queue", "a"), {"class": "gone"}, "configuration_no_such", "queue/a.class"),
        (("queue", "a"), {"correspond": "two@x@y"}, "configuration_not_address", "queue/a.correspond"),
        (("queue", "A b"), {}, "configuration_bad_name", "queue/A b"),
        (("class", "staff"), {"number": 11}, "configuration_ladder_class", "class/staff"),
        (("class", "x"), {"number": 3}, "configuration_not_number", "class/x.number"),
        (("clearance", "x"), {}, "configuration_group_or_party", "clearance/x"),
        (("clearance", "x"), {"party": "anybody", "rights": ["note"]}, "configuration_anybody_writes", None),
        (("clearance", "x"), {"group": "operators", "rights": ["fly"]}, "configuration_not_among", None),
        (("field", "subject"), {"kind": "number"}, "configuration_core_field", "field/subject.kind"),
        (("field", "merged_into"), {"class": "public"}, "configuration_core_class", None),
        (("field", "x"), {"kind": "choice"}, "configuration_choice_without_choices", None),
        (("type", "trouble"), {"behaves": "meta"}, "configuration_built_in_type", "type/trouble.behaves"),
        (("calendar", "x"), {"hours": {}}, "configuration_no_hours", "calendar/x.hours"),
        (("calendar", "x"), {"hours": {"monday": ["9-5"]}}, "configuration_bad_window", None),
        (("site", "site"), {"zone": "Mars/Olympus"}, "configuration_no_zone", "site/site.zone"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    document: tuple[str, str], body: dict[str, Any], code: str, where: str | None
) -> None:
    with pytest.raises(Invalid) as refused:
        made({document: body})
    assert refused.value.code == code
    assert where is None or refused.value.params["where"] == where


@pytest.mark.req("S10")
def test_a_configuration_that_nobody_could_mend_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        made(
            {
                ("clearance", "administrators"): {
                    "group": "administrators",
                    "sees": ["staff"],
                    "rights": ["work"],
                }
            }
        )
    assert refused.value.code == "configuration_nobody_administers"


def test_groups_that_include_each_other_in_a_circle_are_refused() -> None:
    with pytest.raises(Invalid) as refused:
        made(
            {
                ("group", "a"): {"includes": ["b"]},
                ("group", "b"): {"includes": ["c"]},
                ("group", "c"): {"includes": ["a"]},
            }
        )
    assert refused.value.code == "configuration_group_circle"


def test_members_of_a_group_belong_to_those_that_include_it() -> None:
    found = made({("group", "nights"): {}, ("group", "everyone"): {"includes": ["nights", "operators"]}})
    assert found.groups_over({"nights"}) == {"nights", "everyone"}
    assert found.groups_over({"operators"}) == {"operators", "everyone"}


def test_a_local_class_is_never_reached_by_comparing_with_the_ladder() -> None:
    with in_force(SECURITY):
        security = DataClass.named("security")
        assert security == 10
        assert security.word == "security"
        assert not security <= DataClass.RESTRICTED
        assert DataClass(10) is security


@pytest.mark.req("R9.5")
def test_a_new_name_reaches_everywhere_and_the_old_one_goes_on_finding_it() -> None:
    documents = {**STANDARD_DOCUMENTS, **SECURITY}
    for kind, old, new in (
        ("queue", "security", "csirt"),
        ("class", "security", "secret"),
        ("group", "csirt", "cert"),
    ):
        documents = renamed(documents, kind, old, new)
    found = assemble(documents)
    assert found.queue_named("security") == found.queues["csirt"]
    assert found.clearances["csirt"].queues == ("csirt",)
    assert found.clearances["csirt"].group == "cert"
    assert found.clearances["csirt"].sees == ("restricted", "secret")
    assert found.class_numbers["security"] == 10
    with pytest.raises(Invalid) as refused:
        assemble({**documents, ("queue", "security"): {}})
    assert refused.value.code == "configuration_name_taken"
