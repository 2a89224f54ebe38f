"""How long a question takes that is asked of all tickets: by words, by words and columns, in an order; and counts."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from nocturne.core.permits import Actor
from nocturne.core.refusals import Refusal
from tests.bench.numbers import summary

ASKED = (
    ("rare word", "cir-776371", "", 20.0),
    ("common word", "fibre", "", 20.0),
    ("the commonest word", "alaabridge", "", 20.0),
    ("two words", "fibre crew", "", 20.0),
    ("two words that seldom meet", "otdr generator", "", 20.0),
    ("phrase", '"crew has left"', "", 50.0),
    ("phrase that nobody wrote", '"generator splicing"', "", 50.0),
    ("beginning", "spl*", "", 50.0),
    ("beginning of two letters", "al*", "", 50.0),
    ("beginning of an identifier", "cir-776*", "", 50.0),
    ("word and queue", "fibre queue:backbone", "", 20.0),
    ("word and owner", "fibre owner:kofi", "", 20.0),
    ("word and state", "fibre is:resolved", "", 20.0),
    ("word among the open", "crew is:open", "", 20.0),
    ("word among the open, most urgent first", "crew is:open", "priority", 20.0),
    ("word, most urgent first", "fibre", "priority", 20.0),
    ("count of a common word", "fibre", "count", 20.0),
    ("count of a word among the open", "fibre is:open", "count", 20.0),
    ("the open, most urgent first", "is:open", "priority", 20.0),
    ("one's own, ended ones too, most urgent first", "owner:me", "priority", 20.0),
    ("without a vendor, most urgent first", "vendor:none", "priority", 20.0),
    ("to be signed off, most urgent first", "is:signoff", "priority", 20.0),
    ("a queue's, last changed first", "queue:backbone", "updated", 20.0),
    ("count of the open", "is:open", "count", 20.0),
    ("count of those to be signed off", "is:signoff", "count", 20.0),
    ("count of a queue's open ones", "is:open queue:backbone", "count", 20.0),
    ("count of a word and an owner", "fibre owner:kofi", "count", 20.0),
    ("count of a severity", "severity:1", "count", 20.0),
    ("machines by how they begin", "node:cr1*", "", 20.0),
    ("machines of a site", "machine.site:aa1", "", 20.0),
    ("count of a site's machines", "machine.site:aa1", "count", 20.0),
    ("below an open ticket", "parent.is:open", "", 20.0),
    ("with tickets below", "has:children", "", 20.0),
    ("a cause", "cause:fibre", "", 20.0),
    ("a cause that nobody gave", "cause:zzzz", "", 20.0),
    ("count of a cause that nobody gave", "cause:zzzz", "count", 20.0),
    ("a vendor's number that there is not", "ref:zzzz", "", 20.0),
    ("how a vendor's number begins", "ref:INC04*", "", 20.0),
    ("opened today", "opened:today", "", 20.0),
    ("count of those changed today", "updated:today", "count", 20.0),
    ("resolved in the last day", "resolved:>-1d", "", 20.0),
    ("a clock that runs", "clock:vendor", "", 20.0),
    ("once somebody's", "was:owner:kofi", "", 20.0),
    ("count of those once somebody's", "was:owner:kofi", "count", 20.0),
    ("given to somebody", "changed:owner to:kofi", "", 20.0),
    ("count of those whose state changed", "changed:state", "count", 20.0),
    ("count of those given to somebody", "changed:owner to:kofi", "count", 20.0),
    ("changed by somebody", "changed:state by:kofi", "", 20.0),
    ("changed since yesterday", "changed:state since:-1d", "", 20.0),
    ("once resolved", "was:state:resolved", "", 20.0),
    ("a resolution", "resolution:fibre", "", 20.0),
    ("a resolution that nobody wrote", "resolution:zzzz", "", 20.0),
    ("count of a resolution that nobody wrote", "resolution:zzzz", "count", 20.0),
    ("beginning among the open, most urgent first", "spl* is:open", "priority", 50.0),
    ("count of a beginning among the open", "spl* is:open", "count", 50.0),
    ("count of a beginning and an owner", "x* owner:kofi", "count", 50.0),
    ("a clock that runs, most urgent first", "clock:vendor", "priority", 20.0),
    ("the commonest clock, most urgent first", "clock:noc", "priority", 20.0),
    ("the open, in an order of two columns", "is:open", "severity,-opened", 20.0),
    ("the open, by network and by their last change", "is:open", "network,updated", 20.0),
    ("the board", "", "board", 20.0),
    ("how full the views are", "", "views", 20.0),
)
"""What is asked: what it is called, the question, its order (or that it is counted), and the goal in milliseconds."""
PLANS = 1.0
"""Milliseconds from which on a statement of a question over its goal is shown with its plan."""
FEWEST, LONGEST = 20, 2.0
"""Samples of a question at least, and seconds after which there are no more of them."""
READERS = (("administrator", "root"), ("operator of three queues", "lars"))


def measure(samples: int) -> dict[str, Any]:
    """This will ask each question as two readers, and say what the index takes."""
    from nocturne.desk import accounts
    from nocturne.store.fulltext.engine import engine
    from nocturne.store.models import TextIndex, User
    from tests.bench.inside import limited

    limited()
    found: dict[str, Any] = {"figures": {}, "plans": {}}
    with transaction.atomic():
        for title, name in READERS:
            actor = accounts.actor_of(User.objects.get(name=name))
            for what, question, order, goal in ASKED:
                ask, name_of = _way(actor, question, order), f"{what} – {title}"
                figure = found["figures"][name_of] = _timed(ask, samples) | {"goal": goal}
                if figure.get("p95", 0.0) > goal:
                    found["plans"][name_of] = _plans(ask)
    built = TextIndex.objects.get()
    kept = built_in()
    found["index"] = {
        "bytes": engine().size(),
        "tickets": built.tickets,
        "seconds": json.loads(kept.read_text())["seconds"] if kept.exists() else None,
    }
    return found


def built_in() -> Path:
    """Say where it is written how long the index took to be made."""
    from django.conf import settings

    return Path(settings.NOCTURNE.home) / "index.json"


def _way(actor: Actor, question: str, order: str) -> Callable[[], object]:
    from nocturne.desk import finding
    from nocturne.store import lists

    if order == "board":
        return lambda: lists.rows(actor)
    if order == "views":
        names = ("board", *lists.VIEWS, "ringing")
        return lambda: lists.counts(actor, names)

    def ask() -> object:
        now = timezone.now()
        asked = finding.ask(question, actor, now=now)
        if order == "count":
            return finding.counted(actor, asked, now=now)
        return finding.page(actor, asked, now=now, order=order)

    return ask


def _plans(ask: Callable[[], object]) -> list[dict[str, Any]]:
    """Say how the database answers the statements of a question that takes too long."""
    from tests.bench import plans

    page = plans.Page("")
    with plans.recorded(page):
        ask()
    return [
        {"ms": round(each.took, 1), "sql": each.sql[:2_000], "plan": plans.plan_of(each)}
        for each in page.statements
        if each.took >= PLANS and each.sql.lstrip().startswith(("SELECT", "WITH"))
    ]


def _timed(ask: Callable[[], object], samples: int) -> dict[str, Any]:
    times: list[float] = []
    try:
        ask()
        before, since = _processor(), time.perf_counter()
        for _ in range(samples):
            began = time.perf_counter()
            ask()
            times.append((time.perf_counter() - began) * 1_000)
            if len(times) >= FEWEST and time.perf_counter() - since > LONGEST:
                break
    except Refusal as refused:
        return {"refused": refused.code}
    return summary(times) | {"cpu": (_processor() - before) / len(times)}


def _processor() -> float:
    """Give the milliseconds of processor time that this process and its database have taken."""
    own = time.process_time() * 1_000
    if connection.vendor != "postgresql":
        return own
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        fields = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    return own + (int(fields[11]) + int(fields[12])) * 10.0


def lines(taken: dict[str, Any] | None) -> Iterator[str]:
    """Write what was measured as a table."""
    if not taken:
        return
    index = taken["index"]
    made = f", made in {index['seconds']:,.0f} s" if index["seconds"] else ""
    yield f"The full-text index takes {index['bytes'] / 1e6:,.0f} MB{made}.\n"
    yield "| question, first 50 rows, in the server | p50 / p95 | CPU | goal (p95) | met |"
    yield "|---|---|---|---|---|"
    for what, each in taken["figures"].items():
        if "refused" in each:
            yield f"| {what} | given up: {each['refused']} | | {each['goal']:.0f} | **no** |"
            continue
        met = "yes" if each["p95"] <= each["goal"] else "**no**"
        yield f"| {what} | {each['p50']:.1f} / {each['p95']:.1f} | {each['cpu']:.1f} | {each['goal']:.0f} | {met} |"
    yield ""
    for what, statements in taken.get("plans", {}).items():
        yield f"*{what}* is over its goal:\n"
        yield "```"
        for each in statements:
            yield f"{each['ms']} ms  {each['sql']}"
            yield from (f"    {line}" for line in each["plan"])
        yield "```\n"
