"""With any one gate taken out, somebody is told what they may not know: so none can be lost unnoticed."""

from __future__ import annotations

import pytest

from tests.noninterference.asking import Seals
from tests.noninterference.mutants import gates, taken_out
from tests.noninterference.shown import NOT_COVERED, QUIET, SHOWN
from tests.noninterference.worlds import Worlds

pytestmark = pytest.mark.django_db
TABLES = (SHOWN, QUIET, NOT_COVERED)


@pytest.mark.req("R16.5", "R16.6", "S4")
def test_every_gate_is_shown_to_be_one_or_says_why_it_cannot_be() -> None:
    known = [name for table in TABLES for name in table]
    new, gone = sorted(gates().keys() - set(known)), sorted(set(known) - gates().keys())
    assert not new, (
        f"{new} decide what somebody reads: give each a look in tests/noninterference/shown.py (SHOWN), a question "
        "whose answer tells what is hidden when it is taken out; or say in QUIET why no answer can"
    )
    assert not gone, f"{gone} are no longer in the source: take them out of tests/noninterference/shown.py"
    assert len(known) == len(set(known)), "a gate stands in one table only"


@pytest.mark.timeout(600)
@pytest.mark.req("R16.5", "R16.6", "S4", "S18")
def test_with_no_gate_taken_out_nothing_is_told(worlds: Worlds) -> None:
    with Seals.noted():
        assert not [told for look in dict.fromkeys(SHOWN.values()) if (told := look.differs(worlds))]


@pytest.mark.timeout(600)
@pytest.mark.req("R16.5", "R16.6", "S4", "S18")
def test_with_a_gate_taken_out_somebody_is_told_what_they_may_not_know(worlds: Worlds) -> None:
    unseen = []
    for name, look in SHOWN.items():
        with Seals.noted(), taken_out(gates()[name]):
            if not look.differs(worlds):
                unseen.append(f"{name}: {look}")
    assert not unseen, "the twins do not notice that these are gone"
