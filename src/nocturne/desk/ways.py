"""Ways to reach the owner of an account, and when they want to be told of what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Any

import phonenumbers

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.desk import administering, audit, clock, lookups
from nocturne.store.db import writing
from nocturne.store.models import ContactWay, NoticeChoice, User

KINDS = ("mail", "phone", "pager", "chat")
PURPOSES = ("owner", "asked", "update")
"""Kinds of news that an account can choose about. Whoever is dispatched is always told at once."""
TOLD = ("now", "daily", "never")
MOST = 20


@dataclass(frozen=True)
class Way:
    """One way to reach somebody."""

    number: int
    kind: str
    value: str
    label: str
    for_notices: bool
    verified_at: datetime | None


@dataclass(frozen=True)
class Choices:
    """When somebody is told of what; the quiet hours are in their own zone."""

    told: dict[str, str]
    quiet_from: time | None
    quiet_until: time | None


def of(user: User) -> list[Way]:
    """List the ways to reach somebody, the first choice of each kind first."""
    return [
        Way(row.pk, row.kind, row.value, row.label, row.for_notices, row.verified_at)
        for row in user.ways.order_by("place", "pk")
    ]


def add(
    user: User, kind: str, value: str, *, by: Actor, door: Door, label: str = "", for_notices: bool = False
) -> Way:
    """Add a way to reach somebody. What an administrator enters counts as verified; one's own word does not.

    :raises Invalid: it is no such address or number, is there already, or there are too many.
    :raises Forbidden: it is somebody else's account, and the actor does not administer it.
    """
    is_own = _demand(user, by)
    value = _checked(kind, value)
    with writing():
        if user.ways.count() >= MOST:
            raise Invalid("too_many_ways", field="value", limit=MOST)
        if user.ways.filter(kind=kind, value=value).exists():
            raise Invalid("way_there_already", field="value", given=value)
        row = ContactWay.objects.create(
            user=user,
            kind=kind,
            value=value,
            label=label.strip()[:60],
            place=user.ways.count(),
            for_notices=for_notices,
            verified_at=None if is_own else clock.now(),
        )
        _follow(user)
        way = Way(row.pk, kind, value, row.label, for_notices, row.verified_at)
        audit.note("way_added", by=by, door=door, subject=("account", user.name), after=_spelt(way))
    return way


def remove(user: User, number: int, *, by: Actor, door: Door) -> None:
    """Take a way to reach somebody away.

    :raises NotFound: they have no such way.
    :raises Forbidden: it is somebody else's account, and the actor does not administer it.
    """
    _demand(user, by)
    with writing():
        way = next((each for each in of(user) if each.number == number), None)
        if way is None:
            raise NotFound("no_such_way")
        ContactWay.objects.filter(pk=number, user=user).delete()
        _follow(user)
        audit.note("way_removed", by=by, door=door, subject=("account", user.name), before=_spelt(way))


def verify(user: User, number: int, *, by: Actor, door: Door) -> Way:
    """Vouch for a way that somebody has entered for themselves: from then on notices and a forgotten password go there.

    :raises NotFound: they have no such way.
    :raises Forbidden: this is not for the actor to do; nobody vouches for their own.
    """
    if by.is_account(user.pk):
        raise Forbidden("not_permitted", act=administering.PEOPLE)
    administering.demand_over(by, user)
    with writing():
        if not ContactWay.objects.filter(pk=number, user=user).update(verified_at=clock.now()):
            raise NotFound("no_such_way")
        _follow(user)
        way = next(each for each in of(user) if each.number == number)
        audit.note("way_verified", by=by, door=door, subject=("account", user.name), after=_spelt(way))
    return way


def set_mail(user: User, address: str) -> None:
    """Make this the first mail address of an account, for an administrator who has checked who they are."""
    first = user.ways.filter(kind="mail").order_by("place", "pk").first()
    if not address:
        user.ways.filter(kind="mail").delete()
    elif first is None:
        ContactWay.objects.create(user=user, kind="mail", value=address, verified_at=clock.now())
    elif first.value != address:
        user.ways.filter(kind="mail", value=address).delete()
        ContactWay.objects.filter(pk=first.pk).update(value=address, verified_at=clock.now())
    _follow(user)


def _follow(user: User) -> None:
    """Let the account's own columns say the first verified mail address, and the first telephone number."""
    rows = list(user.ways.order_by("place", "pk").values_list("kind", "value", "verified_at"))
    mail = next((value for kind, value, verified in rows if kind == "mail" and verified), "")
    phone = next((value for kind, value, _ in rows if kind == "phone"), "")
    User.objects.filter(pk=user.pk).update(email=mail, phone=phone[:40])


