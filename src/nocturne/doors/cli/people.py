"""Accounts, and the tokens of programs."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Annotated

import typer

from nocturne.doors.cli.manners import AsJson, PasswordStdin, complain, new_password, table, with_database

app = typer.Typer(rich_markup_mode=None)
users = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="The accounts: who may sign on.")
tokens = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="The tokens with which programs and `noc` sign on."
)
app.add_typer(users, name="user")
app.add_typer(tokens, name="token")

Name = Annotated[str, typer.Argument(help="The account's sign-on name.")]


@users.command("add")
@with_database
def add_user(
    name: Annotated[str, typer.Argument(help="The sign-on name: letters, digits and . _ - @ only.")],
    group: Annotated[
        list[str] | None,
        typer.Option(help="administrators, supervisors or operators; give it again for a second group."),
    ] = None,
    email: Annotated[str, typer.Option(help="Where mails for this account go.")] = "",
    full_name: Annotated[str, typer.Option(help="The name as people say it.")] = "",
    zone: Annotated[
        str, typer.Option(help="The time zone of the times shown to them, such as Europe/Paris.")
    ] = "UTC",
    contact: Annotated[
        str,
        typer.Option(help="The mail address of the contact they represent: they see what that one reported."),
    ] = "",
    password_stdin: PasswordStdin = False,
) -> None:
    """Add an account. Without a password it signs on by tokens only, until `nocturne user password` gives it one."""
    from nocturne.desk import people

    if not group and not contact:
        raise complain("Say what they may do: --group operators, or --contact ADDRESS for a customer.", 2)
    password = new_password(from_stdin=True) if password_stdin else None
    made = people.add(
        name,
        groups=group or [],
        password=password,
        email=email,
        full_name=full_name,
        zone=zone,
        represents=contact,
    )
    print(f"{made.name} has an account.", file=sys.stderr)


@users.command("list")
@with_database
def list_users(as_json: AsJson = False) -> None:
    """List the accounts, with their groups and when they last signed on (UTC)."""
    from nocturne.desk import people

    rows = people.everyone()
    if as_json:
        print(json.dumps([vars(row) for row in rows], indent=2, default=str))
        return
    table(
        ("name", "full name", "groups", "represents", "mail", "zone", "active", "last sign-on"),
        (
            (
                row.name,
                row.full_name,
                " ".join(row.groups),
                row.represents,
                row.email,
                row.zone,
                row.is_active,
                row.last_sign_on,
            )
            for row in rows
        ),
    )


@users.command("disable")
@with_database
def disable_user(name: Name) -> None:
    """Let an account sign on no more, from now on; what it wrote stays."""
    from nocturne.desk import people

    print(f"{people.disable(name).name} can no longer sign on.", file=sys.stderr)


@users.command("enable")
@with_database
def enable_user(name: Name) -> None:
    """Let a disabled account sign on again."""
    from nocturne.desk import people

    print(f"{people.enable(name).name} may sign on again.", file=sys.stderr)


@users.command("password")
@with_database
def set_password(name: Name, password_stdin: PasswordStdin = False) -> None:
    """Give an account a new password; its browsers must sign on again."""
    from nocturne.desk import people

    people.find(name)
    people.set_password(name, new_password(from_stdin=password_stdin))
    print(f"{name} has a new password.", file=sys.stderr)


@tokens.command("create")
@with_database
def create_token(
    name: Name,
    label: Annotated[str, typer.Option(help="What uses it, so that it is known when it is to be revoked.")],
    scope: Annotated[str, typer.Option(help="read, or write (which includes reading).")] = "write",
    days: Annotated[int, typer.Option(min=0, help="After how many days it ends; 0 for never.")] = 0,
) -> None:
    """Make a token and print it, once, alone on its line; it is kept nowhere."""
    from nocturne.core.refusals import WrongState
    from nocturne.desk import accounts, people

    scopes = {"read": "read", "write": "read write"}.get(scope)
    if scopes is None:
        raise complain(f"{scope} is no scope: give read or write.", 2)
    user = people.find(name)
    if not user.is_active:
        raise WrongState("disabled_already", name=user.name)
    _, plain = accounts.create_token(user, label, scopes=scopes, lasts=timedelta(days=days) if days else None)
    print(plain)


@tokens.command("list")
@with_database
def list_tokens(
    name: Annotated[str, typer.Argument(help="The account whose tokens to list; all without it.")] = "",
    as_json: AsJson = False,
) -> None:
    """List tokens by number, with who owns them and when they were last used (UTC); never the tokens themselves."""
    from nocturne.desk import people

    rows = people.keys(name)
    if as_json:
        print(json.dumps([vars(row) for row in rows], indent=2, default=str))
        return
    table(
        ("number", "owner", "label", "scopes", "made", "last used", "ends", "revoked"),
        (tuple(vars(row).values()) for row in rows),
    )


@tokens.command("revoke")
@with_database
def revoke_token(
    number: Annotated[int, typer.Argument(help="The token's number in `nocturne token list`.")],
) -> None:
    """Make a token useless, at once."""
    from nocturne.desk import people

    people.revoke(number)
    print(f"Token {number} is useless now.", file=sys.stderr)
