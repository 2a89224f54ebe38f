"""Parts of the lines on a ticket, such as `cause:cut`, in SQL: what stands inside of a text has no place in an index.

Few causes are written on many tickets, and few people open them: each text is looked at once, and the tickets are found
by their index. Other lines stand on few tickets: an index that holds these alone is gone through.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import In

from nocturne.core.query.tree import Prefix
from nocturne.store import lettercase, reach

if TYPE_CHECKING:
    from nocturne.store.searchvalues import Asking

_REPEATED = frozenset({"cause", "key_component", "opened_by", "referred_to", "resolution"})
KEPT = _REPEATED | {"vendor_reference", "next_action"}
"""Lines with an index of their own (`nocturne.store.models.charts`)."""
DIFFERENT = 1_000
"""Different texts that are looked at one by one; where there are more, those of all tickets are."""
UNWRITTEN = "\uffff\uffff"
FEW = 2_000
"""Tickets with such a text that are put in order; where there are more, the tickets are asked one by one."""
_EACH = """
WITH RECURSIVE line(said) AS (
    SELECT min({0}) FROM ticket WHERE {0} IS NOT NULL
    UNION ALL SELECT (SELECT min({0}) FROM ticket WHERE {0} > line.said AND {0} IS NOT NULL)
    FROM line WHERE line.said IS NOT NULL)
SELECT said FROM line WHERE said IS NOT NULL LIMIT %s"""


def lines(column: str, values: Sequence[Any], asking: Asking) -> Q:
    """Find tickets on which a line holds any of some texts, or begins with one."""
    from nocturne.store.models import Ticket

    if column in _REPEATED and (known := _different(column)) is not None:
        # Where no text fits, one that nobody wrote is asked for: a question costs the same whether a text on a ticket
        # that its asker may not know of does.
        wanted = [each for each in known if any(_holds(each, value) for value in values)] or [UNWRITTEN]
        found = Q(**{f"{column}__in": wanted})
        if (
            asking.walks
            and connection.vendor == "sqlite"
            and Ticket.objects.filter(found).values("pk")[: FEW + 1].count() > FEW
        ):
            return Q(In(Coalesce(F(column), Value("")), wanted))
        return found
    conditions = (
        lettercase.begins(column, each.start)
        if isinstance(each, Prefix)
        else lettercase.holds(column, str(each))
        for each in values
    )
    there = Ticket.objects.filter(reduce(or_, conditions, reach.NOTHING), **{f"{column}__isnull": False})
    return Q(number__in=there.order_by().values("pk"))


def _holds(text: str, value: Any) -> bool:
    """Tell whether a text holds what is asked for: as the queries in memory do."""
    if isinstance(value, Prefix):
        return text.lower().startswith(value.start.lower())
    return str(value).lower() in text.lower()


def _different(column: str) -> list[str] | None:
    """List the different texts of a line; None where there are too many."""
    with connection.cursor() as cursor:
        cursor.execute(_EACH.format(f'"{column}"'), [DIFFERENT + 1])
        found = [row[0] for row in cursor.fetchall()]
    return found if len(found) <= DIFFERENT else None
