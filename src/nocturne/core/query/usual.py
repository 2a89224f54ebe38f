"""In which order a question is answered that asks for none: the same wherever it is asked."""

from __future__ import annotations

from nocturne.core.query.tree import TEXTS, And, Or, Past, Query, Term, Tree, terms

URGENT, NEWEST = "priority", "newest"
OPEN = frozenset({"open", "untaken", "new", "waiting", "noalarm", "overdue", "ringing"})
"""What `is:` says of open tickets alone."""


def usual(asked: Query) -> str:
    """Name the usual order: a list of open work is read like the board, the most urgent first; whoever looks for words,
    for what has been, or among ended tickets as well has the newest first."""
    is_found = any(_looks_back(term) for term in terms(asked.tree))
    return URGENT if _is_open(asked.tree) and not is_found else NEWEST


def _is_open(tree: Tree) -> bool:
    """Tell whether open tickets alone are asked for."""
    match tree:
        case And(parts):
            return any(_is_open(part) for part in parts)
        case Or(parts):
            return bool(parts) and all(_is_open(part) for part in parts)
        case Term("is", values):
            return OPEN.issuperset(values)
    return False


def _looks_back(term: Term) -> bool:
    """Tell whether a term asks for words, or for what has been."""
    return term.key in TEXTS or any(isinstance(value, Past) for value in term.values)


__all__ = ["usual"]
