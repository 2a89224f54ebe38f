"""One act on many tickets: shows what would become of each, asks, does it, and says what became of them."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

from noc import paint, places, say, wire
from noc.asking import ask
from noc.ends import DONE, REFUSED, UNREACHABLE, USAGE, Ended
from noc.quoting import requoted

HOW = "noc: noc batch QUERY -- ACT, for example: noc batch is:mine node:cr1.aa -- give kofi"
SHOWN = 40


def run(command: str, words: list[str]) -> int:  # noqa: ARG001
    """This will do an act on all tickets that a question finds, or take such an act back."""
    as_json = "--json" in words
    words = [word for word in words if word != "--json"]
    if words[:1] == ["undo"] and len(words) == 2:
        return _undo(words[1], as_json=as_json)
    is_sure, is_trial = "--yes" in _head(words), "--dry-run" in _head(words)
    query, act = _parted(words)
    server = places.present()
    body: dict[str, Any] = {"query": query, "words": act, "dry_run": True}
    trial = _sent(server, "/batches", body)
    if is_trial or not (is_sure and as_json):
        _print(trial, as_json=as_json)
    if is_trial or not trial["counts"].get("done"):
        return DONE if is_trial else REFUSED
    if not is_sure and not _agreed(trial):
        print("noc: nothing was done.", file=sys.stderr)
        return REFUSED
    numbers = [each["number"] for each in trial["outcomes"]]
    body = {"words": act, "dry_run": False}
    # What was shown is what is done; where there was more than fits, what is found now.
    body |= {"query": query} if trial["untried"] else {"numbers": numbers}
    return _followed(server, _sent(server, "/batches", body), as_json=as_json)


def _head(words: list[str]) -> list[str]:
    return words[: words.index("--")] if "--" in words else words


def _parted(words: list[str]) -> tuple[str, list[str]]:
    """Part the question from the act: between them stands a lone `--`."""
    if "--" not in words:
        raise Ended(USAGE, HOW)
    at = words.index("--")
    query = [requoted(say.clean(word)) for word in words[:at] if word not in ("--yes", "--dry-run")]
    act = [say.clean(word) for word in words[at + 1 :]]
    if not query or not act:
        raise Ended(USAGE, HOW)
    return " ".join(query), act


def _undo(key: str, *, as_json: bool) -> int:
    server = places.present()
    return _followed(server, _sent(server, f"/batches/{key}/undo", None), as_json=as_json)


def _sent(server: places.Server, path: str, body: dict[str, Any] | None) -> Any:
    raw = json.dumps(body).encode() if body is not None else b""
    try:
        answer = wire.call(server, "POST", path, raw, key=os.urandom(16).hex())
    except wire.Unreachable as unreachable:
        raise Ended(UNREACHABLE, f"noc: {server.url}: {unreachable}") from unreachable
    if answer.status >= 400:
        raise Ended(REFUSED, say.refusal(answer, ""))
    return json.loads(answer.body)


def _followed(server: places.Server, found: Any, *, as_json: bool) -> int:
    """Wait until it is done, and say what became of each ticket."""
    while not found["done_at"]:
        left = found["counts"].get("waiting", 0)
        print(f"noc: {left} left …", file=sys.stderr)
        time.sleep(1.0)
        found = json.loads(ask(server, f"/batches/{found['key']}").body)
    _print(found, as_json=as_json)
    if found["can_be_undone"] and not as_json:
        print(paint.dim(f"to take it back: noc batch undo {found['key']}"))
    return DONE if set(found["counts"]) == {"done"} else REFUSED


def _print(found: Any, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for each in found["outcomes"][:SHOWN]:
        said = (
            "; ".join(_said(entry) for entry in each.get("entries", []))
            or each.get("detail")
            or each["state"]
        )
        line = say.shown(f"{each['number']}  {said} · {each['subject']}".rstrip(" ·"))
        print(line if each["state"] == "done" else paint.red(line))
    more = len(found["outcomes"]) - SHOWN
    if more > 0:
        print(paint.dim(f"… and {more} more"))
    if found.get("untried"):
        print(paint.dim(f"… and {found['untried']} more, which are looked at when it is done"))
    counts = ", ".join(f"{count} {state}" for state, count in sorted(found["counts"].items()))
    print(f"{'would be: ' if found.get('dry_run') else ''}{counts}")


def _said(entry: Any) -> str:
    changes = [
        f"{each['field']} {_value(each['before'])} → {_value(each['after'])}"
        for each in entry["changes"]
        if not isinstance(each["after"], dict) and not isinstance(each["before"], dict)
    ]
    return f"{entry['says']} ({', '.join(changes[:4])})" if changes else str(entry["says"])


def _value(value: Any) -> str:
    return "–" if value is None else str(value)


def _agreed(trial: Any) -> bool:
    """Ask, where somebody is there to answer."""
    if not sys.stdin.isatty():
        raise Ended(
            USAGE, "noc: nobody is there to ask. Say --yes before the question to do it all the same."
        )
    count = trial["counts"]["done"] + trial.get("untried", 0)
    return input(f"Do it on {count} tickets? [y/N] ").strip().lower() in ("y", "yes")
