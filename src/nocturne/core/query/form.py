"""A query as a form: a row for each thing that is asked, and back.

A plain conjunction comes apart into rows of key, operator and values. What is none (brackets, `or`) is a row of text
alone, so that nothing of a query is ever lost by opening it as a form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nocturne.core.query import keys
from nocturne.core.query.canonical import canonical, spelling
from nocturne.core.query.canonical import written as _written
from nocturne.core.query.tree import And, Not, Query, Term, Tree
from nocturne.core.query.vocabulary import key_of, paths

IS, NOT, BEGINS, TEXT = "is", "not", "begins", "text"
SIGNS = (">=", "<=", ">", "<")
OPERATORS = (IS, NOT, *SIGNS, BEGINS)
_COMPARED = ("level", "instant", "age", "span", "local", "affected")
_BEGUN = ("name", "person", "line", "affected", "local")
Reads = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is asked.

    :param key: as it is spelt; empty for a row of text alone.
    :param operator: is (any of the values), not (none of them), begins, a sign to compare with, or text.
    :param values: as they are typed, quoted where they must be.
    :param beside: what belongs to a `changed:` (`after:yesterday`, `by:anna`).
    """

    key: str
    operator: str
    values: tuple[str, ...]
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A query in rows, and how what it finds is shown."""

    rows: tuple[Row, ...]
    order: str = ""
    group: str = ""
    limit: int | None = None

    @property
    def is_plain(self) -> bool:
        """Whether all of it can be seen in rows."""
        return all(row.operator != TEXT for row in self.rows)


def form(query: Query, *, reads: Reads | None = None) -> Form:
    """Part a query into rows.

    :param reads: as it was parsed with.
    """
    parts = query.tree.parts if isinstance(query.tree, And) else (query.tree,)
    group = spelling(query.group, keys(reads)) if query.group else ""
    return Form(tuple(_row(part, reads) for part in parts), query.order or "", group, query.limit)


def text(filled: Form) -> str:
    """Write a form as a query; whoever reads it may still refuse it."""
    parts = [_typed(row) for row in filled.rows if row.values]
    parts += [f"order:{filled.order}"] if filled.order else []
    parts += [f"group:{filled.group}"] if filled.group else []
    parts += [f"limit:{filled.limit}"] if filled.limit else []
    return " ".join(part for part in parts if part)


def _typed(row: Row) -> str:
    values = [value.strip() for value in row.values if value.strip()]
    if not values:
        return ""
    if row.operator == TEXT or not row.key:
        return values[0]
    if row.operator in SIGNS:
        values = [row.operator + values[0]]
    elif row.operator == BEGINS:
        values = [f"{value.removesuffix('*')}*" for value in values]
    return " ".join((f"{'-' if row.operator == NOT else ''}{row.key}:{','.join(values)}", *row.beside))


def _row(tree: Tree, reads: Reads | None) -> Row:
    asked, negated = (tree.part, True) if isinstance(tree, Not) else (tree, False)
    if not isinstance(asked, Term):
        whole = _written(tree, reads=reads)
        return Row("", TEXT, (whole if negated else f"({whole})",))
    key = spelling(asked.key, keys(reads))
    values = asked.written
    if negated:
        return Row(key, NOT, values, asked.beside)
    name = paths(asked.key)[1]
    operator = _operator(name, values)
    if operator in SIGNS:
        values = (values[0].removeprefix(operator),)
    elif operator == BEGINS:
        values = tuple(value.removesuffix("*") for value in values)
    return Row(key, operator, values, asked.beside)


def _operator(name: str, values: Iterable[str]) -> str:
    link, rest = paths(name)
    while link:
        link, rest = paths(rest)
    known, values = key_of(rest).form, list(values)
    if known in _COMPARED and len(values) == 1:
        for sign in SIGNS:
            if values[0].startswith(sign):
                return sign
    if known in _BEGUN and values and all(len(value) > 1 and value.endswith("*") for value in values):
        return BEGINS
    return IS


__all__ = ["BEGINS", "IS", "NOT", "OPERATORS", "SIGNS", "TEXT", "Form", "Row", "canonical", "form", "text"]
