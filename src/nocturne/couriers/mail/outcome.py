"""What can become of a mail that is not taken."""

from __future__ import annotations


class Refused(Exception):
    """The mail server will not take this mail, now or later; the message is its own words."""


class Postponed(Exception):
    """The mail was not taken now.

    `is_server` says that it was nothing about this mail: the server itself is away. `is_silent` says that no answer
    came in time, or none that could be understood: the next mail to the same place would probably wait as long.
    """

    def __init__(self, reason: str, *, is_server: bool = False, is_silent: bool = False) -> None:
        super().__init__(reason)
        self.is_server = is_server
        self.is_silent = is_silent
