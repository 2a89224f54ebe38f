"""What guards the administration of people: who may do it, to whom, and that somebody is left who can."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db.models import Q

from nocturne.core import permits
from nocturne.core.chart import COLUMNS, ELEMENTS
from nocturne.core.configuration import Configuration
from nocturne.core.configuration.body import wrong
from nocturne.core.configuration.clearances import ADMINISTERING
from nocturne.core.configuration.grants import Grant
from nocturne.core.configuration.inforce import current
from nocturne.core.entry import FIRST_LOCAL_CLASS
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, WrongState
from nocturne.store import configured
from nocturne.store.models import Entry, FieldValue, Representative, Ticket, User

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
    if user.contact_id is not None:
        refuse_granting_part(by, "reporter")
    if Representative.objects.filter(
        Q(user=user) | Q(contact__isnull=False, contact=user.contact_id)
    ).exists():
        refuse_granting_part(by, "representative")


def refuse_granting(by: Actor, groups: Iterable[str], configuration: Configuration | None = None) -> None:
    """Let nobody put anybody into a group that gives what they do not hold themselves.

    A class in which nothing has been written yet is staffed by whoever administers clearances.

    :param configuration: the one to be in force, where that is what changes.
    :raises Forbidden: it would.
    """
    if by.kind == "system":
        return
    configuration = configuration or current()
    reached = configuration.groups_over(groups)
    _refuse_unheld((each for each in configuration.grants if each.group in reached), by, configuration)


def refuse_granting_part(by: Actor, party: str) -> None:
    """Let nobody make anybody a reporter or a representative whom that gives what they do not hold themselves.

    :raises Forbidden: it would.
    """
    if by.kind != "system":
        _refuse_unheld((each for each in current().grants if each.party == party), by, current())


def _refuse_unheld(grants: Iterable[Grant], by: Actor, configuration: Configuration) -> None:
    held = permits.held(by).unlimited
    for grant in grants:
        if strange := sorted(grant.rights - held.rights):
            raise Forbidden("granting_unheld_right", right=strange[0], clearance=grant.clearance)
        for mine, theirs in (
            (held.sees, grant.sees),
            (held.appends, grant.appends),
            (held.changes, grant.changes),
        ):
            if unheld := {each for each in theirs - mine if not is_new_to(by, each, configuration)}:
                word = configuration.class_words.get(min(unheld), str(min(unheld)))
                raise Forbidden("granting_unheld_class", data_class=word, clearance=grant.clearance)


def is_new_to(by: Actor, number: int, configuration: Configuration) -> bool:
    """Tell whether somebody may give a class of data that they do not hold: it is new, and holds nothing yet.

    What the staff has written there is its readers' alone, also when no clearance speaks of them any more.
    """
    if number < FIRST_LOCAL_CLASS or not permits.may(by, "administer-clearances"):
        return False
    if any(
        field.core and configuration.class_of(name) == number for name, field in configuration.fields.items()
    ):
        return False  # every ticket has it
    queues = [
        each
        for name, queue in configuration.queues.items()
        if configuration.class_numbers[queue.data_class] == number
        for each in (name, *queue.formerly)
    ]
    fields = [
        each
        for name, field in configuration.fields.items()
        if not field.core and configuration.class_of(f"field/{name}") == number
        for each in (name, *field.formerly)
    ]
    return not (
        Ticket.objects.filter(queue__name__in=queues).exists()
        or FieldValue.objects.filter(name__in=fields).exists()
        or Entry.objects.filter(Q(born_class=number) | Q(shown_class=number)).exists()
    )


def refuse_opening(before: Configuration, after: Configuration, by: Actor) -> None:
    """Let nobody open a queue or a field to others who may not read it themselves.

    :raises Forbidden: its class is one they do not hold, and something was written in it.
    """
    if by.kind == "system":
        return
    sees, will = permits.held(by).unlimited.sees, _kept(after)
    for name, (shown, number) in _kept(before).items():
        if will.get(name, ("", number))[1] == number or number in sees or is_new_to(by, number, before):
            continue
        word = before.class_words.get(number, str(number))
        raise Forbidden("granting_unheld_class", data_class=word, clearance=shown)


def _kept(configuration: Configuration) -> dict[str, tuple[str, int]]:
    """Give what queues and fields are called, by every name they have had, with the class they are in."""
    columns = (*COLUMNS, *(name for name in ELEMENTS if name != "field"))
    found = {f"field/{name}": (f"field/{name}", configuration.class_of(name)) for name in columns}
    for name, queue in configuration.queues.items():
        for each in (*queue.formerly, name):
            found[f"queue/{each}"] = (f"queue/{name}", configuration.class_numbers[queue.data_class])
    for name, field in configuration.fields.items():
        number = configuration.class_of(name if field.core else f"field/{name}")
        for each in (*field.formerly, name):
            found[f"field/{each}"] = (f"field/{name}", number)
    return found


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
