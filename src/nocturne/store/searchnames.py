"""Rows and people by what they are called."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Manager, Q, QuerySet

from nocturne.core.configuration import current
from nocturne.core.configuration.groups import holding
from nocturne.core.query.tree import Prefix
from nocturne.store import lettercase, reach
from nocturne.store.models import (
    Circuit,
    Contact,
    Machine,
    Network,
    Party,
    Queue,
    Site,
    User,
    Vendor,
)

ROWS: dict[str, Manager[Any]] = {
    "owner": User.objects,
    "checked_by": User.objects,
    "queue": Queue.objects,
    "network": Network.objects,
    "site": Site.objects,
    "circuit": Circuit.objects,
    "vendor": Vendor.objects,
    "machine": Machine.objects,
    "reporter": Contact.objects,
}
"""Columns that point to a row with a name."""
BEHIND = {
    "machine.site": ("machine", "site__name"),
    "machine.network": ("machine", "network__name"),
    "site.network": ("site", "network__name"),
    "circuit.vendor": ("circuit", "vendor__name"),
    "circuit.network": ("circuit", "network__name"),
    "circuit.site": ("circuit", "from_site__name"),
    "reporter.organisation": ("reporter", "organisation"),
}
"""What lies behind a row: the column that points to it, and what is asked of it."""
NAMED = 200
"""Rows that are called by a name up to which they are looked up before the tickets are asked: so an index serves, and
PostgreSQL knows how many tickets point to them."""


def any_of(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, reach.NOTHING)


def named(column: str, asked: Any) -> Q:
    """Compare a name, in whatever letter case, with what is asked for."""
    if isinstance(asked, Prefix):
        return lettercase.begins(column, asked.start)
    return lettercase.equals(column, str(asked))


def rows_named(column: str, values: Iterable[Any]) -> tuple[str, QuerySet[Any]]:
    """Give the rows that are called by any of some names, and by which column tickets point to them."""
    if column in BEHIND:
        row, name = BEHIND[column]
        return row, ROWS[row].filter(any_of(_behind(name, value) for value in values))
    return column, ROWS[column].filter(any_of(named("name", value) for value in values))


def _behind(name: str, value: Any) -> Q:
    found = named(name, value)
    return found | named("to_site__name", value) if name == "from_site__name" else found


def accounts(values: Iterable[Any]) -> QuerySet[User]:
    """Find accounts by name, full name or mail address, or as members of a `@group` and those it includes."""
    conditions = []
    for value in values:
        if isinstance(value, str) and value.startswith("@"):
            conditions.append(Q(pk__in=_members(value[1:])))
        else:
            conditions += [named("name", value), named("email", value) & ~Q(email="")]
            conditions.append(named("full_name", value) & ~Q(full_name=""))
    return User.objects.filter(any_of(conditions))


def _members(group: str) -> QuerySet[Any, Any]:
    """Find who is in a group, or in one that it includes."""
    into = holding(current().groups)
    wanted = group.casefold()
    inside = [name for name, over in into.items() if wanted in {each.casefold() for each in over}]
    return User.groups.through.objects.filter(group__name__in=[*inside, group]).values("user_id")


def contacts(values: Iterable[Any]) -> QuerySet[Contact]:
    """Find contacts by name or mail address, or by the `@domain` of it."""
    conditions = []
    for value in values:
        if isinstance(value, str) and value.startswith("@"):
            conditions.append(Q(email__iendswith=value))
        else:
            conditions += [named("name", value) & ~Q(name=""), named("email", value)]
    return Contact.objects.filter(any_of(conditions))


def parties(role: str, values: tuple[Any, ...]) -> Q:
    """Find tickets in which somebody has a part, by the spelling that their parties are kept under."""
    found = keys_of(accounts(values), contacts(values), f"{role}:")
    return Q(number__in=Party.objects.filter(key__in=found).values("ticket"))


MOST = 5_000
"""People whose names are put into one question."""


def keys_of(users: QuerySet[User], others: QuerySet[Contact], before: str = "") -> list[str]:
    """Spell accounts and contacts as parties and authors are kept: `account:12`."""
    found = [f"{before}account:{number}" for number in users.order_by().values_list("pk", flat=True)[:MOST]]
    return found + [
        f"{before}contact:{number}" for number in others.order_by().values_list("pk", flat=True)[:MOST]
    ]
