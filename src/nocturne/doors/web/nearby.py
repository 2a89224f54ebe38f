"""Names that a form suggests while somebody types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nocturne.core import permits
from nocturne.core.permits import Actor
from nocturne.store.models import Circuit, Machine, Network, Queue, Site, User, Vendor

MOST = 300
_LISTS: dict[str, Any] = {
    "people": lambda: User.objects.filter(is_active=True, is_service=False, contact=None),
    "machines": lambda: Machine.objects.filter(retired_at=None),
    "vendors": lambda: Vendor.objects.filter(retired_at=None),
    "networks": lambda: Network.objects.filter(retired_at=None),
    "sites": lambda: Site.objects.filter(retired_at=None),
    "circuits": lambda: Circuit.objects.filter(retired_at=None),
    "queues": lambda: Queue.objects.filter(retired_at=None),
}


def suggestions(names: Iterable[str], actor: Actor) -> dict[str, list[str]]:
    """Read the lists that some fields are filled from, the first few hundred of each, as far as the reader may."""
    return {name: _list(name, actor) for name in sorted(names)}


def _list(name: str, actor: Actor) -> list[str]:
    if name == "circuits" and not permits.sees_column(actor, "circuit"):
        return []
    rows = _LISTS[name]().order_by("name").values_list("pk", "name")[:MOST]
    return [each for key, each in rows if name != "queues" or permits.knows_queue(actor, key)]
