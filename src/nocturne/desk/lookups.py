"""Finds the rows that people name: queues, people, machines, vendors."""

from __future__ import annotations

from typing import Any

from django.db import connection

from nocturne.core.configuration import current
from nocturne.core.mailthread import normalise_address
from nocturne.core.refusals import Invalid, NotFound
from nocturne.store.models import Circuit, Contact, Machine, Network, Queue, Site, User, Vendor
from nocturne.store.readings import Reading

Named = dict[str, Any]
"""A row as an entry keeps it: its number, and its label at that time."""

_THINGS: dict[str, Any] = {
    "queue": Queue,
    "network": Network,
    "site": Site,
    "circuit": Circuit,
    "vendor": Vendor,
    "machine": Machine,
}


def row(number: int, label: str) -> Named:
    """Spell a row as changes of the books have it: its number, and what it is called."""
    return {"id": number, "label": label}


def thing(column: str, given: Any) -> Named | None:
    """Find a row of the inventory, or a queue, by its name in any case; nothing for nothing.

    :raises Invalid: there is none of that name, or it is retired.
    """
    if given is None or given == "":
        return None
    if isinstance(given, dict):
        return given
    name = str(given).strip()
    if column == "queue":
        name = queue_name(name)
    rows = _NAMED.rows(in_any_case(name), shape=(column,))
    if not rows:
        raise Invalid(f"unknown_{column}", field=column, given=str(given))
    found = rows[0]
    if found["retired_at"] is not None:
        raise Invalid(f"retired_{column}", field=column, given=found["name"])
    return row(found["pk"], found["name"])


_NAMED = Reading(
    lambda name, column: (
        _THINGS[column]
        .objects.filter(name__iexact=name)
        .order_by("pk")
        .values("pk", "name", "retired_at")[:1]
    )
)


def in_any_case(name: str) -> str:
    """Spell a name for a reading that looks for it in any case (`iexact`)."""
    return str(connection.ops.prep_for_iexact_query(name))


def queue_name(given: str) -> str:
    """Give a queue's present name for one it has had; any other name as it is."""
    known = current().queue_named(given.strip().lower())
    return known.name if known is not None else given.strip()


def person(given: Any, *, field: str = "owner") -> Named | None:
    """Find an account by its name; nothing for nothing.

    :raises Invalid: there is no such active account.
    """
    if given is None or given == "":
        return None
    if isinstance(given, dict):
        return given
    rows = _PERSON.rows(in_any_case(str(given).strip()))
    if not rows:
        raise Invalid("unknown_person", field=field, given=str(given))
    return row(rows[0]["pk"], rows[0]["name"])


_PERSON = Reading(
    lambda name: (
        User.objects.filter(name__iexact=name, is_active=True).order_by("pk").values("pk", "name")[:1]
    )
)


def contact(*, name: str = "", organisation: str = "", phone: str = "", email: str = "") -> Named:
    """Find or make the contact who gave these words of themselves; an address makes them known again.

    A sender becomes a contact, never an account.
    """
    email = email.strip().lower()
    if not email:
        made = Contact.objects.create(name=name, organisation=organisation, phone=phone, email=None)
        return row(made.pk, str(made))
    found, _ = Contact.objects.get_or_create(
        email=email, defaults={"name": name, "organisation": organisation, "phone": phone}
    )
    return row(found.pk, str(found))


def known_contact(email: str) -> int:
    """Find the contact of a mail address.

    :raises NotFound: there is none.
    """
    found = Contact.objects.filter(email=email.strip().lower()).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound("no_such_contact", given=email)
    return found


_LONGEST = {"name": 160, "organisation": 160, "phone": 40, "email": 254}


def typed_contact(
    *, name: str = "", organisation: str = "", phone: str = "", email: str = "", field: str = "reporter"
) -> Named:
    """Find or make the contact whom somebody has typed in.

    :raises Invalid: the mail address is none, or something is longer than it can be.
    """
    given = {"name": name, "organisation": organisation, "phone": phone, "email": email}
    for part, text in given.items():
        if len(text) > _LONGEST[part]:
            raise Invalid("line_too_long", field=field, limit=_LONGEST[part], length=len(text))
    if email.strip() and not is_address(email.strip()):
        raise Invalid("bad_address", field=field, given=email)
    return contact(**given)


def is_address(text: str) -> bool:
    """Tell whether a text can be a mail address that nothing else hides in."""
    plain = text.count("@") == 1 and not any(c.isspace() or c in '<>",;:' for c in text)
    return plain and normalise_address(text) is not None


def label(column: str, number: int) -> str:
    """Say how a row is called now.

    :param column: a header column whose value is a row.
    """
    if column in ("parent", "merged_into"):
        return str(number)
    if column in ("owner", "checked_by"):
        return User.objects.filter(pk=number).values_list("name", flat=True).first() or str(number)
    if column == "reporter":
        found = Contact.objects.filter(pk=number).first()
        return str(found) if found else str(number)
    return _THINGS[column].objects.filter(pk=number).values_list("name", flat=True).first() or str(number)


def contact_party(number: int) -> dict[str, str]:
    """Spell a contact as somebody who watches a ticket."""
    found = Contact.objects.get(pk=number)
    return {"label": str(found), "email": found.email or ""}
