"""The help that local staff have written for a field, RFC 1297's or one of their own, with the facts put in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from nocturne.core.configuration import current
from nocturne.core.fieldvalues.facts import named, put_in
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid
from nocturne.desk import fieldlookups, lookups
from nocturne.desk.charts import Chart
from nocturne.store.headers import elements_of, header_of
from nocturne.store.models import Ticket


def on_ticket(columns: Iterable[str], chart: Chart, reader: Actor) -> dict[str, str]:
    """Give the help of some columns (`cause`, `field/cve`) as it reads on a ticket."""
    texts = _texts(columns)
    if not any(named(text) for text in texts.values()):
        return texts
    ticket = Ticket.objects.get(pk=chart.number)
    known = header_of(ticket) | elements_of(chart.number)
    return _put_in(texts, known, reader, place=chart.place)


def before_opening(columns: Iterable[str], given: Mapping[str, Any], reader: Actor) -> dict[str, str]:
    """Give the help of some columns as it reads on a ticket that is about to be opened.

    :param given: what has been typed so far: machines (apart by commas), site, network, circuit, vendor, queue, owner.
    """
    texts = _texts(columns)
    if not any(named(text) for text in texts.values()):
        return texts
    known: dict[str, Any] = {}
    for name in ("site", "network", "circuit", "vendor", "queue"):
        if found := _thing(name, given.get(name)):
            known[name] = found["id"]
    for name in str(given.get("machines") or "").split(","):
        if found := _thing("machine", name.strip()):
            known[f"machine/{found['id']}"] = found["label"]
    return _put_in(texts, known, reader, place={"number": 0})


def _thing(column: str, given: Any) -> dict[str, Any] | None:
    try:
        return lookups.thing(column, given)
    except Invalid:
        return None


def _texts(columns: Iterable[str]) -> dict[str, str]:
    fields = current().fields
    found = {}
    for column in columns:
        said = fields.get(column.removeprefix(PREFIX))
        if said is not None and said.help and said.core != column.startswith(PREFIX):
            found[column] = said.help
    return found


def _put_in(
    texts: Mapping[str, str], known: Mapping[str, Any], reader: Actor, *, place: Mapping[str, Any]
) -> dict[str, str]:
    wanted = {each for text in texts.values() for each in named(text)}
    facts = fieldlookups.facts(wanted, known, reader, place=place)
    return {column: put_in(text, facts, missing=_("(not known)")) for column, text in texts.items()}
