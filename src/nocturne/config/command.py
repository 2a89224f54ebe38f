"""Puts the command `nocturne` together from its parts, and loads only the part that is called."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from nocturne.config.options import BadOption
from nocturne.core import houses
from nocturne.core.refusals import Refusal
from nocturne.doors import cli

PROCESSES = "nocturne.config.processes"
SITES = "nocturne.config.sites"
PROCESS_COMMANDS = ("serve", "web", "worker", "migrate", "prepare", "check", "options")
COMMANDS = dict.fromkeys(PROCESS_COMMANDS, PROCESSES) | {"site": SITES} | cli.COMMANDS
BARE = cli.WITHOUT_DJANGO | {PROCESSES, SITES}
EX_CONFIG = 78


class Lazy(TyperGroup):
    """A group of commands whose modules are imported when they are needed."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module = COMMANDS[cmd_name]
        if module not in BARE:
            import django

            django.setup()
        return get_group(importlib.import_module(module).app).get_command(ctx, cmd_name)


app = typer.Typer(cls=Lazy, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)


def _show_version(wanted: bool) -> None:
    if wanted:
        from nocturne import __version__

        print(f"nocturne {__version__}")
        raise typer.Exit


def _choose_site(site: str) -> None:
    if site:
        os.environ[houses.SITE] = site


@app.callback()
def _nocturne(
    site: Annotated[
        str,
        typer.Option(
            callback=_choose_site,
            is_eager=True,
            help="Which of several sites is meant: `nocturne site list`.",
        ),
    ] = "",
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end."),
    ] = False,
) -> None:
    """Nocturne, the trouble ticket system for network operations centres."""


def main() -> int:
    """This will run the command that was called, and turn refusals into one plain sentence on standard error."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nocturne.config.settings")
    # Nothing that Nocturne writes is for others on this machine to read.
    os.umask(0o077)
    try:
        app(prog_name="nocturne")
    except BadOption as problem:
        print(problem, file=sys.stderr)
        return EX_CONFIG
    except Refusal as refusal:
        from nocturne.desk import wording

        print(wording.refusal(refusal), file=sys.stderr)
        return 1
    except Exception as problem:
        if not _is_the_databases(problem):
            raise
        print(
            f"The database does not do what it is asked to: {' '.join(str(problem).split())}", file=sys.stderr
        )
        return 1
    return 0


def _is_the_databases(problem: Exception) -> bool:
    from django.db import InterfaceError, OperationalError

    return isinstance(problem, (InterfaceError, OperationalError))
