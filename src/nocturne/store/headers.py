"""A ticket's row and its sets, spelt as a fold spells them."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from nocturne.core.chart import COLUMNS, plain
from nocturne.core.entry import from_instant, instant
from nocturne.store.models import Affected, FieldValue, Outage, Party, Ticket

FORMS = {name: each.form for name, each in COLUMNS.items()}
ATTRIBUTES = {
    name: f"{name}_id" if form == "row" else name for name, form in FORMS.items() if form != "state"
}
ELEMENT_MODELS: dict[str, Any] = {"party": Party, "outage": Outage, "affected": Affected, "field": FieldValue}


def header_of(ticket: Ticket) -> dict[str, Any]:
    """Spell a ticket's row as a fold spells it: JSON values, and nothing for what is empty."""
    header: dict[str, Any] = {"state": {"name": ticket.state, "meaning": ticket.meaning}}
    for name, attribute in ATTRIBUTES.items():
        value = getattr(ticket, attribute)
        if value is not None and value != "":
            header[name] = instant(value) if FORMS[name] == "instant" else value
    return header


_ELEMENTS = """
SELECT 'machine', CAST(t.machine_id AS varchar(40)), m.name
    FROM ticket_machine t JOIN machine m ON m.id = t.machine_id WHERE t.ticket_id = %s
UNION ALL SELECT 'relation', kind || ':' || other_id, CAST(other_id AS varchar(40))
    FROM ticket_relation WHERE ticket_id = %s
UNION ALL SELECT 'party', key, CAST(value AS text) FROM ticket_party WHERE ticket_id = %s
UNION ALL SELECT 'outage', key, CAST(value AS text) FROM ticket_outage WHERE ticket_id = %s
UNION ALL SELECT 'affected', key, CAST(value AS text) FROM ticket_affected WHERE ticket_id = %s
UNION ALL SELECT 'field', key, CAST(value AS text) FROM ticket_field WHERE ticket_id = %s"""


def elements_of(number: int) -> dict[str, Any]:
    """Read a ticket's sets as a fold spells them, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_ELEMENTS, [number] * 6)
        return {
            f"{kind}/{key}": json.loads(value) if kind in ELEMENT_MODELS else value
            for kind, key, value in cursor.fetchall()
        }


def assign(ticket: Ticket, name: str, after: Any) -> None:
    """Set one header column of a row in memory from its stored spelling."""
    form = FORMS[name]
    value = plain(form, after)
    if form == "instant" and value is not None:
        value = from_instant(value)
    setattr(ticket, ATTRIBUTES[name], value)
