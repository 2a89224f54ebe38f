"""Updates that could not be sent: kept on the disk with their time and their key, and sent with the next call."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sys
import time
from typing import Any

from noc import places, say, wire
from noc.ends import DONE, UNREACHABLE, USAGE, Ended

MOST_TRIES = 5


def _folder(name: str = "kept") -> str:
    return os.path.join(places.state(), name)


def _who(server: places.Server) -> str:
    """Name the account: what one person has typed is never sent as another."""
    return server.name or "token " + hashlib.sha256(server.token.encode()).hexdigest()[:12]


def keep(server: places.Server, body: bytes, key: str, typed: str) -> None:
    """Keep a line with the time at which it was typed, which its own times count from, and with its key: if it has
    arrived after all, sending it again does nothing."""
    now = time.time_ns()
    record = {
        "server": server.url,
        "who": _who(server),
        "key": key,
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now // 10**9)),
        "typed": say.clean(typed),
        "body": body.decode(),
        "tries": 0,
    }
    places.write(os.path.join(_folder(), f"{now:020d}.json"), json.dumps(record))


def kept(server: places.Server | None = None) -> list[tuple[str, dict[str, Any]]]:
    """List what is kept, the oldest first; for one server and account, or all of it."""
    found = []
    try:
        names = sorted(os.listdir(_folder()))
    except OSError:
        return []
    for name in names:
        if not name.endswith(".json"):
            continue
        try:
            with open(os.path.join(_folder(), name), encoding="utf-8") as file:
                record = json.load(file)
        except (OSError, ValueError):
            continue
        if server is None or (record["server"], record["who"]) == (server.url, _who(server)):
            found.append((name, record))
    return found


def send(server: places.Server) -> None:
    """Send what was kept for this server, in the order in which it was typed.

    :raises wire.Unreachable: the server cannot be asked; what is left stays kept.
    """
    os.makedirs(_folder(), mode=0o700, exist_ok=True)
    lock = os.open(os.path.join(_folder(), ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name, record in kept(server):
            answer = wire.call(
                server,
                "POST",
                "/line",
                record["body"].encode(),
                accept="text/plain",
                key=record["key"],
                at=record["at"],
            )
            if answer.status in say.AGAIN and not _is_poison(name, record, answer):
                raise wire.Unreachable(f"it answers {answer.status}")
            if answer.status == 401:
                return
            _done(name, record, answer)
    finally:
        os.close(lock)


def _is_poison(name: str, record: dict[str, Any], answer: wire.Answer) -> bool:
    """Tell whether the server has failed over this line so often that those behind it should not wait for it."""
    if answer.status != 500:
        return False
    record["tries"] += 1
    places.write(os.path.join(_folder(), name), json.dumps(record))
    return bool(record["tries"] >= MOST_TRIES)


def _done(name: str, record: dict[str, Any], answer: wire.Answer) -> None:
    """Say what became of a kept line, and put it away."""
    path = os.path.join(_folder(), name)
    if answer.status < 400:
        os.unlink(path)
        print(f"noc: sent what was kept from {record['at']}:", file=sys.stderr)
        print(say.shown(answer.text.rstrip("\n")), file=sys.stderr)
    else:
        aside = os.path.join(_folder("refused"), name)
        os.makedirs(os.path.dirname(aside), mode=0o700, exist_ok=True)
        os.rename(path, aside)
        places.sync(os.path.dirname(aside))
        print(f"noc: what was kept from {record['at']} was refused. It lies in {aside}.", file=sys.stderr)
        text = json.loads(record["body"]).get("text", "")
        print(say.refusal(answer, record["typed"], text), file=sys.stderr)
    places.sync(_folder())


def run(command: str, words: list[str]) -> int:  # noqa: ARG001
    """This will list what is kept, or send it now."""
    words = [word for word in words if word != "--json"]
    if words == ["send"]:
        try:
            send(places.present())
        except wire.Unreachable as unreachable:
            raise Ended(UNREACHABLE, f"noc: not sent ({unreachable}). It stays kept.") from unreachable
        return DONE
    if words:
        raise Ended(USAGE, "noc: `noc kept` lists what waits to be sent, `noc kept send` sends it.")
    for _, record in kept():
        print(say.shown(f"{record['at']}  {record['server']}  {record['typed']}"))
    return DONE
