"""Starts the command `nocturne`."""

from __future__ import annotations

import os
import sys

TRY_AGAIN = 75


def main() -> int:
    if sys.argv[1:3] == ["mail", "in"] and "--help" not in sys.argv:
        _take_mail_in()
    from nocturne.config.command import main as run

    return run()


def _take_mail_in() -> None:
    """Hand over to the gateway before anything heavy is loaded; it ends the process itself.

    A mail server takes any other code than 75 for a reason to send the mail back.
    """
    try:
        from nocturne.doors.mail import gateway

        gateway.main(sys.argv[3:])
    except BaseException as problem:
        print(f"nocturne: the mail is not taken, try again later: {problem!r}", file=sys.stderr)
        os._exit(TRY_AGAIN)


if __name__ == "__main__":
    sys.exit(main())
