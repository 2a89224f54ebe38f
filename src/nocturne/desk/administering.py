"""What guards the administration of people: who may do it, to whom, and that somebody is left who can."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from nocturne.core import permits
from nocturne.core.configuration import Configuration
from nocturne.core.configuration.body import wrong
from nocturne.core.configuration.clearances import ADMINISTERING
from nocturne.core.configuration.grants import Grant
from nocturne.core.configuration.inforce import current
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, WrongState
from nocturne.store import configured
from nocturne.store.models import User

PEOPLE = "administer-people"


def demand(by: Actor, right: str = PEOPLE) -> None:
    """Refuse somebody who does not hold a right of administration.

    :raises Forbidden: they do not, or came with a token that is not made for it.
    """
    configured.refresh()
    if not permits.may(by, right):
        raise Forbidden("not_permitted", act=right)


def demand_over(by: Actor, user: User) -> None:
    """Refuse to lay hands on an account that may what its administrator may not: they would become it.

    :raises Forbidden: it may more.
    """
    demand(by)
    refuse_granting(by, user.groups.values_list("name", flat=True))


def refuse_granting(by: Actor, groups: Iterable[str], configuration: Configuration | None = None) -> None:
    """Let nobody put anybody into a group that gives what they do not hold themselves.

    :param configuration: the one to be in force, where that is what changes.
    :raises Forbidden: it would.
    """
    if by.kind == "system":
        return
    configuration, held = configuration or current(), permits.held(by).unlimited
    reached = configuration.groups_over(groups)
    for grant in configuration.grants:
        if grant.group not in reached:
            continue
        if strange := sorted(grant.rights - held.rights):
            raise Forbidden("granting_unheld_right", right=strange[0], clearance=grant.clearance)
        for mine, theirs in (
            (held.sees, grant.sees),
            (held.appends, grant.appends),
            (held.changes, grant.changes),
        ):
            if unheld := theirs - mine:
                word = configuration.class_words.get(min(unheld), str(min(unheld)))
                raise Forbidden("granting_unheld_class", data_class=word, clearance=grant.clearance)


def refuse_granting_by_nesting(before: Configuration, after: Configuration, by: Actor) -> None:
    """Let nobody make a group part of one that gives what they do not hold themselves.

    :raises Forbidden: some group's members would come by more through it.
    """
    for name in after.groups:
        if gained := after.groups_over([name]) - before.groups_over([name]) - {name}:
            refuse_granting(by, gained, after)


def somebody_administers(configuration: Configuration | None = None) -> bool:
    """Tell whether there is an account that may administer everything and can sign on.

    Groups within groups count, and so does what the clearances say; accounts of machines do not.
    """
    configuration = configuration or current()
    people = User.objects.filter(is_active=True, is_service=False)
    groups = [name for name in configuration.groups if _rights(configuration, [name]) >= ADMINISTERING]
    if people.filter(groups__name__in=groups).exists():
        return True
    # Several groups may give it all only together.
    several = people.filter(groups__isnull=False).distinct().prefetch_related("groups")
    return any(
        _rights(configuration, (group.name for group in each.groups.all())) >= ADMINISTERING
        for each in several
    )


@contextmanager
def somebody_stays(name: str = "") -> Iterator[None]:
    """Refuse what is done within if it leaves nobody who may administer everything.

    :param name: the account that is being changed.
    :raises WrongState: there was somebody, and nobody would be left.
    """
    was = somebody_administers()
    yield
    if was and not somebody_administers():
        raise WrongState("last_administrator", name=name)


def refuse_losing_the_last(before: Configuration, after: Configuration) -> None:
    """Refuse a configuration in which nobody may administer everything any more.

    :raises Invalid: there was somebody, and nobody would be left.
    """
    if somebody_administers(before) and not somebody_administers(after):
        raise wrong("nobody_administers", "group", missing=sorted(ADMINISTERING))


def _rights(configuration: Configuration, groups: Iterable[str]) -> frozenset[str]:
    """Add up which rights groups give wherever a ticket is; queues that they do not see take none of them away."""
    reached = configuration.groups_over(groups)
    given = (
        grant.rights for grant in configuration.grants if grant.group in reached and not _is_limited(grant)
    )
    return frozenset().union(*given)


def _is_limited(grant: Grant) -> bool:
    return any(each is not None for each in (grant.queues, grant.networks, grant.types, grant.states))
