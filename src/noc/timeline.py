"""Prints what happened on all tickets, the latest last, as one reads a log."""

from __future__ import annotations

import json
from typing import Any

from noc import paint, places, say
from noc.asking import ask
from noc.ends import DONE, USAGE, Ended
from noc.ls import escaped
from noc.quoting import for_shell, requoted
from noc.times import Zone

USUAL = 50
MOST_EMPTY = 12
"""Pages with nothing on them that are passed by: each looks back through a week, where tickets are hidden."""
OPTIONS = {"--who": "who", "--kind": "kind", "--since": "since", "--until": "until", "--shift": "shift"}


def run(command: str, words: list[str]) -> int:  # noqa: ARG001
    """This will print the timeline."""
    as_json, count, asked = _read(words)
    server = places.present()
    entries: list[dict[str, Any]] = []
    after: str | None = ""
    zone, tired, empty = Zone("UTC"), False, 0
    while after is not None and len(entries) < count:
        named = {**asked, "limit": str(min(200, count - len(entries)))} | ({"after": after} if after else {})
        path = "/timeline?" + "&".join(f"{name}={escaped(value)}" for name, value in named.items())
        answer = ask(server, path)
        page = json.loads(answer.body)
        zone = Zone(answer.headers.get("nocturne-zone", ""))
        entries += page["entries"]
        after, tired = page["after"], page["is_tired"]
        empty += 1 if tired and not page["entries"] else 0
        if empty > MOST_EMPTY:
            break
    if as_json:
        print(json.dumps({"entries": entries, "after": after}, ensure_ascii=False))
        return DONE
    if after is not None:
        print(paint.dim(say.shown(f"… earlier: noc timeline -n {count * 4} {_besides(words)}".rstrip())))
    for found in reversed(entries):
        print("\n".join(_lines(found, zone)))
    if not entries:
        print("Nothing of that in what was looked through." if tired else "Nothing of that has happened.")
    return DONE


def _besides(words: list[str]) -> str:
    """Spell what was asked beside the number of updates."""
    at = words.index("-n") if "-n" in words else len(words)
    return for_shell([*words[:at], *words[at + 2 :]])


def _read(words: list[str]) -> tuple[bool, int, dict[str, str]]:
    as_json, count, asked, query = False, USUAL, {}, []
    given = iter(words)
    for word in given:
        if word == "--json":
            as_json = True
        elif word == "-n":
            number = next(given, "")
            if not number.isdecimal() or not 1 <= int(number) <= 10_000:
                raise Ended(
                    USAGE, "noc: how many updates? For example: noc timeline -n 200 --since 'yesterday 18:00'"
                )
            count = int(number)
        elif word in OPTIONS:
            asked[OPTIONS[word]] = next(given, "")
        else:
            query.append(requoted(say.clean(word)))
    return as_json, count, asked | ({"q": " ".join(query)} if query else {})


def _lines(found: dict[str, Any], zone: Zone) -> list[str]:
    told = f"{found['author']} {found['says']}"
    head = f"{zone.both(found['recorded_at'])}  {found['ticket']} {found['subject']} · {told}"
    lines = [paint.dim(say.shown(head)) if found["author_kind"] in ("system", "machine") else say.shown(head)]
    text = found["corrections"][-1]["text"] if found["corrections"] else found["text"]
    lines += [f"    {line}" for line in say.shown(text or "").splitlines()[:6] if line.strip()]
    if not text and found["kind"] == "changed":
        lines += [
            f"    {each['field']}: {_value(each['before'])} → {_value(each['after'])}"
            for each in found["changes"]
        ]
    return lines


def _value(value: Any) -> str:
    if value is None:
        return "nothing"
    return say.shown(str(value.get("name", value) if isinstance(value, dict) else value))
