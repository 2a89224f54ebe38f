"""Who may see and do what: decided here, and nowhere else.

The table is fixed for now; it has the shape that clearances will have when they are data: a group, a rung of the
data classes it reads and writes up to, and the rights it holds. `nocturne.store` has the SQL twin of :func:`scope`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nocturne.core.chart import column
from nocturne.core.entry import Author, DataClass, Kind
from nocturne.core.refusals import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class Clearance:
    """What a group may do: read and write up to a rung, and the rights that are not about data."""

    sees: DataClass
    writes: DataClass
    rights: frozenset[str]
    all_tickets: bool = True
    opens_with: frozenset[str] | None = None
    """Columns that may be filled when opening, where not all up to the rung may be; later acts change none of them."""


_WORK = frozenset(kind.value for kind in Kind) - {"checked", "redacted", "reclassified"}
_SUPERVISE = _WORK | {"checked", "reclassified"}

CLEARANCES: Mapping[str, Clearance] = {
    "administrators": Clearance(
        DataClass.RESTRICTED, DataClass.RESTRICTED, _SUPERVISE | {"redacted", "administer"}
    ),
    "supervisors": Clearance(DataClass.RESTRICTED, DataClass.RESTRICTED, _SUPERVISE),
    "operators": Clearance(DataClass.STAFF, DataClass.STAFF, _WORK),
    "reporter": Clearance(
        DataClass.CUSTOMER,
        DataClass.CUSTOMER,
        frozenset({"opened", "received"}),
        all_tickets=False,
        opens_with=frozenset(
            {
                "severity",
                "network",
                "site",
                "machine",
                "outage",
                "user_address",
                "destination_address",
                "started_at",
                "reported_at",
            }
        ),
    ),
}
STAFF_GROUPS = ("administrators", "supervisors", "operators")
MACHINERY = Clearance(DataClass.RESTRICTED, DataClass.RESTRICTED, _SUPERVISE)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: an account, a contact by mail, a machine, or Nocturne itself.

    `contact` is the number of the contact this actor is (a reporter's own tickets hang on it).
    `verified` is False for whoever came by mail: a From line proves nothing.
    `scopes` narrow a token: read, write.
    `vouched` is the one ticket that a signed token lets an outsider write on who is not its reporter.
    """

    kind: str
    id: int | None
    label: str
    groups: frozenset[str] = frozenset()
    contact: int | None = None
    zone: str = "UTC"
    language: str = "en"
    verified: bool = True
    scopes: frozenset[str] = field(default_factory=lambda: frozenset({"read", "write"}))
    vouched: int | None = None

    @property
    def author(self) -> Author:
        return Author(self.kind, self.id, self.label)

    @property
    def is_staff(self) -> bool:
        return any(group in self.groups for group in STAFF_GROUPS)

    def is_account(self, number: int | None) -> bool:
        return self.kind == "account" and number is not None and self.id == number


def clearances(actor: Actor) -> list[Clearance]:
    """Give every clearance that the actor's groups carry."""
    if actor.kind == "system":
        return [MACHINERY]
    found = [CLEARANCES[group] for group in sorted(actor.groups) if group in CLEARANCES]
    if not found and actor.contact is not None:
        found = [CLEARANCES["reporter"]]
    return found


def rung(actor: Actor) -> DataClass:
    """Give the highest data class the actor may read; whoever holds no clearance reads what is public."""
    return max((each.sees for each in clearances(actor)), default=DataClass.PUBLIC)


def writes_up_to(actor: Actor) -> DataClass:
    return max((each.writes for each in clearances(actor)), default=DataClass.PUBLIC)


def sees_all_tickets(actor: Actor) -> bool:
    return any(each.all_tickets for each in clearances(actor))


def may(actor: Actor, right: str) -> bool:
    """Tell whether the actor holds a right (the value of an entry's kind, or `administer`)."""
    if right != "administer" and "write" not in actor.scopes:
        return False
    return any(right in each.rights for each in clearances(actor))


def in_scope(actor: Actor, header: Mapping[str, Any]) -> bool:
    """Tell whether the actor may know of this ticket at all. The SQL twin is `Ticket.objects.visible_to`."""
    if sees_all_tickets(actor):
        return True
    return actor.contact is not None and header.get("reporter") == actor.contact


def sees_column(actor: Actor, name: str) -> bool:
    return column(name).data_class <= rung(actor)


def project(actor: Actor, header: Mapping[str, Any]) -> dict[str, Any]:
    """Reduce a header to the columns this actor may read; nothing else may reach a page, a mail or a program."""
    top = rung(actor)
    return {name: value for name, value in header.items() if column(name).data_class <= top}


def demand(actor: Actor, kind: Kind, header: Mapping[str, Any], *, number: int | None = None) -> None:
    """Refuse an act that the actor may not do on this ticket.

    :raises NotFound: the actor may not know of the ticket.
    :raises Forbidden: the actor may not do this.
    """
    if not in_scope(actor, header) and (number is None or actor.vouched != number):
        raise NotFound("no_such_ticket")
    if not may(actor, kind.value):
        raise Forbidden("not_permitted", act=kind.value)


def may_write(actor: Actor, columns: Iterable[str], data_class: DataClass, *, opening: bool = False) -> None:
    """Refuse a write above the actor's rung, and of columns that are not theirs.

    :raises Forbidden: a column or the entry's data class is not the actor's to write.
    """
    top = writes_up_to(actor)
    if data_class > top:
        raise Forbidden("class_not_permitted", field="data_class", data_class=data_class.word)
    limits = [each.opens_with for each in clearances(actor)]
    limited = None not in limits
    allowed = {name for limit in limits for name in limit or ()} if opening else set()
    for name in columns:
        if column(name).data_class > top or (limited and name.partition("/")[0] not in allowed):
            raise Forbidden("field_not_permitted", field=name)
