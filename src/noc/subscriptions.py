"""Lists what one is mailed at a rhythm, subscribes to a view or a question, and ends it again."""

from __future__ import annotations

import json
import os
from typing import Any

from noc import paint, places, say, wire
from noc.asking import ask
from noc.ends import DONE, REFUSED, UNREACHABLE, USAGE, Ended
from noc.times import Zone

HOW = 'noc: subscribe to what, and when? For example: noc subscribe untaken "weekdays 06:45" --only filled'


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
        print(json.dumps(found, ensure_ascii=False) if as_json else f"{found['key']}  {found['rhythm']}")
        return DONE
    answer = ask(server, "/me/subscriptions")
    rows = json.loads(answer.body)["subscriptions"]
    if as_json:
        print(answer.text)
        return DONE
    zone = Zone(answer.headers.get("nocturne-zone", ""))
    for each in rows:
        to = f"to {say.shown(each['group'])}" if each["group"] else "to me"
        following = f"next {zone.both(each['next_at'])}" if each["next_at"] else "resting"
        told = " · ".join((each["rhythm"], each["only"], to, following))
        print(f"{each['key']}  {say.shown(each['title'])}  {paint.dim(told)}")
    if not rows:
        print("No subscriptions.")
    return DONE


def _subscribe(server: places.Server, words: list[str]) -> dict[str, Any]:
    only, rest = "always", []
    given = iter(words)
    for word in given:
        if word == "--only":
            only = next(given, "")
        else:
            rest.append(word)
    if len(rest) < 2:
        raise Ended(USAGE, HOW)
    what, rhythm = rest[0], " ".join(rest[1:])
    views = json.loads(ask(server, "/views").body)["views"]
    fits = [each for each in views if what in (each["key"], each["title"])]
    body: dict[str, Any] = {"rhythm": rhythm, "only": only}
    body |= {"kind": "view", "what": fits[0]["key"]} if fits else {"kind": "query", "query": what}
    made: dict[str, Any] = json.loads(_send(server, "POST", "/me/subscriptions", body).body)
    return made


def _send(server: places.Server, method: str, path: str, body: Any = None) -> wire.Answer:
    sent = None if body is None else json.dumps(body).encode()
    try:
        answer = wire.call(server, method, path, sent, key=os.urandom(16).hex())
    except wire.Unreachable as unreachable:
        raise Ended(UNREACHABLE, f"noc: {server.url} cannot be reached: {unreachable}.") from unreachable
    if answer.status >= 400:
        raise Ended(UNREACHABLE if answer.status in say.AGAIN else REFUSED, say.refusal(answer, ""))
    return answer
