"""Sends one line: what was typed goes as it is, and is kept safe where it cannot be sent."""

from __future__ import annotations

import os
import stat
import sys

from noc import places, wire
from noc.ends import DONE, KEPT, REFUSED, USAGE, Ended

try:  # the C function by itself: importing json for it would cost more than the whole request
    from _json import encode_basestring_ascii as quoted
except ImportError:  # pragma: no cover
    from json.encoder import encode_basestring_ascii as quoted

AGAIN = (429, 500, 502, 503, 504, 507)
"""Answers that mean "not now": what was said is kept."""


def line(act: str, words: list[str], *, as_json: bool = False) -> int:
    """This will send a line, after those that were kept before, and print what it did."""
    server = places.present()
    dashed = [word for word in words if word != "-"] if act in ("note", "reply", "open", "") else words
    piped = read_pipe() if is_piped() else ""
    if not dashed and not piped:
        raise Ended(USAGE, f"noc: {act or 'update'} what? `noc help` shows how.")
    body = spelt(act, [clean(word) for word in dashed], piped)
    key = os.urandom(16).hex()
    typed = " ".join(["noc", *([act] if act else []), *words])
    try:
        flush(server)
        answer = wire.call(
            server, "POST", "/line", body, accept="application/json" if as_json else "text/plain", key=key
        )
        reason = f"{server.url} answers {answer.status}" if answer.status in AGAIN else ""
    except wire.Unreachable as unreachable:
        answer, reason = None, f"{server.url}: {unreachable}"
    if answer is None or reason:
        from noc import keeping

        keeping.keep(server, body, key, typed)
        raise Ended(KEPT, f"noc: not sent ({reason}). It is kept and will be sent with your next call.")
    if answer.status >= 400:
        raise Ended(REFUSED, refusal(answer, typed, piped))
    print(shown(answer.text.rstrip("\n")))
    if warned := answer.headers.get("nocturne-warnings"):
        for each in warnings(warned):
            print(f"noc: {each}", file=sys.stderr)
    return DONE


def warnings(header: str) -> list[str]:
    """Read what the server found not quite right, and took all the same."""
    import json

    try:
        found = json.loads(header)
    except ValueError:
        return []
    return [shown(str(each)) for each in found] if isinstance(found, list) else []


def spelt(act: str, words: list[str], piped: str) -> bytes:
    """Write the request's body."""
    parts = ['"words":[' + ",".join(quoted(word) for word in words) + "]"]
    if act:
        parts.append(f'"act":{quoted(act)}')
    if piped:
        parts.append(f'"text":{quoted(piped)}')
    return ("{" + ",".join(parts) + "}").encode()


def flush(server: places.Server) -> None:
    """Send what was kept, if anything was.

    :raises wire.Unreachable: the server still cannot be asked.
    """
    try:
        waiting = os.listdir(os.path.join(places.state(), "kept"))
    except OSError:
        return
    if waiting:
        from noc import keeping

        keeping.send(server)


def is_piped() -> bool:
    """Tell whether somebody feeds us a text: a pipe or a file, not a keyboard and not nothing."""
    try:
        mode = os.fstat(0).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def read_pipe() -> str:
    """Read all of standard input, whatever its encoding; it is never parsed."""
    raw = sys.stdin.buffer.read()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return text.rstrip("\n")


def clean(word: str) -> str:
    """Make an argument that is not UTF-8 fit to be sent."""
    return word if word.isascii() else word.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def shown(text: str) -> str:
    """Make what came from a server harmless for the terminal."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in "\n\t" else "�" for char in text)


def refusal(answer: wire.Answer, typed: str, piped: str = "") -> str:
    """Say why the server said no, what helps, and give back what was typed."""
    import json

    try:
        found = json.loads(answer.body)
        # A question was not sent as a request with fields to mend: what is wrong with it is all that helps in a shell.
        remedy = "" if answer.status == 422 and not typed else found.get("remedy", "")
        reason = f"{found.get('detail', '')} {remedy}".strip()
    except (ValueError, AttributeError):
        reason = f"The server answers {answer.status}."
    back = f"\n  {typed}" if typed else ""
    if piped:
        back += "\n  | " + "\n  | ".join(piped.splitlines()[:5]) + (" …" if piped.count("\n") > 4 else "")
    return shown(f"noc: {reason}{back}")
