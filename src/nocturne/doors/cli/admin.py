"""Setting an installation up, and its queues."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from nocturne.doors.cli.manners import (
    AsJson,
    PasswordStdin,
    is_behind,
    new_password,
    on_the_host,
    table,
    with_database,
)

app = typer.Typer(rich_markup_mode=None)
queues = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="The queues: where tickets of one class of problem wait.",
)
app.add_typer(queues, name="queue")


@app.command()
def setup(
    admin: Annotated[str, typer.Option(help="The sign-on name of the first administrator.")],
    email: Annotated[str, typer.Option(help="The administrator's mail address.")] = "",
    password_stdin: PasswordStdin = False,
    organisation: Annotated[
        str, typer.Option(help="Who runs this NOC, as it stands in mails and pages.")
    ] = "",
    site_name: Annotated[
        str, typer.Option(help="The short name in the subject of every mail, as in [lakenet #4711].")
    ] = "noc",
    zone: Annotated[str, typer.Option(help="The NOC's time zone by its name, such as Europe/Paris.")] = "UTC",
    base_url: Annotated[
        str, typer.Option(help="Where people reach Nocturne, as https://noc.example.net.")
    ] = "",
    correspond: Annotated[str, typer.Option(help="The mail address that customers write to.")] = "",
    comment: Annotated[str, typer.Option(help="The mail address for notes that only the staff reads.")] = "",
    profile: Annotated[
        str,
        typer.Option(
            help="What it starts from: minimal, nren (a research network) or helpdesk. `nocturne config export DIR"
            " --profile NAME` shows one."
        ),
    ] = "minimal",
    demo: Annotated[
        bool,
        typer.Option("--demo", help="Load the demonstration NOC as well: 300 invented tickets of 60 days."),
    ] = False,
) -> None:
    """Set a new installation up: its name, its first administrator, and what it starts from."""
    password = new_password(from_stdin=password_stdin)
    bring_up_to_date()
    _set_up(
        admin=admin,
        password=password,
        email=email,
        organisation=organisation,
        name=site_name,
        zone=zone,
        base_url=base_url,
        correspond_address=correspond,
        comment_address=comment,
        profile=profile,
    )
    print(f"Nocturne is set up. {admin} may sign on.", file=sys.stderr)
    if demo:
        from nocturne.doors.cli.demo import load

        load()


@with_database
def _set_up(**given: str) -> None:
    from nocturne.desk.setup import SetUp, perform

    perform(SetUp(**given), by=on_the_host())


def bring_up_to_date() -> None:
    """This will make the tables where there are none yet: a set-up by script comes before the first start."""
    from django.core.management import call_command
    from django.db import DatabaseError

    from nocturne.doors.cli.manners import complain

    try:
        if is_behind():
            call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as problem:
        raise complain(f"The database cannot be prepared: {problem}") from problem


QueueName = Annotated[str, typer.Argument(help="The queue's name: letters, digits and - _ only.")]
Correspond = typer.Option(help="The mail address that customers write to.")
Comment = typer.Option(help="The mail address for notes that only the staff reads.")
Type = typer.Option(
    "--type", help="What its tickets are unless they say otherwise: complaint, request, trouble and so on."
)
Purpose = typer.Option(help="One sentence that says what belongs here.")
SilenceDays = typer.Option(
    "--silence-days",
    help="A resolved complaint is closed when its complainer has said nothing for so many days.",
)
Members = Annotated[
    list[str] | None, typer.Option("--member", help="An account that works in it; give it again for more.")
]
Watchers = Annotated[
    list[str] | None,
    typer.Option(
        "--watcher", help="An account that is mailed what comes in from outside; give it again for more."
    ),
]


@queues.command("add")
@with_database
def add_queue(
    name: QueueName,
    correspond: Annotated[str, Correspond] = "",
    comment: Annotated[str, Comment] = "",
    type_: Annotated[str, Type] = "trouble",
    purpose: Annotated[str, Purpose] = "",
    silence_days: Annotated[int, SilenceDays] = 5,
    member: Members = None,
    watcher: Watchers = None,
) -> None:
    """Add a queue."""
    from nocturne.desk import queues as desk

    _check(type_, correspond, comment)
    made = desk.add(
        name,
        purpose=purpose,
        correspond=correspond,
        comment=comment,
        default_type=type_,
        silence_days=silence_days,
        members=member or (),
        watchers=watcher or (),
        by=on_the_host(),
    )
    print(f"The queue {made.name} takes tickets.", file=sys.stderr)


@queues.command("change")
@with_database
def change_queue(
    name: QueueName,
    correspond: Annotated[str | None, Correspond] = None,
    comment: Annotated[str | None, Comment] = None,
    type_: Annotated[str | None, Type] = None,
    purpose: Annotated[str | None, Purpose] = None,
    silence_days: Annotated[int | None, SilenceDays] = None,
    member: Members = None,
    watcher: Watchers = None,
    without_member: Annotated[
        list[str] | None, typer.Option("--without-member", help="An account that works in it no longer.")
    ] = None,
    without_watcher: Annotated[
        list[str] | None, typer.Option("--without-watcher", help="An account that is mailed no longer.")
    ] = None,
) -> None:
    """Change a queue: what is not given stays as it is."""
    from nocturne.desk import queues as desk

    _check(type_, correspond, comment)
    changed = desk.change(
        name,
        purpose=purpose,
        correspond=correspond,
        comment=comment,
        default_type=type_,
        silence_days=silence_days,
        members=member or (),
        watchers=watcher or (),
        without_members=without_member or (),
        without_watchers=without_watcher or (),
        by=on_the_host(),
    )
    print(f"The queue {changed.name} is as you said.", file=sys.stderr)


def _check(type_: str | None, *addresses: str | None) -> None:
    from nocturne.core.refusals import Invalid
    from nocturne.core.values import ticket_type

    if type_ is not None:
        ticket_type(type_)
    for address in addresses:
        if address and (address.count("@") != 1 or any(map(str.isspace, address))):
            raise Invalid("bad_address", field="correspond", given=address)


@queues.command("list")
@with_database
def list_queues(as_json: AsJson = False) -> None:
    """List the queues with their addresses and people."""
    from nocturne.store.models import Queue

    found = Queue.objects.filter(retired_at=None).order_by("name").prefetch_related("members", "watchers")
    rows = [
        {
            "name": each.name,
            "default_type": each.default_type,
            "correspond_address": each.correspond_address,
            "comment_address": each.comment_address,
            "silence_days": each.silence_days,
            "members": sorted(user.name for user in each.members.all()),
            "watchers": sorted(user.name for user in each.watchers.all()),
            "purpose": each.purpose,
        }
        for each in found
    ]
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    heads = ("queue", "type", "correspond", "comment", "silence", "members", "watchers", "purpose")
    shown = (
        [", ".join(value) if isinstance(value, list) else value for value in row.values()] for row in rows
    )
    table(heads, shown)
