"""Starts the command `nocturne`."""

from __future__ import annotations

import os
import sys

TRY_AGAIN = 75


def main() -> int:
    words, site = _without_site(sys.argv[1:])
    if words[:2] == ["mail", "in"] and "--help" not in words:
        _take_mail_in([*words[2:], *site])
    from nocturne.config.command import main as run

    return run()


def _without_site(words: list[str]) -> tuple[list[str], list[str]]:
    """Take `--site NAME` from the front of a command line."""
    if words[:1] == ["--site"]:
        return words[2:], words[:2]
    return (words[1:], words[:1]) if words and words[0].startswith("--site=") else (words, [])


def _take_mail_in(words: list[str]) -> None:
    """Hand over to the gateway before anything heavy is loaded; it ends the process itself.

    A mail server takes any other code than 75 for a reason to send the mail back.
    """
    try:
        from nocturne.doors.mail import gateway

        gateway.main(words)
    except BaseException as problem:
        print(f"nocturne: the mail is not taken, try again later: {problem!r}", file=sys.stderr)
        os._exit(TRY_AGAIN)


if __name__ == "__main__":
    sys.exit(main())
