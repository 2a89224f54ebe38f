"""Who signs on with what, and who that is to the permits."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef

from nocturne.core.configuration.inforce import current
from nocturne.core.permits import READ_SCOPE, WRITE_SCOPE, Actor
from nocturne.core.refusals import Invalid, NotFound
from nocturne.core.zones import zone_named
from nocturne.desk import clock, keychoice, throttle
from nocturne.store import configured, represented
from nocturne.store.db import writing
from nocturne.store.models import Contact, ContactWay, Group, Session, Token, User
from nocturne.store.readings import Reading

TRIES, TRIES_WINDOW = 10, timedelta(minutes=5)
TRIES_BY_NAME, NAME_WINDOW = 200, timedelta(hours=1)
TRIES_BY_ADDRESS = 300
"""Over all names, within the same window as the tries for one: a whole office behind one address signs on with it."""
NOTED_EVERY = timedelta(minutes=5)


def actor_of(user: User) -> Actor:
    """Say who an account is to the permits.

    :raises NotFound: there is no such account any more.
    """
    found = actor_by_id(user.pk, even_gone=True)
    if found is None:
        raise NotFound("no_such_account", given=user.name)
    return found


def actor_by_id(number: int, *, even_gone: bool = False) -> Actor | None:
    """Say who an active account is to the permits, in one query; None when there is no such account.

    :param even_gone: disabled accounts too: what they once wrote is judged by who they were.
    """
    rows = _PERSON.rows(number)
    if not rows or not (rows[0]["is_active"] or even_gone):
        return None
    configured.refresh(rows[0]["edition"])
    return described(rows[0], [row["groups__name"] for row in rows])


def actors(numbers: Iterable[int]) -> dict[int, Actor]:
    """Say who some active accounts are to the permits, in one query; those that are gone are not among them."""
    asked = sorted(numbers)
    found: dict[int, list[dict[str, Any]]] = {}
    if asked:
        columns = represented.columns()
        people = User.objects.filter(pk__in=asked, is_active=True).annotate(**columns)
        for row in people.values("pk", *_WHO, "groups__name", *columns):
            found.setdefault(row["pk"], []).append(row)
    return {
        number: described(rows[0], [row["groups__name"] for row in rows]) for number, rows in found.items()
    }


_WHO = ("name", "contact_id", "zone", "language")


def _person(number: int) -> Any:
    columns = represented.columns() | {"edition": configured.EDITION}
    found = User.objects.filter(pk=number).annotate(**columns)
    return found.values("pk", "is_active", *_WHO, "groups__name", *columns)


_PERSON = Reading(_person)


def actor_of_contact(number: int, *, only_ticket: int) -> Actor | None:
    """Say who a contact is to the permits who has shown that they read its mail, on one ticket; None for nobody.

    Whoever has only a From line to show is another actor: `correspondence.by_mail`.
    """
    columns = represented.columns(user=None, contact="pk")
    row = Contact.objects.filter(pk=number).annotate(**columns).values("name", "email", *columns).first()
    if row is None:
        return None
    label = row["name"] or row["email"] or f"contact {number}"
    return Actor(
        "contact",
        number,
        label[:200],
        contact=number,
        zone=current().site.zone,
        language=current().site.language,
        verified=False,
        scopes=frozenset({READ_SCOPE, WRITE_SCOPE}),
        speaks_for=represented.speaks_for(row),
        only_ticket=only_ticket,
    )


def described(row: Mapping[str, Any], groups: Iterable[str | None], **narrowed: Any) -> Actor:
    """Make an account's actor of a row that has its number as `pk`, what `_WHO` names, and `represented.columns`.

    :param narrowed: what a token takes away again.
    """
    return Actor(
        "account",
        row["pk"],
        row["name"],
        frozenset(each for each in groups if each),
        row["contact_id"],
        row["zone"],
        row["language"],
        speaks_for=represented.speaks_for(row),
        **narrowed,
    )


@lru_cache(maxsize=1)
def _nobodys_password() -> str:
    return make_password(secrets.token_urlsafe(16))


def sign_on(name: str, password: str, *, address: str = "") -> User:
    """Check a name and a password, in the same time whether or not there is such an account.

    :raises Invalid: they do not fit (whatever the reason is).
    :raises TooMany: there were too many tries for this name, or from this address.
    """
    folded = name.strip().lower()[:60]
    nobodys = _nobodys_password()  # made before anybody is looked for: even the first try takes the same time
    if address:
        # Before the names are counted: whoever tries them all locks nobody out for long.
        throttle.count(f"sign-on from:{address}", most=TRIES_BY_ADDRESS, window=TRIES_WINDOW)
    throttle.count(f"sign-on from {address}:{folded}", most=TRIES, window=TRIES_WINDOW)
    throttle.count(f"sign-on:{folded}", most=TRIES_BY_NAME, window=NAME_WINDOW)
    linked = Exists(SocialAccount.objects.filter(user=OuterRef("pk")))
    user = User.objects.filter(name__iexact=folded).annotate(is_linked=linked).first()
    usable = (
        user is not None
        and user.is_active
        and user.has_usable_password()
        and (user.local_sign_on or not user.is_linked)
    )
    right = check_password(password, user.password if user is not None and usable else nobodys)
    if user is None or not usable or not right:
        raise Invalid("sign_on_failed", field="password")
    forgive(folded, address=address)
    return user


def forgive(name: str, *, address: str) -> None:
    """Forget the tries of a name from an address, once one was right."""
    throttle.forgive(f"sign-on from {address}:{name.strip().lower()[:60]}")


def may_sign_on_locally(user: User) -> bool:
    """Tell whether a password kept here opens an account: not where a provider or a directory vouches for it.

    Named ones may all the same, for the day on which these cannot be reached.
    """
    return user.local_sign_on or not SocialAccount.objects.filter(user=user).exists()


def fits(user: User, password: str) -> bool:
    """Tell whether a password is the one that is kept here for an account."""
    return bool(password) and user.has_usable_password() and check_password(password, user.password)


def new_password(user: User | None, password: str) -> str:
    """Hash a password after checking that it is good enough.

    :raises Invalid: it is not; `reasons` says why.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid("weak_password", field="password", reasons=list(error.messages)) from error
    return make_password(password)


