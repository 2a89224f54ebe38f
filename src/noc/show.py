"""Shows a ticket: its header in the order a caller asks, then its newest entries, words verbatim."""

from __future__ import annotations

import json
from typing import Any

from noc import paint, places, say
from noc.asking import ask
from noc.ends import DONE, USAGE, Ended
from noc.times import Zone

USUAL = 10


def run(command: str, words: list[str]) -> int:  # noqa: ARG001
    """This will print a ticket."""
    as_json, count, number = _read(words)
    server = places.present()
    answer = ask(server, f"/tickets/{number}")
    if as_json:
        print(answer.text)
        return DONE
    ticket = json.loads(answer.body)
    zone = Zone(answer.headers.get("nocturne-zone", ""))
    entries, earlier = _entries(server, number, count)
    for line in (*header(ticket, zone), ""):
        print(line)
    if earlier:
        print(paint.dim(f"… earlier entries: noc show {number} --all") + "\n")
    for each in entries:
        print("\n".join(entry(each, zone)))
    return DONE


def _read(words: list[str]) -> tuple[bool, int, str]:
    as_json, count, numbers = False, USUAL, []
    rest = iter(words)
    for word in rest:
        if word == "--json":
            as_json = True
        elif word == "--all":
            count = 100_000
        elif word == "-n":
            given = next(rest, "")
            if not given.isdecimal() or int(given) < 1:
                raise Ended(USAGE, "noc: how many entries? For example: noc show 4711 -n 50")
            count = int(given)
        else:
            numbers.append(word.removeprefix("#"))
    if len(numbers) != 1 or not numbers[0].isdecimal():
        raise Ended(USAGE, "noc: show which ticket? For example: noc show 4711")
    return as_json, count, numbers[0]


def _entries(server: places.Server, number: str, count: int) -> tuple[list[dict[str, Any]], bool]:
    """Read the newest entries, oldest first, and whether there are earlier ones."""
    found: list[dict[str, Any]] = []
    before: str | None = ""
    while before is not None and len(found) < count:
        path = f"/tickets/{number}/entries?limit={min(200, count - len(found))}"
        page = json.loads(ask(server, path + (f"&before={before}" if before else "")).body)
        found = page["entries"] + found
        before = page["earlier"]
    return found, before is not None


def header(ticket: dict[str, Any], zone: Zone) -> list[str]:
    """Lay a ticket's header out."""
    # What one may not read is not there at all, be it the subject.
    words = [str(ticket.get(f"{name}_title") or ticket.get(name) or "") for name in ("type", "state")]
    clock = f"{ticket['clock']} time" if ticket.get("clock") else ""
    ranks = [f"{name} {ticket[name]}" for name in ("severity", "priority") if ticket.get(name)]
    ranks += [f"↑ {ticket['raised']} affected"] if ticket.get("raised") else []
    lines = [
        f"{paint.bold(str(ticket['number']))}  {paint.bold(say.shown(ticket.get('subject') or ''))}",
        " · ".join(part for part in (*words, clock, *ranks, say.shown(ticket.get("queue") or "")) if part),
        paint.dim(ticket["web_url"]),
        "",
    ]
    if ticket.get("asked"):
        lines.insert(1, f"{ticket['asked']} was merged into {ticket['number']}")
    return lines + [f"{name:<10} {value}" for name, value in _facts(ticket, zone) if value]


def _facts(ticket: dict[str, Any], zone: Zone) -> list[tuple[str, str]]:
    def text(name: str) -> str:
        return say.shown(str(ticket.get(name) or ""))

    def at(name: str) -> str:
        return zone.both(ticket[name]) if ticket.get(name) else ""

    reporter = ticket.get("reporter") or {}
    who = [reporter.get(name) for name in ("name", "organisation", "phone", "email")]
    referred = " ".join(part for part in (text("referred_to"), text("vendor_reference")) if part)
    timer = f"{at('alarm_at')}  {text('alarm_text')}".strip()
    if ticket.get("ringing_since"):
        timer = paint.red(f"ringing since {at('ringing_since')}  {text('alarm_text')}".rstrip())
    return [
        ("next", text("next_action")),
        ("timer", timer),
        ("owner", text("owner")),
        ("reporter", say.shown(", ".join(part for part in who if part))),
        (
            "where",
            say.shown(
                " · ".join([*ticket.get("machines", []), *_each(ticket, "site", "network", "circuit")])
            ),
        ),
        (
            "affected",
            say.shown(
                "; ".join(f"{each['name']}: {each['effect']}" for each in ticket.get("affected") or [])
            ),
        ),
        ("referred", referred),
        ("dispatched", text("dispatched_to")),
        ("escalated", text("escalated_to")),
        ("started", at("started_at")),
        ("opened", at("opened_at")),
        ("restored", at("restored_at")),
        ("resolved", at("resolved_at")),
        ("resolution", text("resolution")),
        ("checked", text("checked_by")),
        ("closed", at("closed_at")),
        *_fields(ticket),
        ("related", say.shown("; ".join(_relation(each) for each in ticket.get("relations") or []))),
    ]


def _fields(ticket: dict[str, Any]) -> list[tuple[str, str]]:
    """Lay out the site's own fields."""
    return [(name, say.shown(_spelt(value))) for name, value in (ticket.get("fields") or {}).items()]


def _spelt(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_spelt(each) for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _each(ticket: dict[str, Any], *names: str) -> list[str]:
    return [str(ticket[name]) for name in names if ticket.get(name)]


def _relation(relation: dict[str, Any]) -> str:
    title = (
        "restricted"
        if relation["restricted"]
        else f"{relation['subject']} ({relation.get('state_title') or relation['state']})"
    )
    return f"{relation['kind'].replace('_', ' ')} {relation['number']} {title}"


def entry(found: dict[str, Any], zone: Zone) -> list[str]:
    """Lay one entry out: when, who, what; the words below."""
    when = zone.both(found["at"])
    if found["recorded_at"][:16] != found["at"][:16]:
        when += f", written {zone.both(found['recorded_at'])}"
    marks = [found["data_class"]] if found["data_class"] != "staff" else []
    marks += [mark for mark in ("redacted", "withdrawn") if found.get(mark)]
    marked = f"  [{', '.join(marks)}]" if marks else ""
    lines = [f"{paint.dim(when)}  {say.shown(found['author'])} {say.shown(found['says'])}{paint.dim(marked)}"]
    lines += [f"    {line}" for line in say.shown(found["text"] or "").splitlines()]
    if not found["text"] and found["kind"] == "changed":
        lines += [
            f"    {each['field']}: {_value(each['before'])} → {_value(each['after'])}"
            for each in found["changes"]
        ]
    lines += [
        f"    corrected by {each['author']}: {say.shown(each['text'] or '')}" for each in found["corrections"]
    ]
    lines += [
        f"    file {say.shown(each['name'])} ({each['size']} B) {each['url']}" for each in found["files"]
    ]
    return lines


def _value(value: Any) -> str:
    if value is None:
        return "nothing"
    return say.shown(str(value.get("name", value) if isinstance(value, dict) else value))
