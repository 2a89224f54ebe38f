"""What answers about views look like, for the reference and for the test that holds them to it."""

from __future__ import annotations

from pydantic import Field

from nocturne.doors.api.shapes import Shape


class ViewRow(Shape):
    """A view as its reader has it."""

    key: str
    title: str
    description: str
    query: str = Field(description="Empty where it asks for what its reader may not read (`is_hidden`).")
    columns: list[str]
    grouped: str
    order: str
    density: str
    kind: str = Field(description="built-in, person, group or site.")
    group: str
    made_by: str
    is_pinned: bool
    may_change: bool
    is_hidden: bool
    version: int
    web_url: str


class Follower(Shape):
    """A subscription or a feed of a view, as far as its reader knows of it."""

    kind: str = Field(description="mail or feed.")
    title: str
    group: str = Field(description="The group that is mailed; empty for oneself.")


class Followers(Shape):
    followers: list[Follower]


class Views(Shape):
    views: list[ViewRow]


class Pins(Shape):
    pins: list[str] = Field(description="The keys of the views in one's rail, in their order.")