def change_password(user: User, old: str, new: str, *, keep_session: str = "") -> None:
    """Change one's password; every other session of the account ends.

    :raises Invalid: the old one is wrong, or the new one is too weak.
    """
    throttle.count(f"password:{user.pk}", most=TRIES, window=TRIES_WINDOW)
    if not fits(user, old):
        raise Invalid("wrong_password", field="old")
    hashed = new_password(user, new)
    with writing():
        User.objects.filter(pk=user.pk).update(password=hashed, must_change_password=False)
        Session.objects.filter(user=user).exclude(digest=keep_session).delete()


def settle(user: User, about: Mapping[str, str]) -> None:
    """Set one's own zone, language and keys.

    :raises Invalid: there is no such zone or language, or it is something else that is not one's own to set.
    """
    about = dict(about)
    if (keys := about.pop("keys", None)) is not None:
        keychoice.choose(user.pk, keys)
    for name, value in about.items():
        if name == "zone":
            zone_named(value, field="zone")
        elif name != "language":
            raise Invalid("field_not_permitted", field=name)
        elif value not in dict(settings.LANGUAGES):
            raise Invalid(
                "unknown_language", field="language", given=value, known=[*dict(settings.LANGUAGES)]
            )
    if about:
        with writing():
            User.objects.filter(pk=user.pk).update(**about)


def must_change_password(actor: Actor) -> bool:
    """Tell whether an account has to choose a new password before a browser of its owner does anything else."""
    return User.objects.filter(pk=actor.id or 0, must_change_password=True).exists()


def refuse_unknown_language(given: str) -> None:
    """Refuse a language that nothing is written in here.

    :raises Invalid: it is none of them.
    """
    known = [code for code, _ in settings.LANGUAGES]
    if given not in known:
        raise Invalid("unknown_language", field="language", given=given, known=known)


def add_user(
    name: str,
    *,
    groups: list[str],
    password: str | None = None,
    email: str = "",
    full_name: str = "",
    zone: str = "UTC",
    is_service: bool = False,
) -> User:
    """Make an account. Without a password it can only be used by tokens.

    :raises Invalid: the name is taken or cannot be one, the group is unknown, or the password too weak.
    """
    name = name.strip()
    if not name or len(name) > 60 or not all(char.isalnum() or char in "._-@" for char in name):
        raise Invalid("bad_name", field="name", given=name)
    user = User(name=name, email=email, full_name=full_name, zone=zone, is_service=is_service)
    hashed = new_password(user, password) if password is not None else make_password(None)
    with writing():
        if User.objects.filter(name__iexact=name).exists():
            raise Invalid("name_taken", field="name", given=name)
        found = list(Group.objects.filter(name__in=groups))
        if len(found) != len(set(groups)):
            raise Invalid("unknown_group", field="group", given=", ".join(groups))
        user.password = hashed
        user.save(force_insert=True)
        user.groups.set(found)
        if email:
            ContactWay.objects.create(user=user, kind="mail", value=email, verified_at=clock.now())
    return user


def digest(secret: str) -> str:
    """Say under what a secret is kept: its SHA-256, in hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_by_token(plain: str, *, now: datetime | None = None) -> Actor | None:
    """Say who a token speaks for; None when it is none, has expired, was revoked, or its owner is gone."""
    now = now or clock.now()
    rows = _TOKEN.rows(digest(plain))
    if not rows or (rows[0]["expires_at"] is not None and rows[0]["expires_at"] <= now):
        return None
    row = rows[0]
    configured.refresh(row["edition"])
    token, used = row["pk"], row["last_used_at"]
    if used is None or now - used > NOTED_EVERY:
        with writing():
            Token.objects.filter(pk=token).update(last_used_at=now)
    return described(
        row | {"pk": row["user_id"]},
        [each["user__groups__name"] for each in rows],
        scopes=frozenset(row["scopes"].split()),
        only_queues=represented.numbers(row["only"]) if row["is_narrowed"] else None,
    )


def _token(hashed: str) -> Any:
    columns = represented.columns(user="user_id", contact="user__contact_id")
    more = {"only": represented.queues_of_token(), "edition": configured.EDITION}
    owner = {name: F(f"user__{name}") for name in _WHO}
    return (
        Token.objects.filter(digest=hashed, revoked_at=None, user__is_active=True)
        .annotate(**columns, **more, **owner)
        .values(
            "pk", "scopes", "expires_at", "last_used_at", "is_narrowed", "user_id", "user__groups__name",
            *owner, *columns, *more,
        )
    )  # fmt: skip


_TOKEN = Reading(_token)


def in_turn(account: int) -> None:
    """Let what counts how much an account has come one after the other; called inside the write that adds to it."""
    User.objects.select_for_update(no_key=True).filter(pk=account).values_list("pk", flat=True).first()
