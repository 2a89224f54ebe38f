"""Lists in the order of how well their tickets fit the words of a question (`nocturne.store.fulltext.ranking`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from nocturne.core.permits import Actor
from nocturne.core.query.lowering import lowered
from nocturne.core.query.tree import Tree
from nocturne.store import lists
from nocturne.store.fulltext import ranking
from nocturne.store.fulltext.asking import Plan
from nocturne.store.lists import Rows
from nocturne.store.models import Ticket

ORDER = "relevance"


def rows(
    actor: Actor,
    tree: Tree,
    plan: Plan,
    rest: Q | None,
    *,
    after: Sequence[Any] | None,
    limit: int,
    now: datetime,
) -> Rows:
    """Read one page of what the full-text index finds, what fits best first.

    :param tree, plan, rest: the question, and how it is answered (`nocturne.store.search.planned`).
    """
    place = None if after is None else (int(after[0]), int(after[-1]))
    steps = ranking.steps(lowered(tree, now), plan, actor)
    found, end = ranking.page(plan, steps, actor, rest, after=place, limit=limit, now=now)
    until = None
    if found.until is not None:
        until = Ticket.objects.values_list("opened_at", flat=True).get(pk=found.until)
    shown = lists.these(actor, found.numbers, step=limit + 1)
    return Rows(shown, None if end is None else list(end), until, building=not plan.known.is_whole)
