"""The accounts as administrators see and change them. Every act is asked of the permits and stands in the audit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet

from nocturne.core.configuration.inforce import current
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, NotFound, WrongState
from nocturne.core.zones import zone_named
from nocturne.desk import (
    accounts,
    administering,
    audit,
    clock,
    feeds,
    links,
    lookups,
    projection,
    signon,
    tokens,
    ways,
)
from nocturne.store.db import writing
from nocturne.store.models import DeviceCode, DisplayToken, Group, PasswordReset, Session, Token, User

CHANGEABLE = ("full_name", "email", "zone", "language", "represents")
"""What :func:`change` may set; nothing else of an account is anybody's to write directly."""


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
    language: str = "en"
    is_service: bool = False
    must_change_password: bool = False


def add(
    name: str,
    *,
    by: Actor,
    door: Door,
    groups: Iterable[str] = (),
    password: str | None = None,
    email: str = "",
    full_name: str = "",
    zone: str = "UTC",
    language: str = "en",
    represents: str = "",
    is_service: bool = False,
) -> User:
    """Make an account; with `represents`, a contact's mail address, it sees the tickets which that contact reported.

    An account of a machine (`is_service`) has no password: it signs on by tokens alone.

    :raises Invalid: something given cannot be right; its field is named.
    :raises Forbidden: this is not for the actor to do, or to grant.
    """
    administering.demand(by)
    groups = sorted(set(groups))
    about = {"full_name": full_name, "email": email, "zone": zone, "language": language}
    _refuse_what_cannot_be(about | {"represents": represents})
    if is_service and password is not None:
        raise Invalid("service_has_no_password", field="password", given=name)
    with writing():
        user = accounts.add_user(
            name,
            groups=groups,
            password=password,
            email=email,
            full_name=full_name,
            zone=zone,
            is_service=is_service,
        )
        administering.refuse_granting(by, groups)
        User.objects.filter(pk=user.pk).update(language=language)
        if represents:
            administering.refuse_granting_part(by, "reporter")
            contact = lookups.contact(name=full_name, email=represents)
            User.objects.filter(pk=user.pk).update(contact_id=contact["id"])
        projection.people_changed(current())
        _note("account_added", by, door, user, after=_spelt(user.name))
    return user


_LONGEST = {"full_name": 120, "email": 254, "represents": 254, "zone": 60}


def _refuse_what_cannot_be(given: Mapping[str, Any]) -> None:
    """Refuse values that an account cannot have.

    :raises Invalid: one of them; its field is named.
    """
    for field, longest in _LONGEST.items():
        value = given.get(field) or ""
        if len(value) > longest:
            raise Invalid("line_too_long", field=field, limit=longest, length=len(value))
        if not value.isprintable():
            raise Invalid("not_printable", field=field)
    if "zone" in given:
        zone_named(given["zone"], field="zone")
    if "language" in given:
        accounts.refuse_unknown_language(given["language"])
    _refuse_no_address(given.get("email") or "", "email")
    _refuse_no_address(given.get("represents") or "", "contact")


def _refuse_no_address(address: str, field: str) -> None:
    if address and not lookups.is_address(address):
        raise Invalid("bad_address", field=field, given=address)


def find(name: str) -> User:
    """Find an account, active or not, by its name in any case.

    :raises NotFound: there is none.
    """
    found = User.objects.filter(name__iexact=name.strip()).first()
    if found is None:
        raise NotFound("no_such_account", field="name", given=name)
    return found


def everyone(*, words: str = "", group: str = "") -> list[Person]:
    """List accounts by name: all, or those with these letters in a name or address, or in this group."""
    rows = User.objects.order_by("name")
    if group:
        rows = rows.filter(groups__name=group)
    found = listed(rows)
    wanted = words.strip().lower()
    if wanted:
        found = [each for each in found if wanted in f"{each.name} {each.full_name} {each.email}".lower()]
    return found


def listed(rows: QuerySet[User]) -> list[Person]:
    """Read accounts, in the order of their query."""
    return [_person(user) for user in rows.select_related("contact").prefetch_related("groups")]


def person(name: str) -> Person:
    """Read one account.

    :raises NotFound: there is none.
    """
    return _person(find(name))


def _person(user: User) -> Person:
    return Person(
        user.name,
        user.full_name,
        user.email,
        sorted(group.name for group in user.groups.all()),
        str(user.contact) if user.contact else "",
        user.zone,
        user.is_active,
        user.has_usable_password(),
        user.last_login,
        user.language,
        user.is_service,
        user.must_change_password,
    )


