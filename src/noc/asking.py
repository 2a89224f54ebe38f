"""Asks the server something that changes nothing."""

from __future__ import annotations

from noc import places, say, wire
from noc.ends import REFUSED, UNREACHABLE, Ended


def ask(server: places.Server, path: str, *, accept: str = "application/json") -> wire.Answer:
    """Read from the server, after sending what was kept.

    :raises Ended: it cannot be reached, or says no.
    """
    try:
        say.flush(server)
        answer = wire.call(server, "GET", path, accept=accept)
    except wire.Unreachable as unreachable:
        raise Ended(UNREACHABLE, f"noc: {server.url} cannot be reached: {unreachable}.") from unreachable
    if answer.status in say.AGAIN:
        raise Ended(UNREACHABLE, say.refusal(answer, ""))
    if answer.status >= 400:
        raise Ended(REFUSED, say.refusal(answer, ""))
    return answer
