"""Finds in the database what local fields name, and the facts that stand in their help and defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from nocturne.core import permits
from nocturne.core.configuration import current
from nocturne.core.fieldvalues import Context, Found
from nocturne.core.fieldvalues.facts import FACTS, data_class
from nocturne.core.permits import Actor
from nocturne.desk import clock
from nocturne.store.models import Circuit, Contact, Machine, Network, Queue, Site, Ticket, User, Vendor

_THINGS: Mapping[str, Any] = {"machine": Machine, "circuit": Circuit, "site": Site, "network": Network}
_READABLE = {"circuit": "circuit", "contact": "reporter"}
"""Which column somebody must be able to read to be told that such a row exists."""


def context(by: Actor) -> Context:
    """Say what reading a value depends on: the time, the writer's zone, the site's country, and what is known here."""
    return Context(clock.now(), by.zone, current().site.region, lambda kind, given: find(kind, given, by))


def find(kind: str, given: str, by: Actor) -> Found | None:
    """Find what somebody names, as far as they may know of it."""
    given = given.strip()
    if kind in _READABLE and not permits.sees_column(by, _READABLE[kind]):
        return None
    if kind == "person":
        return _person(given.removeprefix("@"))
    if kind == "contact":
        return _contact(given)
    if kind == "ticket":
        found = Ticket.objects.visible_to(by).filter(pk=int(given)).values_list("pk", flat=True).first()
        return None if found is None else Found(found, str(found))
    row = _THINGS[kind].objects.filter(name__iexact=given).values_list("pk", "name", "retired_at").first()
    return None if row is None else Found(row[0], row[1], row[2] is not None)


def _person(given: str) -> Found | None:
    row = User.objects.filter(name__iexact=given, is_active=True).values_list("pk", "name").first()
    return None if row is None else Found(*row)


def _contact(given: str) -> Found | None:
    """Find a contact by mail address, or by a name that only one has."""
    rows = list(Contact.objects.filter(Q(email__iexact=given) | Q(name__iexact=given)).order_by("pk")[:2])
    by_mail = [each for each in rows if (each.email or "").lower() == given.lower()]
    found = by_mail or (rows if len(rows) == 1 else [])
    return Found(found[0].pk, str(found[0]), found[0].retired_at is not None) if found else None


def facts(
    named: Iterable[str], columns: Mapping[str, Any], by: Actor, *, place: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """Read the facts that texts name, as far as their reader may know of them.

    :param columns: a ticket's header and sets, rows as their numbers: what the facts are about.
    :param place: where the ticket is, for the permits; without it nothing is held back (a default is the system's).
    """
    found: dict[str, str] = {}
    for thing in sorted({each.partition(".")[0] for each in named} & FACTS.keys()):
        row = _row(thing, columns, by, place)
        if row is not None:
            found |= {f"{thing}.{name}": text for name, text in row.items() if text}
    if place is None:
        return found
    seen, class_of = permits.classes(by, place), current().class_of
    return {name: text for name, text in found.items() if data_class(name, class_of) in seen}


def _row(
    thing: str, columns: Mapping[str, Any], by: Actor, place: Mapping[str, Any] | None
) -> dict[str, str] | None:
    if thing == "me":
        return {"name": by.label}
    column = "machine/0" if thing == "machine" else thing
    if place is not None and not permits.sees_column(by, column, place):
        return None
    number = columns.get(thing)
    if thing == "machine":
        number = next(
            (int(name.partition("/")[2]) for name in sorted(columns) if _is_machine(name, columns)), None
        )
    return None if number is None else _READ[thing](int(number))


def _is_machine(name: str, columns: Mapping[str, Any]) -> bool:
    return name.startswith("machine/") and columns[name] is not None


def _values(model: Any, number: int, names: Mapping[str, str]) -> dict[str, str] | None:
    row = model.objects.filter(pk=number).values(*names.values()).first()
    return None if row is None else {name: str(row[path] or "") for name, path in names.items()}


_PERSON = ("name", "organisation", "phone", "home_phone", "email")
_CONTACT = {f"contact.{name}": f"contact__{name}" for name in _PERSON}
_READ: Mapping[str, Any] = {
    "machine": lambda number: _values(
        Machine, number, {"name": "name", "network": "network__name", "site": "site__name", **_CONTACT}
    ),
    "site": lambda number: _values(
        Site, number, {"name": "name", "place": "place", "network": "network__name", **_CONTACT}
    ),
    "circuit": lambda number: _values(
        Circuit,
        number,
        {"name": "name", "capacity": "capacity", "network": "network__name", "vendor": "vendor__name"},
    ),
    "vendor": lambda number: _values(Vendor, number, {each: each for each in ("name", "phone", "email")}),
    "network": lambda number: _values(Network, number, {"name": "name"}),
    "reporter": lambda number: _values(Contact, number, {each: each for each in _PERSON}),
    "owner": lambda number: _values(User, number, {"name": "name"}),
    "queue": lambda number: _values(Queue, number, {"name": "name", "title": "title"}),
}
