"""Who may see and do what: decided here, and nowhere else.

The table is the site's: its clearances (`nocturne.core.configuration`) say what a group, or somebody with a part in a
ticket, may do with which classes of data, where and when. What several clearances give adds up; none takes away.
`nocturne.store.reach` has the SQL twins of :func:`in_scope` and :func:`classes`; a law holds them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nocturne.core.actors import (
    ADMIN_SCOPE,
    GUEST,
    NONE,
    READ_SCOPE,
    WRITE_SCOPE,
    Actor,
    Held,
    SpeaksFor,
    held,
)
from nocturne.core.configuration.clearances import ANYBODY
from nocturne.core.configuration.grants import Grant, Numbers
from nocturne.core.configuration.inforce import current
from nocturne.core.entry import DataClass, Kind
from nocturne.core.refusals import Forbidden, NotFound

__all__ = [
    "ADMIN_SCOPE",
    "GUEST",
    "NONE",
    "READ_SCOPE",
    "WRITE_SCOPE",
    "Actor",
    "Held",
    "SpeaksFor",
    "appends",
    "classes",
    "classes_somewhere",
    "demand",
    "demand_opening",
    "held",
    "in_scope",
    "is_narrowed",
    "is_party",
    "knows_queue",
    "may",
    "may_apart",
    "may_write",
    "project",
    "reaching",
    "rung",
    "sees_all_tickets",
    "sees_column",
    "sees_column_everywhere",
]

# --- what reaches a ticket -------------------------------------------------------------------------------------------


def reaching(actor: Actor, header: Mapping[str, Any]) -> list[Grant]:
    """List the grants that reach a ticket for this actor.

    :param header: columns as a fold spells them (rows as numbers); `number`, `site`, `machines` (numbers) and `parts`
        (parties whom the actor is found to be, such as `watcher`) count where they are given.
    """
    if actor.only_queues is not None and header.get("queue") not in actor.only_queues:
        return []
    if actor.only_ticket is not None and header.get("number") != actor.only_ticket:
        return []
    return [
        grant
        for grant in held(actor).grants
        if grant.reaches(header) and (not grant.party or is_party(actor, grant.party, header))
    ]


def is_party(actor: Actor, party: str, header: Mapping[str, Any]) -> bool:
    """Tell whether an actor has a part in a ticket."""
    if party == ANYBODY or party in header.get("parts", ()):
        return True
    if party == "reporter":
        return actor.contact is not None and header.get("reporter") == actor.contact
    if party == "owner":
        return actor.is_account(header.get("owner"))
    if party == "representative":
        mine = actor.speaks_for
        return (
            header.get("network") in mine.networks
            or header.get("site") in mine.sites
            or not mine.machines.isdisjoint(header.get("machines", ()))
        )
    return False


def classes(actor: Actor, header: Mapping[str, Any]) -> Numbers:
    """Give the data classes this actor may read on this ticket; none where they may not know of it."""
    mine = held(actor)
    if mine.is_simple:
        return mine.sees
    if mine.parties or actor.only_ticket is not None or not isinstance(header.get("state"), str):
        return frozenset().union(*(grant.sees for grant in reaching(actor, header)))
    # Rows of a list are alike in what is asked of them: each kind of row is judged once.
    alike = tuple(header.get(name) for name in ("queue", "network", "type", "state", "meaning"))
    found = mine.judged.get(alike)
    if found is None:
        found = mine.judged[alike] = frozenset().union(*(grant.sees for grant in reaching(actor, header)))
    return found


def classes_somewhere(actor: Actor) -> Numbers:
    """Give the data classes this actor may read on some ticket."""
    return held(actor).somewhere


def appends(actor: Actor, header: Mapping[str, Any]) -> Numbers:
    """Give the data classes in which this actor may write entries on this ticket."""
    mine = held(actor)
    if mine.is_simple:
        return mine.appends
    return frozenset().union(*(grant.appends for grant in reaching(actor, header)))


def rung(actor: Actor, header: Mapping[str, Any] | None = None) -> DataClass:
    """Give the highest rung of the ladder the actor may read: on a ticket, or anywhere."""
    seen = classes_somewhere(actor) if header is None else classes(actor, header)
    return max((DataClass(each) for each in seen if each <= DataClass.RESTRICTED), default=DataClass.PUBLIC)


def sees_all_tickets(actor: Actor) -> bool:
    """Tell whether there is no ticket this actor may not know of."""
    return bool(held(actor).sees)


def in_scope(actor: Actor, header: Mapping[str, Any]) -> bool:
    """Tell whether the actor may know of this ticket at all. The SQL twin is `Ticket.objects.visible_to`."""
    return bool(classes(actor, header))


def knows_queue(actor: Actor, number: int) -> bool:
    """Tell whether an actor may know that there is this queue: some ticket in it could be theirs to see."""
    if actor.only_queues is not None and number not in actor.only_queues:
        return False
    return any(
        grant.sees and number not in grant.without and (grant.queues is None or number in grant.queues)
        for grant in held(actor).grants
    )


def sees_column(actor: Actor, name: str, header: Mapping[str, Any] | None = None) -> bool:
    """Tell whether the actor may read a column: on a ticket, or on any."""
    seen = classes_somewhere(actor) if header is None else classes(actor, header)
    return current().class_of(name) in seen


def sees_column_everywhere(actor: Actor, name: str) -> bool:
    """Tell whether the actor may read a column on every ticket they know of: only then a list may follow it."""
    number = current().class_of(name)
    return all(number in grant.sees for grant in held(actor).grants if grant.sees)


def project(actor: Actor, header: Mapping[str, Any]) -> dict[str, Any]:
    """Reduce a header to the columns this actor may read; nothing else may reach a page, a mail or a program."""
    seen, class_of = classes(actor, header), current().class_of
    return {name: value for name, value in header.items() if class_of(name) in seen}


# --- what may be done ------------------------------------------------------------------------------------------------


def may(actor: Actor, right: str, header: Mapping[str, Any] | None = None) -> bool:
    """Tell whether the actor holds a right (the value of an entry's kind, or a right without data).

    :param header: on this ticket; without it, on any.
    """
    if right.startswith("administer"):
        if ADMIN_SCOPE not in actor.scopes or actor.only_queues is not None:
            return False  # what is narrowed to some queues' tickets does not reach beyond them
    elif right not in ("export", "look-up", "all-people") and WRITE_SCOPE not in actor.scopes:
        return False
    mine = held(actor)
    if right.startswith("administer"):
        own = mine.unlimited.rights
        return right in own or (right == "administer" and any(each.startswith("administer-") for each in own))
    if header is None or mine.is_simple:
        return right in mine.rights_somewhere
    return any(right in grant.rights for grant in reaching(actor, header))


def may_apart(actor: Actor, right: str) -> bool:
    """Tell whether the actor holds a right on what hangs on no ticket: by a clearance without limits, and not by a
    token or link that is narrowed to some tickets."""
    if WRITE_SCOPE not in actor.scopes or is_narrowed(actor):
        return False
    return right in held(actor).unlimited.rights


def is_narrowed(actor: Actor) -> bool:
    """Tell whether a token or a link is narrowed to some tickets: it opens nothing that hangs on none."""
    return actor.only_queues is not None or actor.only_ticket is not None


def demand(actor: Actor, kind: Kind, header: Mapping[str, Any], *, number: int | None = None) -> None:
    """Refuse an act that the actor may not do on this ticket.

    :raises NotFound: the actor may not know of the ticket.
    :raises Forbidden: the actor may not do this.
    """
    vouched = number is not None and actor.vouched == number
    if not in_scope(actor, header) and not vouched:
        raise NotFound("no_such_ticket")
    if not may(actor, kind.value, None if vouched else header):
        raise Forbidden("not_permitted", act=kind.value)


def demand_opening(
    actor: Actor, header: Mapping[str, Any], columns: Iterable[str], *, by_mail: bool = False
) -> None:
    """Refuse somebody who may not open such a ticket, or may not fill these columns when opening.

    :param header: its queue, type, network and state as they are to be.
    :param by_mail: a queue that takes mail takes it from people who may not read it afterwards, too.
    :raises Forbidden: they may not.
    """
    narrowed = actor.only_queues is not None and header.get("queue") not in actor.only_queues
    grants = [
        grant
        for grant in held(actor).grants
        if Kind.OPENED.value in grant.rights
        and (grant.reaches(header) or (by_mail and grant.reaches({**header, "queue": None})))
    ]
    if not grants or narrowed or not may(actor, Kind.OPENED.value):
        raise Forbidden("not_permitted", act=Kind.OPENED.value)
    opens_with: frozenset[str] = frozenset().union(*(grant.opens_with or frozenset() for grant in grants))
    _refuse_columns(columns, frozenset().union(*(grant.changes for grant in grants)), opens_with)


def may_write(actor: Actor, columns: Iterable[str], data_class: DataClass, header: Mapping[str, Any]) -> None:
    """Refuse a write in a class that is not the actor's, and of columns that are not theirs to change.

    :raises Forbidden: a column or the entry's data class is not the actor's to write.
    """
    grants = reaching(actor, header)
    if not grants and actor.vouched is not None and actor.vouched == header.get("number"):
        grants = list(held(actor).grants)
    writes = frozenset({int(DataClass.PUBLIC)}).union(*(grant.appends for grant in grants))
    if int(data_class) not in writes:
        raise Forbidden("class_not_permitted", field="data_class", data_class=data_class.word)
    _refuse_columns(columns, frozenset().union(*(grant.changes for grant in grants)))


def _refuse_columns(
    columns: Iterable[str], changes: Numbers, opens_with: frozenset[str] = frozenset()
) -> None:
    class_of = current().class_of
    for name in columns:
        if class_of(name) in changes or name.partition("/")[0] in opens_with or name in opens_with:
            continue
        raise Forbidden("field_not_permitted", field=name)
