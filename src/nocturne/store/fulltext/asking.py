"""Turns a question's tree into what the index is asked, as its reader may: the twin of `nocturne.store.search`.

What the index can say wholly is asked there alone; what it can only narrow is asked of the tickets or of the texts as
well. A column is asked of the index on the tickets on which its reader may read it, and on no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nocturne.core import permits
from nocturne.core.configuration import current
from nocturne.core.configuration.clearances import ANYBODY
from nocturne.core.configuration.grants import Grant, Numbers
from nocturne.core.fieldvalues import Searchable
from nocturne.core.fieldvalues.asking import holds
from nocturne.core.fulltext import (
    ANY,
    EVERYWHERE,
    FILE,
    HEADER,
    MERGED,
    NAMES,
    NOTHING,
    OPEN,
    SUBJECT,
    AnyOf,
    But,
    Expression,
    any_of,
    code,
    every,
    facet,
    machine,
    pared,
    party,
    wanted,
)
from nocturne.core.lifecycle import OPEN_MEANINGS
from nocturne.core.permits import Actor
from nocturne.core.query.meaning import judged
from nocturne.core.query.tree import TEXTS, And, Not, Or, Prefix, Probe, Tree
from nocturne.core.tokens import Needle, asked
from nocturne.core.values import LEVELS
from nocturne.store.db import is_sqlite
from nocturne.store.fulltext.state import State, asked_as, state

MOST_NAMED = 50
"""Rows of a name up to which a search is narrowed by them inside the index."""
FACTS = "facts"
"""The subject, the other words of the header and the names on a ticket: no question's own, but an order asks there."""
_LANES = {"text": EVERYWHERE, "subject": (SUBJECT,), "file": (FILE,), FACTS: (SUBJECT, HEADER, NAMES)}
_ROWS = frozenset({"queue", "owner", "network", "site", "circuit", "vendor", "machine"})
_PLAIN = frozenset({"type", "meaning", "priority", "severity", "state"})
_IS_OPEN = frozenset(
    {
        Probe("merged_into", "empty"),
        Probe("meaning", "in", tuple(each.value for each in sorted(OPEN_MEANINGS))),
    }
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a question is answered by the index.

    :param expression: what the index is asked.
    :param rest: what the tickets are asked as well.
    :param read: what the texts are asked as well: phrases.
    :param is_open: whether only open tickets are asked for, which are few.
    :param only: the one ticket that the asker may know of, where there is just one.
    :param within: whether all that the index finds lies where the asker may know of tickets: words are only looked for
        there, so that the tickets need not be asked once more.
    """

    expression: Expression
    rest: tuple[Tree, ...]
    read: tuple[Tree, ...]
    needles: tuple[Needle, ...]
    is_open: bool
    only: int | None
    known: State
    within: bool = False


def needles(probe: Probe) -> tuple[Needle, ...]:
    """Read what a probe of texts looks for."""
    value = probe.values[0]
    return asked(value.start, begins=True) if isinstance(value, Prefix) else asked(str(value))


def plan(tree: Tree, actor: Actor) -> Plan | None:
    """Plan a question by the index; None where it does not ask for words, or not in a way that narrows it.

    :param tree: in probes (`nocturne.core.query.lowering.lowered`).
    """
    parts = tuple(_flat(tree))
    if not any(_asks_words(part) for part in parts):
        return None
    known = state()
    is_open = set(parts) >= _IS_OPEN
    said: list[Expression] = [_where_readable(AnyOf((OPEN,)), actor, "state")] if is_open else []
    rest: list[Tree] = []
    read: list[Tree] = []
    narrowed = False
    for part in parts:
        if said and part in _IS_OPEN:
            continue
        found = _said(part, actor, known)
        if found is None:
            rest.append(part)
            continue
        expression, exact = found
        said.append(expression)
        narrowed = narrowed or _asks_words(part)
        if not exact:
            (read if _only_words(part) else rest).append(part)
    if not narrowed:
        return None
    looked_for = tuple(dict.fromkeys(each for part in parts for each in _sought(part)))
    within = any(_is_words(part) for part in parts)
    return Plan(
        pared(every(said)), tuple(rest), tuple(read), looked_for, is_open, actor.only_ticket, known, within
    )


def faceted(tree: Tree, actor: Actor) -> Plan | None:
    """Plan a question of columns alone by the facets of the index; None where they do not say all of it.

    A page of the newest is read from them, and a count, without going through what else there is.
    """
    known = state()
    parts = tuple(_flat(tree))
    is_open = set(parts) >= _IS_OPEN
    others = [part for part in parts if not (is_open and part in _IS_OPEN)]
    if not known.is_whole or not others or not all(_only_facets(part) for part in others):
        return None
    if is_open and not is_sqlite() and not any(_asks_machines(part) for part in others):
        return None  # PostgreSQL goes through its indexes of open tickets faster than through facets of all
    said: list[Expression] = [_where_readable(AnyOf((OPEN,)), actor, "state")] if is_open else []
    for part in others:
        found = _said(part, actor, known)
        if found is None or not found[1]:
            return None
        said.append(found[0])
    expression = pared(known_to(every(said), actor))
    return Plan(expression, (), (), (), is_open, actor.only_ticket, known, within=True)


def _asks_machines(tree: Tree) -> bool:
    match tree:
        case And(parts) | Or(parts):
            return any(_asks_machines(part) for part in parts)
        case Not(part):
            return _asks_machines(part)
        case Probe(column):
            return column.partition(".")[0] == "machine"
    return False


def _only_facets(tree: Tree) -> bool:
    """Tell whether a tree asks for nothing but what facets can say, before anything is looked up."""
    match tree:
        case And(parts):
            return set(parts) == _IS_OPEN or all(_only_facets(part) for part in parts)
        case Or(parts):
            return all(_only_facets(part) for part in parts)
        case Not(part):
            return _only_facets(part)
        case Probe(column, how):
            return how in _FACETS and (column in _PLAIN or column in _ROWS or column in _behind())
    return False


def _flat(tree: Tree) -> Iterator[Tree]:
    if isinstance(tree, And):
        for part in tree.parts:
            yield from _flat(part)
    else:
        yield tree


def _is_words(tree: Tree) -> bool:
    """Tell whether a probe asks for words: how many files there are (`has:files`) is no word of them."""
    return isinstance(tree, Probe) and tree.column in TEXTS and tree.how == "words"


def _asks_words(tree: Tree) -> bool:
    match tree:
        case And(parts) | Or(parts):
            return any(_asks_words(part) for part in parts)
        case Not(part):
            return _asks_words(part)
        case Probe():
            return _is_words(tree)
    return False


def _only_words(tree: Tree) -> bool:
    match tree:
        case And(parts) | Or(parts):
            return all(_only_words(part) for part in parts)
        case Not(part):
            return _only_words(part)
        case Probe():
            return _is_words(tree)
    return False


def _sought(tree: Tree) -> Iterator[Needle]:
    """Give what is to be marked in what was found: what was asked for, not what was not."""
    match tree:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _sought(part)
        case Probe() if _is_words(tree):
            yield from needles(tree)


def _said(tree: Tree, actor: Actor, known: State) -> tuple[Expression, bool] | None:
    """Say a tree to the index: what narrows it, and whether that is all of it; None where nothing of it can be said."""
    match tree:
        case And(parts) if set(parts) == _IS_OPEN:
            return _where_readable(AnyOf((OPEN,)), actor, "state"), True
        case And(parts):
            found = [_said(part, actor, known) for part in parts]
            kept = [each for each in found if each is not None]
            if not kept:
                return None
            return every(each for each, _ in kept), len(kept) == len(found) and all(
                exact for _, exact in kept
            )
        case Or(parts):
            each_found = [_said(part, actor, known) for part in parts]
            if any(each is None for each in each_found):
                return None
            there = [each for each in each_found if each is not None]
            return any_of(each for each, _ in there), all(exact for _, exact in there)
        case Not(part):
            inner = _said(part, actor, known)
            return (But(AnyOf((ANY,)), inner[0]), True) if inner is not None and inner[1] else None
        case Probe() if _is_words(tree):
            looked_for = needles(tree)
            return heard(tree, actor, known), not any(each.needs_reading for each in looked_for)
        case Probe():
            narrowed = _facet(tree, actor)
            return None if narrowed is None else (narrowed, True)
    return None


# --- words, as far as their reader may read them ----------------------------------------------------------------------


def heard(probe: Probe, actor: Actor, known: State) -> Expression:
    """Say which tickets hold words where this reader may read them."""
    mine = permits.held(actor)
    looked_for = needles(probe)
    if mine.is_simple:
        return wanted(looked_for, lanes(probe.column, mine.sees, known, with_merged=True))
    together: dict[Numbers, list[Expression]] = {}
    for grant in mine.grants:
        if grant.sees:
            together.setdefault(grant.sees, []).append(reached(grant, actor))
    found = any_of(
        every(_without_any([any_of(places), wanted(looked_for, lanes(probe.column, sees, known))]))
        for sees, places in together.items()
    )
    if actor.only_queues is not None:
        return every([_any("queue", actor.only_queues), found])
    return found


def known_to(expression: Expression, actor: Actor) -> Expression:
    """Narrow what is asked to the tickets that a reader may know of."""
    mine = permits.held(actor)
    if mine.is_simple:
        return expression if mine.sees else NOTHING
    places = any_of(reached(grant, actor) for grant in mine.grants if grant.sees)
    found = every(_without_any([places, expression]))
    if actor.only_queues is not None:
        return every([_any("queue", actor.only_queues), found])
    return found


def _without_any(parts: Iterable[Expression]) -> Iterator[Expression]:
    """Leave out what every ticket is."""
    for part in parts:
        if not (isinstance(part, AnyOf) and ANY in part.tokens):
            yield part


def lanes(column: str, sees: Numbers, known: State, *, with_merged: bool = False) -> list[str]:
    """List the lanes in which somebody may look who reads some classes of data."""
    configuration = current()
    classes = sorted(sees & configuration.class_words.keys())
    closed = {
        old for name, old in known.moved().items() if configuration.class_of(asked_as(name)) not in sees
    }
    found: list[str] = []
    for lane in _LANES[column]:
        usual = [known.class_of("subject")] if lane == SUBJECT else classes
        shut = closed if lane in (SUBJECT, HEADER, NAMES) else ()
        found.extend(lane + code(each) for each in usual if each in sees and each not in shut)
    if with_merged and column == "text":
        found += [MERGED + code(each) for each in classes if each not in closed]
    return found


def reached(grant: Grant, actor: Actor) -> Expression:
    """Say in facets which tickets a grant reaches for an actor: the twin of `nocturne.store.reach.reached`."""
    parts: list[Expression] = []
    if grant.queues is not None:
        parts.append(_any("queue", grant.queues - grant.without))
    elif grant.without:
        parts.append(But(AnyOf((ANY,)), _any("queue", grant.without)))
    if grant.networks is not None:
        parts.append(_any("network", grant.networks))
    if grant.types is not None:
        parts.append(_any("type", grant.types))
    if grant.states is not None:
        parts.append(any_of([_any("state", grant.states), _any("meaning", grant.states)]))
    if grant.party and grant.party != ANYBODY:
        parts.append(_party(grant.party, actor))
    return every(parts)


def _any(column: str, values: Iterable[Any]) -> AnyOf:
    return AnyOf(tuple(facet(column, each) for each in sorted(values)))


def _party(name: str, actor: Actor) -> Expression:
    if name == "reporter":
        return NOTHING if actor.contact is None else AnyOf((facet("reporter", actor.contact),))
    if name == "owner":
        return (
            AnyOf((facet("owner", actor.id),))
            if actor.kind == "account" and actor.id is not None
            else NOTHING
        )
    if name == "representative":
        mine = actor.speaks_for
        machines = AnyOf(tuple(machine(each) for each in sorted(mine.machines)))
        return any_of([_any("network", mine.networks), _any("site", mine.sites), machines])
    keys = [f"{name}:account:{actor.id}"] if actor.kind == "account" else []
    keys += [f"{name}:contact:{actor.contact}"] if actor.contact is not None else []
    return AnyOf(tuple(party(each) for each in keys))


# --- other columns ----------------------------------------------------------------------------------------------------


def _where_readable(found: Expression, actor: Actor, column: str) -> Expression:
    """Narrow what is asked of a column to the tickets on which its reader may read that one: the twin of what
    `nocturne.store.search` says in SQL."""
    mine, number = permits.held(actor), current().class_of(column)
    if mine.is_simple:
        return found if number in mine.sees else NOTHING
    if permits.sees_column_everywhere(actor, column):
        return found
    places = any_of(reached(grant, actor) for grant in mine.grants if number in grant.sees)
    within = every(_without_any([places, found]))
    if actor.only_queues is not None:
        return every([_any("queue", actor.only_queues), within])
    return within


def _facet(probe: Probe, actor: Actor) -> Expression | None:
    """Say a probe of a column to the index, where it is one of its facets."""
    column = probe.column
    how = _FACETS.get(probe.how)
    if how is None or (column not in _PLAIN and column not in _ROWS and column not in _behind()):
        return None
    found = how(probe, actor)
    if found is None:
        return None
    for each in judged(column):
        found = _where_readable(found, actor, each)
    return found


def _facet_in(probe: Probe, _: Actor) -> Expression | None:
    if probe.column in _PLAIN:
        plain = all(isinstance(each, str | int) for each in probe.values)
        return _any(probe.column, set(probe.values)) if plain else None
    return _pointing(probe.column, probe.values)


def _facet_starts(probe: Probe, _: Actor) -> Expression | None:
    if probe.column in _PLAIN:
        return None
    return _pointing(probe.column, tuple(Prefix(each) for each in probe.values))


def _pointing(column: str, values: tuple[Any, ...]) -> Expression | None:
    """Say that a column points to one of the rows that are called so, where these are few."""
    from nocturne.store.searchnames import rows_named

    row, rows = rows_named(column, values)
    numbers = list(rows.order_by().values_list("pk", flat=True)[: MOST_NAMED + 1])
    if len(numbers) > MOST_NAMED:
        return None
    return AnyOf(tuple(machine(each) for each in numbers)) if row == "machine" else _any(row, numbers)


def _behind() -> frozenset[str]:
    """Name what lies behind rows that are facets."""
    from nocturne.store.searchnames import BEHIND

    return frozenset(name for name, (row, _) in BEHIND.items() if row in _ROWS)


def _facet_within(probe: Probe, _: Actor) -> Expression | None:
    if probe.column not in ("priority", "severity"):
        return None
    levels = range(max(LEVELS.values()) + 1)
    return _any(
        probe.column, (each for each in levels if holds(probe.values, [Searchable(number=Decimal(each))]))
    )


def _facet_empty(probe: Probe, _: Actor) -> Expression | None:
    if probe.column not in _ROWS or probe.column == "machine":
        return None
    return AnyOf((facet(probe.column, None),))


def _facet_mine(probe: Probe, actor: Actor) -> Expression | None:
    if actor.kind != "account" or actor.id is None or probe.column != "owner":
        return None
    return AnyOf((facet("owner", actor.id),))


def _facet_called(probe: Probe, _: Actor) -> Expression | None:
    from nocturne.store.searchnames import accounts

    if probe.column != "owner":
        return None
    found = list(accounts(probe.values).values_list("pk", flat=True)[: MOST_NAMED + 1])
    return _any("owner", found) if len(found) <= MOST_NAMED else None


_FACETS: dict[str, Callable[[Probe, Actor], Expression | None]] = {
    "in": _facet_in,
    "starts": _facet_starts,
    "within": _facet_within,
    "empty": _facet_empty,
    "mine": _facet_mine,
    "called": _facet_called,
}
