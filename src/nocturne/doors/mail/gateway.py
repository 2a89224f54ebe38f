"""What the mail server hands a mail to: it spools the mail durably and says so by its exit code, or asks for a retry.

    0 spooled · 65 empty · 69 too large · 75 everything else: the mail server keeps the mail and comes again

It needs neither Django nor the database, and anything that goes wrong in it is a 75. `nocturne-mail`, a script of a few
lines beside it, runs it as a child, so that even an installation that cannot start a program says 75.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from nocturne.core import houses

SPOOLED, EMPTY, TOO_LARGE, TRY_AGAIN = 0, 65, 69, 75
ENDS_WITHIN = 50
"""Seconds; the wrapper gives up after 55, a mail server after many more."""
LIMIT = 50_000_000
PIECE = 256 * 1024

OURS = ("queue", "action", "home", "site", "sender")
OF_OTHERS_WITH_VALUE = ("url", "timeout", "extension", "ca-file")
OF_OTHERS = ("debug", "no-verify-ssl", "verify-ssl")
"""Options of RT's mail gateway: a mail server's line can stay as it is when Nocturne takes over."""
_UNITS = {
    "": 1,
    "b": 1,
    "kb": 1000,
    "mb": 1000**2,
    "gb": 1000**3,
    "kib": 1024,
    "mib": 1024**2,
    "gib": 1024**3,
}


@dataclass(slots=True)
class Asked:
    """The command line, as far as it was understood."""

    queue: str = "general"
    action: str = "correspond"
    home: str = ""
    site: str = ""
    sender: str | None = None
    warnings: list[str] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> None:
    """This will take a mail from standard input and end the process with its code, whatever happens."""
    code = TRY_AGAIN
    try:
        signal.signal(signal.SIGALRM, _too_slow)
        signal.alarm(ENDS_WITHIN)
        os.umask(0o077)
        code = take_in(understand(list(sys.argv[1:] if arguments is None else arguments)))
    except BaseException as problem:
        _say(f"nocturne: the mail is not taken, try again later: {type(problem).__name__}: {problem}")
        code = TRY_AGAIN
    finally:
        # Not sys.exit: a closed pipe that fails to flush at the very end would turn a 0 into a 120.
        os._exit(code)


def understand(words: list[str]) -> Asked:
    """This will read the command line; what it does not know is a warning, never a reason to lose a mail."""
    asked = Asked()
    while words:
        word = words.pop(0)
        name, is_joined, value = word.removeprefix("--").partition("=")
        if not word.startswith("--"):
            asked.warnings.append(f"not understood: {word}")
            continue
        if name in OF_OTHERS:
            continue
        takes_value = name in OURS or name in OF_OTHERS_WITH_VALUE
        if not is_joined and words and (takes_value or not words[0].startswith("-")):
            value = words.pop(0)
        if name in OURS:
            setattr(asked, name, value)
        elif not takes_value:
            asked.warnings.append(f"unknown option: --{name}")
    return asked


def take_in(asked: Asked, *, source: int = 0) -> int:
    """This will spool what comes from a file descriptor.

    :return: the exit code.
    :raises OSError: it could not be written.
    """
    # Only here: whoever cannot even load this module must still have an exit code.
    from nocturne.doors.mail.spool import Envelope, Writer, folder_in

    for warning in asked.warnings:
        _say(f"nocturne: {warning}")
    home = _home(asked)
    if not home.is_dir():
        raise FileNotFoundError(f"there is no data directory {home}")
    limit = _limit(home)
    sender = asked.sender if asked.sender is not None else os.environ.get("SENDER")
    envelope = Envelope(asked.queue.strip(), asked.action.strip(), time.time(), sender, tuple(asked.warnings))
    writer = Writer(folder_in(home), envelope)
    try:
        while piece := os.read(source, PIECE):
            writer.write(piece)
            if writer.size > limit:
                writer.drop()
                _say(f"5.3.4 the mail is larger than {limit} bytes, the most that is taken")
                return TOO_LARGE
        if writer.is_blank:
            writer.drop()
            _say("nocturne: there was no mail on standard input")
            return EMPTY
        writer.keep()
    except BaseException:
        writer.drop()
        raise
    return SPOOLED


def _home(asked: Asked) -> Path:
    """Say whose mail it is. A data directory or a site that is named goes before what the environment says."""
    environment = dict(os.environ)
    if asked.home:
        environment |= {houses.HOME: asked.home, houses.SITE: "", houses.SITES: ""}
    if asked.site:
        environment[houses.SITE] = asked.site
    return houses.home_in(environment)


def _limit(home: Path) -> int:
    """Read the option `mail_limit` as `nocturne options` would; what cannot be read leaves the default."""
    given: object = os.environ.get("NOCTURNE_MAIL_LIMIT", "").strip()
    with suppress(Exception):
        if not given and (home / "nocturne.toml").exists():
            import tomllib

            given = tomllib.loads((home / "nocturne.toml").read_text(encoding="utf-8")).get("mail_limit", "")
    found = re.fullmatch(r"(\d{1,12})\s*([a-z]*)", str(given).strip().lower())
    return int(found[1]) * _UNITS[found[2]] if found and found[2] in _UNITS else LIMIT


def _too_slow(_sign: int, _frame: object) -> None:
    raise TimeoutError(f"it took longer than {ENDS_WITHIN} s")


def _say(line: str) -> None:
    """Tell the mail server's log in one line; nobody listening is no reason to fail."""
    with suppress(OSError):
        os.write(2, " ".join(line.split()).encode("utf-8", "backslashreplace")[:1000] + b"\n")


if __name__ == "__main__":
    main()
