"""Which columns a query asks for, and whether its asker may read them."""

from __future__ import annotations

from nocturne.core.permits import Actor, sees_column, sees_column_everywhere
from nocturne.core.query.counted import column_of_had
from nocturne.core.query.tree import Measured, Past, Term, Tree, terms
from nocturne.core.query.vocabulary import key_of, paths
from nocturne.core.refusals import Forbidden

_ASKED = {
    **dict.fromkeys(("mine", "untaken"), "owner"),
    **dict.fromkeys(("overdue", "noalarm"), "alarm_at"),
    "ringing": "ringing_since",
    "merged": "merged_into",
    "signoff": "checked_by",
    "watched": "party/0",
    "asked": "party/0",
    "objected": "objected",
}
"""Which column a word of `is:` asks for, where it is not the state."""


def demand(tree: Tree, actor: Actor) -> None:
    """Refuse a query that asks for a column its asker may not read: what is hidden cannot be found either.

    :raises Forbidden: field_not_permitted, with the key.
    """
    for term in terms(tree):
        for column in columns_of(term):
            readable = sees_column_everywhere if column == "merged_into" else sees_column
            if not readable(actor, column):
                raise Forbidden("field_not_permitted", field=term.key, position=term.position)


def columns_of(term: Term) -> list[str]:
    """List the columns that must be read to ask a term."""
    found: list[str] = []
    link, name = paths(term.key)
    while link:
        found.append(key_of(link).column)
        link, name = paths(name)
    key = key_of(name)
    if key.form == "choice" and key.name == "is":
        return found + [_ASKED.get(str(value), "state") for value in term.values]
    found.append(key.column)
    for value in term.values:
        if isinstance(value, Measured) and key.form == "has":
            found.append(column_of_had(value.name))
        if isinstance(value, Past):
            found.append(key_of(value.column).column if value.column else "opened_by")
            found += ["opened_by"] if value.by else []
    return list(dict.fromkeys(column for column in found if column))
