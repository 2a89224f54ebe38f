"""Names that a form suggests while somebody types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nocturne.core import permits
from nocturne.core.permits import Actor
from nocturne.store.models import Circuit, Contact, Machine, Network, Queue, Site, User, Vendor

MOST = 300
_LISTS: dict[str, Any] = {
    "people": lambda: User.objects.filter(is_active=True, is_service=False, contact=None),
    "machines": lambda: Machine.objects.filter(retired_at=None),
    "vendors": lambda: Vendor.objects.filter(retired_at=None),
    "networks": lambda: Network.objects.filter(retired_at=None),
    "sites": lambda: Site.objects.filter(retired_at=None),
    "circuits": lambda: Circuit.objects.filter(retired_at=None),
    "contacts": lambda: Contact.objects.filter(retired_at=None).exclude(name=""),
    "queues": lambda: Queue.objects.filter(retired_at=None),
}


_READ_AS = {"circuits": "circuit", "contacts": "reporter"}
"""Which column somebody must be able to read to be told what is in a list."""


def suggestions(names: Iterable[str], actor: Actor) -> dict[str, list[str]]:
    """Read the lists that some fields are filled from, the first few hundred of each, as far as the reader may."""
    return {name: _list(name, actor) for name in sorted(names)}


def _list(name: str, actor: Actor) -> list[str]:
    if name in _READ_AS and not permits.sees_column(actor, _READ_AS[name]):
        return []
    rows = _LISTS[name]().order_by("name").values_list("pk", "name")[:MOST]
    return [each for key, each in rows if name != "queues" or permits.knows_queue(actor, key)]
