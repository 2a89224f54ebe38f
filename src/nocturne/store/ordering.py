"""Orders of a list by any columns, and the places in them from which a list goes on.

`severity,-opened` orders by severity, and within it the last opened first. What has no value stands at the end either
way. The orders that pages are read in all day have plans of their own (`nocturne.store.lists.ORDERS`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from nocturne.core.chart import COLUMNS
from nocturne.core.configuration import current
from nocturne.core.fieldvalues import numbers, times
from nocturne.core.fieldvalues.rules import PREFIX, local, names
from nocturne.core.permits import Actor, sees_column_everywhere
from nocturne.store import lists
from nocturne.store.models import FieldValue, Ticket

MOST = 5
"""Columns that an order follows at most."""
_OTHERWISE = {
    "opened": "opened_at", "started": "started_at", "detected": "detected_at", "reported": "reported_at",
    "restored": "restored_at", "resolved": "resolved_at", "closed": "closed_at", "checked": "checked_at",
    "timer": "alarm_at", "due": "alarm_at", "alarm": "alarm_at", "starts": "planned_start", "ends": "planned_end",
    "problem": "subject", "where": "network", "machine": "",
}  # fmt: skip
"""Columns by the names that the language has for them; nothing for what has no order."""
_TURNED = {
    "age": "opened_at", "newest": "number", "updated": "touched_staff_at", "idle": "touched_staff_at",
    "affected": "affected_count",
}  # fmt: skip
"""Names that run against their column: the last opened is the youngest, `updated` begins with the last touched."""
_RAISED = "affected/raised"
"""How far those whom a ticket hits raise it: a step of the order of priority, and of no other."""
_BESIDE = {"touched_staff_at": "instant", "affected_count": "number"}
_JUDGED = {"touched_staff_at": "clock", "number": "", "affected_count": "affected", "raised": "affected"}
_ROWS = frozenset({"queue", "network", "site", "circuit", "vendor", "owner", "checked_by"})
GROUPS = (
    "severity", "priority", "state", "clock", "owner", "queue", "type", "network", "site", "circuit", "vendor",
)  # fmt: skip
"""Columns by which tickets can stand together; the site's own fields can as well, if a ticket has one value of it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One column of an order. `path` is where the database finds it, `form` what stands in it."""

    name: str
    path: str
    form: str
    descends: bool

    @property
    def key(self) -> str:
        return f"by_{self.name.replace('/', '_').replace('-', '_')}"


def read(spelt: str, actor: Actor) -> list[Step] | None:
    """Read an order; None where there is no such order, or it would tell of what its reader may not read."""
    steps: list[Step] = []
    for part in [each.strip() for each in spelt.split(",") if each.strip()][:MOST]:
        step = _step(part.removeprefix("-"), part.startswith("-"))
        if step is None or not _is_open(step, actor):
            return None
        steps.append(step)
    return steps or None


def is_known(spelt: str, actor: Actor) -> bool:
    """Tell whether a reader's lists can have an order."""
    return spelt in lists.orders(actor) or (spelt not in lists.ORDERS and read(spelt, actor) is not None)


def columns(order: str, actor: Actor) -> str:
    """Spell an order by the columns that it follows for a reader."""
    if order not in lists.ORDERS:
        return order
    names = lists.ORDERS[lists.followed(order, actor)]
    return ",".join(each.replace("raised", _RAISED) for each in names)


def grouped(name: str, actor: Actor) -> Step | None:
    """Read by what tickets are to stand together; None where they cannot, or it would tell of what is hidden."""
    descends, plain = name.startswith("-"), name.removeprefix("-")
    if plain not in GROUPS and not _is_single(plain):
        return None
    step = _step(plain, descends)
    return step if step is not None and _is_open(step, actor) else None


def groups(actor: Actor) -> list[str]:
    """List by what a reader may let tickets stand together."""
    fields = [PREFIX + each.name for each in local(current()) if not each.many]
    return [name for name in (*GROUPS, *fields) if grouped(name, actor) is not None]


def _is_single(name: str) -> bool:
    field = current().fields.get(name.removeprefix(PREFIX))
    return field is not None and not field.core and not field.many


def _is_open(step: Step, actor: Actor) -> bool:
    """Tell whether a list may follow a column: its reader can read it on every ticket they know of."""
    judged = _JUDGED.get(step.path.split("__")[0], step.name)
    return not judged or sees_column_everywhere(actor, judged)


