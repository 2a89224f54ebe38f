"""What refers to what, by which key: so that nothing in use is removed, and a new name reaches everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

REFERENCES: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "site": (("default_queue", "queue", ""), ("note_class", "class", "")),
    "group": (("includes", "group", ""),),
    "lifecycle": (("moves.requires", "field", "field/"),),
    "field": (("types", "type", ""), ("class", "class", "")),
    "type": (("lifecycle", "lifecycle", ""), ("fields", "field", ""), ("points_to", "type", "")),
    "queue": (
        ("type", "type", ""),
        ("lifecycle", "lifecycle", ""),
        ("calendar", "calendar", ""),
        ("class", "class", ""),
        ("members", "group", "@"),
        ("watchers", "group", "@"),
    ),
    "clearance": (
        ("group", "group", ""),
        ("queues", "queue", ""),
        ("types", "type", ""),
        ("sees", "class", ""),
        ("appends", "class", ""),
        ("changes", "class", ""),
        ("opens_with", "field", "field/"),
    ),
    "template": (("queue", "queue", ""),),
}
"""Per kind: the path of a key, the kind it names, and what stands before the name where others may stand there too."""


def references(kind: str, body: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """List what a document refers to: the path of the key, the kind and the name."""
    for path, what, prefix in REFERENCES.get(kind, ()):
        for value in _values(body, path.split(".")):
            if isinstance(value, str) and value.startswith(prefix) and value != prefix:
                yield path, what, value.removeprefix(prefix)
    if kind == "queue" and isinstance(defaults := body.get("defaults"), Mapping):
        for key in defaults:
            if str(key).startswith("field/"):
                yield f"defaults.{key}", "field", str(key).removeprefix("field/")


def rewritten(kind: str, body: Mapping[str, Any], *, what: str, old: str, new: str) -> dict[str, Any]:
    """Put a new name wherever a document refers to something by its old one."""
    made = dict(body)
    for path, named, prefix in REFERENCES.get(kind, ()):
        if named == what:
            _rewrite(made, path.split("."), prefix + old, prefix + new)
    if kind == "queue" and what == "field" and isinstance(defaults := made.get("defaults"), Mapping):
        made["defaults"] = {
            (f"field/{new}" if key == f"field/{old}" else key): value for key, value in defaults.items()
        }
    return made


def _values(body: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(body, list | tuple):
        for each in body:
            yield from _values(each, path)
    elif not path:
        yield body
    elif isinstance(body, Mapping) and path[0] in body:
        yield from _values(body[path[0]], path[1:])


def _rewrite(body: dict[str, Any], path: list[str], old: str, new: str) -> None:
    key, rest = path[0], path[1:]
    if key not in body:
        return
    value = body[key]
    if rest and isinstance(value, list | tuple):
        copies = [dict(each) if isinstance(each, Mapping) else each for each in value]
        for each in copies:
            if isinstance(each, dict):
                _rewrite(each, rest, old, new)
        body[key] = copies
    elif isinstance(value, list | tuple):
        body[key] = [new if each == old else each for each in value]
    elif value == old:
        body[key] = new
