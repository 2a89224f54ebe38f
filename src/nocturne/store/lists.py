"""Lists of tickets as readers see them: rows of plain values, as few queries as a list needs, cost by what is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import F, IntegerField, Q, QuerySet, Subquery

from nocturne.core.configuration import current
from nocturne.core.fieldvalues import plain, shown
from nocturne.core.fieldvalues.rules import PREFIX, local, names
from nocturne.core.permits import Actor, classes, held, sees_column_everywhere
from nocturne.store import farwalks, reach
from nocturne.store.fulltext import walking
from nocturne.store.fulltext.asking import Plan
from nocturne.store.models import Affected, FieldValue, Installation, Ticket, TicketMachine
from nocturne.store.models.charts import IS_RESOLVED, IS_WAITING, TicketQuerySet
from nocturne.store.readings import Reading, fixed, padded

FEW = 12
"""Queues that are read one by one rather than all tickets asked which queue they are in."""
OPEN_HITS = 30_000
"""Open tickets that words find, up to which the most urgent of them are walked."""
CAP = 99
"""Counts in the rail are exact up to here, and then say `99+`."""

_COLUMNS = (
    "number", "type", "subject", "state", "meaning", "severity", "opened_at", "started_at", "restored_at",
    "resolved_at", "closed_at", "queue__name", "network__name", "site__name", "reporter__name", "priority", "clock",
    "clock_since", "next_action", "alarm_at", "alarm_text", "ringing_since", "owner__name", "vendor__name",
    "referred_to", "parent_id", "objected", "touched_staff_at", "checked_by_id", "affected_count",
    "raised", "merged_into_id",
)  # fmt: skip
_FETCHED = tuple(dict.fromkeys((*_COLUMNS, *reach.PLACE)))
_OF = {
    "clock_since": "clock", "touched_staff_at": "clock", "meaning": "state", "affected_count": "affected",
    "raised": "affected",
}  # fmt: skip
"""Columns of a row that are no columns of the header are for whoever may read this one."""

ORDERS: dict[str, tuple[str, ...]] = {
    "priority": ("priority", "severity", "-raised", "number"),
    "alike": ("priority", "severity", "number"),
    "newest": ("-number",),
    "oldest": ("number",),
    "updated": ("-touched_staff_at", "-number"),
    "relevance": ("-number",),
}
_UNRAISED = "alike"
"""The order of priority for those who may not read everywhere who is affected: it must not tell them."""


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of a list; `after` is where the next one begins, or None at the end.

    :param until: how far was looked back where there may be older ones: the page is not full, and `after` goes on.
    :param newest_only: whether only the newest of what was found has been put in order.
    :param building: whether the index is still being made, so that not all old tickets are found yet.
    """

    rows: list[dict[str, Any]]
    after: list[Any] | None
    until: datetime | None = None
    newest_only: bool = False
    building: bool = False


def rows(
    actor: Actor,
    where: Q | None = None,
    *,
    order: str = "priority",
    after: Sequence[Any] | None = None,
    limit: int = 50,
    far: bool = False,
    of_open: bool = False,
    narrow: bool = False,
    lead: Q | None = None,
    ready: bool = False,
    walk: farwalks.Walk | None = None,
    few: bool = False,
) -> Rows:
    """Read one page of tickets this actor may know of, with only the columns they may read.

    :param where: which tickets (made by `nocturne.store.search`); None takes the open ones.
    :param order: priority, newest, oldest or updated; whoever may not read priorities gets the newest first.
    :param after: the `after` of the page before.
    :param far: whether the list goes through all tickets there are, the ended ones as well.
    :param of_open: whether only open ones are among what `where` finds.
    :param narrow: whether few may be found that an index knows, wherever they stand in the order.
    :param lead: what `where` asks of the first column of the order.
    :param ready: whether an index holds just what `where` finds, in this order.
    :param walk: how the newest or the oldest are found where the database would find all first.
    :param few: whether no more are found than are soon sorted.
    """
    ready = ready and (held(actor).is_simple or reach.is_wide(actor))
    order = followed(order, actor)
    columns = ORDERS[order]
    if order == _UNRAISED and after is not None:
        after = [*after[:2], *after[-1:]]
    if where is None and after is None and current().class_of("state") in held(actor).sees:
        found = _OPEN.rows(shape=(order, limit))
    elif where is None and after is None:
        found = _open_to(actor, order, limit)
    else:
        known = Ticket.objects.visible_to(actor, aside=reach.is_wide(actor))
        scope = open_to(actor) if where is None else known.filter(where)
        beyond = None if after is None else farwalks.past(columns, after)
        # Which tickets first, and then what is told of them: names joined to rows in the same statement keep
        # PostgreSQL from beginning with what is rare.
        if far and not ready and order in ("priority", "alike", "updated"):
            numbers = farwalks.first(scope, columns, beyond, limit + 1, lead=lead)
        elif of_open and order == "newest":
            numbers = _newest_open(scope if beyond is None else scope.filter(beyond), after, limit + 1)
        elif walk is not None and order in ("newest", "oldest"):
            place = None if after is None else int(after[0])
            numbers = walk(scope, place, limit + 1, descends=order == "newest")
        else:
            there = scope if beyond is None else scope.filter(beyond)
            all_of_them = farwalks.few(there) if narrow and not ready else None
            if all_of_them is not None:
                numbers = sorted(all_of_them, reverse=order == "newest")[: limit + 1]
            else:
                by = farwalks.fetched(columns) if few else columns
                numbers = list(there.order_by(*by).values_list("pk", flat=True)[: limit + 1])
        found = _THESE.rows(padded(numbers, limit + 1), shape=(order,)) if numbers else []
    more, found = len(found) > limit, found[:limit]
    end = [farwalks.spelt(found[-1][name.lstrip("-")]) for name in columns] if more else None
    if end is not None and order == _UNRAISED:
        end.insert(2, 0)  # a place is spelt alike for everybody
    return Rows(_projected(found, limit, actor), end)


