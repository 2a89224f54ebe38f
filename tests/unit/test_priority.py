"""Which problem is worked first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nocturne.core.priority import affected_now, default_priority, raised, reasoned_priority, urgency

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("type_", "severity", "priority"),
    [
        ("trouble", 1, 1),
        ("trouble", None, 3),
        ("complaint", 2, 2),
        ("request", 2, 3),
        ("planned", 4, 4),
        ("engineering", 3, 4),
        ("meta", 1, 3),
        ("wiring", 2, 2),
    ],
)
@pytest.mark.req("R10.1")
def test_priority_follows_what_the_customer_feels_and_the_type_of_problem(
    type_: str, severity: int | None, priority: int
) -> None:
    assert default_priority(type_, severity) == priority


def test_a_priority_says_why() -> None:
    assert reasoned_priority("trouble", None).reason == "priority_usual"
    assert reasoned_priority("meta", 1).reason == "priority_of_severity_and_type"
    assert reasoned_priority("meta", 1).facts == {"severity": 1, "type": "meta"}


@pytest.mark.req("R2.1")
def test_the_board_shows_ringing_timers_first_then_priority_severity_whom_it_hits_and_age() -> None:
    def row(
        number: int,
        *,
        rings: int | None = None,
        priority: int = 3,
        severity: int = 3,
        age: int = 0,
        affected: int = 0,
    ) -> tuple:
        since = NOON - timedelta(minutes=rings) if rings is not None else None
        opened = NOON - timedelta(hours=age)
        return urgency(
            ringing_since=since,
            priority=priority,
            severity=severity,
            opened_at=opened,
            number=number,
            affected=affected,
        )

    ordered = [
        row(9, rings=30, priority=4),
        row(8, rings=5, priority=1),
        row(7, priority=1, severity=2),
        row(6, priority=1, severity=4),
        row(3, priority=2, age=0, affected=14),
        row(2, priority=2, age=0, affected=3),
        row(5, priority=2, age=9, affected=2),
        row(4, priority=2, age=1),
    ]
    assert sorted({*ordered}) == ordered


@pytest.mark.req("R2.1")
def test_whoever_is_hit_counts_once_and_no_longer_when_it_is_over() -> None:
    hits = [
        {"kind": "customer", "name": "Lansing College", "to": None},
        {"kind": "customer", "name": "LANSING college", "to": None},
        {"kind": "site", "name": "Lansing College", "to": None},
        {"kind": "service", "name": "Mail", "to": "2026-11-22T08:00:00.000000Z"},
    ]
    assert affected_now(hits) == 2
    assert [raised(number) for number in (0, 2, 3, 14)] == [0, 0, 3, 14]
