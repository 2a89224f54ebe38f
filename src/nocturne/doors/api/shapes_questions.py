"""What answers about queries look like."""

from __future__ import annotations

from pydantic import Field

from nocturne.doors.api.shapes import Shape


class Completion(Shape):
    text: str = Field(description="What is put in from `start` to `end`.")
    start: int
    end: int
    kind: str = Field(description="key, value or name.")
    goes_on: bool = Field(description="Whether something must follow it.")


class Completions(Shape):
    """What could come next, the likeliest first."""

    options: list[Completion]