def joined(pages: Iterable[Rows], order: str, limit: int) -> Rows:
    """Make one page of those of several questions, of which each ticket answers any: newest or oldest first."""
    parts = list(pages)
    found = {row["number"]: row for part in parts for row in part.rows}
    numbers = sorted(found, reverse=order == "newest")
    more = len(numbers) > limit or any(part.after is not None for part in parts)
    building = any(part.building for part in parts)
    shown = [found[number] for number in numbers[:limit]]
    return Rows(shown, [shown[-1]["number"]] if more and shown else None, building=building)


NEAR = 50_000
"""Tickets that are walked before the index of open ones is gone through whole."""


def _newest_open(scope: QuerySet[Ticket], after: Sequence[Any] | None, wanted: int) -> list[int]:
    """Find the newest of some open tickets: among the newest of all, and where too few are there, among all open ones.

    Open tickets are found quickly where many fit, and where few do each ticket there ever was would be asked.
    """
    top = after[0] if after else Ticket.objects.order_by("-pk").values_list("pk", flat=True).first()
    near = scope.filter(pk__gt=int(top or 0) - NEAR).order_by("-number").values_list("pk", flat=True)
    found = list(near[:wanted])
    if len(found) == wanted:
        return found
    # Said as a sum, the order does not keep SQLite from the index of open tickets.
    return list(scope.order_by((F("number") + 0).desc()).values_list("pk", flat=True)[:wanted])


def by_words(
    actor: Actor,
    plan: Plan,
    rest: Q | None,
    *,
    order: str,
    after: Sequence[Any] | None,
    limit: int,
    now: datetime,
) -> Rows:
    """Read one page of what the full-text index finds.

    :param rest: what is asked of the tickets beside it.
    """
    order = followed(order, actor)
    building = not plan.known.is_whole
    if order in ("newest", "oldest"):
        place = None if after is None else int(after[0])
        descends = order == "newest"
        found = walking.newest(plan, actor, rest, after=place, limit=limit, descends=descends, now=now)
        rows_of = _THESE.rows(padded(found.numbers, limit + 1), shape=(order,)) if found.numbers else []
        until = None
        if found.until is not None:
            until = Ticket.objects.values_list("opened_at", flat=True).get(pk=found.until)
        end = None if found.after is None else [found.after]
        return Rows(_projected(rows_of, limit, actor), end, until, building=building)
    is_board = plan.is_open and order == "priority" and not plan.read
    beyond = None if after is None or not is_board else farwalks.past(ORDERS[order], after)
    urgent = walking.urgent(plan, actor, rest, beyond, now=now, limit=limit + 1) if is_board else None
    if urgent is not None:
        page = rows(actor, Q(pk__in=urgent), order=order, limit=limit, few=True)
        return replace(page, building=building)
    numbers, more = walking.among(plan, actor, rest, now=now, most=OPEN_HITS if is_board else walking.SORTED)
    if is_board and not more and len(numbers) > walking.SORTED:
        numbers = walking.most_urgent(numbers, beyond, limit + 1)
        after = None
    elif more and plan.is_open and not plan.read:
        condition = walking.among_numbers(plan.expression)
        page = rows(
            actor,
            Q(is_open=True) & (condition if rest is None else condition & rest),
            order=order,
            after=after,
            limit=limit,
        )
        return replace(page, building=building)
    page = rows(actor, Q(pk__in=numbers), order=order, after=after, limit=limit, few=True)
    return replace(page, newest_only=more, building=building)


