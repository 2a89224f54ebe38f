"""Shows what the shift passes on, takes the desk over, leaves a note for the next shift, takes words away for good."""

from __future__ import annotations

import json
import os

from noc import places, say, wire
from noc.asking import ask
from noc.ends import DONE, REFUSED, UNREACHABLE, USAGE, Ended
from noc.ls import escaped

REDACTS = {"redact-note": "notes", "redact-words": "takeovers"}
HOW = 'noc: for example: noc handover, noc handover --take "Thanks", noc handover --note "Generator test at 05:00"'


def run(command: str, words: list[str]) -> int:  # noqa: ARG001
    """This will print the handover, or do what was asked about it."""
    as_json, desk, act, text = _read(words)
    server = places.present()
    if act in REDACTS:
        return _redact(server, act, text, as_json=as_json)
    if act:
        return _do(server, desk, act, text, as_json=as_json)
    path = f"/handover?desk={escaped(desk)}" if desk else "/handover"
    answer = ask(server, path, accept="application/json" if as_json else "text/plain")
    print(say.shown(answer.text.rstrip("\n")))
    return DONE


def _read(words: list[str]) -> tuple[bool, str, str, str]:
    as_json, desk, act, text = False, "", "", []
    given = iter(words)
    for word in given:
        if word == "--json":
            as_json = True
        elif word == "--desk":
            desk = next(given, "")
        elif word in ("--take", "--note", "--parting", *(f"--{each}" for each in REDACTS)) and not act:
            act = word[2:]
        elif act and not word.startswith("--"):
            text.append(say.clean(word))
        else:
            raise Ended(USAGE, HOW)
    return as_json, desk, act, " ".join(text)


def _do(server: places.Server, desk: str, act: str, text: str, *, as_json: bool) -> int:
    if say.is_piped():
        text = "\n\n".join(part for part in (text, say.read_pipe()) if part)
    body: dict[str, object]
    if act == "take":
        path, body = "/handover/takeovers", {"desk": desk, "words": text, "seen": "latest"}
    else:
        path, body = "/handover/notes", {"desk": desk, "text": text, "parting": act == "parting"}
    answer = _asked_once(server, path, json.dumps(body).encode(), text)
    if as_json:
        print(answer.text)
        return DONE
    told = json.loads(answer.body)
    if act == "take":
        print(say.shown(f"The desk is yours: {told['desk_title']}. What stood open is at {told['page_url']}"))
    else:
        print(say.shown(f"Noted for the shift: {told['text']}"))
    return DONE


def _redact(server: places.Server, act: str, text: str, *, as_json: bool) -> int:
    """Take words of a shift away for good: of a note, or of whoever took over, by the address that --json shows."""
    address, _space, reason = text.partition(" ")
    if not address.isalnum() or not reason.strip():
        raise Ended(USAGE, f"noc: for example: noc handover --{act} ADDRESS a password stood in it")
    body = json.dumps({"reason": reason.strip()}).encode()
    path = f"/handover/{REDACTS[act]}/{address}/redaction"
    answer = _asked_once(server, path, body, text)
    print(answer.text if as_json else say.shown("The words are gone; the reason stands in their place."))
    return DONE


def _asked_once(server: places.Server, path: str, body: bytes, text: str) -> wire.Answer:
    try:
        answer = wire.call(server, "POST", path, body, key=os.urandom(16).hex())
    except wire.Unreachable as unreachable:
        raise Ended(UNREACHABLE, f"noc: {server.url} cannot be reached: {unreachable}.") from unreachable
    if answer.status >= 400:
        raise Ended(UNREACHABLE if answer.status in say.AGAIN else REFUSED, say.refusal(answer, text))
    return answer
