"""Who is signed on, and what stands around every page, in one query."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.db.models import Exists, Subquery
from django.http import HttpRequest
from django.utils import timezone

from nocturne.core import permits
from nocturne.core.configuration import current
from nocturne.core.permits import Actor
from nocturne.desk import accounts, keychoice, pins
from nocturne.desk.pins import Arranged
from nocturne.doors.web import rail
from nocturne.doors.web.rail import Pinned
from nocturne.store import configured, lists, represented, shifts
from nocturne.store.db import writing
from nocturne.store.models import Installation, Session, Ticket, User
from nocturne.store.readings import Reading
from nocturne.store.sessions import NOTED_EVERY, digest

_WHO = ("pk", "name", "full_name", "contact_id", "zone", "language", "must_change_password",
        "groups__name", "edition", "key_choice__how")  # fmt: skip


@dataclass(slots=True)
class Frame:
    """Somebody who is signed on, and the counts beside the entries of the rail."""

    actor: Actor
    full_name: str = ""
    _counts: dict[str, int] | None = None
    must_change_password: bool = False
    keys: str = keychoice.USUAL
    """How they have the console's keys: bare, alt or off."""
    _pins: list[Pinned] | None = None
    _arranged: list[Arranged] | None = None
    _is_asked: bool = True
    """How the rail is arranged, and whether there is any open question for them at all: read with a whole page."""

    @property
    def pins(self) -> list[Pinned]:
        """The views in the rail, with how full they are."""
        if self._pins is None:
            self._pins = rail.pinned(self.actor, self.counts if self.is_staff else {}, self._arranged)
        return self._pins

    @property
    def has_views(self) -> bool:
        """Whether their rail has a place for views at all."""
        return self.is_staff or bool(self.pins)

    @property
    def user(self) -> int:
        """The number of the account."""
        return self.actor.id or 0

    @property
    def counts(self) -> dict[str, int]:
        """How full the views of the rail are; read with the actor where a whole page is asked for, else when asked."""
        if self._counts is None:
            found = read(self.user, counts=True)
            self._counts = found._counts if found else {}  # noqa: SLF001
        return self._counts or {}

    @property
    def asked(self) -> int:
        """How many questions wait for an answer of theirs; counted up to a point."""
        return shifts.count_asked(self.actor) if self.is_staff and self._is_asked else 0

    @property
    def key(self) -> str:
        """A fresh key for the command line, so that a line sent twice is one act."""
        return secrets.token_urlsafe(12)

    @property
    def is_staff(self) -> bool:
        return self.actor.is_staff

    @property
    def is_there(self) -> bool:
        """Whether somebody reads the page who is known: templates ask so where there may be no frame."""
        return True

    @property
    def is_guest(self) -> bool:
        """Whether nobody is signed on."""
        return self.actor.kind == "guest"

    @property
    def is_person(self) -> bool:
        """Whether somebody is signed on."""
        return not self.is_guest

    @property
    def administers(self) -> bool:
        """Whether there is anything in administration for them."""
        return permits.may(self.actor, "administer")

    @property
    def takes_away(self) -> bool:
        """Whether they may take lists away as files."""
        return permits.may(self.actor, "export")

    @property
    def explains(self) -> bool:
        """Whether they may ask about the rights of others."""
        rights = ("administer-people", "administer-clearances", "administer-audit")
        return any(permits.may(self.actor, right) for right in rights)


def of(request: HttpRequest, *, counts: bool, by_itself: bool = False) -> Frame | None:
    """Read who sent a request, by its session; None for whoever is not signed on.

    :param by_itself: it was sent by no person's doing, and so is no sign that anybody sits there.
    """
    user = request.session.get(SESSION_KEY)
    if user is None:
        return None
    if not by_itself:
        _note_activity(request)
    if counts and getattr(getattr(request.session, "row", None), "renew", False):
        # Only with a whole page: what it polls for meanwhile still comes with the key of before.
        request.session.cycle_key()
    return read(int(user), counts=counts)


def of_guest() -> Frame | None:
    """Stand for whoever is not signed on; None where a site shows nothing to anybody."""
    configured.refresh()
    guest = permits.GUEST
    if not permits.classes_somewhere(guest):
        return None
    site = current().site
    return Frame(replace(guest, zone=site.zone, language=site.language), _counts={})


def _note_activity(request: HttpRequest) -> None:
    """Write down now and then that a browser is in use; that is shown on its owner's page."""
    row = getattr(request.session, "row", None)
    now = timezone.now()
    if row is not None and now - row.seen_at > NOTED_EVERY:
        with writing():
            Session.objects.filter(digest=digest(request.session.session_key or "")).update(seen_at=now)


def _described(user: int, counts: bool, _types: tuple[str, ...]) -> Any:
    """Describe an account with its groups, a row for each, and with the counts of the staff's views."""
    people = User.objects.filter(pk=user, is_active=True)
    counted: dict[str, Any] = (
        _counted(user) | {"arranged": pins.column(), "is_asked": Exists(shifts.asks_of(user))}
        if counts
        else {}
    )
    edition = Subquery(Installation.objects.filter(pk=1).values("edition"))
    speaks = represented.columns()
    return people.annotate(edition=edition, **speaks, **counted).values(*_WHO, *speaks, *counted)


_READING = Reading(_described)


def read(user: int, *, counts: bool) -> Frame | None:
    """Read who an account is, and with `counts` how full the views of the rail are; None if it may not sign on."""
    rows = _READING.rows(user, shape=(counts, current().types_behaving("complaint")))
    if not rows:
        return None
    row = rows[0]
    configured.refresh(row["edition"])
    actor = accounts.described(row, [each["groups__name"] for each in rows])
    named = {name.removeprefix("count_"): row[name] for name in row if name.startswith("count_")}
    if counts and not lists.counts_are_plain(actor):
        named = counted(actor) if actor.is_staff else {}
    keys = row["key_choice__how"] or keychoice.USUAL
    frame = Frame(actor, row["full_name"], named if counts else None, row["must_change_password"], keys)
    if counts:
        frame._arranged, frame._is_asked = pins.arranged(row["arranged"]), row["is_asked"]  # noqa: SLF001
    return frame


def counted(actor: Actor) -> dict[str, int]:
    """Count the views of somebody who may not read every ticket alike."""
    return lists.counts(actor, ("board", *lists.VIEWS, "ringing"))


def _counted(user: int) -> dict[str, Any]:
    """Spell the counts as columns. They are those of the staff: whoever is not of it is not shown them."""
    views = {name: Ticket.objects.filter(where(user)) for name, where in lists.VIEWS.items()}
    views |= {"board": Ticket.objects.open(), "ringing": Ticket.objects.filter(ringing_since__isnull=False)}
    return {
        f"count_{name}": lists.Counted(scope.order_by().values("pk")[: lists.CAP + 1])
        for name, scope in views.items()
    }