def these(actor: Actor, numbers: Sequence[int], *, step: int = 50) -> list[dict[str, Any]]:
    """Read rows of tickets that this actor may know of, in this order; each is reduced to what they may read there.

    :param step: the most numbers that usually come: calls with as many share one statement.
    """
    length = max(step, len(numbers))
    found = (
        {row["number"]: row for row in _THESE.rows(padded(numbers, length), shape=("newest",))}
        if numbers
        else {}
    )
    return _projected([found[number] for number in numbers if number in found], length, actor)


def _open_to(actor: Actor, order: str, limit: int) -> list[dict[str, Any]]:
    """Read the open tickets that somebody may know of who does not read them all alike."""
    queues = reach.whole_queues(actor, current().class_of("state"))
    if queues and order in ("newest", "oldest") and len(queues) <= FEW:
        found = _NUMBERS.rows(queues, shape=(order, limit))
        return _NUMBERED.rows(padded([row["number"] for row in found], limit + 1), shape=(order,))
    if queues is None or order != "priority" or len(queues) > FEW:
        return fixed(("open", actor, order, limit), lambda: _open_of(actor, order, limit))
    # The most urgent of each queue stand together in an index: the first of all are among the first of each.
    firsts = [
        (row["priority"], row["severity"], -row["raised"], row["number"])
        for queue in queues
        for row in _URGENT.rows(queue, shape=(limit,))
    ]
    numbers = [number for *_, number in sorted(firsts)[: limit + 1]]
    return _NUMBERED.rows(padded(numbers, limit + 1), shape=(order,)) if numbers else []


def open_to(actor: Actor) -> TicketQuerySet:
    """Give the open tickets, as far as this reader may read in which state they are: a list of them tells that."""
    readable = reach.visible(actor, current().class_of("state"), aside=True)
    return Ticket.objects.open() if readable is None else Ticket.objects.open().filter(readable)


def _open_of(actor: Actor, order: str, limit: int) -> QuerySet[Ticket, Any]:
    described: QuerySet[Ticket, Any] = open_to(actor).order_by(*ORDERS[order]).values(*_FETCHED)[: limit + 1]
    return described


_URGENT = Reading(
    lambda queue, limit: (
        Ticket.objects.open()
        .filter(queue_id=queue)
        .order_by(*ORDERS["priority"])
        .values("priority", "severity", "raised", "number")[: limit + 1]
    )
)
_NUMBERS = Reading(
    lambda queues, order, limit: (
        Ticket.objects.open()
        .filter(queue_id__in=queues)
        .order_by(*ORDERS[order])
        .values("number")[: limit + 1]
    )
)
"""Read from the index of open tickets by queue alone: walking all tickets backwards would ask each what it is."""
_NUMBERED = Reading(
    lambda numbers, order: (
        Ticket.objects.filter(number__in=numbers).order_by(*ORDERS[order]).values(*_FETCHED)
    )
)


def orders(actor: Actor) -> list[str]:
    """List the orders that a reader's lists may have: one that follows a column tells of it, so they must be able to
    read that column on every ticket they know of."""
    return [
        name
        for name in ORDERS
        if name != _UNRAISED
        and all(
            sees_column_everywhere(actor, _header_column(each))
            for each in ORDERS[_UNRAISED if name == "priority" else name]
        )
    ]


def followed(order: str, actor: Actor) -> str:
    """Name the order that a reader's list follows: by how many are hit only where they may read that everywhere, the
    newest first where they may not have the order at all.

    Where no words are asked for, nothing fits better than anything else (`nocturne.store.ranked`).
    """
    if order == _UNRAISED and "priority" in orders(actor):
        return order
    if order == "relevance" or order not in orders(actor):
        return "newest"
    return order if order != "priority" or sees_column_everywhere(actor, "affected") else _UNRAISED


def _header_column(name: str) -> str:
    plain = name.lstrip("-").removesuffix("__name").removesuffix("_id")
    return _OF.get(plain, "state" if plain == "number" else plain)


