"""Names that a form suggests while somebody types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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


def suggestions(names: Iterable[str]) -> dict[str, list[str]]:
    """Read the lists that some fields are filled from, the first few hundred of each."""
    return {
        name: list(_LISTS[name]().order_by("name").values_list("name", flat=True)[:MOST])
        for name in sorted(names)
    }
