"""Lists what one is mailed, subscribes to a view, a dashboard, a handover or a question, changes and ends it again."""

from __future__ import annotations

import difflib
import json
import os
from typing import Any

from noc import paint, places, say, wire
from noc.asking import ask
from noc.ends import DONE, REFUSED, UNREACHABLE, USAGE, Ended
from noc.ls import escaped
from noc.times import Zone

HOW = 'noc: subscribe to what, and when? For example: noc subscribe untaken "weekdays 06:45" --only filled'
CHANGES = "noc: change what? For example: noc subscriptions KEY daily 07:00, noc subscriptions KEY --rest (or --go-on)"
LISTS = {"view": ("/views", "views"), "dashboard": ("/dashboards", "dashboards")}


def run(command: str, words: list[str]) -> int:
    """This will list subscriptions, begin one (`subscribe WHAT RHYTHM`), or end one (`unsubscribe KEY`)."""
    server = places.present()
    as_json = "--json" in words
    words = [say.clean(word) for word in words if word != "--json"]
    if command == "unsubscribe":
        if len(words) != 1:
            raise Ended(USAGE, "noc: end which subscription? `noc subscriptions` lists them with their keys.")
        _send(server, "DELETE", f"/me/subscriptions/{words[0]}")
        return DONE
    if command == "subscribe":
        found = _subscribe(server, words)
        asks = f"  the question {say.shown(found['query'])}" if found["kind"] == "query" else ""
        print(
            json.dumps(found, ensure_ascii=False) if as_json else f"{found['key']}  {found['rhythm']}{asks}"
        )
        return DONE
    if words:
        changed = _change(server, words)
        print(json.dumps(changed, ensure_ascii=False) if as_json else _told(changed, Zone("")))
        return DONE
    answer = ask(server, "/me/subscriptions")
    rows = json.loads(answer.body)["subscriptions"]
    if as_json:
        print(answer.text)
        return DONE
    zone = Zone(answer.headers.get("nocturne-zone", ""))
    for each in rows:
        print(_told(each, zone))
    if not rows:
        print("No subscriptions.")
    return DONE


def _told(each: dict[str, Any], zone: Zone) -> str:
    """Say in a line what is mailed, when, to whom, and when next."""
    to = f"to {say.shown(each['group'])}" if each["group"] else "to me"
    following = f"next {zone.both(each['next_at'])}" if each["next_at"] else "at the next takeover"
    state = "resting" if each["rests"] else following
    parts = [each["rhythm"], each["only"], to, "what it is of is gone" if each["is_gone"] else state]
    if each["form"] == "text":
        parts.insert(2, "text alone")
    return f"{each['key']}  {say.shown(each['title'])}  {paint.dim(' · '.join(parts))}"


def _read(words: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Read the options of a line, and what is left of it."""
    body: dict[str, Any] = {}
    rest = []
    given = iter(words)
    for word in given:
        if word in ("--only", "--form", "--title", "--group"):
            body[word[2:]] = next(given, "")
        elif word in ("--rest", "--go-on"):
            body["rests"] = word == "--rest"
        else:
            rest.append(word)
    return body, rest


def _subscribe(server: places.Server, words: list[str]) -> dict[str, Any]:
    body, rest = _read(words)
    if not rest or "rests" in body:
        raise Ended(USAGE, HOW)
    body |= _what(server, rest[0]) | {"rhythm": " ".join(rest[1:])}
    if not body["rhythm"] and body["kind"] != "handover":
        raise Ended(USAGE, HOW)
    made: dict[str, Any] = json.loads(_send(server, "POST", "/me/subscriptions", body).body)
    return made


def _change(server: places.Server, words: list[str]) -> dict[str, Any]:
    body, rest = _read(words)
    if "--what" in rest:
        place = rest.index("--what")
        body |= _what(server, rest[place + 1]) if len(rest) > place + 1 else {}
        del rest[place : place + 2]
    if len(rest) > 1:
        body["rhythm"] = " ".join(rest[1:])
    if not rest or not body or "group" in body:
        raise Ended(USAGE, CHANGES)
    made: dict[str, Any] = json.loads(
        _send(server, "PATCH", f"/me/subscriptions/{escaped(rest[0])}", body).body
    )
    return made


def _what(server: places.Server, what: str) -> dict[str, Any]:
    """Say what a word means: a handover, a view or a dashboard by its key or its title, or else a question.

    :raises Ended: it is one bare word: a name that was mistyped, and would be looked for in texts.
    """
    named, colon, name = what.partition(":")
    if named == "handover":
        return {"kind": "handover", "what": name}
    if colon and named == "query":
        return {"kind": "query", "query": name}
    known: list[str] = []
    for kind, (path, listed) in LISTS.items():
        wanted = name if colon and named == kind else what
        if colon and named in LISTS and named != kind:
            continue
        rows = json.loads(ask(server, path).body)[listed]
        fits = [each for each in rows if wanted in (each["key"], each["title"])]
        if fits:
            return {"kind": kind, "what": fits[0]["key"]}
        known += [text for each in rows for text in (each["key"], each["title"])]
    if (colon and named not in LISTS) or not (name if colon else what).replace("-", "").replace(
        "_", ""
    ).isalnum():
        return {"kind": "query", "query": what}
    raise Ended(REFUSED, say.shown(_unknown(name if colon and named in LISTS else what, known)))


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name.casefold(), [each.casefold() for each in known], 1)
    meant = next((f" Is “{each}” meant?" for each in known if near and each.casefold() == near[0]), "")
    return (
        f"noc: there is no view or dashboard “{name}”.{meant} "
        f"What has the word {name} in it is asked for by query:{name}."
    )


def _send(server: places.Server, method: str, path: str, body: Any = None) -> wire.Answer:
    sent = None if body is None else json.dumps(body).encode()
    try:
        answer = wire.call(server, method, path, sent, key=os.urandom(16).hex())
    except wire.Unreachable as unreachable:
        raise Ended(UNREACHABLE, f"noc: {server.url} cannot be reached: {unreachable}.") from unreachable
    if answer.status >= 400:
        raise Ended(UNREACHABLE if answer.status in say.AGAIN else REFUSED, say.refusal(answer, ""))
    return answer
