"""The terminal while something is watched: drawn over in place without a flicker, and left as it was found."""

from __future__ import annotations

import os
import sys
from typing import Any

_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"
"""What lies between is shown at once, by terminals that know it; others leave it out."""


class Screen:
    """A terminal of one's own, as long as the `with` lasts."""

    def __init__(self) -> None:
        self.out, self.keys = sys.stdout.fileno(), sys.stdin.fileno()
        self._before: list[Any] | None = None
        self._last: list[str] = []
        self._size = (0, 0)

    def __enter__(self) -> Screen:
        import signal
        import termios
        import tty

        if os.isatty(self.keys):
            self._before = termios.tcgetattr(self.keys)
            tty.setcbreak(self.keys)
        signal.signal(signal.SIGTERM, _stopped)
        signal.signal(signal.SIGHUP, _stopped)
        self._write("\x1b[?1049h\x1b[?25l\x1b[2J")
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._write("\x1b[?25h\x1b[?1049l")
        except OSError:  # the terminal is gone
            return
        if self._before is not None:
            import termios

            termios.tcsetattr(self.keys, termios.TCSADRAIN, self._before)

    def size(self) -> tuple[int, int]:
        """Say how wide and how high the terminal is."""
        try:
            found = os.get_terminal_size(self.out)
        except OSError:
            return 80, 24
        return max(20, found.columns), max(4, found.lines)

    def draw(self, lines: list[str]) -> None:
        """Show these lines; only those that are others than before are written."""
        size = self.size()
        is_new = size != self._size
        shown = lines[: size[1]]
        written = []
        for place in range(max(len(shown), len(self._last))):
            line = shown[place] if place < len(shown) else ""
            if is_new or place >= len(self._last) or line != self._last[place]:
                written.append(f"\x1b[{place + 1};1H{line}\x1b[K")
        if written:
            clear = "\x1b[2J" if is_new else ""
            self._write(_BEGIN + clear + "".join(written) + _END)
        self._last, self._size = shown, size

    def key(self) -> str:
        """Read what was pressed; there is something."""
        return os.read(self.keys, 64).decode("utf-8", "replace")

    def _write(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        while data:
            data = data[os.write(self.out, data) :]


def _stopped(*_: object) -> None:
    raise KeyboardInterrupt
