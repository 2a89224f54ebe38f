"""Names that a form suggests while somebody types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from nocturne.core import permits
from nocturne.core.configuration import current
from nocturne.core.permits import Actor
from nocturne.store import lettercase
from nocturne.store.models import Circuit, Contact, Group, Machine, Network, Queue, Site, User, Vendor

MOST, FEW = 300, 20
_LISTS: dict[str, Any] = {
    "people": lambda: User.objects.filter(is_active=True, is_service=False, contact=None),
    "colleagues": lambda: User.objects.filter(is_active=True, is_service=False, contact=None),
    "machines": lambda: Machine.objects.filter(retired_at=None),
    "vendors": lambda: Vendor.objects.filter(retired_at=None),
    "networks": lambda: Network.objects.filter(retired_at=None),
    "sites": lambda: Site.objects.filter(retired_at=None),
    "circuits": lambda: Circuit.objects.filter(retired_at=None),
    "contacts": lambda: Contact.objects.filter(retired_at=None).exclude(name=""),
    "organisations": lambda: Contact.objects.filter(retired_at=None).exclude(organisation=""),
    "queues": lambda: Queue.objects.filter(retired_at=None),
}


_READ_AS = {"circuits": "circuit", "contacts": "reporter", "organisations": "reporter"}
"""Which column somebody must be able to read to be told what is in a list."""


class Names(list[str]):
    """The names of a list that a form suggests; `is_cut` says that there are more, which are asked for as one types."""

    is_cut = False


def suggestions(names: Iterable[str], actor: Actor) -> dict[str, Names]:
    """Read the lists that some fields are filled from, the first few hundred of each, as far as the reader may."""
    return {name: _list(name, actor) for name in sorted(names)}


def _list(name: str, actor: Actor) -> Names:
    if not _may_look_up(name, actor):
        return Names()
    if name == "organisations":
        named = _LISTS[name]().order_by("organisation").values_list("organisation", flat=True).distinct()
        return Names(named[:MOST])
    rows = list(_LISTS[name]().order_by("name").values_list("pk", "name")[: MOST + 1])
    found = Names(each for key, each in rows[:MOST] if name != "queues" or permits.knows_queue(actor, key))
    found.is_cut = len(rows) > MOST and name != "queues"
    return found


def _may_look_up(name: str, actor: Actor) -> bool:
    """Tell whether somebody may read a list of the inventory, or of the accounts."""
    if name in _READ_AS and not permits.sees_column(actor, _READ_AS[name]):
        return False
    return name == "queues" or permits.may(
        actor, "all-people" if name in ("people", "colleagues") else "look-up"
    )


def matching(name: str, part: str, actor: Actor) -> list[str]:
    """List the names that a part of one could be, those that begin so first; nothing for whoever may not read the list.

    :raises KeyError: there is no such list.
    """
    rows = _LISTS[name]()
    if not (actor.is_staff and part and _may_look_up(name, actor)):
        return []
    if name == "queues":
        return [each for each in _list(name, actor) if part.casefold() in each.casefold()][:FEW]
    if name == "colleagues":  # whoever can be asked on a ticket: people, and groups of them
        groups = Group.objects.filter(name__istartswith=part).order_by("name").values_list("name", flat=True)
        return list(dict.fromkeys([*matching("people", part, actor), *groups[:FEW]]))[:FEW]
    if name == "organisations":
        found = rows.filter(organisation__icontains=part).order_by("organisation").distinct()
        return list(found.values_list("organisation", flat=True)[:FEW])
    begins = rows.filter(name__istartswith=part).order_by("name").values_list("name", flat=True)[:FEW]
    holds = rows.filter(_holding(name, part)).order_by("name").values_list("name", flat=True)[:FEW]
    return list(dict.fromkeys([*begins, *holds]))[:FEW]


def _holding(name: str, part: str) -> Q:
    """Say that a part of somebody's or something's name is this; of a colleague, of the full name as well."""
    found = lettercase.holds("name", part)
    return found | lettercase.holds("full_name", part) if name == "people" else found


def called(name: str, given: Sequence[str], actor: Actor) -> dict[str, str]:
    """Find the names of a list that are just one of some words, in any case; nothing of what may not be looked up.

    :return: the names, by the words in small letters.
    """
    if not (actor.is_staff and _may_look_up(name, actor)):
        return {}
    wanted = reduce(or_, (lettercase.equals("name", word) for word in given), Q(pk__in=()))
    rows: Iterable[str] = _LISTS[name]().filter(wanted).values_list("name", flat=True)
    return {each.lower(): each for each in rows}


def knows(name: str, given: str, actor: Actor) -> bool:
    """Tell whether a list has a name, in any case; of a list that somebody may not read, every name may be in it.

    :raises KeyError: there is no such list.
    """
    if not (actor.is_staff and _may_look_up(name, actor)):
        return True
    wanted = given.strip()
    if name == "queues":
        return wanted.casefold() in (each.casefold() for each in _list(name, actor))
    also = {"people": ("full_name", "email"), "contacts": ("email",)}.get(name, ())
    columns = ("organisation",) if name == "organisations" else ("name", *also)
    # Who has left and what is no longer there still stands on old tickets.
    rows = _LISTS[name]().model.objects.all()
    return bool(rows.filter(reduce(or_, (lettercase.equals(each, wanted) for each in columns))).exists())


def knows_of(given: str, lists: Sequence[str], actor: Actor) -> bool:
    """Tell whether somebody can be asked for by `@group`, or where contacts are among the lists by `@domain`."""
    if not actor.is_staff or any(not _may_look_up(name, actor) for name in lists):
        return True
    if "people" in lists and given[1:].casefold() in groups(actor):
        return True
    return "contacts" in lists and Contact.objects.filter(email__iendswith=given).exists()


def groups(actor: Actor) -> list[str]:
    """List the groups in small letters; nothing for whoever may not read the list of people."""
    return sorted(each.casefold() for each in current().groups) if permits.may(actor, "all-people") else []
