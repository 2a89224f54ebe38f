"""Makes a header what its entries add up to, where somebody has changed it behind the desk's back."""

from __future__ import annotations

from typing import Any

from nocturne.core.chart import fold
from nocturne.core.entry import Change, DataClass, from_instant
from nocturne.store import books
from nocturne.store.append import _set_element as set_element
from nocturne.store.append import count_affected
from nocturne.store.db import writing
from nocturne.store.headers import ATTRIBUTES, FORMS
from nocturne.store.models import Entry, Ticket


def difference(number: int) -> tuple[str, Any, Any] | None:
    """Name the first column in which a ticket's header is not the fold of its entries, on a database in use.

    What looks different may have been read while somebody wrote: it counts when it still differs under the lock.
    """
    if books.first_difference(number) is None:
        return None
    with writing():
        _lock(number)
        return books.first_difference(number)


def broken_link(number: int) -> str | None:
    """Say what is wrong with a ticket's chain, on a database in use; None when nothing is."""
    if books.broken_link(number) is None:
        return None
    with writing():
        _lock(number)
        return books.broken_link(number)


def repair(number: int) -> list[str]:
    """Set a ticket's header and sets to the fold of its entries; the entries themselves stay as they are.

    :return: the columns that were not right.
    """
    with writing():
        _lock(number)
        return _repair(number)


def _lock(number: int) -> None:
    Ticket.objects.select_for_update().get(pk=number)


def _repair(number: int) -> list[str]:
    entries = books.entries(number)
    folded, header = fold(entries), books.header(number)
    wrong = sorted(name for name in folded.keys() | header.keys() if folded.get(name) != header.get(name))
    values: dict[str, Any] = {"state": folded["state"]["name"], "meaning": folded["state"]["meaning"]}
    for name, attribute in ATTRIBUTES.items():
        value = folded.get(name)
        if value is not None and FORMS[name] == "instant":
            value = from_instant(value)
        values[attribute] = value
    switches = [
        (each.at, each.seq)
        for each in entries
        for change in each.changes
        if change.column == "clock" and change.after
    ]
    if switches:
        values["clock_since"] = max(switches)[0]
    Ticket.objects.filter(pk=number).update(**values, **_bookkeeping(number))
    ticket = Ticket.objects.get(pk=number)
    for name in wrong:
        if "/" in name:
            set_element(ticket, Change(name, None, None))
            if folded.get(name) is not None:
                set_element(ticket, Change(name, None, folded[name]))
    before = ticket.affected_count, ticket.raised
    count_affected(ticket)
    if before != (ticket.affected_count, ticket.raised):
        ticket.save(update_fields=["affected_count", "raised"])
        wrong.append("affected_count")
    return wrong


def _bookkeeping(number: int) -> dict[str, Any]:
    """Find again what the last entry is, for each class of reader."""
    found: dict[str, Any] = {}
    for suffix, top in (
        ("", DataClass.RESTRICTED),
        ("_staff", DataClass.STAFF),
        ("_customer", DataClass.CUSTOMER),
    ):
        last = Entry.objects.filter(ticket_id=number, shown_class__lte=int(top)).order_by("-seq").first()
        found[f"last_seq{suffix}"] = last.seq if last else 0
        found[f"touched{suffix}_at"] = last.recorded_at if last else None
        if not suffix and last:
            found["last_hash"] = bytes(last.hash)
    return found
