"""How `noc` ends: its exit codes."""

from __future__ import annotations

DONE = 0
REFUSED = 1
USAGE = 2
UNREACHABLE = 69
KEPT = 75


class Ended(Exception):
    """Ends the command with a code and, on standard error, a reason."""

    def __init__(self, code: int, says: str = "") -> None:
        super().__init__(says)
        self.code, self.says = code, says
