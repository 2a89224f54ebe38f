"""What somebody may not read leaves no trace in lists, searches, counts, programs' answers, mail and `noc`."""

from __future__ import annotations

import pytest

from tests.noninterference.telling import CHANNELS, asked_by, traces
from tests.noninterference.worlds import Worlds

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.mark.timeout(600)
@pytest.mark.req("R16.5", "R16.6", "S4", "S18")
@pytest.mark.parametrize(("name", "way"), asked_by(*(CHANNELS.keys() - {"pages"})))
def test_no_other_way_tells_anybody_of_what_they_may_not_read(worlds: Worlds, name: str, way: str) -> None:
    assert not traces(worlds, name, way)
