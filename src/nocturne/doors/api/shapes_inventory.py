"""What answers about queues, fields and the inventory look like, for the reference and its test."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from nocturne.doors.api.shapes import Shape


class LocalField(Shape):
    """A field of the site's own."""

    name: str
    title: str
    kind: str
    unit: str
    many: bool
    strict: bool = Field(description="Whether a value that does not fit is refused; else it is warned of.")
    pattern: str
    help: str
    choices: list[dict[str, Any]]
    types: list[str] = Field(description="The types of ticket that have it; all of them where empty.")
    required_in: list[str]
    data_class: str
    retired: bool


class LocalFields(Shape):
    fields: list[LocalField]


class QueueShape(Shape):
    name: str
    title: str
    purpose: str
    default_type: str
    correspond_address: str
    comment_address: str | None = None


class Queues(Shape):
    queues: list[QueueShape]


class Things(Shape):
    """A list of the inventory, by name."""

    things: list[dict[str, Any]]
    after: str | None
