"""Fields that a NOC has built for itself, as the tests have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nocturne.core.configuration import Documents
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import configuring
from nocturne.store import configured

FIELDS: Documents = {
    ("field", "cve"): {
        "title": "CVE",
        "pattern": "CVE-[0-9]{4}-[0-9]{4,7}",
        "pattern_help": "For example CVE-2026-1234.",
        "help": "Ask {machine.contact.name} on {machine.contact.phone}.",
        "in_lists": True,
        "place": 10,
    },
    ("field", "bandwidth"): {"title": "Bandwidth", "kind": "number", "unit": "bit/s", "place": 20},
    ("field", "layer"): {
        "title": "Layer",
        "kind": "choice",
        "place": 30,
        "choices": [
            {"value": "link", "title": "Link"},
            {"value": "fibre", "title": "Fibre", "parent": "link"},
            {"value": "routing", "title": "Routing"},
        ],
    },
    ("field", "hosts"): {
        "title": "Hosts", "kind": "ip address", "many": True, "strict": False, "place": 40, "class": "customer"
    },
    ("field", "due"): {"title": "Due", "kind": "date", "place": 50},
    ("field", "site-phone"): {
        "title": "Phone on site", "kind": "phone", "default": "{machine.contact.phone}", "strict": False, "place": 60
    },
    ("field", "peer"): {"title": "Peer", "kind": "machine", "place": 70},
    ("field", "rack"): {"title": "Rack", "types": ["planned"], "place": 80},
}  # fmt: skip


def configure(changes: Mapping[tuple[str, str], Mapping[str, Any] | None], *, by: Actor) -> None:
    """This will change the configuration as its administrator does, and put it in force here."""
    configuring.change(changes, by=by, door=Door.WEB)
    configured.refresh()
