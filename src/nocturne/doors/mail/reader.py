"""The child process in which mails are read: what a hostile mail eats or breaks is this process and nothing else.

It is told on standard input, line by line, which spooled file to read and which folder to write into, and answers each
with one line of JSON. Its time and memory are limited anew for every mail.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

SECONDS = 6
SECONDS_PER_BYTE = 1 / 2_000_000
BYTES = 400_000_000
BYTES_PER_BYTE = 12


def main() -> None:
    """This will read mails until standard input ends."""
    from nocturne.doors.mail import reading, spool

    # Answers go where only this code can write: whatever else prints goes to standard error.
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    for line in sys.stdin:
        asked = json.loads(line)
        path = Path(asked["path"])
        with open(path, "rb") as file:
            spooled = spool.read(file, path)
            _limit(spooled.size)
            letter = reading.read(file.read(), Path(asked["folder"]))
        answer: dict[str, Any] = letter.stored()
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _limit(size: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + SECONDS + size * SECONDS_PER_BYTE) + 1
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        ceiling = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (BYTES + size * BYTES_PER_BYTE, ceiling))


if __name__ == "__main__":
    main()
