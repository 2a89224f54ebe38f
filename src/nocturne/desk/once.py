"""Makes every repeat of an act harmless: the first answer is kept with the act, and given again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from nocturne.core.entry import canonical
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, KeyReused
from nocturne.desk import clock
from nocturne.store.db import writing
from nocturne.store.models import Receipt

Answer = dict[str, Any]
LONGEST_ACT = timedelta(hours=1)
"""A receipt is begun before its act: so long before what the act wrote, at most."""


def fingerprint(*what: Any) -> str:
    """Tell two acts apart by their content."""
    return hashlib.sha256(canonical(list(what))).hexdigest()


def once(
    by: Actor, key: str | None, content: str, act: Callable[[], tuple[int, Answer]]
) -> tuple[int, Answer, bool]:
    """Do an act once per key and actor, and answer every repeat as the first time.

    :param key: chosen by the caller; None does the act without any memory.
    :param content: the act's fingerprint: the same key with other content is refused.
    :return: status, answer, and whether this was a repeat.
    :raises KeyReused: the key stands for something else.
    :raises Invalid: the key is too long, or cannot be printed.
    """
    if key is None or key == "":
        status, answer = act()
        return status, answer, False
    if len(key) > 120 or not key.isprintable():
        raise Invalid("bad_key", field="Idempotency-Key")
    name = f"{by.kind}:{by.id}{_narrowed(by)}:{key}"
    kept = _kept(name, content)
    if kept is not None:
        return kept
    with writing():
        try:
            with transaction.atomic():
                Receipt.objects.create(key=name, fingerprint=content, created_at=clock.now())
        except IntegrityError:
            kept = _kept(name, content)
            if kept is None:  # the first one is being rolled back: the caller may simply come again
                raise
            return kept
        status, answer = act()
        Receipt.objects.filter(pk=name).update(status=status, answer=answer)
        return status, answer, False


def told_once(
    by: Actor, key: str | None, content: str, make: Callable[[str], Answer]
) -> tuple[Answer, str, bool]:
    """Make something that a secret opens, once per key, and tell every repeat the same secret, which is kept nowhere.

    It is worked out again from the key, of which only a digest is kept, a salt, and the installation's own secret.

    :param make: makes it, to be opened by the secret it is given, and says what was made.
    :return: what was made, the secret, and whether this was a repeat.
    :raises KeyReused: the key stands for something else.
    :raises Invalid: the key is too long, or cannot be printed.
    """
    if key is None or key == "":
        plain = secrets.token_urlsafe(32)
        return make(plain), plain, False
    if len(key) > 120 or not key.isprintable():
        raise Invalid("bad_key", field="Idempotency-Key")

    def act() -> tuple[int, Answer]:
        salt = secrets.token_urlsafe(16)
        return 201, {**make(_worked_out(by, key, salt)), "salt": salt}

    digest = hashlib.sha256(key.encode()).hexdigest()
    _status, answer, again = once(by, f"told:{digest}", content, act)
    return answer, _worked_out(by, key, answer["salt"]), again


def _worked_out(by: Actor, key: str, salt: str) -> str:
    mark = canonical([by.kind, by.id, key, salt])
    made = hmac.digest(settings.SECRET_KEY.encode(), b"told once" + mark, "sha256")
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def _narrowed(by: Actor) -> str:
    """Tell a narrowed token of an account from the account itself: it is not given answers that are not for it."""
    if by.only_queues is None and by.only_ticket is None:
        return ""
    return "/" + fingerprint(sorted(by.only_queues or ()), by.only_ticket)[:12]


def _kept(name: str, content: str) -> tuple[int, Answer, bool] | None:
    receipt = Receipt.objects.filter(pk=name).first()
    if receipt is None:
        return None
    if receipt.fingerprint != content:
        raise KeyReused("key_reused", field="Idempotency-Key")
    return receipt.status, receipt.answer or {}, True
