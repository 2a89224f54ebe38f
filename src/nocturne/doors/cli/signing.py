"""How accounts sign on: by whom they are vouched for, who may with a password here, and lost second factors."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from nocturne.core.entry import Door
from nocturne.doors.cli.manners import AsJson, on_the_host, table, with_database

app = typer.Typer(rich_markup_mode=None)
signing = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="How accounts sign on: providers, the directory, second factors.",
)
app.add_typer(signing, name="sign-on")

Name = Annotated[str, typer.Argument(help="The account's sign-on name.")]
Provider = Annotated[
    str, typer.Argument(help="The provider's id in nocturne.toml, or ldap for the directory.")
]


def by() -> dict[str, Any]:
    """This will say who acts, and through which door."""
    return {"by": on_the_host(), "door": Door.CLI}


@signing.command("list")
@with_database
def list_all(as_json: AsJson = False) -> None:
    """List who vouches for each account, who may sign on with a password here, and who has a second factor."""
    from nocturne.desk import vouchers

    rows = vouchers.everyone()
    if as_json:
        print(json.dumps([vars(row) for row in rows], indent=2))
        return
    table(
        ("name", "vouched for by", "as", "password here", "second factor"),
        ((row.name, row.provider, row.subject, row.may_locally, row.has_factor) for row in rows),
    )


@signing.command("link")
@with_database
def link(
    name: Name,
    provider: Provider,
    subject: Annotated[
        str, typer.Argument(help="The person as the provider names them; its page of refusal tells it.")
    ],
) -> None:
    """Let a person of a provider or the directory sign on as this account; its password here opens it no more."""
    from nocturne.desk import people, vouchers

    user = people.find(name)
    vouchers.link(user, provider, subject, **by())
    print(f"{user.name} signs on by {provider} from now on.", file=sys.stderr)
    if not user.local_sign_on:
        print(
            f"While {provider} is away {user.name} cannot: `nocturne sign-on local {user.name}` would let them.",
            file=sys.stderr,
        )


@signing.command("unlink")
@with_database
def unlink(name: Name, provider: Provider) -> None:
    """Let nobody sign on as this account by the provider any more."""
    from nocturne.desk import people, vouchers

    user = people.find(name)
    vouchers.unlink(user, provider, **by())
    print(f"{user.name} signs on by {provider} no more.", file=sys.stderr)


@signing.command("local")
@with_database
def local(
    name: Name,
    end: Annotated[bool, typer.Option("--end", help="They may no longer.")] = False,
) -> None:
    """Let an account sign on with its password here and a second factor, for when provider or directory is away."""
    from nocturne.desk import people, vouchers

    user = people.find(name)
    vouchers.allow_local(user, allowed=not end, **by())
    print(f"{user.name} may{' no longer' if end else ''} sign on with a password here.", file=sys.stderr)


@signing.command("lost-factors")
@with_database
def lost_factors(name: Name) -> None:
    """Take away the second factors of somebody who has lost them all; their browsers are signed off."""
    from nocturne.desk import people, vouchers

    user = people.find(name)
    vouchers.take_factors(user, **by())
    print(f"{user.name} has no second factor now.", file=sys.stderr)
