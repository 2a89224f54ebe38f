"""`nocturne health`: how every part of the house is, and what helps where one is not well."""

from __future__ import annotations

import json
from dataclasses import asdict

import typer

from nocturne.doors.cli.manners import AsJson, on_the_host

app = typer.Typer(rich_markup_mode=None)
MARKS = {"good": "ok", "warn": "look", "bad": "ACT"}


@app.command()
def health(as_json: AsJson = False) -> None:
    """Say how every part is, and what to do where one is not well.

    Ends with 0 when nothing has to be done at once, and with 1 when it has: good for a monitoring system.
    """
    from nocturne.desk import health as house

    lines = house.look(by=on_the_host())
    worst = house.worst(lines)
    if as_json:
        print(json.dumps({"state": worst, "parts": [asdict(line) for line in lines]}, indent=2))
    else:
        width = max(len(line.title) for line in lines)
        for line in lines:
            print(f"{MARKS[line.state]:<5} {line.title:<{width}}  {line.says}")
            if line.state != "good" and line.remedy:
                print(f"{'':<6}{'':<{width}}  {line.remedy}")
    if worst == "bad":
        raise typer.Exit(1)
