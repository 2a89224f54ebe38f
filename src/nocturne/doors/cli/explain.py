"""`nocturne explain anna 4711 circuit`: why somebody may see or do something, or may not."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from nocturne.doors.cli.manners import AsJson, with_database

app = typer.Typer(rich_markup_mode=None)


@app.command()
@with_database
def explain(
    who: Annotated[str, typer.Argument(help="The account.")],
    where: Annotated[str, typer.Argument(help="The ticket, or a queue for a new ticket in it.")],
    what: Annotated[
        str,
        typer.Argument(
            help="A field, change:FIELD, a data class, an act such as merge, or `ticket` for all of it."
        ),
    ] = "ticket",
    as_json: AsJson = False,
) -> None:
    """Say whether an account may see or do something on a ticket, and what each clearance says to that.

    Ends with 0 where it may and with 1 where it may not.
    """
    from nocturne.desk import explaining
    from nocturne.desk.alarms import MACHINERY

    is_number = where.isdecimal() and len(where) < 19
    number, queue = (int(where), "") if is_number else (0, where)
    found = explaining.explain(who, number, what, by=MACHINERY, queue=queue)
    if as_json:
        lines = [{"clearance": name, "gives": gives, "says": says} for name, gives, says in found.lines]
        print(json.dumps({"allowed": found.allowed, "answer": found.answer, "clearances": lines}, indent=2))
    else:
        print(found.answer)
        for name, gives, says in found.lines:
            print(f"  {'+' if gives else '-'} {name} {says}")
    if not found.allowed:
        raise typer.Exit(1)
