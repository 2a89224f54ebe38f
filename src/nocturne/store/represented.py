"""Whom an account or a contact speaks for, as columns beside its row: read with it, in the same query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, TextField

from nocturne.core.permits import SpeaksFor
from nocturne.store.models import Queue, Representative

KINDS = ("network", "site", "machine")


class Listed(Subquery):
    """All numbers that a query finds, as one text with commas between; the query's column is called `n`."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        template = "(SELECT GROUP_CONCAT(listed.n) FROM (%(subquery)s) listed)"
        return super().as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        template = "(SELECT STRING_AGG(listed.n::text, ',') FROM (%(subquery)s) listed)"
        return super().as_sql(compiler, connection, template=template, **extra)


def columns(*, user: str | None = "pk", contact: str = "contact_id") -> dict[str, Listed]:
    """Spell the columns for a query of accounts, or of what belongs to one.

    :param user, contact: where in that query the account's and the contact's numbers stand; without `user`, only what
        the contact speaks for is meant.
    """
    who = Q(contact_id=OuterRef(contact))
    if user is not None:
        who |= Q(user_id=OuterRef(user))
    return {f"speaks_{kind}s": Listed(_of(kind, who)) for kind in KINDS}


def _of(kind: str, who: Q) -> QuerySet[Representative, Any]:
    return (
        Representative.objects.filter(who, **{f"{kind}__isnull": False})
        .annotate(n=F(f"{kind}_id"))
        .values("n")
    )


def speaks_for(row: Mapping[str, Any]) -> SpeaksFor:
    """Read the columns."""
    return SpeaksFor(*(numbers(row[f"speaks_{kind}s"]) for kind in KINDS))


def numbers(text: str | None) -> frozenset[int]:
    return frozenset(map(int, text.split(","))) if text else frozenset()


def queues_of_token() -> Listed:
    """Spell the column of the queues that a token is narrowed to, for a query of tokens."""
    return Listed(Queue.objects.filter(tokens=OuterRef("pk")).annotate(n=F("pk")).values("n"))


__all__ = ["Listed", "columns", "numbers", "queues_of_token", "speaks_for"]
