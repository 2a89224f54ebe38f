"""Puts into every column of a ticket's header a value that differs where the column's class does.

What the night happens to write leaves columns empty; a column that was added yesterday is among them. So that none can
be forgotten, each is filled here by what it is: a text, a number, an instant, a row of another table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import models

from nocturne.core.chart import COLUMNS
from nocturne.core.configuration import current
from nocturne.core.entry import DataClass
from nocturne.store.models import Circuit, Ticket, Vendor
from tests.noninterference.kinds import CLEOS, SITES
from tests.noninterference.twins import NOW

BY_ACTS: Mapping[str, str] = {
    "parent": "the story relates tickets: a parent that is none of the family would be a circle",
    "merged_into": "a merge shows to who reported the merged ticket, by design (decision 010)",
}
"""Columns that are not filled here, and why."""
CHOICES: Mapping[str, tuple[Any, Any]] = {"clock": ("customer", "vendor"), "priority": (2, 3)}
"""Columns that take no value but some."""
SCATTERED = {"own": CLEOS, "phoned": CLEOS, "trouble": SITES}
Pick = Callable[..., Any]


def scatter(pick: Pick, numbers: Mapping[str, int]) -> None:
    """This will fill every column that some readers may not read."""
    class_of = current().class_of
    for ticket, kind in SCATTERED.items():
        values = {
            Ticket._meta.get_field(name).attname: pick(*_values(name), DataClass(class_of(name)).word, kind)
            for name in COLUMNS
            if class_of(name) >= DataClass.STAFF and name not in BY_ACTS
        }
        Ticket.objects.filter(pk=numbers[ticket]).update(**values)


def _values(name: str) -> tuple[Any, Any]:
    """Give two values that a column can hold."""
    field = Ticket._meta.get_field(name)
    if name in CHOICES:
        return CHOICES[name]
    if isinstance(field, models.ForeignKey):
        rows = list(field.related_model.objects.order_by("pk").values_list("pk", flat=True)[:2])
        assert len(rows) == 2, f"{name} needs two rows to differ by: add one in `more_inventory`"
        return rows[0], rows[1]
    if isinstance(field, models.DateTimeField):
        return NOW - timedelta(minutes=30), NOW - timedelta(minutes=50)
    if isinstance(field, models.BooleanField):
        return True, False
    if isinstance(field, models.CharField):
        return f"the {name}"[: field.max_length], f"another {name}"[: field.max_length]
    if isinstance(field, models.IntegerField):
        return 1200, 2400
    raise AssertionError(f"say in scattering.py which two values the column {name} can differ by")


def more_inventory() -> None:
    """This will add what is needed for every column to have two values."""
    vendor = Vendor.objects.create(name="Eastlink")
    Circuit.objects.create(name="NL-IC-7002", vendor=vendor)
