"""Loading the demonstration NOC."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from nocturne.doors.cli.manners import with_database

app = typer.Typer(rich_markup_mode=None)


@app.command()
def demo(
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin",
            help="Read a password for all eight invented accounts from standard input; without it nobody can sign on"
            " with one.",
        ),
    ] = False,
) -> None:
    """Load the demonstration NOC: 300 tickets of 60 days at Lakenet, a regional network that does not exist."""
    from nocturne.doors.cli.manners import new_password

    load(password=new_password(from_stdin=True) if password_stdin else None)


def load(*, password: str | None = None) -> None:
    """This will load the demonstration and say how far it has come."""
    from nocturne.doors.cli.admin import bring_up_to_date

    bring_up_to_date()
    _load(password)


@with_database
def _load(password: str | None) -> None:
    from nocturne.desk import demo as lakenet

    def progress(done: int, of: int) -> None:
        if sys.stderr.isatty():
            print(
                f"\r{done} of {of} stories told", end="" if done < of else "\n", file=sys.stderr, flush=True
            )

    plan = lakenet.load(progress, password=password)
    print(
        f"Lakenet is here: 300 tickets, 20 of them open. The night's trouble is {plan.main}.", file=sys.stderr
    )
    if password is None:
        print("To sign on as one of its people: nocturne user password anna", file=sys.stderr)
