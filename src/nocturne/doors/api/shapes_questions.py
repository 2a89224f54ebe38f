"""What answers about queries look like."""

from __future__ import annotations

from pydantic import Field

from nocturne.doors.api.shapes import Doubt, Meant, Shape


class Completion(Shape):
    text: str = Field(description="What is put in from `start` to `end`.")
    start: int
    end: int
    kind: str = Field(description="key, value or name.")
    goes_on: bool = Field(description="Whether something must follow it.")


class Completions(Shape):
    """What could come next, the likeliest first."""

    options: list[Completion]


class QueryRow(Shape):
    """One thing that is asked; a row without a key is text alone."""

    key: str
    operator: str = Field(description="is, not, begins, >, >=, <, <= or text.")
    values: list[str]
    beside: list[str] = Field(description="What belongs to a change: when, by whom, from what, to what.")


class Understood(Shape):
    """How a query was understood."""

    canonical: str
    rows: list[QueryRow]
    order: str
    group: str
    limit: int | None
    is_plain: bool = Field(description="Whether all of it can be seen in rows.")
    doubts: list[Doubt]
    meant: list[Meant]
