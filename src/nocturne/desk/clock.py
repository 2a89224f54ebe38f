"""The one place where the desk looks at the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

from nocturne.core.refusals import Invalid

SKEW = timedelta(minutes=5)
"""How far a caller's clock may be ahead before its time counts as being in the future."""
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)


_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Tell the time, in UTC: the one that was told for this act, or the present."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def as_of(instant: datetime) -> Iterator[None]:
    """Let the desk write as of another time: the demonstration's past. Nobody is told of what is written so."""
    token = _told.set(instant)
    try:
        yield
    finally:
        _told.reset(token)


def is_told() -> bool:
    """Tell whether the desk writes as of another time."""
    return _told.get() is not None


def happened(at: datetime | None, *, now: datetime, field: str = "at") -> datetime:
    """Settle when something happened: now, unless another time not in the future is given.

    :raises Invalid: the time is in the future, before 1980, or has no zone.
    """
    if at is None:
        return now
    if at.tzinfo is None:
        raise Invalid("time_without_zone", field=field, given=at.isoformat())
    if at > now + SKEW:
        raise Invalid("time_in_future", field=field, given=at.isoformat())
    if at < EARLIEST:
        raise Invalid("time_impossible", field=field, given=at.isoformat())
    return min(at, now)
