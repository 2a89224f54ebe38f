"""Keys for programs: tokens, and the codes by which a command line comes by one."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from nocturne.core import permits
from nocturne.core.entry import Door
from nocturne.core.permits import ADMIN_SCOPE, READ_SCOPE, WRITE_SCOPE, Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound, WrongState
from nocturne.desk import accounts, audit, clock, throttle
from nocturne.desk.once import fingerprint, told_once
from nocturne.store.db import writing
from nocturne.store.models import DeviceCode, Queue, Token, User

MARK = "noct_"
"""What every token begins with, so that one that got out is known for what it is."""
CODE_LASTS = timedelta(minutes=10)
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
SCOPES = {
    "read": frozenset({READ_SCOPE}),
    "write": frozenset({READ_SCOPE, WRITE_SCOPE}),
    "admin": frozenset({READ_SCOPE, WRITE_SCOPE, ADMIN_SCOPE}),
}
"""What a token may be made for; each brings what stands before it."""


def scopes_named(words: str) -> frozenset[str]:
    """Read what a token is to be good for.

    :raises Invalid: one of the words is none of the scopes.
    """
    found: frozenset[str] = frozenset()
    for word in words.split():
        if word not in SCOPES:
            raise Invalid("unknown_scope", field="scope", given=word, known=list(SCOPES))
        found |= SCOPES[word]
    if not found:
        raise Invalid("unknown_scope", field="scope", given=words, known=list(SCOPES))
    return found


def create_token(
    user: User,
    label: str,
    *,
    scopes: str = "write",
    lasts: timedelta | None = None,
    queues: Iterable[str] | None = None,
    by: Actor | None = None,
    door: Door = Door.WEB,
) -> tuple[Token, str]:
    """Make a token for a program, as :func:`create_token_once` does, where nothing can be sent twice."""
    token, plain, _again = create_token_once(
        user, label, key=None, scopes=scopes, lasts=lasts, queues=queues, by=by, door=door
    )
    return token, plain


def create_token_once(
    user: User,
    label: str,
    *,
    key: str | None,
    scopes: str = "write",
    lasts: timedelta | None = None,
    queues: Iterable[str] | None = None,
    by: Actor | None = None,
    door: Door = Door.WEB,
) -> tuple[Token, str, bool]:
    """Make a token for a program; its plain text is given here once, and kept nowhere.

    :param key: of the act: the same one sent again makes no other token, and is told the same plain text.
    :param lasts: how long it is good for; None for as long as the option `token_days` says.
    :param queues: the only queues whose tickets it reaches; None for all that its owner reaches.
    :param by: who makes it, if not its owner. Who came with a token themselves needs one
        for `admin`, and makes none that may more.
    :return: the token, its plain text, and whether this was a repeat.
    :raises KeyReused: the act's key stands for another token.
    :raises Invalid: a scope or a queue is unknown, or it would last longer than tokens may here.
    :raises Forbidden: it would be wider than the token that its maker came with.
    :raises WrongState: the account is disabled.
    """
    by = by or accounts.actor_of(user)
    wanted = scopes_named(scopes)
    if ADMIN_SCOPE not in by.scopes or not wanted <= by.scopes:
        raise Forbidden("scope_too_narrow", scopes=sorted(by.scopes))
    if not user.is_active:
        raise WrongState("disabled_already", name=user.name)
    rows = None if queues is None else _queues_named(queues, by)
    if by.only_queues is not None and (rows is None or not {row.pk for row in rows} <= by.only_queues):
        raise Forbidden("token_wider_than_yours", field="queues")
    now = clock.now()
    until = ends(lasts, now)

    def make(plain: str) -> dict[str, Any]:
        return {"token": _keep(user, label, f"{MARK}{plain}", wanted, until, rows, by=by, door=door).pk}

    content = fingerprint(
        "token", user.pk, label, sorted(wanted), None if lasts is None else lasts.total_seconds(),
        None if rows is None else sorted(row.pk for row in rows),
    )  # fmt: skip
    made, plain, again = told_once(by, key, content, make)
    return Token.objects.get(pk=made["token"]), f"{MARK}{plain}", again


def _keep(
    user: User,
    label: str,
    plain: str,
    scopes: frozenset[str],
    until: datetime | None,
    queues: list[Queue] | None,
    *,
    by: Actor,
    door: Door,
) -> Token:
    with writing():
        token = Token.objects.create(
            user=user,
            label=label.strip()[:120] or "token",
            digest=accounts.digest(plain),
            scopes=" ".join(sorted(scopes)),
            is_narrowed=queues is not None,
            created_at=clock.now(),
            expires_at=until,
        )
        if queues is not None:
            token.queues.set(queues)
        audit.note(
            "token_made", by=by, door=door, subject=("account", user.name), after=described_token(token)
        )
    return token


def in_force(rows: Iterable[str | int]) -> set[str | int]:
    """Keep those tokens, by the numbers of their rows, that open something still."""
    asked = list(rows)
    if not asked:
        return set()
    good = Token.objects.filter(Q(expires_at=None) | Q(expires_at__gt=clock.now()), pk__in=asked)
    return set(good.filter(revoked_at=None).values_list("pk", flat=True))


def number_of(plain: str) -> int:
    """Find the number of a token's row; nought where there is none."""
    return Token.objects.filter(digest=accounts.digest(plain)).values_list("pk", flat=True).first() or 0


