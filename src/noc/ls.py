"""Lists tickets, the most urgent first."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from noc import paint, places, say
from noc.asking import ask
from noc.ends import DONE, USAGE, Ended
from noc.times import instant, span

USUAL = 50
COLUMNS = ("number", "P", "state", "owner", "age", "timer", "problem")


def run(command: str, words: list[str]) -> int:  # noqa: ARG001
    """This will print a list of tickets."""
    as_json, count, query = _read(words)
    server = places.present()
    rows: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None and len(rows) < count:
        path = f"/tickets?limit={min(200, count - len(rows))}"
        path += f"&q={_escaped(query)}" if query else ""
        page = json.loads(ask(server, path + (f"&after={_escaped(after)}" if after else "")).body)
        rows += page["tickets"]
        after = page["after"]
    if as_json:
        print(json.dumps({"tickets": rows, "after": after}, ensure_ascii=False))
        return DONE
    for line in table(rows, now=datetime.now(UTC), width=paint.width()):
        print(line)
    if after is not None:
        print(paint.dim(f"… and more: noc ls -n {count * 4} {query}".rstrip()))
    if not rows:
        print("No tickets." if query else "No open tickets.")
    return DONE


def _read(words: list[str]) -> tuple[bool, int, str]:
    as_json, count, rest = False, USUAL, []
    given = iter(words)
    for word in given:
        if word == "--json":
            as_json = True
        elif word == "-n":
            number = next(given, "")
            if not number.isdecimal() or not 1 <= int(number) <= 10_000:
                raise Ended(USAGE, "noc: how many tickets? For example: noc ls -n 100 is:open")
            count = int(number)
        else:
            rest.append(_requoted(say.clean(word)))
    return as_json, count, " ".join(rest)


def _requoted(word: str) -> str:
    """Give a value back the quotes that the shell has eaten."""
    if " " not in word or '"' in word:
        return word
    key, colon, value = word.partition(":")
    return f'{key}:"{value}"' if colon and key.isalpha() else f'"{word}"'


def _escaped(text: str) -> str:
    return "".join(
        chr(byte) if chr(byte).isascii() and (chr(byte).isalnum() or chr(byte) in "-._~") else f"%{byte:02X}"
        for byte in text.encode()
    )


def table(rows: list[dict[str, Any]], *, now: datetime, width: int | None) -> list[str]:
    """Lay rows out in columns; only the last is cut, and only on a terminal."""
    if not rows:
        return []
    cells = [_cells(row, now) for row in rows]
    shown = [place for place in range(len(COLUMNS)) if any(row[place] for row in cells)]
    widths = {place: max(len(COLUMNS[place]), *(len(row[place]) for row in cells)) for place in shown[:-1]}
    lines = [paint.dim(_line(COLUMNS, shown, widths, width))]
    for row, found in zip(cells, rows, strict=True):
        line = _line(row, shown, widths, width)
        lines.append(paint.red(line) if found.get("ringing_since") else line)
    return lines


def _cells(row: dict[str, Any], now: datetime) -> tuple[str, ...]:
    state = row.get("state_title") or row.get("state") or ""
    if row.get("clock") and row["clock"] not in ("noc", "stopped"):
        state += f" {row['clock']}"
    timer = ""
    if row.get("ringing_since"):
        timer = "rings"
    elif row.get("alarm_at"):
        timer = span(instant(row["alarm_at"]) - now)
    problem = (row.get("subject") or "") + (f" → {row['next_action']}" if row.get("next_action") else "")
    return (
        str(row["number"]),
        str(row.get("priority") or row.get("severity") or ""),
        state,
        say.shown(row.get("owner") or "–"),
        span(now - instant(row["opened_at"])) if row.get("opened_at") else "",
        timer,
        say.shown(problem),
    )


def _line(cells: tuple[str, ...], shown: list[int], widths: dict[int, int], width: int | None) -> str:
    line = "  ".join([cells[place].ljust(widths[place]) for place in shown[:-1]] + [cells[shown[-1]]])
    return line if width is None or len(line) <= width else line[: width - 1] + "…"
