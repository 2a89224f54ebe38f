"""Rows of tickets for the terminal: which columns, how each is spelt, and how they are fitted into its width."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from noc import paint, say
from noc.times import instant, span

USUAL = ("number", "priority", "state", "owner", "age", "timer", "problem")
HEADS = {"priority": "P", "severity": "S"}
MADE = ("age", "timer", "problem", "where", "since")
"""Columns that are made of others."""
KNOWN = (
    "number", "type", "subject", "state", "meaning", "severity", "priority", "queue", "owner", "clock", "next_action",
    "network", "site", "machines", "affected", "affected_count", "reporter", "vendor", "referred_to",
    "alarm_at", "alarm_text", "opened_at", "started_at", "restored_at", "resolved_at", "closed_at", "parent_id",
    "web_url",
)  # fmt: skip
LEAST = 6
"""Characters below which no column is narrowed."""
PASSING = frozenset({"age", "timer", "since"})
"""What is another text a minute later though nothing has happened."""


def columns(words: str) -> list[str]:
    """Read which columns somebody wants; nothing that is known here or as a field of the site is refused."""
    named = [word.strip() for word in words.split(",") if word.strip()]
    return [
        {"parent": "parent_id", "url": "web_url", "next": "next_action"}.get(word, word) for word in named
    ]


def grouped(group: str | None) -> list[str]:
    """Name the usual columns with what rows stand together by in front; nothing where they do not, or it is shown."""
    name = (group or "").removeprefix("-")
    return [name, *USUAL] if name and name not in USUAL else []


def cell(row: dict[str, Any], name: str, now: datetime) -> str:
    """Spell one cell of a row."""
    make = _MADE.get(name)
    if make is not None:
        return str(make(row, now))
    value = row.get(name)
    if value is None and name not in row:
        value = (row.get("fields") or {}).get(name.removeprefix("field/"))
    return say.shown(_spelt(value))


def _spelt(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_spelt(each) for each in value)
    if isinstance(value, dict):
        return str(value.get("name") or "")
    return " ".join(str(value).split())


def _state(row: dict[str, Any], _: datetime) -> str:
    if row.get("is_merged"):
        return "merged"
    state = row.get("state_title") or row.get("state") or ""
    if row.get("clock") and row["clock"] not in ("noc", "stopped"):
        state += f" {row['clock']}"
    return say.shown(state)


def _timer(row: dict[str, Any], now: datetime) -> str:
    if row.get("ringing_since"):
        return "rings"
    return span(instant(row["alarm_at"]) - now) if row.get("alarm_at") else ""


def _problem(row: dict[str, Any], _: datetime) -> str:
    next_one = f" → {row['next_action']}" if row.get("next_action") else ""
    return say.shown(_spelt(row.get("subject") or "") + next_one)


def _where(row: dict[str, Any], _: datetime) -> str:
    return say.shown(_spelt(row.get("machines") or row.get("site") or row.get("network")))


def _age(row: dict[str, Any], now: datetime) -> str:
    return span(now - instant(row["opened_at"])) if row.get("opened_at") else ""


def _since(row: dict[str, Any], now: datetime) -> str:
    return span(now - instant(row["touched_staff_at"])) if row.get("touched_staff_at") else ""


def _priority(row: dict[str, Any], _: datetime) -> str:
    up = f" ↑{row['raised']}" if row.get("raised") else ""
    return f"{row.get('priority') or row.get('severity') or ''}{up}"


_MADE: dict[str, Any] = {
    "state": _state,
    "timer": _timer,
    "problem": _problem,
    "where": _where,
    "age": _age,
    "since": _since,
    "owner": lambda row, _: say.shown(row.get("owner") or "–"),
    "priority": _priority,
}


def table(
    rows: list[dict[str, Any]],
    *,
    now: datetime,
    width: int | None,
    names: list[str] | None = None,
    marks: dict[int, str] | None = None,
) -> list[str]:
    """Lay rows out in columns, within the width of a terminal where there is one.

    :param marks: a word for some rows, by their numbers, that stands before them: new, changed, gone.
    """
    if not rows:
        return []
    wanted = list(names or USUAL)
    cells = [[cell(row, name, now) for name in wanted] for row in rows]
    filled = [place for place in range(len(wanted)) if any(line[place] for line in cells)] or [0]
    # Columns that were asked for by name stay; of the usual ones, those that say nothing are left out.
    shown = list(range(len(wanted))) if names else filled
    heads = [HEADS.get(wanted[place], wanted[place]) for place in shown]
    body = [[line[place] for place in shown] for line in cells]
    if marks is not None:
        heads.insert(0, "")
        body = [[marks.get(row["number"], ""), *line] for row, line in zip(rows, body, strict=True)]
    widths = _fitted(
        [[wide(text) for text in line] for line in (heads, *body)], width, keeps=marks is not None
    )
    lines = [paint.dim(_line(heads, widths, width))]
    for row, line in zip(rows, body, strict=True):
        lines.append(_painted(row, _line(line, widths, width), (marks or {}).get(row["number"], "")))
    return lines


def _painted(row: dict[str, Any], line: str, mark: str) -> str:
    if mark == "gone":
        return paint.dim(line)
    if row.get("ringing_since") or row.get("priority") == 1:
        return paint.red(line)
    if mark:
        return paint.bold(line)
    return line


def _fitted(sizes: list[list[int]], width: int | None, *, keeps: bool) -> list[int]:
    """Find how wide each column is: as it needs, and where that is too much, the widest give way first."""
    widths = [max(column) for column in zip(*sizes, strict=True)]
    if keeps:
        widths[0] = 7  # the marks come and go; nothing moves with them
    if width is None:
        return widths
    while sum(widths) + 2 * (len(widths) - 1) > width:
        widest = max(range(len(widths)), key=lambda place: (widths[place], place))
        if widths[widest] <= LEAST:
            break
        over = sum(widths) + 2 * (len(widths) - 1) - width
        others = sorted((each for place, each in enumerate(widths) if place != widest), reverse=True)
        next_one = others[0] if others else LEAST
        widths[widest] = max(LEAST, widths[widest] - over, min(next_one, widths[widest]) - 1)
    return widths


def _line(cells: list[str], widths: list[int], width: int | None) -> str:
    parts = [fitted(text, size) for text, size in zip(cells[:-1], widths[:-1], strict=True)]
    line = "  ".join([*parts, cut(cells[-1], widths[-1]) if width is not None else cells[-1]])
    return line if width is None else cut(line.rstrip(), width)


def fitted(text: str, size: int) -> str:
    """Cut or fill a text to a width."""
    text = cut(text, size)
    return text + " " * (size - wide(text))


def cut(text: str, size: int) -> str:
    """Cut a text to a width, and show that it was."""
    if wide(text) <= size:
        return text
    if size < 1:
        return ""
    found, left = "", size - 1
    for char in text:
        left -= wide(char)
        if left < 0:
            break
        found += char
    return found + "…"


def wide(text: str) -> int:
    """Say how many columns of a terminal a text takes: letters of East Asia take two, marks on letters none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)