def described_token(token: Token) -> dict[str, Any]:
    """Spell a token for the audit: all but what opens anything."""
    return {
        "number": token.pk,
        "label": token.label,
        "scopes": token.scopes.split(),
        "queues": sorted(token.queues.values_list("name", flat=True)) if token.is_narrowed else None,
        "expires_at": token.expires_at.isoformat() if token.expires_at else None,
    }


def _queues_named(names: Iterable[str], by: Actor) -> list[Queue]:
    """Find queues by name; one that the maker of the token may not know of is not there."""
    wanted = set(names)
    found = [row for row in Queue.objects.filter(name__in=wanted) if permits.knows_queue(by, row.pk)]
    if missing := sorted(wanted - {row.name for row in found}):
        raise Invalid("unknown_queue", field="queues", given=missing[0])
    return found


def ends(lasts: timedelta | None, now: datetime) -> datetime | None:
    """Say when a token made now ends; None where it does not and the house allows that.

    :raises Invalid: it would last longer than the house allows.
    """
    usual, most = settings.NOCTURNE.token_days, settings.NOCTURNE.token_days_most
    days = timedelta(days=usual) if lasts is None else lasts
    if most and (not days or days > timedelta(days=most)):
        if lasts is None:
            days = timedelta(days=most)
        else:
            raise Invalid("token_lasts_too_long", field="days", most=most)
    return now + days if days else None


def revoke_token(user: User, number: int, *, by: Actor | None = None, door: Door = Door.WEB) -> None:
    """Make one of the user's tokens useless, at once.

    :raises NotFound: the user has no such token.
    """
    with writing():
        if not Token.objects.filter(pk=number, user=user, revoked_at=None).update(revoked_at=clock.now()):
            raise NotFound("no_such_token")
        _note_revoked(number, by or accounts.actor_of(user), door)


def revoke_plain(plain: str, *, by: Actor, door: Door) -> None:
    """Make the token with this plain text useless."""
    with writing():
        found = Token.objects.filter(digest=accounts.digest(plain), revoked_at=None)
        number = found.values_list("pk", flat=True).first()
        if number is not None and found.update(revoked_at=clock.now()):
            _note_revoked(number, by, door)


def _note_revoked(number: int, by: Actor, door: Door) -> None:
    token = Token.objects.select_related("user").get(pk=number)
    audit.note(
        "token_revoked", by=by, door=door, subject=("account", token.user.name), before=described_token(token)
    )


def ask_for_code(label: str) -> tuple[str, str]:
    """Begin a sign-on for a command line: a secret for it to come back with, and a code for its user to confirm."""
    secret = secrets.token_urlsafe(32)
    shown = "".join(secrets.choice(_LETTERS) for _ in range(8))
    now = clock.now()
    with writing():
        DeviceCode.objects.filter(expires_at__lte=now).delete()
        DeviceCode.objects.create(
            digest=accounts.digest(secret),
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
    throttle.count(f"code:{user.pk}", most=20, window=accounts.TRIES_WINDOW)
    plain = shown.replace("-", "").replace(" ", "").upper()
    with writing():
        free = DeviceCode.objects.filter(shown=plain, user=None, expires_at__gt=clock.now())
        row = free.first()
        # Of two who confirm it in the same moment, one does: else the second would sign the first one's program on.
        if row is None or not free.filter(pk=row.pk).update(user=user):
            raise NotFound("no_such_code", field="code")
    return row.label


def redeem_code(secret: str) -> tuple[User, str] | None:
    """Give the token for a confirmed code, once; None while nobody has confirmed it.

    :raises NotFound: there is no such code, it has expired, or was redeemed before.
    """
    codes = DeviceCode.objects.filter(
        digest=accounts.digest(secret), redeemed_at=None, expires_at__gt=clock.now()
    )
    row = codes.select_related("user").first()  # asked every few seconds: only the last time writes
    if row is None or (row.user is not None and not row.user.is_active):
        raise NotFound("no_such_code", field="code")
    if row.user is None:
        return None
    with writing():
        if not codes.update(redeemed_at=clock.now()):
            raise NotFound("no_such_code", field="code")
        _, plain = create_token(row.user, row.label, door=Door.CLI)
    return row.user, plain
