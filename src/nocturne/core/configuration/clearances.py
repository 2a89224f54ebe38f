"""Clearances: what a group, a party of a ticket, or anybody at all may do, with which classes of data, and where."""

from __future__ import annotations

from dataclasses import dataclass

from nocturne.core.configuration.body import Body, wrong
from nocturne.core.entry import Kind
from nocturne.core.lifecycle import Meaning

PARTIES = ("reporter", "owner", "watcher", "expert", "representative")
"""Parts that somebody has in a ticket; a clearance for one reaches the tickets in which they have it."""
ANYBODY = "anybody"
"""Whoever comes, signed on or not: what guests may see is a clearance like any other."""

ACTS = frozenset(kind.value for kind in Kind)
SUPERVISING = frozenset({Kind.CHECKED.value, Kind.RECLASSIFIED.value})
TAKING_AWAY = frozenset({Kind.REDACTED.value})
WORK = ACTS - SUPERVISING - TAKING_AWAY
ADMINISTERING = frozenset(
    f"administer-{what}" for what in ("people", "queues", "configuration", "clearances", "rules", "audit")
)
OTHER = frozenset({"export", "look-up", "all-people"})
"""`look-up` reads the inventory; `all-people` finds accounts by name. Both belong to whoever works on tickets."""
BUNDLES = {
    "work": WORK | {"look-up", "all-people"},
    "supervise": SUPERVISING,
    "redact": TAKING_AWAY,
    "administer": ADMINISTERING,
}
"""Words that stand for many rights in a document."""
RIGHTS = ACTS | ADMINISTERING | OTHER


@dataclass(frozen=True, slots=True)
class Clearance:
    """One line of the table: who, where, when, and what.

    Exactly one of `group` and `party` is given (`party` may be `anybody`). Empty `queues`, `networks`, `types` and
    `states` mean all of them; `states` are names of states or their meanings. `sees`, `appends` and `changes` are
    words of data classes: a rung brings those below it. `opens_with` limits which fields may be filled when opening.
    """

    name: str
    group: str = ""
    party: str = ""
    queues: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    sees: tuple[str, ...] = ()
    appends: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    rights: frozenset[str] = frozenset()
    opens_with: tuple[str, ...] | None = None
    help: str = ""
    granted: tuple[str, ...] = ()
    """The rights as they were written: bundles and single rights."""


def read(name: str, body: Body) -> Clearance:
    group, party = body.name("group"), body.text("party", longest=40)
    if party and party not in (*PARTIES, ANYBODY):
        raise wrong("not_among", body.at("party"), given=party, known=[*PARTIES, ANYBODY])
    if bool(group) == bool(party):
        raise wrong("group_or_party", body.where)
    granted = body.texts("rights")
    rights: frozenset[str] = frozenset()
    for right in granted:
        if right not in BUNDLES and right not in RIGHTS:
            raise wrong("not_among", body.at("rights"), given=right, known=sorted({*BUNDLES, *RIGHTS}))
        rights |= BUNDLES.get(right, frozenset({right}))
    if party == ANYBODY and (body.texts("appends") or body.texts("changes") or rights - {"export"}):
        raise wrong("anybody_writes", body.where)
    return Clearance(
        name,
        group,
        party,
        queues=body.names("queues"),
        networks=body.texts("networks"),
        types=body.names("types"),
        states=body.texts("states", longest=40),
        sees=body.names("sees"),
        appends=body.names("appends"),
        changes=body.names("changes"),
        rights=rights,
        opens_with=body.texts("opens_with") if "opens_with" in body.body else None,
        help=body.text("help", longest=600),
        granted=granted,
    )


MEANINGS = frozenset(meaning.value for meaning in Meaning)
