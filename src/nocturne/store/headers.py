"""A ticket's row and its sets, spelt as a fold spells them."""

from __future__ import annotations

from typing import Any

from nocturne.core.chart import COLUMNS, plain
from nocturne.core.entry import from_instant, instant
from nocturne.store.models import Affected, FieldValue, Outage, Party, Relation, Ticket, TicketMachine

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


def elements_of(number: int) -> dict[str, Any]:
    """Read a ticket's sets as a fold spells them."""
    found: dict[str, Any] = {
        f"machine/{machine}": name
        for machine, name in TicketMachine.objects.filter(ticket_id=number).values_list(
            "machine_id", "machine__name"
        )
    }
    for kind, model in ELEMENT_MODELS.items():
        rows = model.objects.filter(ticket_id=number).values_list("key", "value")
        found |= {f"{kind}/{key}": value for key, value in rows}
    found |= {
        f"relation/{kind}:{other}": str(other)
        for kind, other in Relation.objects.filter(ticket_id=number).values_list("kind", "other_id")
    }
    return found


def assign(ticket: Ticket, name: str, after: Any) -> None:
    """Set one header column of a row in memory from its stored spelling."""
    form = FORMS[name]
    value = plain(form, after)
    if form == "instant" and value is not None:
        value = from_instant(value)
    setattr(ticket, ATTRIBUTES[name], value)
