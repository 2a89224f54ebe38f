"""Brings hits into the order of how well they fit: in steps that the index itself can tell apart, in each the newest
first.

Nothing is scored: each step is a question to the index, which leaves out what an earlier step has shown. So a page
costs what some pages of the newest first would, whatever is asked, and both databases give the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from nocturne.core.fulltext import But, Expression, any_of, every
from nocturne.core.permits import Actor
from nocturne.core.query.tree import And, Or, Probe, Tree
from nocturne.store.fulltext import walking
from nocturne.store.fulltext.asking import FACTS, Plan, heard
from nocturne.store.fulltext.walking import Found

Place = tuple[int, int]
"""Where a page begins: in which step, and behind which ticket of it."""
SAID = "text"
LONGEST = 8
"""Words that are looked for side by side."""


def steps(tree: Tree, plan: Plan, actor: Actor) -> list[Expression]:
    """Give what the index is asked in each step, the best first: together they find what the plan finds.

    Each word beside the next in the subject; all of them in the subject; in the subject, the other words of the header
    or the names on the ticket; beside each other in what was written; and all else. Where one word is asked for, it
    stands beside none.

    :param tree: in probes, as the plan was made of.
    """
    parts = list(_parts(tree))
    wanted = [part for part in parts if _asks(part)]
    if not wanted:
        return [plan.expression]
    phrase = _phrase(parts)

    def among(column: str) -> Expression:
        found = (
            _said(part, lambda probe: heard(replace(probe, column=column), actor, plan.known))
            for part in wanted
        )
        return every(each for each in found if each is not None)

    def together(column: str) -> list[Expression]:
        if phrase is None:
            return []
        return [every([among(column), heard(replace(phrase, column=column), actor, plan.known)])]

    better = [*together("subject"), among("subject"), among(FACTS), *together(SAID)]
    found: list[Expression] = []
    for place, each in enumerate(better):
        whole = every([plan.expression, each])
        found.append(But(whole, any_of(better[:place])) if place else whole)
    return [*found, But(plan.expression, any_of(better))]


def _parts(tree: Tree) -> Iterator[Tree]:
    if isinstance(tree, And):
        for part in tree.parts:
            yield from _parts(part)
    else:
        yield tree


def _asks(tree: Tree) -> bool:
    match tree:
        case And(parts) | Or(parts):
            return any(_asks(part) for part in parts)
        case Probe(column):
            return column == SAID
    return False


def _said(tree: Tree, of: Callable[[Probe], Expression]) -> Expression | None:
    """Say where words are to be found; of a choice with something else in it nothing is said."""
    match tree:
        case And(parts):
            found = [_said(part, of) for part in parts]
            return every(each for each in found if each is not None)
        case Or(parts):
            either = [_said(part, of) for part in parts]
            return (
                None
                if any(each is None for each in either)
                else any_of(each for each in either if each is not None)
            )
        case Probe(column) if column == SAID:
            return of(tree)
    return None


def _phrase(parts: Sequence[Tree]) -> Probe | None:
    """Put words that were asked one by one side by side; None where they are fewer than two."""
    words = [
        part.values[0]
        for part in parts
        if isinstance(part, Probe) and part.column == SAID and isinstance(part.values[0], str)
    ]
    return Probe(SAID, "words", (" ".join(words),)) if 1 < len(words) <= LONGEST else None


def page(
    plan: Plan,
    ranks: Sequence[Expression],
    actor: Actor,
    rest: Q | None,
    *,
    after: Place | None,
    limit: int,
    now: datetime,
) -> tuple[Found, Place | None]:
    """Find a page, the best first, and where the next one begins.

    :param ranks: as :func:`steps` gives them.
    """
    first, behind = after or (0, 0)
    found: list[Place] = []
    for step in range(max(first, 0), len(ranks)):
        place = behind if step == first and behind else None
        asked = replace(plan, expression=ranks[step])
        wanted = limit + 1 - len(found)
        part = walking.newest(asked, actor, rest, after=place, limit=wanted, descends=True, now=now)
        found += [(step, number) for number in part.numbers]
        if len(found) > limit:
            return Found([number for _, number in found[:limit]]), found[limit - 1]
        if part.until is not None:
            return Found([number for _, number in found], until=part.until), (step, part.until)
    return Found([number for _, number in found]), None