def _projected(found: list[dict[str, Any]], limit: int, actor: Actor) -> list[dict[str, Any]]:
    """Reduce each row to what its reader may read on that ticket; put machines and who is affected to it."""
    _join_places(found, limit)
    fields = _fields_of(found, limit)
    if held(actor).is_simple:
        seen_on = [held(actor).sees] * len(found)
    else:
        seen_on = [classes(actor, place) for place in reach.places(found, actor)]
    told = {seen: _told_to(seen) for seen in set(seen_on)}
    rows = [
        {shown: row[name] for name, shown in told[seen]} for row, seen in zip(found, seen_on, strict=True)
    ]
    for row, seen in zip(rows, seen_on, strict=True):
        if "is_merged" in row:
            # That a ticket was merged is told as `is:merged` tells it; into which one is read on the ticket.
            row["is_merged"] = row["is_merged"] is not None
        if fields:
            row |= _shown(fields.get(row["number"], {}), seen)
    return rows


def _told_to(seen: frozenset[int]) -> list[tuple[str, str]]:
    """List the columns of a row that are told to whoever reads these classes, each with what it is called in rows."""
    return [("number", "number"), *((name, shown) for name, shown, each in _classes() if each in seen)]


def _classes() -> list[tuple[str, str, int]]:
    """List the columns of a row, each with what it is called in rows, and the class that it is of."""
    kept = current().resolved
    if _classes not in kept:
        class_of = current().class_of
        of = {name: class_of(_header_column(name)) for name in _COLUMNS if name != "number"}
        of |= {"machines": class_of("machine"), "affected": class_of("affected")}
        kept[_classes] = [(name, _shown_as(name), int(each)) for name, each in of.items()]
    found: list[tuple[str, str, int]] = kept[_classes]
    return found


def _shown_as(name: str) -> str:
    return "is_merged" if name == "merged_into_id" else name.removesuffix("__name")


def _fields_of(found: list[dict[str, Any]], limit: int) -> dict[int, dict[str, list[Any]]]:
    """Read the local fields of a page of tickets, in a query; without any configured, in none."""
    known = {name: field.name for field in local(current()) for name in names(field)}
    if not known or not found:
        return {}
    numbers = [row["number"] for row in found]
    by_ticket: dict[int, dict[str, list[Any]]] = {number: {} for number in numbers}
    for each in _VALUES.rows(padded(numbers, limit), shape=(tuple(sorted(known)),)):
        by_ticket[each["ticket_id"]].setdefault(known[each["name"]], []).append(each["value"])
    return by_ticket


def _shown(values: Mapping[str, list[Any]], seen: frozenset[int]) -> dict[str, Any]:
    """Spell a row's local fields as far as its reader may: `fields` for programs, `texts` of those shown in lists."""
    configuration = current()
    told: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for field in local(configuration):
        if field.name in values and configuration.class_of(PREFIX + field.name) in seen:
            of = sorted(values[field.name], key=partial(shown, field=field))
            told[field.name] = [plain(each) for each in of] if field.many else plain(of[0])
            if field.in_lists:
                texts[field.name] = ", ".join(shown(each, field) for each in of)
    return {"fields": told, "texts": texts}


_OPEN = Reading(
    lambda order, limit: Ticket.objects.open().order_by(*ORDERS[order]).values(*_FETCHED)[: limit + 1]
)
_THESE = Reading(
    lambda numbers, order: Ticket.objects.filter(pk__in=numbers).order_by(*ORDERS[order]).values(*_FETCHED)
)
_MACHINES = Reading(
    lambda numbers: (
        TicketMachine.objects.filter(ticket_id__in=numbers)
        .order_by("pk")
        .values("ticket_id", "machine__name")
    )
)
_AFFECTED = Reading(
    lambda numbers: Affected.objects.filter(ticket_id__in=numbers).order_by("pk").values("ticket_id", "value")
)


_VALUES = Reading(
    lambda numbers, names: (
        # In the order of the index by ticket: in their own order PostgreSQL would rather walk all values there are.
        FieldValue.objects.filter(ticket_id__in=numbers, name__in=names)
        .order_by("ticket", "key")
        .values("ticket_id", "name", "value")
    )
)


def _join_places(found: list[dict[str, Any]], limit: int) -> None:
    """Put machines and who is affected to the rows, in a query each."""
    by_number = {row["number"]: row for row in found}
    for row in found:
        row["machines"], row["affected"] = [], []
    numbers = padded(list(by_number), limit)
    for each in _MACHINES.rows(numbers):
        by_number[each["ticket_id"]]["machines"].append(each["machine__name"])
    for each in _AFFECTED.rows(numbers):
        by_number[each["ticket_id"]]["affected"].append(each["value"])


