"""The roster of accounts and contacts as administrators read it: page by page, and one of them whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import Count, Q, QuerySet

from nocturne.core import permits
from nocturne.core.configuration.inforce import current
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound, WrongState
from nocturne.desk import (
    administering,
    audit,
    clock,
    displays,
    factors,
    keyring,
    people,
    representing,
    reset,
    ways,
)
from nocturne.desk.factors import Factor
from nocturne.desk.keyring import Key
from nocturne.desk.people import Person
from nocturne.desk.representing import Speaker
from nocturne.desk.ways import Choices, Way
from nocturne.store.db import writing
from nocturne.store.models import Contact, DisplayToken, PasswordReset, Queue, Session, Ticket, User

STATES = ("active", "disabled", "machines", "all")
COUNTED_TO = 99


Listed = TypeVar("Listed")


@dataclass(frozen=True)
class Page(Generic[Listed]):
    """A page of a list, and after whom the next one begins; nothing at the end."""

    rows: list[Listed]
    further: str


@dataclass(frozen=True, slots=True)
class Browser:
    """One browser that an account is signed on with."""

    agent: str
    address: str
    since: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Screen:
    """One wall display: what it shows with an account's rights."""

    number: int
    owner: str
    label: str
    since: datetime
    last_used_at: datetime | None
    shows: list[str]


@dataclass(frozen=True, slots=True)
class Detail:
    """All that administrators are told of one account."""

    person: Person
    number: int
    created_at: datetime
    contact_address: str
    signs_on_locally: bool
    factors: list[Factor]
    ways: list[Way]
    choices: Choices
    browsers: list[Browser]
    tokens: list[Key]
    screens: list[Screen]
    speaks_for: list[Speaker]
    owns: int
    """How many open tickets are theirs, counted up to a point, among those that the asker may know of."""
    works_in: list[str]
    watches: list[str]
    inherited: list[str]
    """Groups they are in because a group of theirs is part of them."""


@dataclass(frozen=True, slots=True)
class Outsider:
    """One line of the list of contacts: somebody outside, who signs on nowhere."""

    number: int
    name: str
    organisation: str
    email: str
    phone: str
    account: str
    speaks_for: int


# --- accounts --------------------------------------------------------------------------------------------------------


def look(
    *, by: Actor, words: str = "", group: str = "", state: str = "active", after: str = "", limit: int = 50
) -> Page[Person]:
    """Read a page of the accounts by name: those with these letters in a name or an address, in a group or one of its
    groups, in a state.

    :raises Forbidden: this is not for the actor to read.
    """
    administering.demand(by)
    rows = User.objects.filter(_in_state(state))
    if words:
        rows = rows.filter(
            Q(name__icontains=words) | Q(full_name__icontains=words) | Q(email__icontains=words)
        )
    if group:
        rows = rows.filter(pk__in=members(group).values("pk"))
    if after:
        rows = rows.filter(name__gt=after)
    found = people.listed(rows.order_by("name")[: limit + 1])
    return Page(found[:limit], found[limit - 1].name if len(found) > limit else "")


def members(group: str) -> QuerySet[User]:
    """Find the accounts in a group, and in the groups that are part of it."""
    configuration = current()
    within = [name for name in configuration.groups if group in configuration.groups_over([name])]
    return User.objects.filter(groups__name__in=within).distinct()


def _in_state(state: str) -> Q:
    return {
        "disabled": Q(is_active=False),
        "machines": Q(is_service=True),
        "all": Q(),
    }.get(state, Q(is_active=True))


def detail(name: str, *, by: Actor) -> Detail:
    """Read all of one account.

    :raises NotFound: there is none of this name.
    :raises Forbidden: this is not for the actor to read.
    """
    administering.demand(by)
    user = people.find(name)
    person, configuration = people.person(user.name), current()
    owned = Ticket.objects.visible_to(by).filter(owner=user, is_open=True)
    return Detail(
        person=person,
        number=user.pk,
        created_at=user.created_at,
        contact_address=(user.contact.email or "") if user.contact else "",
        signs_on_locally=user.local_sign_on,
        factors=factors.of(user),
        ways=ways.of(user),
        choices=ways.choices(user),
        browsers=[
            Browser(*row)
            for row in Session.objects.filter(user=user, expires_at__gt=clock.now())
            .order_by("-seen_at")
            .values_list("agent", "address", "created_at", "seen_at")[:50]
        ],
        tokens=keyring.keys(user.name, usable=True),
        screens=[_screen(row) for row in displays.of(user)],
        speaks_for=representing.everyone(account=user.name),
        owns=owned.order_by().values("pk")[: COUNTED_TO + 1].count(),
        works_in=_queues(user, "members", by),
        watches=_queues(user, "watchers", by),
        inherited=sorted(configuration.groups_over(person.groups) - set(person.groups)),
    )


