"""What all commands for administrators have in common: secrets come by standard input, and the database is ready."""

from __future__ import annotations

import functools
import getpass
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Annotated, ParamSpec, TypeVar

import typer

from nocturne.core.permits import Actor

P = ParamSpec("P")
R = TypeVar("R")

PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of standard input.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table for people.")]


def complain(words: str, code: int = 1) -> typer.Exit:
    """This will say on standard error why it ends, and give the end to raise."""
    print(words, file=sys.stderr)
    return typer.Exit(code)


def new_password(*, from_stdin: bool) -> str:
    """This will read a new password: from standard input if so told, else from the person at the terminal, twice.

    It is never taken from the command line, where everybody on the machine could read it.
    """
    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
        if not given:
            raise complain("Standard input holds no password: its first line is empty.", 2)
        return given
    if not sys.stdin.isatty():
        raise complain("There is no terminal to ask for the password at: give it with --password-stdin.", 2)
    given = getpass.getpass("Password: ")
    if given != getpass.getpass("Again: "):
        raise complain("The two are not the same.", 2)
    return given


def with_database(command: Callable[P, R]) -> Callable[P, R]:
    """This will make a command end with one plain sentence when the database is away, or behind this version."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from django.db import DatabaseError, InterfaceError

        try:
            if is_behind():
                raise complain("The database is not ready for this version: run `nocturne migrate` first.")
            from nocturne.store import configured

            configured.refresh()
            return command(*args, **kwargs)
        except (DatabaseError, InterfaceError) as problem:
            raise complain(f"The database does not answer as it should: {_first_line(problem)}") from problem

    return run


def on_the_host() -> Actor:
    """This will say who acts: whoever has a shell on the house's own machine is the house itself, by their name."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # an account of the machine without a name
        name = "?"
    return Actor("system", None, f"{name} on the host")


def is_behind() -> bool:
    """This will tell whether the database lacks a migration of this version."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _first_line(problem: Exception) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """This will print rows in columns as wide as their widest cell."""
    cells = [list(heads), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(heads))]
    for row in cells:
        print("  ".join(value.ljust(width) for value, width in zip(row, widths, strict=True)).rstrip())


def _cell(value: object) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return str(value)
