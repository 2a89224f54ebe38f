"""The operators' command line and the mail gateway as processes, each beside a bare start of the interpreter."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.bench.numbers import summary
from tests.bench.served import Served

BIN = Path(sys.executable).parent
MAIL = b"""From: Contact 7 <contact7@bench.example>
To: noc@bench.example
Subject: No connection in room 12
Message-ID: <%d.%d@bench.example>
Date: Sun, 22 Nov 2026 03:00:00 +0000

Since this morning nothing loads in room 12. Room 11 works.
"""


def measure(house: Served, *, samples: int) -> dict[str, dict[str, float]]:
    """This will start each command again and again, in turns."""
    environment = house.place.environ(port=house.port) | {"NOC_SERVER": f"http://127.0.0.1:{house.port}"}
    login = [BIN / "noc", "login", environment["NOC_SERVER"], "--token-stdin"]
    subprocess.run(login, env=environment, input=f"{house.token}\n".encode(), check=True, capture_output=True)
    number = str(house.open_tickets[0])
    commands: dict[str, tuple[list[str | Path], bytes]] = {
        "python": ([sys.executable, "-c", "pass"], b""),
        "noc": ([BIN / "noc", number, "called site, no answer", 'next:"call again"'], b""),
        "mail_in": ([BIN / "nocturne", "mail", "in", "--queue", "general", "--action", "correspond"], MAIL),
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(samples + 3):
        for name, (command, given) in commands.items():
            fed = given % (turn, time.time_ns()) if given else b""
            began = time.perf_counter()
            done = subprocess.run(command, env=environment, input=fed, capture_output=True, check=False)
            milliseconds = (time.perf_counter() - began) * 1000
            assert done.returncode == 0, (command, done)
            if turn >= 3:
                taken[name].append(milliseconds)
    return {name: summary(each) for name, each in taken.items()}
