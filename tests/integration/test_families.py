"""A ticket and all that were merged into it are read by their numbers, however many tickets there are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.desk.terms import Opening
from nocturne.store import families
from tests.cast import Cast


@pytest.mark.req("R16.1")
def test_a_chart_walks_no_ticket_that_is_not_of_its_family(cast: Cast, trouble: int) -> None:
    other = desk.open(Opening(subject="The same once more"), by=cast.anna, door=Door.WEB).number
    desk.merge(other, trouble, by=cast.anna, door=Door.WEB)
    with CaptureQueriesContext(connection) as asked:
        assert families.family_of(trouble) == [trouble, other]
        assert [place["number"] for place in families.places_of(trouble)] == [trouble, other]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # What SQLite has learned of a house of a hundred thousand tickets.
            cursor.execute("ANALYZE")
            cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'ticket'")
            cursor.execute("INSERT INTO sqlite_stat1 VALUES ('ticket', 'ticket_by_touch', '94760 1 1')")
            cursor.execute("ANALYZE sqlite_schema")
            for statement in asked.captured_queries:
                cursor.execute(f"EXPLAIN QUERY PLAN {statement['sql']}")
                assert "SCAN t" not in [row[3] for row in cursor.fetchall()]
