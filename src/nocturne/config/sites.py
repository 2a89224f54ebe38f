"""Several sites from one installation: made, listed, and kept from sharing what must be each one's own."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from nocturne.config.options import FILE, BadOption, Found, read
from nocturne.core.houses import HOME, NAME, SITE, SITES, roof_in

app = typer.Typer(rich_markup_mode=None)
sites = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Several sites from one installation: each with its own database, secret, files and port.",
)
app.add_typer(sites, name="site")
FIRST_PORT = 8001


@sites.command("create")
def create(
    name: Annotated[str, typer.Argument(help="The site's name: small letters, digits and - only.")],
    port: Annotated[
        int,
        typer.Option(
            help="The port that its web listens on; the next free one without it.", min=0, max=65535
        ),
    ] = 0,
    base_url: Annotated[str, typer.Option(help="Where people reach it, as https://noc.example.net.")] = "",
) -> None:
    """Make a data directory for one more site, with options of its own in it."""
    if not NAME.fullmatch(name):
        raise BadOption(f"{name!r} cannot be a site's name: small letters, digits and - only.")
    home = roof_in(os.environ) / name
    taken = {found.options.port: other for other, found in _all() if isinstance(found, Found)}
    if port in taken:
        raise BadOption(f"The port {port} is the site {taken[port]}'s. Choose another one, or none.")
    try:
        home.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        print(f"There is a site {name} already, in {home}. Nothing was changed.", file=sys.stderr)
        raise typer.Exit(1) from None
    port = port or next(each for each in range(FIRST_PORT, 65536) if each not in taken)
    lines = [
        f"# The site {name}. `nocturne --site {name} options` lists all that may stand here.",
        f"port = {port}",
        f"base_url = {json.dumps(base_url)}" if base_url else '# base_url = "https://noc.example.net"',
        '# database_url = "postgresql://…"    # a database of its own; without it SQLite in this folder',
    ]
    (home / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        read(_environment(name))
    except BadOption:
        (home / FILE).unlink()
        home.rmdir()
        raise
    print(f"The site {name} has its data in {home}. Start it: nocturne --site {name} serve", file=sys.stderr)


@sites.command("list")
def list_all(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of a table for people.")
    ] = False,
) -> None:
    """List the sites with their addresses and data directories, and whether they run."""
    rows = [_row(name, found) for name, found in _all()]
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    from nocturne.doors.cli.manners import table

    table(
        ("site", "address", "runs", "data directory", "what is wrong"), (list(row.values()) for row in rows)
    )


def _row(name: str, found: Found | BadOption) -> dict[str, Any]:
    home = roof_in(os.environ) / name
    return {
        "name": name,
        "address": found.options.address if isinstance(found, Found) else "",
        "runs": _runs(home),
        "home": str(home),
        "wrong": "" if isinstance(found, Found) else str(found),
    }


def _runs(home: Path) -> bool:
    """Tell whether a supervisor holds the lock of this data directory."""
    try:
        with open(home / "run" / "serve.pid", "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except OSError:
        return False


def _all() -> Iterator[tuple[str, Found | BadOption]]:
    """Give every site with what its own files say: what this terminal has set for one of them does not count."""
    for name in names(os.environ):
        try:
            yield name, read(_environment(name))
        except BadOption as problem:
            yield name, problem


def _environment(name: str) -> dict[str, str]:
    return {SITE: name, SITES: str(roof_in(os.environ)), HOME: os.environ.get(HOME, "")}


def names(environment: Mapping[str, str]) -> list[str]:
    """List the sites that there are."""
    roof = roof_in(environment)
    if not roof.is_dir():
        return []
    return sorted(each.name for each in roof.iterdir() if each.is_dir() and NAME.fullmatch(each.name))
