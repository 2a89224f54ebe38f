"""Two hundred consoles on one house: what they cost when nothing happens, and how soon they hear when much does.

`make bench` measures it on each place's data; `python -m tests.bench.consoles` on a small house of its own.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.served import Served
from tests.bench.wire import Wire

CONSOLES = 200
PEOPLE = 20
UPDATES_A_SECOND = 20
WRITERS = 4
SETTLES = 5.0


@dataclass
class Heard:
    """What all consoles have heard: for each ticket when it was last written to, and how long each took to know."""

    written: dict[int, float] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)
    ended: int = 0


def measure(
    port: int,
    pids: Callable[[], list[int]],
    tokens: Sequence[str],
    numbers: Sequence[int],
    *,
    seconds: float = 30.0,
) -> dict[str, float]:
    """This will connect the consoles, measure them at rest, then with updates, and let them go.

    :param pids: the processes that answer the web.
    :param tokens: of the people, each of whom has several consoles.
    :param numbers: tickets that may be written to; each is written to at most once in a few seconds.
    """
    return asyncio.run(_measured(port, pids, tokens, numbers, seconds))


async def _measured(
    port: int, pids: Callable[[], list[int]], tokens: Sequence[str], numbers: Sequence[int], seconds: float
) -> dict[str, float]:
    heard = Heard()
    before = _memory(pids())
    began = time.monotonic()
    consoles = [
        asyncio.create_task(_console(port, tokens[place % len(tokens)], heard)) for place in range(CONSOLES)
    ]
    await asyncio.sleep(0)
    while sum(not each.done() and each.get_name().startswith("hears") for each in consoles) < CONSOLES:
        await asyncio.sleep(0.05)
        assert time.monotonic() - began < 120, "they do not all come in"
    connected = time.monotonic() - began
    await asyncio.sleep(SETTLES)
    idle = await _cpu_over(pids, seconds)
    sent, busy = await asyncio.gather(
        asyncio.to_thread(_write, port, tokens, numbers, heard, seconds), _cpu_over(pids, seconds)
    )
    await asyncio.sleep(3)
    after = _memory(pids())
    for each in consoles:
        each.cancel()
    await asyncio.gather(*consoles, return_exceptions=True)
    delays = sorted(heard.delays) or [0.0]
    return {
        "consoles": CONSOLES,
        "connected_s": round(connected, 2),
        "idle_cpu_percent": round(100 * idle, 1),
        "busy_cpu_percent": round(100 * busy, 1),
        "updates": sent,
        "updates_a_second": round(sent / seconds, 1),
        "delivered_percent": round(100 * len(heard.delays) / max(sent * CONSOLES, 1), 2),
        "p50_ms": round(statistics.median(delays) * 1000, 1),
        "p95_ms": round(delays[int(len(delays) * 0.95)] * 1000, 1),
        "worst_ms": round(delays[-1] * 1000, 1),
        "memory_mb": round(after - before, 1),
        "ended": heard.ended,
    }


async def _console(port: int, token: str, heard: Heard) -> None:
    """Listen as a console does, and note when each change is heard."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n"
    writer.write(head.encode())
    task = asyncio.current_task()
    assert task is not None
    try:
        while line := await reader.readline():
            if line.startswith(b"event: hello"):
                task.set_name("hears")
            if not line.startswith(b'data: {"tickets":['):
                continue
            now = time.monotonic()
            for each in json.loads(line[6:])["tickets"]:
                at = heard.written.get(each["number"])
                if at is not None:
                    heard.delays.append(now - at)
        heard.ended += 1
    finally:
        writer.close()


def _write(port: int, tokens: Sequence[str], numbers: Sequence[int], heard: Heard, seconds: float) -> int:
    """Write notes at an even pace, from a few sides."""
    until, sent, lock = time.monotonic() + seconds, [0], threading.Lock()

    def write(place: int) -> None:
        wire = Wire(port, Authorization=f"Bearer {tokens[place]}", Accept="application/json")
        mine = numbers[place::WRITERS]
        due, turn = time.monotonic(), 0
        while due < until:
            time.sleep(max(0.0, due - time.monotonic()))
            number = mine[turn % len(mine)]
            heard.written[number] = time.monotonic()
            answer = wire.post(f"/api/v1/tickets/{number}/entries", {"kind": "note", "text": f"note {turn}"})
            assert answer.status == 201, answer
            with lock:
                sent[0] += 1
            turn += 1
            due += WRITERS / UPDATES_A_SECOND

    threads = [threading.Thread(target=write, args=(place,)) for place in range(WRITERS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sent[0]


async def _cpu_over(pids: Callable[[], list[int]], seconds: float) -> float:
    """Give how much of one core the processes took."""
    before, began = _cpu(pids()), time.monotonic()
    await asyncio.sleep(seconds)
    return (_cpu(pids()) - before) / (time.monotonic() - began)


def _cpu(pids: Sequence[int]) -> float:
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def _memory(pids: Sequence[int]) -> float:
    """Add up the proportional memory of processes, in MB."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def served(house: Served, *, seconds: float) -> dict[str, float]:
    """This will measure on a place's data."""
    tokens = house.place.inside("consoles", str(PEOPLE))
    return measure(house.port, lambda: house.web_pids, tokens, house.open_tickets[:200], seconds=seconds)


def alone(seconds: float) -> dict[str, float]:
    """This will measure on a small house of its own."""
    from tests.house import ready_made

    house = ready_made()
    try:
        house.start()
        people = [house.add_user(f"operator{place}") for place in range(PEOPLE)]
        numbers = [
            int(
                house.call("POST", "/api/v1/tickets", {"subject": f"Fault {place}"}, by=people[0]).json[
                    "number"
                ]
            )
            for place in range(100)
        ]
        return measure(
            house.port,
            lambda: house.children_of(house.pids["web"]),
            [each.token for each in people],
            numbers,
            seconds=seconds,
        )
    finally:
        house.remove()


if __name__ == "__main__":
    print(json.dumps(alone(float(sys.argv[1]) if len(sys.argv) > 1 else 30.0), indent=1))
