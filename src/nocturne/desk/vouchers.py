"""Which account somebody outside speaks for: linked by an administrator or made at the first sign-on, never guessed.

A mail address links nothing, verified or not: whoever can make a provider say an address could take an account over.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import IntegrityError

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.desk import accounts, administering, factors
from nocturne.desk.noted import note
from nocturne.store.db import writing
from nocturne.store.models import Group, Session, User

DIRECTORY = "ldap"
ADMINISTRATORS = "administrators"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a provider or a directory knows them. `subject` is its own name for them, which never changes."""

    provider: str
    subject: str
    name: str = ""
    full_name: str = ""
    email: str = ""


def account_of(person: Person) -> User | None:
    """Find the account that somebody outside is linked to; None if there is none.

    :raises Invalid: it is disabled.
    """
    link = SocialAccount.objects.filter(provider=person.provider, uid=person.subject).select_related("user")
    found = link.first()
    if found is None:
        return None
    if not found.user.is_active:
        raise Invalid("sign_on_failed", field="password")
    user: User = found.user
    return user


def make_account(person: Person, groups: list[str]) -> User:
    """Make an account for somebody outside who signs on for the first time.

    :raises Forbidden: there is an account of that name or address already; an administrator has to link it.
    """
    name = person.name.partition("@")[0] or person.email.partition("@")[0]
    with writing():
        taken = User.objects.filter(name__iexact=name)
        if person.email:
            taken |= User.objects.filter(email__iexact=person.email)
        if taken.exists():
            raise Forbidden("not_linked", provider=person.provider, subject=person.subject)
        try:
            user = accounts.add_user(
                name, groups=groups, email=person.email, full_name=person.full_name[:120]
            )
            SocialAccount.objects.create(user=user, provider=person.provider, uid=person.subject)
        except IntegrityError as problem:  # the same person came in twice at once
            raise Forbidden("not_linked", provider=person.provider, subject=person.subject) from problem
    note("account_made", user, provider=person.provider)
    return user


def follow_groups(user: User, groups: list[str], managed: set[str]) -> None:
    """Bring an account into the groups that the directory says, and out of those it no longer says.

    :param managed: the groups that the directory decides; others stay as they are. Nobody is the last administrator
        to go this way: then the directory is not followed, and the record says so.
    """
    with writing():
        before = set(user.groups.values_list("name", flat=True))
        after = (before - managed) | (set(groups) & managed)
        if after == before:
            return
        others = User.objects.filter(is_active=True, groups__name=ADMINISTRATORS).exclude(pk=user.pk)
        if ADMINISTRATORS in before - after and not others.exists():
            note("groups_not_followed", user, before=sorted(before), after=sorted(after))
            return
        user.groups.set(Group.objects.filter(name__in=after))
        Session.objects.filter(user=user).update(renew=True)
        note("groups_followed", user, before=sorted(before), after=sorted(after))


def providers() -> list[str]:
    """Name those who may vouch for somebody, as the options have them."""
    return [each.id for each in settings.NOCTURNE.oidc] + ([DIRECTORY] if settings.NOCTURNE.ldap else [])


def link(user: User, provider: str, subject: str, *, by: Actor, door: Door) -> None:
    """Let somebody outside sign on as this account. From then on its password here opens nothing, unless it is named.

    :raises Invalid: there is no such provider, or the person or the account is linked with it already.
    :raises Forbidden: the account may more than its administrator.
    """
    administering.demand_over(by, user)
    if provider not in providers():
        raise Invalid("unknown_provider", field="provider", given=provider)
    if not subject.strip() or len(subject) > 190:
        raise Invalid("bad_subject", field="subject", given=subject[:190])
    with writing():
        here = SocialAccount.objects.filter(provider=provider)
        if here.filter(user=user).exists():
            raise Invalid("linked_already", field="provider", given=user.name)
        if here.filter(uid=subject).exists():
            raise Invalid("linked_already", field="subject", given=subject)
        SocialAccount.objects.create(user=user, provider=provider, uid=subject)
        Session.objects.filter(user=user).delete()
    note("linked", user, by=by, door=door, provider=provider, subject=subject)


def unlink(user: User, provider: str, *, by: Actor, door: Door) -> None:
    """Let nobody outside sign on as this account any more by this provider; whoever has, is signed off.

    :raises NotFound: nobody could.
    :raises Forbidden: the account may more than its administrator.
    """
    administering.demand_over(by, user)
    with writing():
        if not SocialAccount.objects.filter(user=user, provider=provider).delete()[0]:
            raise NotFound("no_such_link", given=provider)
        Session.objects.filter(user=user).delete()
    note("unlinked", user, by=by, door=door, provider=provider)


def subject_of(user: User, provider: str) -> str:
    """Give the name that a provider has for the owner of an account; empty if it vouches for nobody."""
    return dict(of(user)).get(provider, "")


def of(user: User) -> list[tuple[str, str]]:
    """List by whom an account is vouched for: provider and subject."""
    return list(SocialAccount.objects.filter(user=user).order_by("pk").values_list("provider", "uid"))


@dataclass(frozen=True)
class Way:
    """One line of the list of who signs on how."""

    name: str
    provider: str
    subject: str
    may_locally: bool
    has_factor: bool


def everyone() -> list[Way]:
    """List the accounts that may sign on, each with who vouches for it."""
    proved = set(Authenticator.objects.filter(type__in=factors.PROVING).values_list("user_id", flat=True))
    linked: dict[int, list[tuple[str, str]]] = {}
    for number, provider, subject in SocialAccount.objects.order_by("pk").values_list(
        "user_id", "provider", "uid"
    ):
        linked.setdefault(number, []).append((provider, subject))
    return [
        Way(
            user.name,
            provider,
            subject,
            user.has_usable_password() and (user.local_sign_on or user.pk not in linked),
            user.pk in proved,
        )
        for user in User.objects.filter(is_active=True).order_by("name")
        for provider, subject in linked.get(user.pk, [("", "")])
    ]


def allow_local(user: User, *, allowed: bool, by: Actor, door: Door) -> None:
    """Let an account sign on with its password here although it is linked, or no longer.

    :raises Forbidden: the account may more than its administrator.
    """
    administering.demand_over(by, user)
    with writing():
        User.objects.filter(pk=user.pk).update(local_sign_on=allowed)
    note("local_sign_on_allowed" if allowed else "local_sign_on_ended", user, by=by, door=door)


def take_factors(user: User, *, by: Actor, door: Door) -> None:
    """Take the second factors away from somebody who has lost them all; their browsers are signed off.

    :raises Forbidden: the account may more than its administrator.
    """
    administering.demand_over(by, user)
    with writing():
        factors.take_all(user)
        note("factors_taken", user, by=by, door=door)
