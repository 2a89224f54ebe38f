"""Who asks, and what their clearances add up to: worked out once per actor and edition of the configuration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from nocturne.core.configuration.clearances import ANYBODY, RIGHTS
from nocturne.core.configuration.grants import Grant, Numbers
from nocturne.core.configuration.inforce import current
from nocturne.core.entry import LAST_LOCAL_CLASS, Author, DataClass

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
    holds: tuple[dict[Any, Any], Held] | None = field(default=None, init=False, repr=False, compare=False)
    """What their clearances came to when that was last asked, and of which edition of the configuration that was."""

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
    made: dict[Any, Any] = field(default_factory=dict)
    """What doors have made for whoever holds this, and need not make again as long as it holds."""

    @cached_property
    def parties(self) -> frozenset[str]:
        """The parts in a ticket by which a grant may reach it."""
        return frozenset(grant.party for grant in self.grants if grant.party not in ("", ANYBODY))


def held(actor: Actor) -> Held:
    """Resolve what an actor's clearances add up to."""
    resolved = current().resolved
    # A page asks some hundred times: to compare an actor with those known each time would be a tenth of its cost.
    if actor.holds is not None and actor.holds[0] is resolved:
        return actor.holds[1]
    found = resolved.get(actor)
    if found is None:
        found = resolved[actor] = _resolve(actor)
        if len(resolved) > 5_000:
            resolved.clear()
    object.__setattr__(actor, "holds", (resolved, found))
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
