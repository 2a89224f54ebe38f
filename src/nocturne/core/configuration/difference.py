"""What changes from one set of documents to another, in a form that people can read and pages can show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from nocturne.core.configuration.toml import ORDER, plain, same
from nocturne.core.configuration.whole import KINDS, Document, Documents


class How(StrEnum):
    """What became of a document or of a key."""

    ADDED = "added"
    GONE = "gone"
    CHANGED = "changed"


SIGNS = {How.ADDED: "+", How.GONE: "-", How.CHANGED: "~"}


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A key that differs: the way to it (`hours.monday`, `states.open.clock`), and its value before and after."""

    path: str
    how: How
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class Change:
    """A document that differs. For one that is added or gone, `keys` are all that it says."""

    document: Document
    how: How
    keys: tuple[KeyChange, ...]

    @property
    def sign(self) -> str:
        return SIGNS[self.how]


def differences(before: Documents, after: Documents) -> list[Change]:
    """List the documents that differ, kind by kind in the order in which they are read, with what differs in each."""
    kinds = list(KINDS)
    changes = []
    for document in sorted(before.keys() | after.keys(), key=lambda each: (kinds.index(each[0]), each[1])):
        old, new = before.get(document), after.get(document)
        how = How.ADDED if old is None else How.GONE if new is None else How.CHANGED
        keys = tuple(between(old or {}, new or {}))
        if keys or how is not How.CHANGED:
            changes.append(Change(document, how, keys))
    return changes


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[KeyChange]:
    """List what differs between two bodies, in the order in which a file has its keys."""
    yield from _tables(plain(before), plain(after), "")


def lines(changes: Sequence[Change]) -> Iterator[str]:
    """Spell changes one per line with the signs that every language knows: + added, - taken away, ~ changed."""
    for change in changes:
        kind, name = change.document
        yield f"{change.sign} {kind}/{name}"
        for key in change.keys:
            yield f"    {SIGNS[key.how]} {key.path}: {_spelt(key)}"


def _spelt(key: KeyChange) -> str:
    if key.how is How.ADDED:
        return spelt(key.after)
    if key.how is How.GONE:
        return spelt(key.before)
    return f"{spelt(key.before)} → {spelt(key.after)}"


def spelt(value: Any) -> str:
    """Spell a value on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '""' if value == "" else value.replace("\r", "").replace("\n", "⏎")
    if isinstance(value, list):
        return ", ".join(spelt(each) for each in value) or "[]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {spelt(each)}" for key, each in value.items()) + "}"
    return str(value)


def _tables(before: Mapping[str, Any], after: Mapping[str, Any], path: str) -> Iterator[KeyChange]:
    for key in sorted(before.keys() | after.keys(), key=_place):
        yield from _values(before.get(key), after.get(key), f"{path}.{key}" if path else key)


def _place(key: str) -> tuple[int, str]:
    return (ORDER.index(key) if key in ORDER else len(ORDER), key)


def _values(before: Any, after: Any, path: str) -> Iterator[KeyChange]:
    if same(before, after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _tables(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(before, after, path)
    elif before is None:
        yield KeyChange(path, How.ADDED, None, after)
    elif after is None:
        yield KeyChange(path, How.GONE, before, None)
    else:
        yield KeyChange(path, How.CHANGED, before, after)


def _lists(before: list[Any], after: list[Any], path: str) -> Iterator[KeyChange]:
    """Compare lists by their members: what is named is found again wherever it stands; else order alone differs."""
    old, new = _named(before), _named(after)
    if old is None or new is None:
        yield KeyChange(path, How.CHANGED, before, after)
        return
    in_order = [*old, *(name for name in new if name not in old)]
    found = [each for name in in_order for each in _values(old.get(name), new.get(name), f"{path}.{name}")]
    for each in found:  # a name in a list says itself
        is_name = each.path == f"{path}.{each.after or each.before}"
        yield replace(each, path=path) if is_name else each
    if not found or [key for key in old if key in new] != [key for key in new if key in old]:
        yield KeyChange(path, How.CHANGED, list(old), list(new))


def _named(values: list[Any]) -> dict[str, Any] | None:
    """Give the members of a list by what they are called; None where they have no names, or share one."""
    found: dict[str, Any] = {}
    for each in values:
        name = _name(each)
        if (
            isinstance(each, Mapping) and "act" in each and name in found
        ):  # two ways by one act to one state: the first, the second
            name = next(other for count in range(2, 1000) if (other := f"{name}#{count}") not in found)
        if not name or name in found:
            return None
        found[name] = each
    return found


def _name(each: Any) -> str:
    if isinstance(each, str):
        return each
    if not isinstance(each, Mapping):
        return ""
    if "act" in each:  # a move is known by what it does and where it leads
        return f"{each['act']}→{each['to']}" if each.get("to") else str(each["act"])
    return str(each.get("name") or each.get("value") or "")
