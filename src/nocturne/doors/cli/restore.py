"""Putting a backup back. Loaded without Django: its settings would make a new data directory in the way."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from nocturne.core import houses
from nocturne.doors.cli.manners import complain

app = typer.Typer(rich_markup_mode=None)


def _tell(words: str) -> None:
    print(words, file=sys.stderr)


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="The folder that `nocturne backup` made.")],
    into: Annotated[
        Path | None, typer.Option(help="The data directory to fill; NOCTURNE_HOME, or var, without it.")
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Put aside what the data directory holds; empty the PostgreSQL database."
        ),
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only verify the backup: read every file and compare its hash.")
    ] = False,
) -> None:
    """Verify a backup and put it into an empty data directory, on this machine or another.

    A backup of PostgreSQL fills the empty database that DATABASE_URL names.
    """
    from nocturne.store import manifest
    from nocturne.store import restore as books

    folder = folder.absolute()
    home = into.expanduser().absolute() if into else houses.home_in(os.environ)
    try:
        if check:
            found = manifest.load(folder)
            manifest.verify(folder, found, tell=_tell)
            _tell(f"All {len(found.files)} files are as they were written.")
        else:
            found = books.restore(
                folder, home, now=datetime.now(UTC), database_url=_database_url(), replace=force, tell=_tell
            )
    except manifest.BadBackup as problem:
        raise complain(str(problem)) from problem
    except OSError as problem:
        raise complain(f"It was not restored: {problem}.") from problem
    tickets, entries = found.counts.get("ticket", 0), found.counts.get("entry", 0)
    _tell(f"Made {found.made_at} by Nocturne {found.nocturne}: {tickets} tickets, {entries} entries.")
    if not check:
        site = "" if into else houses.site_in(os.environ)
        _tell(f"It is restored. Start it with: {_start(home, site)}")


def _start(home: Path, site: str) -> str:
    return f"nocturne --site {site} serve" if site else f"NOCTURNE_HOME={home} nocturne serve"


def _database_url() -> str:
    names = ("DATABASE_URL", "NOCTURNE_DATABASE_URL")
    return next((value for name in names if (value := os.environ.get(name, "").strip())), "")
