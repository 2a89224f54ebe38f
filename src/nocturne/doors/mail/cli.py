"""The command `nocturne mail`: takes a mail in, lists what came, shows one, and has one taken in again."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

app = typer.Typer(rich_markup_mode=None)
mail = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Incoming mail: taken in, listed, shown, taken in again.",
)
app.add_typer(mail, name="mail")

Number = Annotated[int, typer.Argument(help="The mail's number, as `nocturne mail list` shows it.")]


@mail.command("in", context_settings={"ignore_unknown_options": True})
def take_in(
    queue: Annotated[str, typer.Option(help="The queue that the mail is for.")] = "general",
    action: Annotated[
        str,
        typer.Option(help="correspond: the customer reads it as well. comment: it is for the staff."),
    ] = "correspond",
    sender: Annotated[
        str | None, typer.Option(help="The envelope sender, if the mail server does not set SENDER.")
    ] = None,
    home: Annotated[str, typer.Option(help="The data directory, if not NOCTURNE_HOME.")] = "",
    site: Annotated[str, typer.Option(help="Which of several sites it is for.")] = "",
    _others: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
) -> None:
    """Take a mail from standard input into the spool: 0 kept, 65 empty, 69 too large, 75 try again later.

    For a mail server's pipe, `nocturne-mail` does the same and says 75 even where this command cannot start.
    """
    # Never reached from a command line: `nocturne.__main__` hands `mail in` over before this module is loaded.
    from nocturne.doors.mail import gateway

    words = [f"--queue={queue}", f"--action={action}", f"--home={home}", f"--site={site}", *(_others or [])]
    gateway.main(words if sender is None else [*words, f"--sender={sender}"])


@mail.command("list")
def list_all(
    state: Annotated[
        str,
        typer.Option(
            help="Only mail of this state: spooled, filed, duplicate, bounce, dropped or quarantine."
        ),
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most, the newest first.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a text for people.")] = False,
) -> None:
    """List what came in and what became of it; what waits in quarantine needs somebody to look at it."""
    _start_django()
    from nocturne.doors.mail import ledger

    rows = ledger.listed(state=state, limit=limit)
    if as_json:
        print(json.dumps(rows, indent=2, default=str))
        return
    for row in rows:
        where = f"ticket {row['ticket']}" if row["ticket"] else row["reason"]
        print(
            f"{row['number']:>7}  {row['received_at']:%Y-%m-%d %H:%M}  {row['state']:<10}  {row['queue']:<12}"
            f"  {where:<22}  {row['sender']}  {row['subject'][:60]}"
        )


@mail.command()
def show(
    number: Number,
    raw: Annotated[bool, typer.Option("--raw", help="Print the mail itself, byte for byte.")] = False,
) -> None:
    """Show what is known of one mail, or the mail itself."""
    _start_django()
    from nocturne.doors.mail import ledger

    if raw:
        sys.stdout.buffer.write(ledger.raw(number))
        return
    for name, value in ledger.shown(number).items():
        print(f"{name:<12} {value}")


@mail.command()
def replay(
    number: Number,
    queue: Annotated[
        str, typer.Option(help="Take it in for this queue instead of the one it came for.")
    ] = "",
    action: Annotated[str, typer.Option(help="Take it in as correspond or comment instead.")] = "",
) -> None:
    """Take a mail that is in quarantine in once more, as if it had just come; its time of receipt stays."""
    _start_django()
    from nocturne.doors.mail import ledger

    ledger.replay(number, queue=queue, action=action)
    print(f"Mail {number} is in the spool again; the worker takes it in.", file=sys.stderr)


def _start_django() -> None:
    import django

    django.setup()
