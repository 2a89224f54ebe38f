"""Shows who has what, the busiest first."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from noc import paint, places, say
from noc.asking import ask
from noc.ends import DONE, USAGE, Ended
from noc.times import instant, span

COLUMNS = ("who", "open", "P1", "rings", "waits", "timer", "untouched", "today", "week")
WAYS = {"people": "people", "queues": "queues", "networks": "networks"}


def run(command: str, words: list[str]) -> int:  # noqa: ARG001
    """This will print the workload of people, queues or networks."""
    as_json = "--json" in words
    words = [word for word in words if word != "--json"]
    by = words[0] if words else "people"
    if len(words) > 1 or by not in WAYS:
        raise Ended(USAGE, "noc: noc workload [people|queues|networks]")
    answer = ask(places.present(), "/workload")
    if as_json:
        print(answer.text)
        return DONE
    found = json.loads(answer.body)
    rows = [*found[WAYS[by]], *([{**found["nobodys"], "name": "nobody"}] if by == "people" else [])]
    for line in table(rows, now=datetime.now(UTC)):
        print(line)
    return DONE


def table(rows: list[dict[str, Any]], *, now: datetime) -> list[str]:
    """Lay the figures out in columns; a nought is left out, so that what there is stands out."""
    cells = [_cells(row, now) for row in rows]
    shown = [place for place in range(len(COLUMNS)) if place < 2 or any(row[place] for row in cells)]
    widths = [max(len(COLUMNS[place]), *(len(row[place]) for row in cells)) for place in shown]
    lines = [paint.dim(_line(COLUMNS, shown, widths))]
    for row, found in zip(cells, rows, strict=True):
        line = _line(row, shown, widths)
        lines.append(paint.red(line) if found["ringing"] else line)
    return lines


def _cells(row: dict[str, Any], now: datetime) -> tuple[str, ...]:
    at, touched = row["next_at"], row["untouched_since"]
    counts = [str(row[name] or "") for name in ("open", "urgent", "ringing", "waiting")]
    return (
        say.shown(f"{row['name'] or 'none'}{_there(row)}"),
        *counts,
        span(instant(at) - now) if at else "",
        span(now - instant(touched)) if touched else "",
        _worked(row["today"]),
        _worked(row["week"]),
    )


def _there(row: dict[str, Any]) -> str:
    """Mark who leads the present shift, and who has a ticket before them."""
    marks = [word for word, is_so in (("leads", row.get("leads")), ("here", row.get("is_here"))) if is_so]
    return f" ({', '.join(marks)})" if marks else ""


def _worked(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}" if seconds else ""


def _line(cells: tuple[str, ...], shown: list[int], widths: list[int]) -> str:
    pairs = zip(shown, widths, strict=True)
    return "  ".join(
        cells[place].rjust(width) if place else cells[place].ljust(width) for place, width in pairs
    )
