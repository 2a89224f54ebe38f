"""Who is in which group: put in and taken out by administrators, who grant nothing they do not hold."""

from __future__ import annotations

from collections.abc import Iterable

from nocturne.core.configuration.inforce import current
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid
from nocturne.desk import administering, people, projection, signon
from nocturne.store.db import writing
from nocturne.store.models import Group, Session, User


def set_groups(name: str, groups: Iterable[str], *, by: Actor, door: Door) -> User:
    """Say in which groups an account is; its browsers get new keys, for what it may do has changed.

    :raises Invalid: there is no such group.
    :raises Forbidden: a group gives what the actor does not hold, or the account may more than they.
    :raises WrongState: nobody would be left to administer.
    """
    with writing():
        user = people.find(name)
        administering.demand_over(by, user)
        wanted = sorted(set(groups))
        found = list(Group.objects.filter(name__in=wanted))
        if missing := sorted(set(wanted) - {group.name for group in found}):
            raise Invalid("unknown_group", field="groups", given=missing[0])
        before = sorted(user.groups.values_list("name", flat=True))
        administering.refuse_granting(by, set(wanted) - set(before))
        if before == wanted:
            return user
        with administering.somebody_stays(user.name):
            user.groups.set(found)
        Session.objects.filter(user=user).update(renew=True)
        projection.people_changed(current())
        signon.rights_changed(user)
        people.note("groups_changed", by, door, user, before={"groups": before}, after={"groups": wanted})
    return user


def join(name: str, group: str, *, by: Actor, door: Door) -> User:
    """Put an account into one more group.

    :raises Refusal: as :func:`set_groups`.
    """
    with writing():
        present = people.find(name).groups.values_list("name", flat=True)
        return set_groups(name, {*present, group}, by=by, door=door)


def leave(name: str, group: str, *, by: Actor, door: Door) -> User:
    """Take an account out of a group.

    :raises Invalid: it is not in it.
    :raises Refusal: as :func:`set_groups`.
    """
    with writing():
        present = set(people.find(name).groups.values_list("name", flat=True))
        if group not in present:
            raise Invalid("not_in_group", field="group", given=group, name=name)
        return set_groups(name, present - {group}, by=by, door=door)
