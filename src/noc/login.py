"""Signs on and off: a browser confirms a code, or a token comes on standard input."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from noc import places, say, wire
from noc.ends import DONE, REFUSED, UNREACHABLE, USAGE, Ended


def run(command: str, words: list[str]) -> int:
    """This will sign on at a server, or off."""
    return _logout(words) if command == "logout" else _login(words)


def _login(words: list[str]) -> int:
    reads_token = "--token-stdin" in words
    urls = [word for word in words if word != "--token-stdin"]
    if len(urls) > 1 or any(word.startswith("-") for word in urls):
        raise Ended(USAGE, "noc: noc login https://… [--token-stdin]")
    url = _address(urls[0]) if urls else places.last_url()
    if not url:
        raise Ended(USAGE, "noc: sign on where? For example: noc login https://noc.example.net")
    server = places.Server(url, "", "")
    token = sys.stdin.readline().strip() if reads_token else _confirmed(server)
    if not token or not token.isascii() or not token.isprintable():
        raise Ended(USAGE, "noc: that is no token.")
    server = places.Server(url, token, "")
    me = _asked(server, "GET", "/me", None, (200,))
    places.remember(places.Server(url, token, str(me["name"])))
    print(say.shown(f"Signed on at {url} as {me['name']}."))
    return DONE


def _address(given: str) -> str:
    """Complete an address: https where nothing is said, and no slash at its end."""
    return (given if "://" in given else f"https://{given}").rstrip("/")


def _confirmed(server: places.Server) -> str:
    """Ask for a code, and wait until it is confirmed in a browser."""
    label = f"noc on {_this_machine()}"
    asked = _asked(server, "POST", "/device", {"label": label}, (201,))
    print(say.shown(f"Open     {asked['confirm_url']}\nConfirm  {asked['code']}"), flush=True)
    ends = time.monotonic() + float(asked["expires_in"])
    while time.monotonic() < ends:
        time.sleep(float(asked["interval"]))
        given = _asked(server, "POST", "/device/token", {"secret": asked["secret"]}, (200, 202))
        if given["state"] == "confirmed":
            return str(given["token"])
    raise Ended(REFUSED, "noc: nobody confirmed the code in time. Try again.")


def _this_machine() -> str:
    import socket

    return socket.gethostname()


def _asked(
    server: places.Server, method: str, path: str, body: dict[str, Any] | None, expected: tuple[int, ...]
) -> dict[str, Any]:
    raw = json.dumps(body).encode() if body is not None else None
    try:
        answer = wire.call(server, method, path, raw, signed=bool(server.token))
    except wire.Unreachable as unreachable:
        raise Ended(UNREACHABLE, f"noc: {server.url} cannot be reached: {unreachable}.") from unreachable
    if answer.status not in expected:
        raise Ended(REFUSED, say.refusal(answer, ""))
    try:
        found: dict[str, Any] = json.loads(answer.body)
    except ValueError:
        raise Ended(REFUSED, f"noc: {server.url} is no Nocturne.") from None
    return found


def _logout(words: list[str]) -> int:
    if words:
        raise Ended(USAGE, "noc: noc logout")
    server = places.present()
    try:
        answer = wire.call(server, "DELETE", "/me/token")
    except wire.Unreachable as unreachable:
        raise Ended(
            UNREACHABLE,
            f"noc: {server.url} cannot be reached ({unreachable}), so the token cannot be revoked. Try again.",
        ) from unreachable
    if answer.status not in (204, 401):
        raise Ended(REFUSED, say.refusal(answer, ""))
    places.forget(server.url)
    print(f"Signed off from {server.url}; the token is worth nothing now.")
    return DONE
