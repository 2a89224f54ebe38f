"""Who signs on, and with what: passwords, tokens, and codes that a browser confirms for a command line."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, NotFound
from nocturne.desk import clock, throttle
from nocturne.store.db import writing
from nocturne.store.models import DeviceCode, Group, Session, Token, User

TRIES, TRIES_WINDOW = 10, timedelta(minutes=5)
TRIES_BY_NAME, NAME_WINDOW = 200, timedelta(hours=1)
TRIES_BY_ADDRESS = 300
"""Over all names, within the same window as the tries for one: a whole office behind one address signs on with it."""
NOTED_EVERY = timedelta(minutes=5)
CODE_LASTS = timedelta(minutes=10)
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


def actor_of(user: User) -> Actor:
    """Say who an account is to the permits."""
    groups = frozenset(user.groups.values_list("name", flat=True))
    return Actor("account", user.pk, user.name, groups, user.contact_id, user.zone, user.language)


def actor_by_id(number: int, *, even_gone: bool = False) -> Actor | None:
    """Say who an active account is to the permits, in one query; None when there is no such account.

    :param even_gone: disabled accounts too: what they once wrote is judged by who they were.
    """
    accounts = User.objects.filter(pk=number)
    return _actor(accounts if even_gone else accounts.filter(is_active=True))


def _actor(users: Any, scopes: frozenset[str] = frozenset({"read", "write", "admin"})) -> Actor | None:
    rows = list(users.values_list("pk", "name", "contact_id", "zone", "language", "groups__name"))
    if not rows:
        return None
    number, name, contact, zone, language, _ = rows[0]
    groups = frozenset(row[5] for row in rows if row[5])
    return Actor("account", number, name, groups, contact, zone, language, scopes=scopes)


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
    throttle.forgive(f"sign-on from {address}:{folded}")
    return user


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
        User.objects.filter(pk=user.pk).update(password=hashed)
        Session.objects.filter(user=user).exclude(digest=keep_session).delete()


def add_user(
    name: str,
    *,
    groups: list[str],
    password: str | None = None,
    email: str = "",
    full_name: str = "",
    zone: str = "UTC",
) -> User:
    """Make an account. Without a password it can only be used by tokens.

    :raises Invalid: the name is taken or cannot be one, the group is unknown, or the password too weak.
    """
    name = name.strip()
    if not name or len(name) > 60 or not all(char.isalnum() or char in "._-@" for char in name):
        raise Invalid("bad_name", field="name", given=name)
    user = User(name=name, email=email, full_name=full_name, zone=zone)
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
    return user


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def create_token(
    user: User, label: str, *, scopes: str = "read write", lasts: timedelta | None = None
) -> tuple[Token, str]:
    """Make a token for a program; its plain text is given here once, and kept nowhere."""
    plain = f"noct_{secrets.token_urlsafe(32)}"
    now = clock.now()
    with writing():
        token = Token.objects.create(
            user=user,
            label=label.strip()[:120] or "token",
            digest=digest(plain),
            scopes=scopes,
            created_at=now,
            expires_at=now + lasts if lasts else None,
        )
    return token, plain


def revoke_token(user: User, number: int) -> None:
    """Make one of the user's tokens useless, at once.

    :raises NotFound: the user has no such token.
    """
    with writing():
        if not Token.objects.filter(pk=number, user=user, revoked_at=None).update(revoked_at=clock.now()):
            raise NotFound("no_such_token")


def revoke_plain(plain: str) -> None:
    """Make the token with this plain text useless."""
    with writing():
        Token.objects.filter(digest=digest(plain), revoked_at=None).update(revoked_at=clock.now())


def actor_by_token(plain: str, *, now: datetime | None = None) -> Actor | None:
    """Say who a token speaks for; None when it is none, has expired, was revoked, or its owner is gone."""
    now = now or clock.now()
    rows = list(
        Token.objects.filter(digest=digest(plain), revoked_at=None, user__is_active=True)
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .values_list(
            "pk", "scopes", "last_used_at", "user_id", "user__name", "user__contact_id", "user__zone",
            "user__language", "user__groups__name",
        )
    )  # fmt: skip
    if not rows:
        return None
    token, scopes, used, number, name, contact, zone, language, _ = rows[0]
    if used is None or now - used > NOTED_EVERY:
        with writing():
            Token.objects.filter(pk=token).update(last_used_at=now)
    groups = frozenset(row[8] for row in rows if row[8])
    return Actor("account", number, name, groups, contact, zone, language, scopes=frozenset(scopes.split()))


def ask_for_code(label: str) -> tuple[str, str]:
    """Begin a sign-on for a command line: a secret for it to come back with, and a code for its user to confirm."""
    secret = secrets.token_urlsafe(32)
    shown = "".join(secrets.choice(_LETTERS) for _ in range(8))
    now = clock.now()
    with writing():
        DeviceCode.objects.filter(expires_at__lte=now).delete()
        DeviceCode.objects.create(
            digest=digest(secret),
            shown=shown,
            label=label.strip()[:120] or "noc",
            created_at=now,
            expires_at=now + CODE_LASTS,
        )
    return secret, f"{shown[:4]}-{shown[4:]}"


def confirm_code(shown: str, user: User) -> str:
    """Let a command line sign on as this user; gives its label.

    :raises NotFound: there is no such code, or it has expired.
    """
    throttle.count(f"code:{user.pk}", most=20, window=TRIES_WINDOW)
    plain = shown.replace("-", "").replace(" ", "").upper()
    with writing():
        row = DeviceCode.objects.filter(shown=plain, user=None, expires_at__gt=clock.now()).first()
        if row is None:
            raise NotFound("no_such_code", field="code")
        DeviceCode.objects.filter(pk=row.pk).update(user=user)
    return row.label


def redeem_code(secret: str) -> tuple[User, str] | None:
    """Give the token for a confirmed code, once; None while nobody has confirmed it.

    :raises NotFound: there is no such code, it has expired, or was redeemed before.
    """
    codes = DeviceCode.objects.filter(digest=digest(secret), redeemed_at=None, expires_at__gt=clock.now())
    row = codes.select_related("user").first()  # asked every few seconds: only the last time writes
    if row is None or (row.user is not None and not row.user.is_active):
        raise NotFound("no_such_code", field="code")
    if row.user is None:
        return None
    with writing():
        if not codes.update(redeemed_at=clock.now()):
            raise NotFound("no_such_code", field="code")
        _, plain = create_token(row.user, row.label)
    return row.user, plain
