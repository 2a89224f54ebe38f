"""Signed-on browsers in the database: keys hashed, owner known, so that a person can see and end them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone

from nocturne.store.db import writing
from nocturne.store.models import Session
from nocturne.store.readings import Reading

NOTED_EVERY = timedelta(minutes=5)
"""Activity is noted at most this often, so that reading costs no writing."""


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def in_force(digests: Iterable[str | int]) -> set[str | int]:
    """Keep those sessions that have not ended."""
    asked = list(digests)
    return set(_in_force().filter(digest__in=asked).values_list("digest", flat=True)) if asked else set()


def _in_force() -> QuerySet[Session]:
    now = timezone.now()
    rows = Session.objects.filter(expires_at__gt=now)
    if idle := settings.SESSION_IDLE_SECONDS:
        rows = rows.filter(seen_at__gt=now - timedelta(seconds=idle))
    return rows


def _is_in_force(row: Session) -> bool:
    """Say of a row what :func:`_in_force` says of all."""
    now, idle = timezone.now(), settings.SESSION_IDLE_SECONDS
    return row.expires_at > now and (not idle or row.seen_at > now - timedelta(seconds=idle))


_ROW = Reading(
    lambda key: Session.objects.filter(digest=key).values(*(each.attname for each in Session._meta.fields))
)


class SessionStore(SessionBase):
    """Keeps a session's data in a row of its own. It ends an absolute time after sign-on, however busy it is."""

    row: Session | None = None

    def _row(self) -> Session | None:
        if not self.session_key:
            return None
        for row in _ROW.rows(digest(self.session_key)):
            found = Session(**row)
            return found if _is_in_force(found) else None
        return None

    def load(self) -> dict[str, Any]:
        row = self.row = self._row()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row.data)

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(digest=digest(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        values = {"data": self.encode(data), "user_id": data.get("_auth_user_id"), "seen_at": timezone.now()}
        for name in ("agent", "address"):
            if name in data:
                values[name] = data[name]
        with writing():
            if must_create:
                self._insert(values)
            elif not Session.objects.filter(digest=digest(self.session_key)).update(**values):
                raise UpdateError

    def _insert(self, values: dict[str, Any]) -> None:
        now = timezone.now()
        lasts = timedelta(seconds=self.get_session_cookie_age())
        try:
            Session.objects.create(
                digest=digest(self.session_key or ""), created_at=now, expires_at=now + lasts, **values
            )
        except IntegrityError as error:
            raise CreateError from error

    def cycle_key(self) -> None:
        """Give the same session a new key. It ends when it would have ended; one that has ended stays so."""
        data = self._get_session()  # type: ignore[attr-defined]
        before, key = self.session_key, self._get_new_session_key()  # type: ignore[attr-defined]
        if before is None:
            return
        with writing():
            is_there = Session.objects.filter(digest=digest(before)).update(digest=digest(key), renew=False)
        if not is_there:
            self.flush()
            return
        self._session_key, self._session_cache, self.modified = key, data, True

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Say for how many seconds the browser keeps the cookie: as long as the session lasts, not longer."""
        if self.row is None:
            return int(super().get_expiry_age(**kwargs))
        return max(0, int((self.row.expires_at - timezone.now()).total_seconds()))

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            self.row = None
            Session.objects.filter(digest=digest(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expires_at__lte=timezone.now()).delete()
