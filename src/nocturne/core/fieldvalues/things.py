"""What the NOC knows by name: people, contacts, its inventory, other tickets."""

from __future__ import annotations

from decimal import Decimal

from nocturne.core.configuration.fields import Field
from nocturne.core.fieldvalues.value import Context, Kind, Kinds, Searchable, Stored, bad, folded

NAMED = ("person", "contact", "machine", "circuit", "site", "network")


def _reader(kind: str) -> Kind:
    def read(field: Field, text: str, context: Context) -> Stored:
        """Find a row by its name; the books keep its number and how it was called.

        :raises Invalid: there is none of that name, or it is retired.
        """
        found = context.find(kind, text)
        if found is None:
            raise bad(field, f"unknown_{kind}", text)
        if found.retired:
            raise bad(field, "retired", text, value=found.label)
        return {"value": found.id, "label": found.label}

    return Kind(read, show, _search)


def show(value: Stored, _: Field | None = None) -> str:
    """Show somebody or something by what it was called when it was chosen."""
    return str(value["label"])


def _search(value: Stored) -> Searchable:
    return Searchable(text=folded(str(value["label"])))


def ticket(field: Field, text: str, context: Context) -> Stored:
    """Read the number of another ticket.

    :raises Invalid: it is none, or there is no such ticket for the writer.
    """
    digits = text.removeprefix("#")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 19):
        raise bad(field, "not_a_ticket", text)
    if context.find("ticket", digits) is None:
        raise bad(field, "unknown_ticket", text)
    return {"value": int(digits)}


def _show_ticket(value: Stored, _: Field | None) -> str:
    return str(value["value"])


def _search_ticket(value: Stored) -> Searchable:
    return Searchable(number=Decimal(value["value"]))


KINDS: Kinds = {kind: _reader(kind) for kind in NAMED} | {
    "ticket": Kind(ticket, _show_ticket, _search_ticket, "4711")
}