def _queues(user: User, part: str, by: Actor) -> list[str]:
    """Name the queues in which an account has a part, as far as the reader may know of them."""
    rows = Queue.objects.filter(**{part: user, "retired_at": None}).values_list("pk", "name")
    return sorted(name for key, name in rows if permits.knows_queue(by, key))


def send_link(name: str, *, by: Actor, door: Door) -> None:
    """Let the worker mail somebody a link by which they choose a new password, good once and for an hour.

    :raises WrongState: no mail can reach them, or their password is not kept here.
    :raises Forbidden: the account may more than its administrator.
    """
    user = people.find(name)
    administering.demand_over(by, user)
    if reset.account_of(user.name.lower()) != user:
        raise WrongState("no_link_for", name=user.name)
    now = clock.now()
    with writing():
        PasswordReset.objects.create(asked=user.name.lower(), asked_at=now, run_at=now)
        audit.note("password_link_sent", by=by, door=door, subject=("account", user.name))


# --- screens ---------------------------------------------------------------------------------------------------------


def screens(*, by: Actor) -> list[Screen]:
    """List every wall display that is up.

    :raises Forbidden: this is not for the actor to read.
    """
    administering.demand(by)
    rows = DisplayToken.objects.filter(revoked_at=None).select_related("user").order_by("pk")
    return [_screen(row) for row in rows]


def take_down(number: int, *, by: Actor, door: Door) -> None:
    """Let a wall display show nothing any more, whoever put it up.

    :raises NotFound: there is no such display that is up.
    :raises Forbidden: this is not for the actor to do.
    """
    administering.demand(by)
    with writing():
        row = DisplayToken.objects.filter(pk=number, revoked_at=None).select_related("user").first()
        if row is None:
            raise NotFound("no_such_display")
        DisplayToken.objects.filter(pk=number).update(revoked_at=clock.now())
        audit.note(
            "display_revoked",
            by=by,
            door=door,
            subject=("account", row.user.name),
            facts={"display": number, "label": row.label},
        )


def _screen(row: DisplayToken) -> Screen:
    shows = displays.places_of(row)
    return Screen(row.pk, row.user.name, row.label, row.created_at, row.last_used_at, shows)


# --- people outside --------------------------------------------------------------------------------------------------


def contacts(*, by: Actor, words: str = "", after: int = 0, limit: int = 50) -> Page[Outsider]:
    """Read a page of the contacts, in the order they became known.

    :param after: the number of the last one of the page before.
    :raises Forbidden: this is not for the actor to read.
    """
    administering.demand(by)
    rows = Contact.objects.filter(pk__gt=after, retired_at=None)
    if words:
        rows = rows.filter(
            Q(name__icontains=words) | Q(organisation__icontains=words) | Q(email__icontains=words)
        )
    found = _outsiders(rows.order_by("pk")[: limit + 1])
    return Page(found[:limit], str(found[limit - 1].number) if len(found) > limit else "")


def contact(number: int, *, by: Actor) -> tuple[Outsider, list[Speaker]]:
    """Read one contact, and what they speak for.

    :raises NotFound: there is none of this number.
    :raises Forbidden: this is not for the actor to read.
    """
    administering.demand(by)
    found = _outsiders(Contact.objects.filter(pk=number))
    if not found:
        raise NotFound("no_such_contact")
    return found[0], representing.of_contact(number)


def _outsiders(rows: QuerySet[Contact]) -> list[Outsider]:
    listed = list(rows.annotate(speaking=Count("speaking_for")))
    accounts = dict(
        User.objects.filter(contact__in=[row.pk for row in listed]).values_list("contact_id", "name")
    )
    return [
        Outsider(
            row.pk,
            row.name,
            row.organisation,
            row.email or "",
            row.phone,
            accounts.get(row.pk, ""),
            row.speaking,
        )
        for row in listed
    ]


def names(groups: Iterable[str]) -> list[tuple[str, str]]:
    """Spell groups with their titles, by name."""
    configuration = current()
    return [
        (name, configuration.groups[name].title or name)
        for name in sorted(groups)
        if name in configuration.groups
    ]