def change(name: str, changes: dict[str, Any], *, by: Actor, door: Door) -> User:
    """Change an account's names, addresses, zone or language.

    :raises Invalid: something given cannot be right, or is nothing that can be changed here.
    :raises Forbidden: the account may more than its administrator.
    """
    for field in changes:
        if field not in CHANGEABLE:
            raise Invalid("field_not_permitted", field=field)
    _refuse_what_cannot_be(changes)
    with writing():
        user = find(name)
        administering.demand_over(by, user)
        before = _spelt(user.name)
        given = {
            field: value for field, value in changes.items() if field in ("full_name", "zone", "language")
        }
        if "represents" in changes:
            address = changes["represents"]
            if address:
                administering.refuse_granting_part(by, "reporter")
            contact = lookups.contact(name=user.full_name, email=address)["id"] if address else None
            given["contact_id"] = contact
        if given:
            User.objects.filter(pk=user.pk).update(**given)
        if "email" in changes:
            ways.set_mail(user, changes["email"])
        after = _spelt(user.name)
        if before != after:
            _note("account_changed", by, door, user, before=before, after=after)
    return find(name)


# --- who may sign on -------------------------------------------------------------------------------------------------


def disable(name: str, *, by: Actor, door: Door) -> User:
    """Let an account sign on no more, and end at once all that it is signed on with: browsers, tokens, codes, links.

    :raises WrongState: it is disabled already, or nobody would be left to administer.
    :raises Forbidden: the account may more than its administrator.
    """
    with writing():
        user = find(name)
        administering.demand_over(by, user)
        if not user.is_active:
            raise WrongState("disabled_already", name=user.name)
        with administering.somebody_stays(user.name):
            User.objects.filter(pk=user.pk).update(is_active=False)
        ended = _end_everything(user)
        _note("account_disabled", by, door, user, facts=ended)
    return user


def _end_everything(user: User) -> dict[str, int]:
    """End what an account is signed on with, and say how much that was."""
    sessions = Session.objects.filter(user=user).delete()[0]
    ended = Token.objects.filter(user=user, revoked_at=None).update(revoked_at=clock.now())
    DeviceCode.objects.filter(user=user).delete()
    DisplayToken.objects.filter(user=user, revoked_at=None).update(revoked_at=clock.now())
    feeds.revoke_of(user.pk)
    PasswordReset.objects.filter(user=user, used_at=None).update(used_at=clock.now())
    if user.contact_id is not None:
        links.make_worthless(contact=user.contact_id)
    return {"sessions": sessions, "tokens": ended}


def enable(name: str, *, by: Actor, door: Door) -> User:
    """Let a disabled account sign on again. Its tokens stay worthless: whoever needs one makes a new one.

    :raises WrongState: it is not disabled.
    :raises Forbidden: the account may more than its administrator.
    """
    with writing():
        user = find(name)
        administering.demand_over(by, user)
        if user.is_active:
            raise WrongState("not_disabled", name=user.name)
        User.objects.filter(pk=user.pk).update(is_active=True)
        _note("account_enabled", by, door, user)
    return user


def set_password(name: str, password: str, *, by: Actor, door: Door, must_change: bool = False) -> User:
    """Give an account a new password; every browser signed on with the old one must sign on again.

    :param must_change: its owner is led to choose another before anything else.
    :raises Invalid: the password is too weak, or the account is a machine's.
    :raises Forbidden: the account may more than its administrator.
    """
    user = find(name)
    administering.demand_over(by, user)
    if user.is_service:
        raise Invalid("service_has_no_password", field="password", given=user.name)
    hashed = accounts.new_password(user, password)
    with writing():
        User.objects.filter(pk=user.pk).update(password=hashed, must_change_password=must_change)
        Session.objects.filter(user=user).delete()
        _note("password_set", by, door, user, facts={"must_change": must_change})
    return user


def demand_new_password(name: str, *, by: Actor, door: Door) -> User:
    """Let the owner of an account choose another password before anything else; their browsers stay signed on.

    :raises Invalid: the account has no password that is kept here.
    :raises Forbidden: the account may more than its administrator.
    """
    user = find(name)
    administering.demand_over(by, user)
    if not user.has_usable_password():
        raise Invalid("no_password_here", field="name", given=user.name)
    with writing():
        User.objects.filter(pk=user.pk).update(must_change_password=True)
        _note("password_change_demanded", by, door, user)
    return user


