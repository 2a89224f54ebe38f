"""Puts the tickets of a recipe into a database: executemany on SQLite, COPY on PostgreSQL; goes on where it stopped."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import NOT_PROVIDED, Model

from nocturne.store.models import (
    Contact,
    Entry,
    EntryText,
    Follower,
    Machine,
    Network,
    Queue,
    Site,
    Ticket,
    TicketMachine,
    User,
    Vendor,
)
from nocturne.watch.followers import FOLLOWERS
from tests.bench import words
from tests.bench.recipe import PIECE, Inventory, Piece, Plan, piece, spelt

PROCESSES = 2
MACHINES, CONTACTS = 400, 2000
Block = list[tuple[str, tuple[str, ...], list[tuple[Any, ...]]]]


def inventory() -> Inventory:
    """This will find or make the rows that tickets point to."""
    _make(Queue, (Queue(name=name) for name in words.QUEUES))
    _make(User, (User(name=name, full_name=name.title(), password="!") for name in words.PEOPLE))
    _make(Network, (Network(name=name) for name in words.NETWORKS))
    _make(Vendor, (Vendor(name=name) for name in words.VENDORS))
    networks = dict(Network.objects.filter(name__in=words.NETWORKS).values_list("pk", "name"))
    keys = sorted(networks)
    _make(
        Site, (Site(name=f"{place}{n}", network_id=keys[n % 3]) for n in (1, 2, 3) for place in words.PLACES)
    )
    sites = dict(Site.objects.values_list("pk", "name"))
    names = [f"{role}.{site}" for role in words.ROLES for site in sorted(sites.values())][:MACHINES]
    by_name = {name: key for key, name in sites.items()}
    _make(Machine, (Machine(name=n, site_id=by_name[n.partition(".")[2]], network_id=keys[0]) for n in names))
    _make(Contact, (_contact(n) for n in range(CONTACTS)))
    return Inventory(
        people=list(User.objects.filter(name__in=words.PEOPLE).order_by("pk").values_list("pk", "name")),
        queues=list(Queue.objects.filter(name__in=words.QUEUES).order_by("pk").values_list("pk", "name")),
        machines=list(
            Machine.objects.filter(name__in=names)
            .order_by("pk")
            .values_list("pk", "name", "site_id", "network_id")
        ),
        sites=sites,
        networks=networks,
        vendors=list(Vendor.objects.order_by("pk").values_list("pk", "name")),
        contacts=[
            (row.pk, str(row))
            for row in Contact.objects.filter(email__endswith="@bench.example").order_by("pk")
        ],
    )


def _contact(n: int) -> Contact:
    organisation = words.ORGANISATIONS[n % len(words.ORGANISATIONS)]
    return Contact(name=f"Contact {n}", organisation=organisation, email=f"contact{n}@bench.example")


def _contacts() -> Any:
    return Contact.objects.filter(email__endswith="@bench.example")


def _make(model: Any, rows: Iterable[Model]) -> None:
    model.objects.bulk_create(rows, ignore_conflicts=True)


def load(plan: Plan, *, in_this_process: bool = False) -> None:
    """This will bring the database up to the plan's tickets; pieces that are there already stay."""
    missing = [index for index in range(plan.pieces) if index not in _present()]
    if not missing:
        return
    began = time.monotonic()
    for done, _ in enumerate(_loaded(plan, missing, in_this_process=in_this_process), start=1):
        if done % 50 == 0:
            print(f"  {done * PIECE:,} tickets in {time.monotonic() - began:.0f} s", flush=True)
    settle()


def _present() -> set[int]:
    numbers = Ticket.objects.extra(where=[f"number %% {PIECE} = 1"]).values_list("number", flat=True)
    return {(number - 1) // PIECE for number in numbers}


def _loaded(plan: Plan, missing: list[int], *, in_this_process: bool) -> Iterator[None]:
    if in_this_process:
        for index in missing:
            yield write(block(piece(plan, index)))
        return
    is_sqlite = connection.vendor == "sqlite"
    connections.close_all()
    if not is_sqlite:
        connection.close_pool()
    work = partial(_make_piece if is_sqlite else _load_piece, plan)
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        if is_sqlite:
            _hurry()
        for made in pool.imap(work, missing):
            yield write(made) if made else None
    connection.close()  # with it goes the hurry


def _hurry() -> None:
    """This will let SQLite fill the file without waiting for the disk: a build that is cut off by a power failure
    is made anew."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("PRAGMA cache_size = -600000")


def _make_piece(plan: Plan, index: int) -> Block:
    return block(piece(plan, index))


def _load_piece(plan: Plan, index: int) -> None:
    write(block(piece(plan, index)))


def block(made: Piece) -> Block:
    """This will spell rows as this database takes them in bulk, in the order in which they must come."""
    return [
        _table(Ticket, made.tickets),
        _table(TicketMachine, made.machines),
        _table(Entry, made.entries),
        _table(EntryText, made.texts),
    ]


def _table(model: Any, rows: list[dict[str, Any]]) -> tuple[str, tuple[str, ...], list[tuple[Any, ...]]]:
    fields = stored_fields(model)
    return model._meta.db_table, tuple(each.column for each in fields), _spelt(rows, fields)


def stored_fields(model: Any) -> list[Any]:
    """This will list the fields that a writer gives; the others the database fills in by itself."""
    return [each for each in model._meta.concrete_fields if not each.has_db_default() and not each.generated]


def _spelt(rows: list[dict[str, Any]], fields: list[Any]) -> list[tuple[Any, ...]]:
    zone = "" if connection.vendor == "sqlite" else "+00"
    filled = [(each.attname, _default(each)) for each in fields]
    return [tuple([spelt(row.get(name, default), zone=zone) for name, default in filled]) for row in rows]


def spelt_row(row: dict[str, Any], fields: list[Any] | None = None) -> tuple[Any, ...]:
    """This will spell one row: its values as they stand, or those of a model's fields with their defaults."""
    if fields is None:
        zone = "" if connection.vendor == "sqlite" else "+00"
        return tuple(spelt(value, zone=zone) for value in row.values())
    return _spelt([row], fields)[0]


def _default(field: Any) -> Any:
    return None if field.default is NOT_PROVIDED or callable(field.default) else field.default


def write(tables: Block) -> None:
    """This will write the rows of one piece in one transaction."""
    with transaction.atomic():
        if connection.vendor == "sqlite":
            for name, columns, rows in tables:
                marks = ", ".join("?" * len(columns))
                connection.connection.executemany(
                    f"INSERT INTO {name} ({_quoted(columns)}) VALUES ({marks})", rows
                )
            return
        with connection.cursor() as cursor:
            # What the rows point to is there; to ask for each would cost more than to write them.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for name, columns, rows in tables:
                with cursor.copy(f"COPY {name} ({_quoted(columns)}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            cursor.execute("SET LOCAL session_replication_role = origin")


def _quoted(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def settle() -> None:
    """This will leave the database as a long life leaves one: sequences behind the last row, followers at the end."""
    last = Entry.objects.order_by("-pk").values_list("pk", "xid").first()
    for follower in FOLLOWERS if last else ():
        Follower.objects.update_or_create(name=follower.name, defaults={"entry": last[0], "xid": last[1]})
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        for model in (Ticket, TicketMachine, Entry):
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), (SELECT max({key}) FROM {table}))"
            )
        if not connection.in_atomic_block:
            cursor.execute("VACUUM ANALYZE")
