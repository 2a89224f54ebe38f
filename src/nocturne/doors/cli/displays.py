"""The wall displays: which are up, and taking one down."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from nocturne.core.entry import Door
from nocturne.doors.cli.manners import AsJson, on_the_host, table, with_database

app = typer.Typer(rich_markup_mode=None)
displays = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Screens on walls that show views and dashboards without a sign-on.",
)
app.add_typer(displays, name="display")


@displays.command("list")
@with_database
def list_displays(as_json: AsJson = False) -> None:
    """List the wall displays that are up, with who put them up and when they were last seen (UTC)."""
    from nocturne.desk import roster

    found = roster.screens(by=on_the_host())
    if as_json:
        print(json.dumps([asdict(each) for each in found], indent=2, default=str))
        return
    heads = ("number", "put up by", "where", "since", "last seen", "shows")
    table(heads, ((*list(asdict(each).values())[:-1], ", ".join(each.shows)) for each in found))


@displays.command("remove")
@with_database
def remove(
    number: Annotated[int, typer.Argument(help="The display's number in `nocturne display list`.")],
) -> None:
    """Let a wall display show nothing any more, at once."""
    from nocturne.desk import roster

    roster.take_down(number, by=on_the_host(), door=Door.CLI)
    print(f"Display {number} shows nothing any more.", file=sys.stderr)
