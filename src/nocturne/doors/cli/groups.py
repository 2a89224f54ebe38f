"""Groups, who is in them, and who speaks for networks, sites and machines."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from nocturne.doors.cli.manners import AsJson, complain, table, with_database
from nocturne.doors.cli.people import by, say

app = typer.Typer(rich_markup_mode=None)
groups = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="The groups of accounts; clearances say what they may do.",
)
speakers = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Who speaks for a network, a site or a machine."
)
links = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="The links by which people outside read their ticket."
)
app.add_typer(groups, name="group")
app.add_typer(speakers, name="represent")
app.add_typer(links, name="link")

Group = Annotated[str, typer.Argument(help="The group's name.")]
Accounts = Annotated[list[str], typer.Argument(help="Sign-on names.")]
Includes = Annotated[
    list[str] | None,
    typer.Option("--includes", help="A group whose members are its members too; give it again for more."),
]


@groups.command("add")
@with_database
def add_group(
    name: Annotated[str, typer.Argument(help="Small letters, digits, - and _ only.")],
    title: Annotated[str, typer.Option(help="What people call it.")] = "",
    includes: Includes = None,
) -> None:
    """Make a group. It gives nothing until a clearance names it."""
    from nocturne.desk import groups as desk

    say(f"There is a group {desk.add(name, title=title, includes=includes or [], **by()).name}.")


@groups.command("change")
@with_database
def change_group(
    name: Group,
    title: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    includes: Includes = None,
    includes_none: Annotated[bool, typer.Option("--includes-none", help="No group is part of it.")] = False,
) -> None:
    """Change a group's title, or which groups are part of it."""
    from nocturne.desk import groups as desk

    given: dict[str, object] = {} if title is None else {"title": title}
    if includes or includes_none:
        given["includes"] = sorted(includes or [])
    desk.change(name, given, **by())
    say(f"{name} is changed.")


@groups.command("remove")
@with_database
def remove_group(name: Group) -> None:
    """Take a group away that nobody is in."""
    from nocturne.desk import groups as desk

    desk.remove(name, **by())
    say(f"There is no group {name} any more.")


@groups.command("list")
@with_database
def list_groups(as_json: AsJson = False) -> None:
    """List the groups, who is in them, and which groups are part of them."""
    from nocturne.desk import groups as desk

    rows = desk.everyone()
    if as_json:
        print(json.dumps([vars(row) for row in rows], indent=2))
        return
    table(
        ("group", "title", "members", "includes", "part of"),
        (
            (row.name, row.title, " ".join(row.members), " ".join(row.includes), " ".join(row.part_of))
            for row in rows
        ),
    )


@groups.command("join")
@with_database
def join(group: Group, names: Accounts) -> None:
    """Put accounts into a group."""
    from nocturne.desk import membership

    for name in names:
        say(f"{membership.join(name, group, **by()).name} is in {group}.")


@groups.command("leave")
@with_database
def leave(group: Group, names: Accounts) -> None:
    """Take accounts out of a group."""
    from nocturne.desk import membership

    for name in names:
        say(f"{membership.leave(name, group, **by()).name} is no longer in {group}.")


# --- who speaks for what ---------------------------------------------------------------------------------------------

Kind = Annotated[str, typer.Argument(help="network, site or machine.")]
Thing = Annotated[str, typer.Argument(help="Its name in the inventory.")]


@speakers.command("add")
@with_database
def add_speaker(
    kind: Kind,
    thing: Thing,
    account: Annotated[str, typer.Option(help="The account that speaks for it.")] = "",
    contact: Annotated[str, typer.Option(help="The mail address of the contact that speaks for it.")] = "",
) -> None:
    """Name somebody who speaks for a network, site or machine: they see its tickets as a customer does."""
    from nocturne.desk import representing

    if bool(account) == bool(contact):
        raise complain("Say who: --account NAME or --contact ADDRESS.", 2)
    made = representing.name(kind, thing, account=account, contact=contact, **by())
    say(f"{made.account or made.contact} speaks for the {made.kind} {made.name}.")


@speakers.command("list")
@with_database
def list_speakers(
    account: Annotated[str, typer.Option(help="Only what this account speaks for.")] = "",
    as_json: AsJson = False,
) -> None:
    """List who speaks for what."""
    from nocturne.desk import representing

    rows = representing.everyone(account=account)
    if as_json:
        print(json.dumps([vars(row) for row in rows], indent=2, default=str))
        return
    table(
        ("number", "account", "contact", "kind", "name", "since"), (tuple(vars(row).values()) for row in rows)
    )


@speakers.command("remove")
@with_database
def remove_speaker(
    number: Annotated[int, typer.Argument(help="The number in `nocturne represent list`.")],
) -> None:
    """Let somebody speak for something no longer."""
    from nocturne.desk import representing

    representing.end(number, **by())
    say("They speak for it no longer.")


# --- links -----------------------------------------------------------------------------------------------------------


@links.command("revoke")
@with_database
def revoke_links(
    ticket: Annotated[int, typer.Option(help="Every link to this ticket.")] = 0,
    contact: Annotated[str, typer.Option(help="Every link of the contact with this mail address.")] = "",
) -> None:
    """Make the links worthless that were mailed so far, to a ticket or to somebody."""
    from nocturne.desk import links as desk
    from nocturne.desk import lookups

    if bool(ticket) == bool(contact):
        raise complain("Say which: --ticket NUMBER or --contact ADDRESS.", 2)
    if ticket:
        desk.revoke(ticket=ticket, **by())
    else:
        desk.revoke(contact=lookups.known_contact(contact), **by())
    say("The links that were mailed so far open nothing any more.")
