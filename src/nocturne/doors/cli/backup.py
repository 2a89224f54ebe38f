"""Backing an installation up while it runs."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from nocturne.doors.cli.manners import complain, with_database

app = typer.Typer(rich_markup_mode=None)


def _tell(words: str) -> None:
    print(words, file=sys.stderr)


@app.command()
@with_database
def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder for this backup.")],
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing unless something is wrong.")] = False,
) -> None:
    """Copy database, attachments, waiting mail and secret into a new folder, and prove the copy good.

    Everything goes on meanwhile. The folder then holds all that another machine needs: keep it as safe as the original.
    """
    from django.conf import settings

    from nocturne.store import backup as books
    from nocturne.store.manifest import BadBackup

    tell = (lambda _: None) if quiet else _tell
    try:
        made = books.make(folder.absolute(), home=settings.NOCTURNE.home, now=datetime.now(UTC), tell=tell)
    except BadBackup as problem:
        raise complain(str(problem)) from problem
    except OSError as problem:
        raise complain(
            f"The backup is not whole: {problem}. Nothing in {folder} can be relied on."
        ) from problem
    tell(f"{folder} holds a whole backup of {len(made.files)} files, verified.")
    if made.missing:
        raise complain(
            f"But {len(made.missing)} attachments that the books name were missing or damaged before"
            f" (the first is {made.missing[0]}). Look for them in an older backup."
        )
