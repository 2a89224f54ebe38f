"""What programs may send about views and pins."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Path
from pydantic import Field, StringConstraints

from nocturne.doors.api.given import Given, Line

ViewKey = Annotated[
    str, Path(min_length=1, max_length=24, pattern="^[A-Za-z0-9]+$", description="The view's key.")
]
Query = Annotated[
    str,
    StringConstraints(max_length=2_000),
    Field(description="Which tickets, in the language of the search box."),
]
Columns = Annotated[list[Annotated[Line, StringConstraints(max_length=60)]], Field(max_length=40)]
Kind = Literal["person", "group", "site"]
Density = Literal["", "comfortable", "dense"]


class ViewGiven(Given):
    """A view to be kept."""

    title: Line
    query: Query = ""
    description: Line = ""
    columns: Columns = Field(default_factory=list, description="Columns by name; none for the usual ones.")
    grouped: Line = Field("", description="What its tickets are grouped by, as `group:` takes it.")
    order: Line = Field("", description="The order, as `order:` takes it.")
    density: Density = ""
    kind: Kind = Field("person", description="Whose it is: one's own, a group's, or the site's.")
    group: Line = Field("", description="The group whose it is.")
    is_pinned: bool = Field(False, description="Stands in the rail of everybody whose it is.")


class ViewChanges(Given):
    """What is changed of a view."""

    title: Line | None = None
    query: Query | None = None
    description: Line | None = None
    columns: Columns | None = None
    grouped: Line | None = None
    order: Line | None = None
    density: Density | None = None
    kind: Kind | None = None
    group: Line | None = None
    is_pinned: bool | None = None
    version: int | None = Field(None, description="The version that was looked at; another is refused.")


class CopyGiven(Given):
    """What a copy is called; nothing for the same as before."""

    title: Line = ""


class PinsGiven(Given):
    """The keys of the views in one's rail, in their order."""

    pins: Annotated[list[Annotated[Line, StringConstraints(max_length=24)]], Field(max_length=200)]
