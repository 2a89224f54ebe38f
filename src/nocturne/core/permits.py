"""Who may see and do what: decided here, and nowhere else.

The table is the site's: its clearances (`nocturne.core.configuration`) say what a group, or somebody with a part in a
ticket, may do with which classes of data, where and when. What several clearances give adds up; none takes away.
`nocturne.store.reach` has the SQL twins of :func:`in_scope` and :func:`classes`; a law holds them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from nocturne.core.configuration.clearances import ANYBODY, RIGHTS
from nocturne.core.configuration.grants import Grant, Numbers
from nocturne.core.configuration.inforce import current
from nocturne.core.entry import LAST_LOCAL_CLASS, Author, DataClass, Kind
from nocturne.core.refusals import Forbidden, NotFound

NONE: Numbers = frozenset()
READ_SCOPE, WRITE_SCOPE, ADMIN_SCOPE = "read", "write", "admin"
_USUAL_SCOPES = frozenset({READ_SCOPE, WRITE_SCOPE, ADMIN_SCOPE})


@dataclass(frozen=True, slots=True)
class SpeaksFor:
    """The networks, sites and machines (numbers of their rows) whose tickets a representative sees."""

    networks: Numbers = NONE
    sites: Numbers = NONE
    machines: Numbers = NONE

    def __bool__(self) -> bool:
        return bool(self.networks or self.sites or self.machines)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: an account, a contact by mail, a machine, a guest, or Nocturne itself.

    `contact` is the number of the contact this actor is (a reporter's own tickets hang on it).
    `verified` is False for whoever came by mail: a From line proves nothing.
    `scopes` narrow a token (read, write, admin), `only_queues` to some queues' tickets.
    `vouched` is the one ticket that a signed token lets an outsider write on who is not its reporter.
    `only_ticket` is the one ticket that a signed link lets its reader see.
    """

    kind: str
    id: int | None
    label: str
    groups: frozenset[str] = frozenset()
    contact: int | None = None
    zone: str = "UTC"
    language: str = "en"
    verified: bool = True
    scopes: frozenset[str] = _USUAL_SCOPES
    vouched: int | None = None
    speaks_for: SpeaksFor = SpeaksFor()
    only_queues: Numbers | None = None
    only_ticket: int | None = None

    @property
    def author(self) -> Author:
        return Author(self.kind, self.id, self.label)

    @property
    def is_staff(self) -> bool:
        """Whether this is somebody of the house: a group of theirs reads what is for the staff, somewhere."""
        return held(self).is_staff

    def is_account(self, number: int | None) -> bool:
        return self.kind == "account" and number is not None and self.id == number


GUEST = Actor("guest", None, "guest", scopes=frozenset({READ_SCOPE}))
"""Whoever is not signed on: reads what a clearance for anybody says, and writes nothing."""

_ALL: Numbers = frozenset(range(LAST_LOCAL_CLASS + 1))
_EVERYTHING = Grant(
    clearance="",
    group="",
    party="",
    queues=None,
    without=NONE,
    networks=None,
    types=None,
    states=None,
    sees=_ALL,
    appends=_ALL,
    changes=_ALL,
    rights=RIGHTS,
    opens_with=None,
)
"""What Nocturne itself may: all of it."""
_NOTHING = replace(_EVERYTHING, sees=NONE, appends=NONE, changes=NONE, rights=frozenset())


@dataclass(frozen=True)
class Held:
    """What an actor's clearances add up to, resolved once per actor and edition of the configuration.

    :param grants: all that can reach any ticket for this actor.
    :param sees, appends, changes, rights: what holds on every ticket, by the actor's groups alone.
    :param unlimited: what the actor's groups give wherever a clearance can: without limits to queues, networks, types
        or states. It is what they hold apart from any ticket, and may give to others.
    :param somewhere: the classes that are seen on some ticket; `rights_somewhere` likewise.
    """

    grants: tuple[Grant, ...]
    sees: Numbers = NONE
    appends: Numbers = NONE
    changes: Numbers = NONE
    rights: frozenset[str] = frozenset()
    unlimited: Grant = _NOTHING
    somewhere: Numbers = NONE
    rights_somewhere: frozenset[str] = frozenset()
    is_staff: bool = False
    is_simple: bool = field(default=False)
    """Whether every ticket is seen alike: nothing has to be asked of the ticket."""
    judged: dict[tuple[Any, ...], Numbers] = field(default_factory=dict)

    @cached_property
    def parties(self) -> frozenset[str]:
        """The parts in a ticket by which a grant may reach it."""
        return frozenset(grant.party for grant in self.grants if grant.party not in ("", ANYBODY))


def held(actor: Actor) -> Held:
    """Resolve what an actor's clearances add up to."""
    resolved = current().resolved
    found = resolved.get(actor)
    if found is None:
        found = resolved[actor] = _resolve(actor)
        if len(resolved) > 5_000:
            resolved.clear()
    return found


def _resolve(actor: Actor) -> Held:
    if actor.kind == "system":
        return _summed((_EVERYTHING,), actor)
    configuration = current()
    groups = configuration.groups_over(actor.groups)
    grants = tuple(
        grant
        for grant in configuration.grants
        if grant.group in groups or grant.party == ANYBODY or (grant.party and _could_be(actor, grant.party))
    )
    return _summed(grants, actor)


def _could_be(actor: Actor, party: str) -> bool:
    """Tell whether an actor can have this part in any ticket at all."""
    if party == "reporter":
        return actor.contact is not None
    if party == "representative":
        return bool(actor.speaks_for)
    if party == "watcher":
        return actor.kind == "account" or actor.contact is not None
    return actor.kind == "account"


def _summed(grants: tuple[Grant, ...], actor: Actor) -> Held:
    everywhere = [grant for grant in grants if grant.is_everywhere and grant.party in ("", ANYBODY)]
    if actor.only_queues is not None or actor.only_ticket is not None:
        everywhere = []

    def union(chosen: Iterable[Grant], name: str) -> Any:
        return frozenset().union(*(getattr(grant, name) for grant in chosen))

    sees, appends, changes = (union(everywhere, name) for name in ("sees", "appends", "changes"))
    rights = union(everywhere, "rights")
    is_simple = bool(everywhere) and all(
        grant.sees <= sees
        and grant.appends <= appends
        and grant.changes <= changes
        and grant.rights <= rights
        for grant in grants
    )
    unlimited = [
        grant
        for grant in grants
        if not grant.party
        and all(each is None for each in (grant.queues, grant.networks, grant.types, grant.states))
    ]
    return Held(
        grants=grants,
        unlimited=replace(
            _NOTHING,
            sees=union(unlimited, "sees"),
            appends=union(unlimited, "appends"),
            changes=union(unlimited, "changes"),
            rights=union(unlimited, "rights"),
        ),
        sees=sees,
        appends=appends,
        changes=changes,
        rights=rights,
        somewhere=union(grants, "sees"),
        rights_somewhere=union(grants, "rights"),
        is_staff=any(grant.group and int(DataClass.STAFF) in grant.sees for grant in grants)
        or actor.kind == "system",
        is_simple=is_simple,
    )


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
