"""Other tickets behind a link, and how many there are of something, in SQL."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from nocturne.core.configuration import current
from nocturne.core.query.tree import Probe
from nocturne.store import reach, searchpast, searchvalues
from nocturne.store.models import Affected, FieldValue, Outage, Party, Relation, Ticket, TicketMachine
from nocturne.store.searchvalues import Asking

_KINDS = {"depends": "depends_on", "refers": "refers_to"}


def linked(link: str, part: Q, asking: Asking, *, by_number: bool = False) -> Q:
    """Find tickets that a link leads from to one who asks may know of, and that is as the part says.

    What a ticket says of its link is asked of whoever reads that there: a child says who its parent is.

    :param by_number: whether the part asks for the other ticket by its number: then that one is looked up first.
    """
    others = Ticket.objects.visible_to(asking.actor, aside=asking.aside).filter(part)
    if link == "parent" and by_number:
        return _told(Q(parent__in=others.values("pk")), "parent", asking)
    if link == "parent":
        # Few tickets have a parent; those that could be one are many.
        found = Q(parent__isnull=False) & Q(Exists(others.filter(pk=OuterRef("parent"))))
        return _told(found, "parent", asking)
    if link == "child":
        return Q(number__in=_telling(others, "parent", asking).filter(parent__isnull=False).values("parent"))
    if link == "merged":
        return Q(merged_into__in=others.values("pk"))
    if link == "blocks":
        telling = _telling(others, "relation", asking)
        rows = Relation.objects.filter(kind=_KINDS["depends"])
        if by_number:
            rows = rows.filter(ticket__in=telling.values("pk"))
        else:
            rows = rows.filter(Exists(telling.filter(pk=OuterRef("ticket"))))
        return Q(number__in=rows.values("other"))
    rows = Relation.objects.filter(kind=_KINDS[link])
    if by_number:
        rows = rows.filter(other__in=others.values("pk"))
    else:
        rows = rows.filter(Exists(others.filter(pk=OuterRef("other"))))
    return _told(Q(number__in=rows.values("ticket")), "relation", asking)


def _told(found: Q, column: str, asking: Asking) -> Q:
    allowed = reach.visible(asking.actor, current().class_of(column), aside=asking.aside)
    return found if allowed is None else allowed & found


def _telling(tickets: QuerySet[Ticket], column: str, asking: Asking) -> QuerySet[Ticket]:
    allowed = reach.visible(asking.actor, current().class_of(column), aside=asking.aside)
    return tickets if allowed is None else tickets.filter(allowed)


def least(probe: Probe, asking: Asking) -> Q:
    """Find tickets on which there is at least as much of something as the last value says."""
    number = probe.values[-1]
    if number < 1:
        return ~reach.NOTHING
    if probe.column == "clock":
        return searchpast.ran(probe.values[0], number, asking)
    rows, ticket = _rows(probe, asking)
    if number > 1:
        # The order of the index is no part of what is counted.
        rows = rows.order_by().values(ticket).annotate(counted=Count("pk")).filter(counted__gte=number)
    return Q(number__in=rows.values(ticket))


def _rows(probe: Probe, asking: Asking) -> tuple[QuerySet[Any], str]:
    """Give what is counted, and how each row names its ticket."""
    column, what = probe.column, probe.values[0]
    match column:
        case "child":
            known = Ticket.objects.visible_to(asking.actor, aside=asking.aside)
            children = _telling(known, "parent", asking)
            if what is not None:
                children = _telling(children, "type", asking).filter(type__in=what)
            return children.filter(parent__isnull=False), "parent"
        case "file":
            return searchvalues.files(asking.actor), "ticket"
        case "outage":
            return Outage.objects.all(), "ticket"
        case "machine":
            return TicketMachine.objects.all(), "ticket"
        case "watcher" | "expert":
            return Party.objects.filter(key__startswith=f"{column}:"), "ticket"
        case "customer" | "service":
            return Affected.objects.filter(value__kind=column), "ticket"
        case "affected":
            return Affected.objects.all(), "ticket"
    return FieldValue.objects.filter(name="tag"), "ticket"
