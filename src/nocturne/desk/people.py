"""The accounts as administrators see and change them. Every act is asked of the permits and stands in the audit.

Who may sign on is decided in `admitting`, who is in which group in `membership`; `keyring` has the tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from nocturne.core.configuration.inforce import current
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, NotFound
from nocturne.core.zones import zone_named
from nocturne.desk import accounts, administering, audit, lookups, projection, ways
from nocturne.store.db import writing
from nocturne.store.models import User

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
        note("account_added", by, door, user, after=_spelt(user.name))
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
            note("account_changed", by, door, user, before=before, after=after)
    return find(name)


def _spelt(name: str) -> dict[str, Any]:
    """Spell an account for the audit."""
    said = asdict(person(name))
    del said["last_sign_on"]
    return said


def note(act: str, by: Actor, door: Door, user: User, **said: Any) -> None:
    """Write into the audit what was done to an account."""
    audit.note(act, by=by, door=door, subject=("account", user.name), **said)
