"""A query written in one way: whatever was typed, the same question has the same text.

`parse(canonical(query)) == query`, for every query that was parsed in the same words and at the same moment; relative
dates stay as they were written, so that a saved question goes on meaning today.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from nocturne.core.entry import instant
from nocturne.core.fieldvalues.asking import Range
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.query import clocks, keys, parse
from nocturne.core.query.tree import And, Measured, Not, Or, Past, Query, Term, Tree, Value
from nocturne.core.query.values import spelt
from nocturne.core.query.vocabulary import BY_NAME, TAGS, Vocabulary, paths
from nocturne.core.refusals import Invalid

Reads = Callable[[str], bool]


def canonical(query: Query, *, reads: Reads | None = None) -> str:
    """Write a query.

    :param reads: as it was parsed with.
    """
    vocabulary = keys(reads)
    parts = [_tree(query.tree, vocabulary)] if query.tree != And(()) else []
    parts += [f"order:{query.order}"] if query.order else []
    parts += [f"group:{spelling(query.group, vocabulary)}"] if query.group else []
    parts += [f"limit:{query.limit}"] if query.limit else []
    return " ".join(parts)


def written(tree: Tree, *, reads: Reads | None = None) -> str:
    """Write a part of a query as it stands alone."""
    return _tree(tree, keys(reads))


def _tree(tree: Tree, vocabulary: Vocabulary) -> str:
    match tree:
        case Or(parts):
            return " or ".join(_inside(part, vocabulary, Or) for part in parts)
        case And(parts):
            among = sum(isinstance(each, Term) and each.key in ("text", "number") for each in parts) > 1
            return " ".join(
                ("#" if among and _is_number(part) else "") + _inside(part, vocabulary, Or, And)
                for part in parts
            )
        case Not(part):
            return f"-{_inside(part, vocabulary, Or, And)}"
        case Term():
            return _term(tree, vocabulary)
    raise TypeError("only what was written can be written")


def _is_number(tree: Tree) -> bool:
    """Tell whether a ticket's number stands alone; beside words it would be one of them, and is marked."""
    return (
        isinstance(tree, Term)
        and tree.key == "number"
        and len(tree.values) == 1
        and isinstance(tree.values[0], int)
    )


def _inside(tree: Tree, vocabulary: Vocabulary, *bracketed: type) -> str:
    text = _tree(tree, vocabulary)
    return f"({text})" if isinstance(tree, bracketed) else text


def spelling(name: str, vocabulary: Vocabulary) -> str:
    """Spell a key so that it is read as what it is, where a local field goes by one of our words."""
    if name == TAGS:
        return "tag"
    if name.startswith(PREFIX):
        return name.removeprefix(PREFIX)
    link, rest = paths(name)
    if link:
        return f"{link}.{spelling(rest, vocabulary)}"
    known = (name, *BY_NAME[name].also) if name in BY_NAME else (name,)
    return next((each for each in known if vocabulary.get(each) == name), name)


def _term(term: Term, vocabulary: Vocabulary) -> str:
    values = term.written or tuple(_value(term.key, value) for value in term.values)
    # Behind a key, `::` and `:/` begin addresses and no values.
    led = (f'"{values[0]}"', *values[1:]) if values[0][:1] in (":", "/") else values
    text = f"{spelling(term.key, vocabulary)}:{','.join(led)}"
    if _is_number(term):
        return str(term.values[0])
    if term.key == "text" and len(values) == 1 and _stands_alone(values[0], term):
        return values[0]
    return " ".join((text, *term.beside))


def _stands_alone(text: str, term: Term) -> bool:
    """Tell whether a text is looked for without its key, too, whatever stands before it."""
    if clocks.is_like(text):
        return False
    try:
        return parse(text).tree == term
    except Invalid:
        return False


def _value(key: str, value: Value) -> str:
    """Write a value that was not read from a text."""
    match value:
        case None:
            return "none"
        case Range():
            return _range(value)
        case Measured(name, asked):
            return f"{name}{_range(asked)}"
        case Past(column, befores):
            return f"{column}:{_value(key, befores[0])}" if befores else column or "any"
    return spelt(str(value))


def _range(asked: Range) -> str:
    low, high = (
        spelt(instant(each)) if isinstance(each, datetime) else str(each) for each in (asked.low, asked.high)
    )
    if asked.is_one:
        return low
    if asked.low is None and asked.high is None:
        return "*"
    if asked.high is None:
        return f">{'=' if asked.closed_low else ''}{low}"
    if asked.low is None:
        return f"<{'=' if asked.closed_high else ''}{high}"
    return f"{low}..{high}"
