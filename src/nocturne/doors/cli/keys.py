"""The tokens of programs."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated

import typer

from nocturne.doors.cli.manners import AsJson, complain, table, with_database
from nocturne.doors.cli.people import Name, by, say

app = typer.Typer(rich_markup_mode=None)
keys = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="The tokens with which programs and `noc` sign on."
)
app.add_typer(keys, name="token")


@keys.command("create")
@with_database
def create_token(
    name: Name,
    label: Annotated[str, typer.Option(help="What uses it, so that it is known when it is to be revoked.")],
    scope: Annotated[
        str, typer.Option(help="read, write (which includes reading), or admin (which includes both).")
    ] = "write",
    days: Annotated[
        int | None,
        typer.Option(min=0, help="After how many days it ends; 0 for never, if the house allows that."),
    ] = None,
    queue: Annotated[
        list[str] | None,
        typer.Option(help="A queue whose tickets it reaches, and no others; again for more."),
    ] = None,
) -> None:
    """Make a token and print it, once, alone on its line; it is kept nowhere."""
    from nocturne.desk import keyring, tokens

    if scope not in tokens.SCOPES:
        raise complain(f"{scope} is no scope: give {', '.join(tokens.SCOPES)}.", 2)
    lasts = None if days is None else timedelta(days=days)
    _, plain = keyring.make_token(name, label, scopes=scope, lasts=lasts, queues=queue or None, **by())
    print(plain)


@keys.command("list")
@with_database
def list_tokens(
    name: Annotated[str, typer.Argument(help="The account whose tokens to list; all without it.")] = "",
    as_json: AsJson = False,
) -> None:
    """List tokens by number, with who owns them and when they were last used (UTC); never the tokens themselves."""
    from nocturne.desk import keyring

    rows = keyring.keys(name)
    if as_json:
        print(json.dumps([vars(row) for row in rows], indent=2, default=str))
        return
    table(
        ("number", "owner", "label", "scopes", "made", "last used", "ends", "revoked", "queues"),
        (
            (*tuple(vars(row).values())[:-1], "all" if row.queues is None else " ".join(row.queues))
            for row in rows
        ),
    )


@keys.command("revoke")
@with_database
def revoke_token(
    number: Annotated[int, typer.Argument(help="The token's number in `nocturne token list`.")],
) -> None:
    """Make a token useless, at once."""
    from nocturne.desk import keyring

    keyring.revoke(number, **by())
    say(f"Token {number} is useless now.")