def _checked(kind: str, value: str) -> str:
    """Check a way by its kind, and spell it in one way.

    :raises Invalid: it cannot be one.
    """
    value = value.strip()
    if kind not in KINDS:
        raise Invalid("unknown_way", field="kind", given=kind, known=list(KINDS))
    if not value or len(value) > 254 or not value.isprintable():
        raise Invalid("empty_way", field="value")
    if kind == "mail" and not lookups.is_address(value):
        raise Invalid("bad_address", field="value", given=value)
    if kind in ("phone", "pager"):
        return phone_number(value)
    return value


def phone_number(given: str) -> str:
    """Check a telephone number, with its country before it, and spell it as it is dialled from anywhere.

    :raises Invalid: it is none.
    """
    try:
        found = phonenumbers.parse(given, None)
    except phonenumbers.NumberParseException:
        raise Invalid("bad_phone", field="value", given=given) from None
    if not phonenumbers.is_possible_number(found):
        raise Invalid("bad_phone", field="value", given=given)
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def _demand(user: User, by: Actor) -> bool:
    """Refuse somebody who is neither the account's owner nor administers it; tell whether it is the owner."""
    if by.is_account(user.pk):
        return True
    administering.demand_over(by, user)
    return False


def _spelt(way: Way) -> dict[str, Any]:
    said = asdict(way)
    said["verified_at"] = way.verified_at.isoformat() if way.verified_at else None
    return said


# --- when somebody is told -------------------------------------------------------------------------------------------


def choices(user: User) -> Choices:
    """Read when somebody wants to be told of what."""
    chosen = dict(user.notice_choices.values_list("purpose", "told"))
    return Choices(
        {purpose: chosen.get(purpose, "now") for purpose in PURPOSES}, user.quiet_from, user.quiet_until
    )


def choose(
    user: User,
    told: Mapping[str, str],
    *,
    by: Actor,
    door: Door,
    quiet: tuple[time, time] | bool | None = True,
) -> Choices:
    """Say when somebody wants to be told of what.

    :param quiet: from when to when, in their own zone, nothing is mailed; None for at no time, True as before.
    :raises Invalid: there is no such purpose or choice.
    :raises Forbidden: it is somebody else's account, and the actor does not administer it.
    """
    _demand(user, by)
    for purpose, when in told.items():
        if purpose not in PURPOSES:
            raise Invalid("unknown_purpose", field=purpose, given=purpose, known=list(PURPOSES))
        if when not in TOLD:
            raise Invalid("unknown_telling", field=purpose, given=when, known=list(TOLD))
    with writing():
        before = choices(user)
        for purpose, when in told.items():
            NoticeChoice.objects.update_or_create(user=user, purpose=purpose, defaults={"told": when})
        if quiet is None or isinstance(quiet, tuple):
            user.quiet_from, user.quiet_until = quiet or (None, None)
            user.save(update_fields=["quiet_from", "quiet_until"])
        after = choices(user)
        if before != after:
            audit.note(
                "notices_chosen",
                by=by,
                door=door,
                subject=("account", user.name),
                before=_plain(before),
                after=_plain(after),
            )
    return after


def _plain(chosen: Choices) -> dict[str, Any]:
    return chosen.told | {
        "quiet": [
            each.isoformat("minutes") if each else None for each in (chosen.quiet_from, chosen.quiet_until)
        ]
    }


def mail_addresses(users: Iterable[User]) -> dict[int, list[str]]:
    """Say where notices for accounts are mailed to: the verified addresses marked for it, else the account's own."""
    people = list(users)
    found: dict[int, list[str]] = {}
    marked = ContactWay.objects.filter(
        user__in=people, kind="mail", for_notices=True, verified_at__isnull=False
    )
    for user, value in marked.order_by("place", "pk").values_list("user_id", "value"):
        found.setdefault(user, []).append(value)
    return {each.pk: found.get(each.pk) or ([each.email] if each.email else []) for each in people}
