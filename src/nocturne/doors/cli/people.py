"""Accounts: who may sign on, as whom, and in which groups."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from nocturne.core.entry import Door
from nocturne.doors.cli.manners import (
    AsJson,
    PasswordStdin,
    complain,
    new_password,
    on_the_host,
    table,
    with_database,
)

app = typer.Typer(rich_markup_mode=None)
users = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="The accounts: who may sign on.")
app.add_typer(users, name="user")

Name = Annotated[str, typer.Argument(help="The account's sign-on name.")]
WayNumber = Annotated[int, typer.Argument(help="The number of the way in `nocturne user show`.")]


def by() -> dict[str, Any]:
    """This will say who acts, and through which door."""
    return {"by": on_the_host(), "door": Door.CLI}


def say(words: str) -> None:
    print(words, file=sys.stderr)


@users.command("add")
@with_database
def add_user(
    name: Annotated[str, typer.Argument(help="The sign-on name: letters, digits and . _ - @ only.")],
    group: Annotated[
        list[str] | None, typer.Option(help="A group to be in, such as operators; give it again for more.")
    ] = None,
    email: Annotated[str, typer.Option(help="Where mails for this account go.")] = "",
    full_name: Annotated[str, typer.Option(help="The name as people say it.")] = "",
    zone: Annotated[
        str, typer.Option(help="The time zone of the times shown to them, such as Europe/Paris.")
    ] = "UTC",
    language: Annotated[str, typer.Option(help="The language of their pages and mails.")] = "en",
    contact: Annotated[
        str,
        typer.Option(help="The mail address of the contact they are: they see what that one reported."),
    ] = "",
    service: Annotated[
        bool, typer.Option("--service", help="A machine's account: it has no password, only tokens.")
    ] = False,
    password_stdin: PasswordStdin = False,
) -> None:
    """Add an account. Without a password it signs on by tokens only, until `nocturne user password` gives it one."""
    from nocturne.desk import people

    if not group and not contact and not service:
        raise complain("Say what they may do: --group operators, or --contact ADDRESS for a customer.", 2)
    password = new_password(from_stdin=True) if password_stdin else None
    made = people.add(
        name,
        groups=group or [],
        password=password,
        email=email,
        full_name=full_name,
        zone=zone,
        language=language,
        represents=contact,
        is_service=service,
        **by(),
    )
    say(f"{made.name} has an account.")


@users.command("list")
@with_database
def list_users(
    group: Annotated[str, typer.Option(help="Only those in this group.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the accounts, with their groups and when they last signed on (UTC)."""
    from nocturne.desk import people

    rows = people.everyone(group=group)
    if as_json:
        print(json.dumps([vars(row) for row in rows], indent=2, default=str))
        return
    heads = ("name", "full name", "groups", "is contact", "mail", "zone", "active", "last sign-on")
    table(
        heads,
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


@users.command("show")
@with_database
def show_user(name: Name, as_json: AsJson = False) -> None:
    """Show all about one account: groups, ways to reach them, what they are told, whom they speak for, tokens."""
    from nocturne.desk import keyring, people, representing, ways

    user = people.find(name)
    chosen = ways.choices(user)
    shown = vars(people.person(name)) | {
        "ways": [vars(each) for each in ways.of(user)],
        "notices": chosen.told,
        "quiet": [str(each) if each else "" for each in (chosen.quiet_from, chosen.quiet_until)],
        "speaks_for": [f"{each.kind} {each.name}" for each in representing.everyone(account=user.name)],
        "tokens": [vars(each) for each in keyring.keys(user.name, usable=True)],
    }
    if as_json:
        print(json.dumps(shown, indent=2, default=str))
        return
    for key, value in shown.items():
        listed = value if isinstance(value, list) else [value]
        for each in listed or ["-"]:
            print(f"{key}: {_flat(each)}")


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{key}={each}" for key, each in value.items() if each not in (None, ""))
    return "-" if value in (None, "") else str(value)


@users.command("change")
@with_database
def change_user(
    name: Name,
    full_name: Annotated[str | None, typer.Option(help="The name as people say it.")] = None,
    email: Annotated[str | None, typer.Option(help="The first address that mails go to.")] = None,
    zone: Annotated[str | None, typer.Option(help="The time zone, such as Europe/Paris.")] = None,
    language: Annotated[str | None, typer.Option(help="The language of their pages and mails.")] = None,
    contact: Annotated[
        str | None, typer.Option(help="The mail address of the contact they are; empty for none.")
    ] = None,
) -> None:
    """Change an account's names, address, zone or language."""
    from nocturne.desk import people

    given = {
        "full_name": full_name,
        "email": email,
        "zone": zone,
        "language": language,
        "represents": contact,
    }
    people.change(name, {key: value for key, value in given.items() if value is not None}, **by())
    say(f"{name} is changed.")


@users.command("disable")
@with_database
def disable_user(name: Name) -> None:
    """Let an account sign on no more, and end its browsers and tokens now; what it wrote stays."""
    from nocturne.desk import admitting

    say(f"{admitting.disable(name, **by()).name} can no longer sign on.")


@users.command("enable")
@with_database
def enable_user(name: Name) -> None:
    """Let a disabled account sign on again; it makes new tokens."""
    from nocturne.desk import admitting

    say(f"{admitting.enable(name, **by()).name} may sign on again.")


@users.command("password")
@with_database
def set_password(
    name: Name,
    password_stdin: PasswordStdin = False,
    must_change: Annotated[
        bool, typer.Option("--must-change", help="They are led to choose another before anything else.")
    ] = False,
    demand: Annotated[
        bool, typer.Option("--demand", help="Set none, but let them choose another before anything else.")
    ] = False,
) -> None:
    """Give an account a new password; its browsers must sign on again."""
    from nocturne.desk import admitting, people

    people.find(name)
    if demand:
        admitting.demand_new_password(name, **by())
        say(f"{name} has to choose a new password.")
        return
    admitting.set_password(name, new_password(from_stdin=password_stdin), must_change=must_change, **by())
    say(f"{name} has a new password.")


@users.command("sign-off")
@with_database
def sign_off(name: Name) -> None:
    """Sign all of an account's browsers off."""
    from nocturne.desk import admitting

    say(f"{admitting.end_sessions(name, **by())} browsers of {name} are signed off.")


@users.command("reach")
@with_database
def add_way(
    name: Name,
    kind: Annotated[str, typer.Argument(help="mail, phone, pager or chat.")],
    value: Annotated[
        str, typer.Argument(help="The address, or the number with its country: +1 734 555 0119.")
    ],
    label: Annotated[str, typer.Option(help="What it is: home, duty phone.")] = "",
    notices: Annotated[
        bool, typer.Option("--notices", help="Notices go to this mail address, not to the first one.")
    ] = False,
) -> None:
    """Add a way to reach somebody."""
    from nocturne.desk import people, ways

    way = ways.add(people.find(name), kind, value, label=label, for_notices=notices, **by())
    say(f"{name} can be reached by {way.kind}: {way.value}.")


@users.command("unreach")
@with_database
def remove_way(name: Name, number: WayNumber) -> None:
    """Take a way to reach somebody away."""
    from nocturne.desk import people, ways

    ways.remove(people.find(name), number, **by())
    say(f"{name} is reached so no longer.")


@users.command("vouch")
@with_database
def verify_way(name: Name, number: WayNumber) -> None:
    """Vouch for a mail address that somebody has entered themselves: notices and forgotten passwords may go there."""
    from nocturne.desk import people, ways

    say(f"{ways.verify(people.find(name), number, **by()).value} is {name}'s.")


@users.command("notices")
@with_database
def choose_notices(
    name: Name,
    choice: Annotated[
        list[str] | None, typer.Argument(help="purpose=now, daily or never: update=daily owner=now.")
    ] = None,
    quiet: Annotated[
        str | None,
        typer.Option(
            help="The hours, in their zone, in which nothing is mailed: 22:00-06:30; none for no hours."
        ),
    ] = None,
) -> None:
    """Say when somebody is told of what."""
    from nocturne.desk import people, ways

    told = dict(each.partition("=")[::2] for each in choice or [])
    chosen = ways.choose(people.find(name), told, quiet=_hours(quiet), **by())
    say(", ".join(f"{purpose}: {when}" for purpose, when in chosen.told.items()))


def _hours(given: str | None) -> Any:
    from datetime import time

    if given is None:
        return True
    if given == "none":
        return None
    first, _, last = given.partition("-")
    try:
        return time.fromisoformat(first), time.fromisoformat(last)
    except ValueError:
        raise complain(f"{given} are no hours: write 22:00-06:30, or none.", 2) from None
