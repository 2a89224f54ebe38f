"""How the database finds what the hot pages show: every statement they make, its plan, and whether it walks a table.

Runs inside a place. A statement is complained of when its plan reads a large table from end to end, or when it is slow.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.desk import accounts
from nocturne.desk.terms import Opening
from nocturne.store.models import Ticket, User

LARGE = ("ticket", "entry", "entry_text", "ticket_machine", "ticket_field", "notice", "mail_in", "attachment")
SLOW = 5.0
_WALK = re.compile(rf"^SCAN ({'|'.join(LARGE)})( USING (COVERING )?INDEX (\w+))?")
VIEWS = ("mine", "untaken", "noalarm", "signoff", "ended", "all")


@dataclass
class Statement:
    """One statement, its parameters as they came, and how long it took, in milliseconds."""

    sql: str
    parameters: Any
    took: float


@dataclass
class Page:
    name: str
    statements: list[Statement] = field(default_factory=list)


def look(tickets: int) -> dict[str, Any]:
    """This will open every hot page once warm, and judge its statements."""
    pages = [_second_time(name, act) for name, act in _acts(tickets)]
    complaints = [
        found for page in pages for each in page.statements if (found := _complaint(page.name, each))
    ]
    return {
        "statements": {page.name: len(page.statements) for page in pages},
        "complaints": complaints,
    }


def _acts(tickets: int) -> Iterator[tuple[str, Callable[[], object]]]:
    from tests.bench.inside import person

    who = person()
    browser = Client(headers={"cookie": who["cookie"], "host": "127.0.0.1"}, raise_request_exception=True)
    program = Client(headers={"authorization": f"Bearer {who['token']}", "host": "127.0.0.1"})
    by = accounts.actor_of(User.objects.get(name="anna"))
    usual, long, other = tickets - 1, tickets, who["open"][0]

    def page(client: Client, path: str) -> Callable[[], object]:
        def ask() -> None:
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.status_code, answer.content[:300])

        return ask

    yield "board", page(browser, "/")
    few = Client(headers={"cookie": who["limited"], "host": "127.0.0.1"}, raise_request_exception=True)
    yield "board_limited", page(few, "/")
    for view in VIEWS:
        yield f"view {view}", page(browser, f"/views/{view}")
    yield "ticket_20", page(browser, f"/tickets/{usual}")
    yield "ticket_2000", page(browser, f"/tickets/{long}")
    yield "peek", page(browser, f"/tickets/{usual}/peek")
    yield "search by tag", page(browser, "/search?q=tag:bgp")
    yield "api_list", page(program, "/api/v1/tickets?limit=50")
    yield "api_read", page(program, f"/api/v1/tickets/{usual}")
    yield "api_entries", page(program, f"/api/v1/tickets/{long}/entries")
    yield "append", lambda: desk.update(other, "called site, no answer", by=by, door=Door.API)
    opening = Opening(subject="cr1.aa1: interface down", text="Since 02:10.", queue="backbone")
    yield "open", lambda: desk.open(opening, by=by, door=Door.API)


def _second_time(name: str, act: Callable[[], object]) -> Page:
    page = Page(name)
    act()
    with recorded(page):
        act()
    return page


@contextmanager
def recorded(page: Page) -> Iterator[None]:
    def record(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, parameters, many, context)
        finally:
            page.statements.append(Statement(sql, parameters, (time.perf_counter() - began) * 1000))

    with connection.execute_wrapper(record):
        yield


def _complaint(page: str, statement: Statement) -> dict[str, Any] | None:
    if not statement.sql.lstrip().startswith(("SELECT", "UPDATE", "WITH")):
        return None
    if not statement.sql.startswith("UPDATE"):
        statement.took = min(_again(statement) for _ in range(5))
    plan = plan_of(statement)
    walks = [line for line in plan if line.startswith("!")]
    if not walks and statement.took < SLOW:
        return None
    return {"page": page, "sql": statement.sql[:4000], "ms": round(statement.took, 1), "plan": plan}


def plan_of(statement: Statement) -> list[str]:
    return _sqlite_plan(statement) if connection.vendor == "sqlite" else _postgresql_plan(statement)


def _again(statement: Statement) -> float:
    """This will ask once more: the best of several times says more about a plan than a noisy one."""
    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(statement.sql, statement.parameters)
        cursor.fetchall()
    return (time.perf_counter() - began) * 1000


def _sqlite_plan(statement: Statement) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters)
        lines = [row[3] for row in cursor.fetchall()]
    # A walk in the order that is asked for ends as soon as the page is full.
    ends_early = " LIMIT " in statement.sql and not any("TEMP B-TREE" in line for line in lines)
    return [f"! {line}" if _walks(line) and not ends_early else line for line in lines]


def _walks(line: str) -> bool:
    found = _WALK.match(line)
    return found is not None and not _is_narrow(found[4])


def _is_narrow(index: str | None) -> bool:
    """Tell whether an index holds a part of its table only, as those of the open tickets do."""
    if index is None:
        return False
    return any(each.name == index and each.condition is not None for each in Ticket._meta.indexes)


def _postgresql_plan(statement: Statement) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement.sql}", statement.parameters)
        [(found,)] = cursor.fetchall()
    plan = json.loads(found) if isinstance(found, str) else found
    return list(_nodes(plan[0]["Plan"]))


def _nodes(node: dict[str, Any]) -> Iterator[str]:
    walks = node["Node Type"] in ("Seq Scan", "Parallel Seq Scan") and node.get("Relation Name") in LARGE
    name = node.get("Index Name") or node.get("Relation Name") or ""
    yield f"{'! ' if walks else ''}{node['Node Type']} {name} rows={node['Plan Rows']} cost={node['Total Cost']}"
    for child in node.get("Plans", ()):
        yield from _nodes(child)
