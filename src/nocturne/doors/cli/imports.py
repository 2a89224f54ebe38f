"""Moving tickets in from elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from nocturne.doors.cli.manners import complain, with_database

app = typer.Typer(rich_markup_mode=None)
ways = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Moving tickets in from elsewhere.")
app.add_typer(ways, name="import")


@ways.callback()
def _ways() -> None:
    """Moving tickets in from elsewhere."""


@ways.command()
@with_database
def text(
    files: Annotated[list[Path], typer.Argument(help="Files with one published ticket each.")],
    queue: Annotated[str, typer.Option(help="The queue they are put into; the first one without it.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Go through everything and write nothing.")
    ] = False,
) -> None:
    """Import tickets that a NOC published as text: two columns of header, description, effects, history.

    Each update keeps its own time and initials. A ticket that was imported before is left as it is.
    """
    from nocturne.core.refusals import Refusal
    from nocturne.desk import importing, wording

    refused = 0
    for file in files:
        try:
            imported = importing.take_over(_content(file), queue=queue, name=file.name, dry_run=dry_run)
        except Refusal as refusal:
            refused += 1
            print(f"{file}: {wording.refusal(refusal)}", file=sys.stderr)
            continue
        except (OSError, ValueError) as problem:
            refused += 1
            print(f"{file}: it cannot be read: {problem}", file=sys.stderr)
            continue
        ours = "would be imported" if imported.number is None else f"is ticket {imported.number}"
        if not imported.is_new:
            print(f"{file}: {imported.theirs} {ours} already")
            continue
        print(f"{file}: {imported.theirs} {ours}, {imported.state}, {imported.updates} updates")
        for line in imported.unread:
            print(f"{file}:{line.number}: not understood, kept as it stands: {line.text}", file=sys.stderr)
    if refused:
        raise complain(f"{refused} of {len(files)} were not imported.")


def _content(file: Path) -> str:
    """This will read a file in the letters it was written in: old ones are not all UTF-8.

    :raises ValueError: it is too large to be one ticket.
    """
    from nocturne.desk.importing import LARGEST

    if file.stat().st_size > LARGEST:
        raise ValueError(f"it is larger than {LARGEST // 1_000_000} MB")
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
