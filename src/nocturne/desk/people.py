"""The accounts as administrators see them: who there is, who represents whom, who may no longer sign on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nocturne.core.refusals import Invalid, NotFound, WrongState
from nocturne.core.zones import zone_named
from nocturne.desk import accounts, lookups
from nocturne.store.db import writing
from nocturne.store.models import Session, Token, User

ADMINISTRATORS = "administrators"


@dataclass(frozen=True)
class Person:
    """One line of the list of accounts; instants are UTC."""

    name: str
    full_name: str
    email: str
    groups: list[str]
    represents: str
    zone: str
    is_active: bool
    has_password: bool
    last_sign_on: datetime | None


@dataclass(frozen=True)
class Key:
    """One line of the list of tokens; instants are UTC. The token itself is kept nowhere."""

    number: int
    owner: str
    label: str
    scopes: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


def add(
    name: str,
    *,
    groups: list[str],
    password: str | None = None,
    email: str = "",
    full_name: str = "",
    zone: str = "UTC",
    represents: str = "",
) -> User:
    """Make an account; with `represents`, a contact's mail address, it sees the tickets which that contact reported.

    :raises Invalid: something given cannot be right; its field is named.
    """
    zone_named(zone, field="zone")
    for field, address in (("email", email), ("contact", represents)):
        if address and (
            address.count("@") != 1 or not all(address.split("@")) or any(map(str.isspace, address))
        ):
            raise Invalid("bad_address", field=field, given=address)
    with writing():
        user = accounts.add_user(
            name, groups=groups, password=password, email=email, full_name=full_name, zone=zone
        )
        if represents:
            contact = lookups.contact(name=full_name, email=represents)
            User.objects.filter(pk=user.pk).update(contact_id=contact["id"])
    return user


def find(name: str) -> User:
    """Find an account, active or not, by its name in any case.

    :raises NotFound: there is none.
    """
    found = User.objects.filter(name__iexact=name.strip()).first()
    if found is None:
        raise NotFound("no_such_account", field="name", given=name)
    return found


def everyone() -> list[Person]:
    """List all accounts by name."""
    return [
        Person(
            user.name,
            user.full_name,
            user.email,
            sorted(group.name for group in user.groups.all()),
            str(user.contact) if user.contact else "",
            user.zone,
            user.is_active,
            user.has_usable_password(),
            user.last_login,
        )
        for user in User.objects.select_related("contact").prefetch_related("groups").order_by("name")
    ]


def disable(name: str) -> User:
    """Let an account sign on no more: its sessions end now, and its tokens are worth nothing.

    :raises WrongState: it is disabled already, or nobody would be left to administer.
    """
    with writing():
        user = find(name)
        if not user.is_active:
            raise WrongState("disabled_already", name=user.name)
        others = User.objects.filter(is_active=True, groups__name=ADMINISTRATORS).exclude(pk=user.pk)
        if user.groups.filter(name=ADMINISTRATORS).exists() and not others.exists():
            raise WrongState("last_administrator", name=user.name)
        User.objects.filter(pk=user.pk).update(is_active=False)
        Session.objects.filter(user=user).delete()
    return user


def enable(name: str) -> User:
    """Let a disabled account sign on again.

    :raises WrongState: it is not disabled.
    """
    with writing():
        user = find(name)
        if user.is_active:
            raise WrongState("not_disabled", name=user.name)
        User.objects.filter(pk=user.pk).update(is_active=True)
    return user


def set_password(name: str, password: str) -> User:
    """Give an account a new password; every browser signed on with the old one must sign on again.

    :raises Invalid: the password is too weak.
    """
    user = find(name)
    hashed = accounts.new_password(user, password)
    with writing():
        User.objects.filter(pk=user.pk).update(password=hashed)
        Session.objects.filter(user=user).delete()
    return user


def keys(name: str = "") -> list[Key]:
    """List the tokens of one account, or of all, in the order they were made."""
    rows = Token.objects.order_by("pk")
    if name:
        rows = rows.filter(user=find(name))
    fields = ("user__name", "label", "scopes", "created_at", "last_used_at", "expires_at", "revoked_at")
    return [Key(*row) for row in rows.values_list("pk", *fields)]


def revoke(number: int) -> None:
    """Make a token useless, at once, whoever owns it.

    :raises NotFound: there is no such token in use.
    """
    token = Token.objects.filter(pk=number).select_related("user").first()
    if token is None:
        raise NotFound("no_such_token")
    accounts.revoke_token(token.user, number)
