"""Groups of accounts, and groups within them. A group is a document of the configuration; who is in it is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nocturne.core.configuration.groups import BUILT_IN
from nocturne.core.configuration.inforce import current
from nocturne.core.configuration.references import references
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, NotFound
from nocturne.desk import administering, configuring
from nocturne.store import configured
from nocturne.store.models import User


@dataclass(frozen=True)
class GroupView:
    """A group: whom it names itself, which groups are part of it, and in which groups its members are besides."""

    name: str
    title: str
    help: str
    members: list[str]
    includes: list[str]
    part_of: list[str]
    is_built_in: bool


def everyone() -> list[GroupView]:
    """List all groups by name."""
    members: dict[str, list[str]] = {}
    rows = User.objects.filter(groups__isnull=False).order_by("name")
    for group, person in rows.values_list("groups__name", "name"):
        members.setdefault(group, []).append(person)
    configuration = configured.refresh()
    return [
        GroupView(
            name,
            group.title,
            group.help,
            members.get(name, []),
            sorted(group.includes),
            sorted(configuration.groups_over([name]) - {name}),
            name in BUILT_IN,
        )
        for name, group in sorted(configuration.groups.items())
    ]


def find(name: str) -> GroupView:
    """Read one group.

    :raises NotFound: there is none.
    """
    for group in everyone():
        if group.name == name:
            return group
    raise NotFound("no_such_group", field="group", given=name)


def add(
    name: str, *, by: Actor, door: Door, title: str = "", includes: Iterable[str] = (), help_text: str = ""
) -> GroupView:
    """Make a group; the members of those it includes are its members.

    :raises Invalid: the name is taken or cannot be one, or groups would include each other in a circle.
    :raises Forbidden: this is not for the actor to do, or to grant.
    """
    if name in configured.refresh().groups:
        raise Invalid("group_exists", field="name", given=name)
    body = {"title": title, "help": help_text, "includes": sorted(set(includes))}
    configuring.change(
        {("group", name): {key: value for key, value in body.items() if value}}, by=by, door=door
    )
    return find(name)


def change(name: str, changes: dict[str, Any], *, by: Actor, door: Door) -> GroupView:
    """Change a group's title, help or the groups that are part of it.

    :raises Refusal: as :func:`add`.
    """
    find(name)
    body = {**current().documents[("group", name)], **changes}
    kept = {key: value for key, value in body.items() if value}
    configuring.change({("group", name): kept}, by=by, door=door)
    return find(name)


def remove(name: str, *, by: Actor, door: Door) -> None:
    """Take a group away that nobody is in and nothing refers to.

    :raises Invalid: it is in use, or always there.
    :raises Forbidden: this is not for the actor to do.
    """
    administering.demand(by)
    found = find(name)
    used = [*found.members, *used_in(name)]
    if used and not found.is_built_in:
        raise Invalid("group_in_use", field="group", given=name, used=used[:8])
    configuring.change({("group", name): None}, by=by, door=door)


def used_in(name: str) -> list[str]:
    """List the documents of the configuration that name a group."""
    return sorted(
        f"{kind}/{other}"
        for (kind, other), body in current().documents.items()
        if any((what, named) == ("group", name) for _path, what, named in references(kind, body))
    )
