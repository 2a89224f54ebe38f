"""Fills a new ticket with what nobody has to type: where its machines stand, and what its queue says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nocturne.core.configuration import current
from nocturne.core.refusals import Invalid
from nocturne.core.values import level
from nocturne.desk import lookups
from nocturne.desk.lookups import Named
from nocturne.desk.terms import Opening
from nocturne.store.models import Machine
from nocturne.store.readings import Reading

LEVELS = ("severity", "priority")
THINGS = ("network", "site", "vendor")


def by_machines(new: Opening) -> tuple[Opening, dict[str, Named]]:
    """Say where a problem is, if its machines all stand in one site or network and nothing else was said.

    :return: the opening, and the rows of what was filled, as far as they are not retired.
    """
    names = [each.strip() for each in new.machines if each.strip()]
    if not names or (new.network and new.site):
        return new, {}
    stand = [row for name in names for row in _STAND.rows(lookups.in_any_case(name))]
    sites = {_place(row, "site") for row in stand}
    networks = {_place(row, "network") or _place(row, "site__network") for row in stand}
    filled = {}
    if not new.site and len(sites) == 1 and (site := sites.pop()):
        filled["site"] = site
    if not new.network and len(networks) == 1 and (network := networks.pop()):
        filled["network"] = network
    known = {name: lookups.row(number, label) for name, (number, label, gone) in filled.items() if not gone}
    labels: dict[str, Any] = {name: label for name, (_, label, _) in filled.items()}
    return replace(new, **labels), known


_STAND = Reading(
    lambda name: Machine.objects.filter(name__iexact=name).values(
        *(
            f"{place}__{column}"
            for place in ("site", "network", "site__network")
            for column in ("pk", "name", "retired_at")
        )
    )
)


def _place(row: Mapping[str, Any], place: str) -> tuple[int, str, bool] | None:
    """Give where a machine stands: number, name, and whether that is retired."""
    number, name, retired = (row[f"{place}__{column}"] for column in ("pk", "name", "retired_at"))
    return None if number is None else (number, name, retired is not None)


def by_queue(new: Opening, queue: str) -> tuple[Opening, str | None]:
    """Fill what the opener left open with what the queue says; what the inventory does not know any more is left out.

    :return: the opening, and the next action.
    """
    said = current().queues.get(queue)
    defaults: Mapping[str, Any] = said.defaults if said is not None else {}
    filled: dict[str, Any] = {}
    for name in LEVELS:
        if name in defaults and getattr(new, name) is None:
            filled[name] = level(name, defaults[name])
    for name in THINGS:
        if name in defaults and not getattr(new, name) and _is_known(name, defaults[name]):
            filled[name] = str(defaults[name])
    if "owner" in defaults and not new.owner and _is_person(defaults["owner"]):
        filled["owner"] = str(defaults["owner"])
    if "machine" in defaults and not new.machines:
        named = defaults["machine"] if isinstance(defaults["machine"], list) else [defaults["machine"]]
        filled["machines"] = [str(each) for each in named if _is_known("machine", each)]
    return replace(new, **filled), defaults.get("next_action")


def _is_known(column: str, given: Any) -> bool:
    try:
        return lookups.thing(column, str(given)) is not None
    except Invalid:
        return False


def _is_person(given: Any) -> bool:
    try:
        return lookups.person(str(given)) is not None
    except Invalid:
        return False
