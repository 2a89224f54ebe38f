"""Groups of accounts. Who is in them is not configuration; that a group is part of another is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nocturne.core.configuration.body import Body, wrong

BUILT_IN = ("administrators", "supervisors", "operators")
"""Groups that are always there: they may be given other clearances, never be removed or renamed."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group, and the groups whose members are its members too."""

    name: str
    title: str = ""
    help: str = ""
    includes: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()


def read(name: str, body: Body) -> Group:
    return Group(
        name,
        body.text("title", longest=120),
        body.text("help", longest=600),
        body.names("includes"),
        body.names("formerly"),
    )


def holding(groups: Mapping[str, Group]) -> dict[str, frozenset[str]]:
    """Say of each group which groups its members belong to: itself, and those that include it, however far.

    :raises Invalid: a group includes itself over others.
    """
    into: dict[str, set[str]] = {name: set() for name in groups}
    for group in groups.values():
        for part in group.includes:
            if part in into:
                into[part].add(group.name)
    found: dict[str, frozenset[str]] = {}
    for name in groups:
        reached, ahead = {name}, [name]
        while ahead:
            for upper in into[ahead.pop()]:
                if upper == name:
                    raise wrong("group_circle", f"group/{name}", given=name)
                if upper not in reached:
                    reached.add(upper)
                    ahead.append(upper)
        found[name] = frozenset(reached)
    return found