def take_password_away(name: str, *, by: Actor, door: Door) -> User:
    """Leave an account without a password: it signs on by tokens, or by whoever vouches for it, alone.

    :raises Forbidden: the account may more than its administrator.
    """
    user = find(name)
    administering.demand_over(by, user)
    with writing():
        User.objects.filter(pk=user.pk).update(password=make_password(None), must_change_password=False)
        Session.objects.filter(user=user).delete()
        _note("password_taken_away", by, door, user)
    return user


# --- groups ----------------------------------------------------------------------------------------------------------


def set_groups(name: str, groups: Iterable[str], *, by: Actor, door: Door) -> User:
    """Say in which groups an account is; its browsers get new keys, for what it may do has changed.

    :raises Invalid: there is no such group.
    :raises Forbidden: a group gives what the actor does not hold, or the account may more than they.
    :raises WrongState: nobody would be left to administer.
    """
    with writing():
        user = find(name)
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
        _note("groups_changed", by, door, user, before={"groups": before}, after={"groups": wanted})
    return user


def join(name: str, group: str, *, by: Actor, door: Door) -> User:
    """Put an account into one more group.

    :raises Refusal: as :func:`set_groups`.
    """
    with writing():
        present = find(name).groups.values_list("name", flat=True)
        return set_groups(name, {*present, group}, by=by, door=door)


def leave(name: str, group: str, *, by: Actor, door: Door) -> User:
    """Take an account out of a group.

    :raises Invalid: it is not in it.
    :raises Refusal: as :func:`set_groups`.
    """
    with writing():
        present = set(find(name).groups.values_list("name", flat=True))
        if group not in present:
            raise Invalid("not_in_group", field="group", given=group, name=name)
        return set_groups(name, present - {group}, by=by, door=door)


# --- browsers and tokens ---------------------------------------------------------------------------------------------


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
    queues: list[str] | None = None


def keys(name: str = "", *, usable: bool = False) -> list[Key]:
    """List the tokens of one account, or of all, in the order they were made.

    :param usable: leave out those that were revoked or have ended.
    """
    rows = Token.objects.order_by("pk").select_related("user").prefetch_related("queues")
    if name:
        rows = rows.filter(user=find(name))
    now = clock.now()
    return [
        Key(
            row.pk,
            row.user.name,
            row.label,
            row.scopes,
            row.created_at,
            row.last_used_at,
            row.expires_at,
            row.revoked_at,
            sorted(queue.name for queue in row.queues.all()) if row.is_narrowed else None,
        )
        for row in rows
        if not usable or (row.revoked_at is None and (row.expires_at is None or row.expires_at > now))
    ]


def make_token(name: str, label: str, *, by: Actor, door: Door, **narrowed: Any) -> tuple[Token, str]:
    """Make a token for an account; whoever holds it is that account.

    :param narrowed: scopes, lasts and queues, as :func:`tokens.create_token` takes them.
    :raises Forbidden: the account may more than its administrator.
    """
    user = find(name)
    administering.demand_over(by, user)
    return tokens.create_token(user, label, by=by, door=door, **narrowed)


def revoke(number: int, *, by: Actor, door: Door) -> None:
    """Make a token useless, at once, whoever owns it.

    :raises NotFound: there is no such token in use.
    """
    administering.demand(by)
    token = Token.objects.filter(pk=number).select_related("user").first()
    if token is None:
        raise NotFound("no_such_token")
    tokens.revoke_token(token.user, number, by=by, door=door)


def end_sessions(name: str, *, by: Actor, door: Door) -> int:
    """Sign all of an account's browsers off, and say how many there were.

    :raises Forbidden: this is not for the actor to do.
    """
    administering.demand(by)
    with writing():
        user = find(name)
        ended = Session.objects.filter(user=user).delete()[0]
        _note("sessions_ended", by, door, user, facts={"sessions": ended})
    return ended


def _spelt(name: str) -> dict[str, Any]:
    """Spell an account for the audit."""
    said = asdict(person(name))
    del said["last_sign_on"]
    return said


def _note(act: str, by: Actor, door: Door, user: User, **said: Any) -> None:
    audit.note(act, by=by, door=door, subject=("account", user.name), **said)
