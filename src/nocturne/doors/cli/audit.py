"""The audit on the command line: who changed what outside the tickets, and what it was before."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from nocturne.doors.cli import books
from nocturne.doors.cli.manners import AsJson, on_the_host, table, with_database

if TYPE_CHECKING:
    from nocturne.desk.trail import Line

app = books.app


@books.audits.command("log")
@with_database
def log(
    act: Annotated[str, typer.Option(help="Only this act, such as account_disabled.")] = "",
    by: Annotated[str, typer.Option(help="Only what this account did.")] = "",
    kind: Annotated[
        str, typer.Option(help="Only what was done to an account, a queue, a clearance and so on.")
    ] = "",
    subject: Annotated[str, typer.Option(help="Only what was done to something with this in its name.")] = "",
    since: Annotated[str, typer.Option(help="From this time on: “mon 08:00”, “2 days ago” (UTC).")] = "",
    until: Annotated[str, typer.Option(help="Up to this time.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most, the newest first.")] = 50,
    form: Annotated[
        str, typer.Option("--export", help="csv or jsonl: print all that fits, the oldest first.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """List acts of administration: who changed what outside the tickets, and what it was before."""
    from nocturne.core.entry import Door
    from nocturne.desk import audit_words, clock, trail

    sought = trail.Sought(
        act, by, kind, subject, _when("since", since, clock.now()), _when("until", until, clock.now())
    )
    if form:
        for piece in trail.export(sought, form, by=on_the_host(), door=Door.CLI):
            sys.stdout.write(piece)
        return
    found = trail.look(sought, by=on_the_host(), limit=limit)
    if as_json:
        print(json.dumps([trail.plain(line) for line in found.lines], indent=2, ensure_ascii=False))
        return
    table(
        ("row", "at (UTC)", "who", "act", "done to", "changed", "door"),
        (
            (
                line.number,
                line.at,
                line.who,
                audit_words.act(line.act),
                f"{audit_words.kind(line.subject_kind)} {line.subject}",
                _changed(line),
                line.door,
            )
            for line in found.lines
        ),
    )
    if found.further is not None:
        print(f"There is more: --limit {limit * 2}, or narrow it down.", file=sys.stderr)


def _when(name: str, given: str, now: datetime) -> datetime | None:
    from nocturne.core.when import parse_when

    return parse_when(given, now, "UTC", "past", field=name) if given else None


def _changed(line: Line) -> str:
    """Say the first things that changed, as briefly as a line allows."""
    said = [f"{path or 'all'}: {_short(old)} → {_short(new)}" for path, old, new in line.changes[:2]]
    return ", ".join(said) + (" …" if len(line.changes) > 2 else "")


def _short(value: object) -> str:
    text = "-" if value in (None, "", [], {}) else value if isinstance(value, str) else json.dumps(value)
    return f"{text[:30]}…" if len(text) > 30 else text
