"""All that `noc` prints: its own code from the command line to the wire, with the wire laid straight into the house."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from unittest import mock

from django.test import Client

from noc import __main__ as noc
from noc import wire
from noc.places import Server
from tests.noninterference.asking import Answer, asked
from tests.noninterference.people import Keys, Reader
from tests.noninterference.world import Facts
from tests.noninterference.worlds import World

COMMANDS = (
    "count", "count --all library", "ls --columns number,where,vendor,next",
    "ls", "ls -n 2", "ls --json", "ls is:open", "ls owner:kofi", "ls priority:2", "ls shaper", "show {own}",
    "show {own} -n 2", "show {own} --all", "show {own} --json", "show {trouble}", "show {second}",
    "show {rowes second}",
    "show 999999", "{own} called; no answer next:ring", "{trouble} said so", "take {own}", "give {trouble} kofi",
    "note {own} hello", "reply {own} hello", "resolve {own} spliced", "close {trouble}", "check {ended}",
    "acknowledge {trouble}", "refer {own} Norlink", "open a new one severity:2", "--json {own} hi timer:2h", "help",
)  # fmt: skip


@dataclass(frozen=True)
class Command:
    """One command line."""

    words: str

    def __str__(self) -> str:
        return f"noc {self.words}"

    def put(self, world: World, keys: Keys, reader: Reader) -> list[Answer]:
        words = self.words.format_map(world.facts.numbers).split(" ")
        place = {"NOC_URL": "http://localhost", "NOC_TOKEN": keys.tokens[reader.name], "HOME": "/nonexistent"}
        out, err = io.StringIO(), io.StringIO()
        with (
            asked(world, str(self)),
            mock.patch.dict("os.environ", place),
            mock.patch.object(wire, "_exchange", _straight),
            mock.patch("sys.stdin", _Terminal()),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = noc.main(words)
        return [Answer((("code", str(code)), ("output", out.getvalue()), ("complaint", err.getvalue())))]


def questions(facts: Facts, reader: Reader) -> Iterator[Command]:
    """Ask everything that the command line can ask; whoever has no account has none."""
    return (Command(words) for words in (COMMANDS if reader.has_account else ()))


class _Terminal(io.StringIO):
    """Nothing comes through a pipe."""

    def isatty(self) -> bool:
        return True


def _straight(server: Server, request: bytes) -> bytes:
    """Answer the bytes of a request with the bytes of the answer, as a web server would."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    kind = headers.pop("Content-Type", "")
    answer = Client(raise_request_exception=False).generic(
        method, path, body, content_type=kind, headers=headers
    )
    content = b"".join(answer) if answer.streaming else answer.content
    shown = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    return f"HTTP/1.1 {answer.status_code} x\r\n{shown}\r\n".encode() + content
