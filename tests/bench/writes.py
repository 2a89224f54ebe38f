"""One write at the desk against a bare transaction that inserts the same rows, synced to the disk alike.

The bare rows are made beforehand, outside of what is measured, and they are valid: the books stay what they are.
"""

from __future__ import annotations

import itertools
import random
import sqlite3
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
from django.db import connection
from django.utils import timezone

from nocturne import desk
from nocturne.config.database import SQLITE_PRAGMAS
from nocturne.core.configuration.standard import STANDARD
from nocturne.core.entry import DataClass, Door, Kind, instant
from nocturne.desk import accounts
from nocturne.desk.terms import Opening
from nocturne.store.headers import header_of
from nocturne.store.models import Entry, EntryText, Machine, Queue, Ticket, TicketMachine, User
from tests.bench import words
from tests.bench.loading import spelt_row, stored_fields
from tests.bench.numbers import summary
from tests.bench.recipe import Story

Rows = list[tuple[Any, dict[str, Any]]]


STATES = STANDARD.lifecycles["standard"]


class Bare:
    """A connection as thin as the drivers make one, with the settings that Nocturne runs under."""

    def __init__(self) -> None:
        self.is_sqlite = connection.vendor == "sqlite"
        if self.is_sqlite:
            self.sqlite = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, timeout=20)
            for name, value in SQLITE_PRAGMAS.items():
                self.sqlite.execute(f"PRAGMA {name}={value}")
        else:
            asked = connection.get_connection_params()
            for name in ("cursor_factory", "context", "prepare_threshold", "pool"):
                asked.pop(name, None)
            self.postgresql = psycopg.connect(**asked, autocommit=True)

    def write(
        self, inserts: list[tuple[str, tuple[Any, ...]]], update: tuple[str, tuple[Any, ...]] | None
    ) -> None:
        """This will write rows in one transaction; an entry's number goes into its words."""
        run = self.sqlite.execute if self.is_sqlite else self.postgresql.execute
        run("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
        key = None
        for statement, values in inserts:
            if values and values[0] is ENTRY:
                values = (key, *values[1:])
            found = run(statement, values)
            if statement.endswith("RETURNING id"):
                key = found.fetchone()[0]
        if update:
            run(*update)
        run("COMMIT")


ENTRY = object()


def measure(samples: int) -> dict[str, dict[str, float]]:
    """This will take turns: a note at the desk, a bare one, an opening at the desk, a bare one."""
    rng = random.Random()
    by = accounts.actor_of(User.objects.get(name="anna"))
    numbers = itertools.cycle(Ticket.objects.open().order_by("-pk").values_list("pk", flat=True)[2:602])
    machine, queue = Machine.objects.order_by("pk")[0], Queue.objects.get(name="backbone")
    bare = Bare()
    taken: dict[str, list[float]] = {"note": [], "bare_note": [], "open": [], "bare_open": []}
    cpu = dict.fromkeys(taken, 0.0)
    for turn in range(samples + 20):
        text = rng.choice(words.NOTES).format(minute=turn % 60)
        opening = Opening(
            subject=f"{machine.name}: interface down",
            text=text,
            queue=queue.name,
            machines=[machine.name],
            severity=2,
        )
        number = next(numbers)
        note = _bare_note(next(numbers), text, by, rng)
        took = {
            "note": _timed(lambda n=number, t=text: desk.update(n, t, by=by, door=Door.API)),
            "bare_note": _timed(lambda n=note: bare.write(*n)),
            "open": _timed(lambda o=opening: desk.open(o, by=by, door=Door.API)),
        }
        opened = _bare_open(machine, queue, text, by, rng)
        took["bare_open"] = _timed(lambda o=opened: bare.write(*o))
        if turn >= 20:
            for name, (milliseconds, used) in took.items():
                taken[name].append(milliseconds)
                cpu[name] += used
    return {name: {**summary(each), "cpu": round(cpu[name] / samples, 3)} for name, each in taken.items()}


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    """This will give the milliseconds that an act takes, on the clock and of the processor."""
    used, began = time.process_time(), time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000, (time.process_time() - used) * 1000


def _bare_note(number: int, text: str, by: Any, rng: random.Random) -> Any:
    ticket = Ticket.objects.get(pk=number)
    story = Story(number, rng, header_of(ticket))
    story.seq, story.hash = ticket.last_seq, bytes(ticket.last_hash)
    story.marks = {}
    now = timezone.now()
    story.add(Kind.NOTE, now, by.author, {}, text=text, door=Door.API)
    marks = {name: value for name, value in story.marks.items() if "customer" not in name}
    statement = (
        f"UPDATE ticket SET {', '.join(f'{name} = {_mark()}' for name in marks)} WHERE number = {_mark()}"
    )
    return _inserts(story), (statement, (*spelt_row(marks), number))


def _bare_open(machine: Machine, queue: Queue, text: str, by: Any, rng: random.Random) -> Any:
    number = _next_number()
    story = Story(number, rng)
    now = timezone.now()
    after = {
        "type": "trouble",
        "queue": {"id": queue.pk, "label": queue.name},
        "subject": f"{machine.name}: interface down",
        "state": STATES.state("new").stored(),
        "clock": "noc",
        "severity": 2,
        "priority": 2,
        "opened_by": by.label,
        "opened_at": instant(now - timedelta(microseconds=1)),
        f"machine/{machine.pk}": machine.name,
    }
    story.add(Kind.OPENED, now, by.author, after, text=text, door=Door.API, data_class=DataClass.STAFF)
    ticket = _insert(Ticket, story.row())
    machines = _insert(TicketMachine, {"ticket_id": number, "machine_id": machine.pk}, without_key=True)
    return [ticket, *_inserts(story), machines], None


def _inserts(story: Story) -> list[tuple[str, tuple[Any, ...]]]:
    [(entry, text)] = story.written
    statement, values = _insert(Entry, entry, without_key=True)
    return [(f"{statement} RETURNING id", values), _insert(EntryText, {"entry_id": ENTRY, **text})]


def _insert(model: Any, row: dict[str, Any], *, without_key: bool = False) -> tuple[str, tuple[Any, ...]]:
    fields = [each for each in stored_fields(model) if not (without_key and each.primary_key)]
    columns = ", ".join(f'"{each.column}"' for each in fields)
    values = spelt_row(row, fields)
    return (
        f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({', '.join([_mark()] * len(fields))})",
        values,
    )


def _mark() -> str:
    return "?" if connection.vendor == "sqlite" else "%s"


def _next_number() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq + 1 FROM sqlite_sequence WHERE name = 'ticket'")
        else:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('ticket', 'number'))")
        return int(cursor.fetchone()[0])
