"""Pages and calls over HTTP, one signed-on client, each beside the bare signed-on Django page of the same minute."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.bench import words
from tests.bench.numbers import summary
from tests.bench.served import Served, cpu
from tests.bench.wire import Answer, Wire, rate

WARM = 6
BATCH = 10
LONGEST = 0.7
"""Seconds for one batch: what is slow is asked less often."""
Ask = Callable[[int], Answer]


@dataclass(frozen=True)
class Figure:
    """One thing that is asked again and again, and what its answer must be."""

    name: str
    ask: Ask
    is_floor: bool = False
    status: int = 200


def figures(house: Served) -> list[Figure]:
    """This will list what is measured, floors first."""
    browser, program, floor = house.browser, house.program, house.floor
    administrators = Wire(house.port, Cookie=house.administrators, Accept="text/html")
    limited = Wire(house.port, Cookie=house.limited, Accept="text/html")
    usual, long = house.place.usual_ticket, house.place.long_ticket
    targets = itertools.cycle(house.open_tickets)
    notes = itertools.cycle(words.NOTES)

    def append(_: int) -> Answer:
        return program.post(f"/api/v1/tickets/{next(targets)}/entries", {"text": next(notes)})

    def open_one(turn: int) -> Answer:
        new = {
            "subject": f"cr1.aa1: interface {turn} down",
            "text": next(notes),
            "queue": "backbone",
            "severity": 2,
        }
        return program.post("/api/v1/tickets", new)

    return [
        Figure("bare", lambda _: floor.get("/bare"), is_floor=True),
        Figure("typical", lambda _: floor.get("/typical"), is_floor=True),
        Figure("board", lambda _: browser.get("/")),
        Figure("board_administrators", lambda _: administrators.get("/")),
        Figure("board_limited", lambda _: limited.get("/")),
        Figure("ticket_20", lambda _: browser.get(f"/tickets/{usual}")),
        Figure("ticket_2000", lambda _: browser.get(f"/tickets/{long}")),
        Figure("mine", lambda _: browser.get("/views/mine")),
        Figure("signoff", lambda _: browser.get("/views/signoff")),
        Figure("api_list", lambda _: program.get("/api/v1/tickets?limit=50")),
        Figure("api_read", lambda _: program.get(f"/api/v1/tickets/{usual}")),
        Figure("api_open", open_one, status=201),
        Figure("api_append", append, status=201),
    ]


def measure(house: Served, *, batches: int) -> dict[str, dict[str, float]]:
    """This will ask in batches, all figures in turn, so that a noisy minute falls on all of them alike.

    :return: per figure p50 and p95 in ms, and the server's processor time per answer.
    """
    asked = figures(house)
    took: dict[str, list[float]] = {each.name: [] for each in asked}
    used = dict.fromkeys(took, 0.0)
    for each in asked:
        for turn in range(WARM):
            _checked(each, each.ask(turn))
    idle = _idle(house)
    for batch in range(batches):
        for each in asked:
            pids = (house.floor_pids if each.is_floor else house.web_pids) + house.database_pids
            before, since = cpu(pids), time.perf_counter()
            for turn in range(BATCH):
                began = time.perf_counter()
                answer = each.ask(batch * BATCH + turn)
                took[each.name].append((time.perf_counter() - began) * 1000)
                _checked(each, answer)
                if time.perf_counter() - since > LONGEST:
                    break
            passed = (time.perf_counter() - since) * 1000
            used[each.name] += cpu(pids) - before - idle * passed
    return {
        name: {**summary(taken), "cpu": round(used[name] / len(taken), 3)} for name, taken in took.items()
    }


def _idle(house: Served) -> float:
    """This will tell what share of a processor the database uses while nobody asks: the worker looks for work."""
    pids = house.database_pids
    before, since = cpu(pids), time.perf_counter()
    time.sleep(2 if pids else 0)
    return (cpu(pids) - before) / ((time.perf_counter() - since) * 1000) if pids else 0.0


def _checked(figure: Figure, answer: Answer) -> None:
    assert answer.status == figure.status, f"{figure.name}: {answer.status} {answer.body[:600]!r}"


def rates(house: Served) -> dict[str, float]:
    """This will ask with four clients at once."""
    by_cookie = {"Cookie": house.cookie, "Accept": "text/html"}
    return {
        "bare": rate(house.floor_port, "/bare", **by_cookie),
        "typical": rate(house.floor_port, "/typical", **by_cookie),
        "board": rate(house.port, "/", **by_cookie),
        "ticket_20": rate(house.port, f"/tickets/{house.place.usual_ticket}", **by_cookie),
    }


def weights(house: Served) -> dict[str, Any]:
    """This will weigh the board with all its files as they are sent, and the ticket's page."""
    board = house.browser.get("/")
    page = _unpacked(board)
    named = re.findall(r'(?:src|href)="?([^"\s>]+\.(?:css|js|svg|png|ico|woff2)[^"\s>]*)', page)
    files = {name: len(Wire(house.port, Cookie=house.cookie).get(name).body) for name in dict.fromkeys(named)}
    head = page.partition("</head>")[0] or page.partition("<body")[0]
    blocking = [
        tag
        for tag in re.findall(r"<script\b[^>]*>", head)
        if not re.search(r"\b(defer|async|type=\"?module)\b", tag)
    ]
    ticket = house.browser.get(f"/tickets/{house.place.usual_ticket}")
    long = house.browser.get(f"/tickets/{house.place.long_ticket}")
    return {
        "board_html": len(board.body),
        "board_html_unpacked": len(page.encode()),
        "board_files": files,
        "board_total": len(board.body) + sum(files.values()),
        "encoding": board.headers.get("content-encoding", "none"),
        "ticket_20_html": len(ticket.body),
        "ticket_20_html_unpacked": len(_unpacked(ticket).encode()),
        "ticket_2000_html": len(long.body),
        "ticket_2000_html_unpacked": len(_unpacked(long).encode()),
        "blocking_scripts": blocking,
    }


def _unpacked(answer: Answer) -> str:
    import gzip

    import brotli

    packed = answer.headers.get("content-encoding", "")
    body = {"br": brotli.decompress, "gzip": gzip.decompress}.get(packed, bytes)(answer.body)
    return body.decode()
