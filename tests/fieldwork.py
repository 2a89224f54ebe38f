"""A queue whose work is done on site: two ways to wait, a visit, a sign-off before the end."""

from __future__ import annotations

from typing import Any

import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, WrongState
from nocturne.desk import configuring
from nocturne.desk.terms import Opening
from nocturne.store import configured
from nocturne.store.models import Ticket

FIELD: dict[str, Any] = {
    "title": "Field work",
    "first": "new",
    "states": [
        {"name": "new", "meaning": "new"},
        {"name": "working", "title": "being worked on", "meaning": "open"},
        {"name": "on-site", "title": "crew on site", "meaning": "open"},
        {"name": "customer", "title": "waiting for customer", "meaning": "waiting", "clock": "customer",
         "timer": "2 working hours"},
        {"name": "vendor", "title": "waiting for vendor", "meaning": "waiting", "clock": "vendor",
         "timer": "refuse"},
        {"name": "done", "title": "done, to be signed off", "meaning": "resolved"},
        {"name": "signed", "title": "signed off", "meaning": "resolved"},
        {"name": "closed", "meaning": "closed"},
    ],
    "moves": [
        {"act": "taken", "from": ["new"], "to": "working"},
        {"act": "taken", "from": ["working", "on-site", "customer", "vendor"]},
        {"act": "given"},
        {"act": "moved", "from": ["working"], "to": "on-site", "label": "Crew has arrived",
         "requires": ["site", "machine"], "note": True},
        {"act": "moved", "from": ["on-site", "customer", "vendor"], "to": "working", "label": "Back to the desk"},
        {"act": "suspended", "from": ["new", "working"], "to": "customer", "label": "Wait for the customer"},
        {"act": "suspended", "from": ["new", "working"], "to": "vendor", "label": "Wait for the vendor"},
        {"act": "referred", "from": ["new", "working"], "to": "vendor"},
        {"act": "resumed", "from": ["customer", "vendor"], "to": "working"},
        {"act": "resolved", "to": "done", "requires": ["cause"]},
        {"act": "checked", "from": ["done"], "to": "signed", "label": "Sign off"},
        {"act": "closed", "from": ["signed"], "to": "closed"},
        {"act": "reopened", "from": ["done", "signed"], "to": "working", "right": "checked"},
    ],
}  # fmt: skip
OFFICE = {
    "zone": "Europe/Berlin",
    "hours": {day: ["09:00-17:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")},
}


def put(changes: configuring.Changes, by: Actor) -> None:
    """This will put documents in force."""
    configuring.change(changes, by=by, door=Door.WEB)
    configured.refresh()


def visit(ada: Actor, anna: Actor) -> int:
    """This will build the queue, and open a ticket in it."""
    put(
        {
            ("calendar", "office"): OFFICE,
            ("lifecycle", "field"): FIELD,
            ("queue", "field"): {"title": "Field work", "lifecycle": "field", "calendar": "office"},
        },
        ada,
    )
    return desk.open(Opening(subject="Rack 4 has no light", queue="field"), by=anna, door=Door.WEB).number


def ticket(number: int) -> Ticket:
    return Ticket.objects.get(pk=number)


def stands(number: int) -> tuple[str, str, str]:
    """This will give a ticket's state, its meaning, and whose time runs."""
    row = ticket(number)
    return row.state, row.meaning, row.clock


def refused(code: str, act: Any) -> Invalid | WrongState:
    """This will do an act that must be refused for this reason."""
    with pytest.raises((Invalid, WrongState)) as refusal:
        act()
    assert refusal.value.code == code
    return refusal.value