def _step(name: str, descends: bool) -> Step | None:
    if name in _TURNED:
        name, descends = _TURNED[name], not descends
    name = _OTHERWISE.get(name, {"oldest": "number"}.get(name, name))
    if name == "number":
        return Step(name, "number", "number", descends)
    if name == _RAISED:
        return Step(name, "raised", "number", descends)
    if name in _BESIDE:
        return Step(name, name, _BESIDE[name], descends)
    if name in COLUMNS:
        form = COLUMNS[name].form
        if name in _ROWS:
            return Step(name, f"{name}__name", "text", descends)
        if form in ("row", "data", "flag"):
            return None
        return Step(name, name, form if form in ("number", "instant") else "text", descends)
    field = current().field(name.removeprefix(PREFIX))
    if field is None or field.core:
        return None
    form = "decimal" if field.kind in numbers.KINDS else "instant" if field.kind in times.KINDS else "text"
    return Step(PREFIX + field.name, "", form, descends)


def places(
    scope: QuerySet[Ticket], steps: Sequence[Step], after: Sequence[Any] | None, limit: int
) -> list[tuple[int, list[Any]]]:
    """Read which tickets stand on a page, in their order, with the values that they stand there for.

    :param after: the values of the ticket before the first.
    """
    steps = _settled(steps)
    for step in steps:
        scope = scope.annotate(**{step.key: _value(step)})
    if after is not None:
        scope = scope.filter(_beyond(steps, after))
    order = [
        F(step.key).desc(nulls_last=True) if step.descends else F(step.key).asc(nulls_last=True)
        for step in steps
    ]
    rows = scope.order_by(*order).values_list("pk", *(step.key for step in steps))[:limit]
    return [(row[0], list(row[1:])) for row in rows]


def counted(scope: QuerySet[Ticket], step: Step, most: int) -> dict[Any, int] | None:
    """Count how many tickets stand together in each group; None where there are more in all than are counted."""
    values = (
        scope.annotate(**{step.key: _value(step)}).order_by().values_list(step.key, flat=True)[: most + 1]
    )
    found: dict[Any, int] = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return None if sum(found.values()) > most else found


def spelt(values: Iterable[Any]) -> list[Any]:
    """Spell a place in an order for an address."""
    return [
        value.isoformat()
        if isinstance(value, datetime)
        else str(value)
        if isinstance(value, Decimal)
        else value
        for value in values
    ]


def place(steps: Sequence[Step], given: Any) -> list[Any] | None:
    """Read a place in an order from an address; None for what can be none."""
    steps = _settled(steps)
    if not isinstance(given, list) or len(given) != len(steps):
        return None
    try:
        return [_read(step, value) for step, value in zip(steps, given, strict=True)]
    except (ValueError, TypeError):
        return None


def _read(step: Step, value: Any) -> Any:
    if value is None:
        return None
    if step.form == "instant":
        at = datetime.fromisoformat(value)
        if at.tzinfo is None or not 1970 <= at.year < 9999:
            raise ValueError(step.name)
        return at
    if step.form == "decimal" and isinstance(value, str) and len(value) <= 40:
        return _decimal(value)
    if step.form == "number" and type(value) is int and 0 <= value < 2**31:
        return value
    if step.form == "text" and isinstance(value, str) and len(value) <= 400:
        return value
    raise ValueError(step.name)


def _decimal(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not found.is_finite():
        raise ValueError(text)
    return found


_STORED = {"text": "text", "decimal": "number", "instant": "at"}
"""Where a local field keeps what it is found by."""


def _settled(steps: Sequence[Step]) -> list[Step]:
    """Put the number behind an order, so that every ticket has a place of its own in it; nothing stands there twice."""
    first: dict[str, Step] = {}
    for step in steps:
        first.setdefault(step.name, step)
    unique = list(first.values())
    return (
        unique
        if any(each.name == "number" for each in unique)
        else [*unique, Step("number", "number", "number", True)]
    )


def _value(step: Step) -> Any:
    if step.path:
        return F(step.path)
    field = current().field(step.name.removeprefix(PREFIX))
    known = sorted(names(field)) if field is not None else []
    values = FieldValue.objects.filter(ticket=OuterRef("pk"), name__in=known)
    return Subquery(values.order_by("key").values(_STORED[step.form])[:1])


def _beyond(steps: Sequence[Step], after: Sequence[Any]) -> Q:
    """Say in SQL what stands behind a place: what has no value stands behind all that has one."""
    condition, same = Q(), Q()
    for step, value in zip(steps, after, strict=True):
        if value is None:
            same &= Q(**{f"{step.key}__isnull": True})
            continue
        further = Q(**{f"{step.key}__{'lt' if step.descends else 'gt'}": value}) | Q(
            **{f"{step.key}__isnull": True}
        )
        condition |= same & further
        same &= Q(**{step.key: value})
    return condition