def views(actor: Actor) -> dict[str, QuerySet[Ticket]]:
    """Give the views of the rail, by name."""
    if not actor.is_staff:
        return {"board": open_to(actor)}
    asked = {"mine": "owner", "untaken": "owner", "noalarm": "alarm_at", "signoff": "checked_by"}
    found: dict[str, QuerySet[Ticket]] = {"board": open_to(actor)}
    for name, column in asked.items():
        readable = reach.visible(actor, current().class_of(column), aside=True)
        rows = Ticket.objects.filter(VIEWS[name](actor.id))
        found[name] = rows if readable is None else rows.filter(readable)
    return found


VIEWS: dict[str, Callable[[int | None], Q]] = {
    "mine": lambda owner: Q(is_open=True, owner_id=owner),
    "untaken": lambda _: Q(is_open=True, owner=None),
    "noalarm": lambda _: Q(IS_WAITING, alarm_at=None, ringing_since=None, merged_into=None),
    "signoff": lambda _: (
        Q(IS_RESOLVED, checked_by=None, merged_into=None) & ~Q(type__in=current().types_behaving("complaint"))
    ),
}
"""The views of the staff beside the board, as conditions."""


def _counted(owner: int, name: str, _types: tuple[str, ...]) -> QuerySet[Ticket, Any]:
    """Describe up to one ticket more than CAP of a view of the staff's."""
    scope = Ticket.objects.open() if name == "board" else Ticket.objects.filter(VIEWS[name](owner))
    return scope.order_by().values("number")[: CAP + 1]


_COUNTS = Reading(_counted)


def counts(actor: Actor, names: Iterable[str]) -> dict[str, int]:
    """Count the tickets of some views, each up to one more than CAP: cost by what is shown."""
    if counts_are_plain(actor):
        types = current().types_behaving("complaint")
        known = [name for name in names if name == "board" or name in VIEWS]
        return {name: len(_COUNTS.rows(actor.id or 0, shape=(name, types))) for name in known}
    rows = fixed(("counts", actor), lambda: _all_counted(actor))
    return {name: rows[0][f"count_{name}"] for name in names if f"count_{name}" in rows[0]} if rows else {}


def _all_counted(actor: Actor) -> QuerySet[Any, Any]:
    """Describe how full each view of one reader is, all of them in one row."""
    scopes = views(actor) | ({"ringing": ringing_scope(actor)} if actor.is_staff else {})
    counted = {
        f"count_{name}": Counted(each.order_by().values("pk")[: CAP + 1]) for name, each in scopes.items()
    }
    described: QuerySet[Any, Any] = Installation.objects.filter(pk=1).annotate(**counted).values(*counted)
    return described


class Counted(Subquery):
    """How many rows a query has, as one column of another."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def counts_are_plain(actor: Actor) -> bool:
    """Tell whether the staff's views may be counted without asking each ticket who may read it."""
    mine = held(actor)
    asked = {current().class_of(name) for name in ("owner", "alarm_at", "checked_by", "ringing_since")}
    return actor.is_staff and mine.is_simple and asked <= mine.sees


def ringing(actor: Actor, *, limit: int = 20) -> Sequence[Mapping[str, Any]]:
    """List the timers that have gone off and wait for an answer, the oldest first."""
    rows = list(
        ringing_scope(actor)
        .order_by("ringing_since", "number")
        .values("alarm_text", "ringing_since", "owner__name", "subject", *reach.PLACE)[:limit]
    )
    class_of = current().class_of
    found = []
    for row, place in zip(rows, reach.places(rows, actor), strict=True):
        seen = classes(actor, place)
        shown = {"number": row["number"], "ringing_since": row["ringing_since"]}
        for name, column in (("subject", "subject"), ("alarm_text", "alarm_text"), ("owner__name", "owner")):
            shown[name] = row[name] if class_of(column) in seen else None
        found.append(shown)
    return found


def ringing_scope(actor: Actor) -> QuerySet[Ticket]:
    """Give the tickets whose timers ring, as far as this reader may read of timers."""
    scope = Ticket.objects.filter(ringing_since__isnull=False)
    readable = reach.visible(actor, current().class_of("ringing_since"), aside=True)
    return scope if readable is None else scope.filter(readable)
