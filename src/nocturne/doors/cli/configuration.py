"""The configuration of a site from the command line: as files, document by document, and through time."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nocturne.doors.cli import configuration_said as said
from nocturne.doors.cli.manners import AsJson, complain, on_the_host, table, with_database

if TYPE_CHECKING:
    from nocturne.core.configuration.difference import Change
    from nocturne.core.configuration.tree import Wrong

app = typer.Typer(rich_markup_mode=None)
config = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="The configuration: queues, types, fields, life cycles, clearances and all else, as a tree of TOML files.",
)
app.add_typer(config, name="config")

Folder = Annotated[Path, typer.Argument(help="The folder that holds the tree.")]
Named = Annotated[str, typer.Argument(help="A document as KIND/NAME, such as queue/security.")]
Reason = Annotated[str, typer.Option(help="Why; it stands in the audit.")]


@config.command("export")
def export(
    folder: Folder,
    force: Annotated[
        bool,
        typer.Option("--force", help="Replace the configuration that the folder holds; other files stay."),
    ] = False,
    profile: Annotated[
        str,
        typer.Option(
            help="Not what is in force but what a new site would start from: minimal, nren, helpdesk."
        ),
    ] = "",
) -> None:
    """Write the configuration in force as files. The same configuration always makes the same bytes."""
    from nocturne.core.configuration import tree
    from nocturne.desk import profiles
    from nocturne.doors.cli import folders

    files = tree.write(profiles.documents(profile)) if profile else _exported()
    folders.write(files, folder, force=force)
    print(f"{len(files)} documents are in {folder}.", file=sys.stderr)


@config.command("check")
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="The folder that holds the tree; what is in force without it.")
    ] = None,
) -> None:
    """Read a tree and say all that is wrong with it, with file and line. A folder needs no database to be checked."""
    from nocturne.core.configuration.tree import problems
    from nocturne.doors.cli import folders

    unread: list[Wrong] = []
    if folder is None:
        files = _exported()
    else:
        files, unread = folders.read(folder)
    said.say_and_end([*unread, *problems(files)], folder)
    print(f"Nothing is wrong with these {len(files)} documents.", file=sys.stderr)


@config.command("diff")
@with_database
def diff(folder: Folder, as_json: AsJson = False) -> None:
    """Say what importing a tree would change: 0 nothing, 1 something. + added, - taken away, ~ changed."""
    from nocturne.desk import trees

    changes = _read(folder, trees.compare)
    said.print_changes(changes, as_json=as_json)
    said.say_strangers(folder)
    said.say_effect(folder, changes)
    if changes:
        raise typer.Exit(1)


@config.command("import")
@with_database
def bring_in(
    folder: Folder,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Go through all of it, say what would change, and change nothing."),
    ] = False,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Put a tree in force, at once, all of it or nothing: what it does not hold is taken away."""
    from nocturne.core.entry import Door
    from nocturne.desk import trees

    changes = _read(
        folder,
        lambda files: trees.bring_in(files, by=on_the_host(), door=Door.CLI, reason=reason, only_try=dry_run),
    )
    said.print_changes(changes, as_json=as_json)
    said.say_strangers(folder)
    if dry_run:
        said.say_effect(folder, changes)
        print("Nothing was changed.", file=sys.stderr)
    elif changes:
        print(f"In force now. Documents that have changed: {len(changes)}.", file=sys.stderr)
    else:
        print("It is in force already: nothing has changed.", file=sys.stderr)


@config.command("show")
@with_database
def show(
    named: Annotated[
        str, typer.Argument(help="A document as KIND/NAME, such as queue/security; all without it.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show one document as its file would be, or list all."""
    from nocturne.core.configuration import tree
    from nocturne.desk import trees

    documents = trees.in_force()
    if not named:
        rows = [f"{kind}/{name}" for kind, name in sorted(documents)]
        print(json.dumps(rows, indent=2) if as_json else "\n".join(rows))
        return
    document = _document(named)
    if document not in documents:
        raise complain(f"There is no document {named}. `nocturne config show` lists all.")
    body = documents[document]
    print(
        json.dumps(body, indent=2, ensure_ascii=False) if as_json else tree.one_file(document, body), end=""
    )
    if as_json:
        print()


@config.command("history")
@with_database
def history(
    named: Annotated[str, typer.Argument(help="A document as KIND/NAME; all of them without it.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most, the newest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List what was changed, when (UTC), by whom and why; the row's number brings it back with `config revert`."""
    from nocturne.desk import audit

    kind, name = _document(named) if named else ("", "")
    found = audit.found(act="configuration_changed", subject_kind=kind, subject=name)[:limit]
    if as_json:
        print(json.dumps([said.row_as_json(row) for row in found], indent=2, ensure_ascii=False))
        return
    heads = ("row", "when", "who", "by", "document", "what", "why")
    table(heads, [said.row(row) for row in found])


@config.command("revert")
@with_database
def revert(
    row: Annotated[int, typer.Argument(help="The number of a change in `nocturne config history`.")],
) -> None:
    """Bring back what stood before a change, and before all that was changed together with it."""
    from nocturne.core.entry import Door
    from nocturne.desk import configuring

    changed = configuring.revert(row, by=on_the_host(), door=Door.CLI)
    said.say_changed(changed)


@config.command("rename")
@with_database
def rename(
    kind: Annotated[
        str, typer.Argument(help="queue, type, field, group, class, lifecycle, calendar and so on.")
    ],
    old: Annotated[str, typer.Argument(help="What it is called now.")],
    new: Annotated[str, typer.Argument(help="What it is to be called.")],
) -> None:
    """Give something another name wherever it is named; the old one goes on finding it, and no ticket changes."""
    from nocturne.core.entry import Door
    from nocturne.desk import configuring

    _document(f"{kind}/{old}")
    said.say_changed(configuring.rename(kind, old, new, by=on_the_host(), door=Door.CLI))


@with_database
def _exported() -> dict[str, str]:
    from nocturne.desk import trees

    return trees.exported()


def _read(folder: Path, what: Any) -> list[Change]:
    """Read a folder and do something with its tree; all that is wrong with it ends the command."""
    from nocturne.desk.trees import Faulty
    from nocturne.doors.cli import folders

    files, unread = folders.read(folder)
    if unread:
        from nocturne.core.configuration.tree import problems

        said.say_and_end([*unread, *problems(files)], folder)
    try:
        found: list[Change] = what(files)
    except Faulty as faulty:
        said.say_and_end(faulty.wrongs, folder)
        raise
    return found


def _document(named: str) -> tuple[str, str]:
    from nocturne.core.configuration import KINDS

    kind, slash, name = named.partition("/")
    if kind == "site" and not slash:
        return "site", "site"
    if kind not in KINDS or not name:
        raise complain(
            f"{named} names no document: say KIND/NAME, where the kind is one of {', '.join(KINDS)}.", 2
        )
    return kind, name
