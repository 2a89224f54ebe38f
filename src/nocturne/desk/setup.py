"""The first minutes of an installation: who runs it, its first administrator, its first queue."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from nocturne.core.refusals import Forbidden, Invalid, WrongState
from nocturne.core.zones import zone_named
from nocturne.desk import clock
from nocturne.desk.accounts import add_user, digest
from nocturne.store.db import writing
from nocturne.store.models import Group, Installation, Queue, User

GROUPS = {"administrators": "Administrators", "supervisors": "Supervisors", "operators": "Operators"}
LONGEST_SILENCE = 365
_FRESH_FOR = 5.0
_cached: tuple[float, Installation] | None = None


@dataclass(frozen=True, slots=True)
class SetUp:
    """What the set-up page asks."""

    admin: str
    password: str
    email: str = ""
    organisation: str = ""
    name: str = "noc"
    zone: str = "UTC"
    base_url: str = ""
    correspond_address: str = ""
    comment_address: str = ""


def installation() -> Installation:
    """Read who runs this Nocturne; a few seconds old at the most."""
    global _cached
    if _cached is None or time.monotonic() - _cached[0] > _FRESH_FOR or _cached[1].set_up_at is None:
        _cached = (time.monotonic(), Installation.objects.filter(pk=1).first() or Installation(pk=1))
    return _cached[1]


def forget_cached() -> None:
    global _cached
    _cached = None


def is_done() -> bool:
    return installation().set_up_at is not None


def link() -> str | None:
    """Make the one-time link of the set-up page; None when the set-up is done. A new link replaces the last one."""
    forget_cached()
    if is_done():
        return None
    secret = secrets.token_urlsafe(24)
    with writing():
        Installation.objects.update_or_create(pk=1, defaults={"setup_digest": digest(secret)})
    forget_cached()
    return f"{base_url()}/setup/{secret}"


def link_fits(secret: str) -> bool:
    kept = Installation.objects.filter(pk=1, set_up_at=None).values_list("setup_digest", flat=True).first()
    return kept is not None and secrets.compare_digest(kept, digest(secret))


def base_url() -> str:
    """Give the address under which people reach this installation, without a slash at its end.

    What the options say now goes before what the set-up page was told once: a house that moved says so there.
    """
    options = settings.NOCTURNE
    address: str = options.base_url or installation().base_url or options.address
    return address.rstrip("/")


def perform(given: SetUp, *, secret: str | None = None) -> User:
    """Set the installation up: its name and addresses, its groups, the first administrator, the queue `general`.

    :param secret: from the one-time link; None when it is done on the host itself.
    :raises Forbidden: the link is not the one that was given last.
    :raises WrongState: it has been set up before.
    :raises Invalid: a value cannot be right.
    """
    name = given.name.strip()
    if not name or len(name) > 40 or not all(char.isalnum() or char in ".-_" for char in name):
        raise Invalid("bad_site_name", field="name", given=name)
    zone_named(given.zone, field="zone")
    for field in ("correspond_address", "comment_address", "email"):
        address = getattr(given, field)
        if address and (address.count("@") != 1 or any(char.isspace() for char in address)):
            raise Invalid("bad_address", field=field, given=address)
    if given.base_url and not given.base_url.startswith(("http://", "https://")):
        raise Invalid("bad_base_url", field="base_url", given=given.base_url)
    with writing():
        forget_cached()
        if is_done():
            raise WrongState("set_up_already")
        if secret is not None and not link_fits(secret):
            raise Forbidden("setup_link_unknown")
        for group, title in GROUPS.items():
            Group.objects.get_or_create(name=group, defaults={"title": title})
        Installation.objects.update_or_create(
            pk=1,
            defaults={
                "organisation": given.organisation.strip()[:160],
                "name": name,
                "zone": given.zone,
                "base_url": given.base_url.strip().rstrip("/"),
                "correspond_address": given.correspond_address.strip(),
                "comment_address": given.comment_address.strip(),
                "set_up_at": clock.now(),
                "setup_digest": "",
            },
        )
        correspond, comment = given.correspond_address.strip(), given.comment_address.strip()
        # The demonstration may have been loaded first, and brought the queue.
        general = Queue.objects.filter(name="general")
        if not general.update(correspond_address=correspond, comment_address=comment):
            add_queue("general", correspond=correspond, comment=comment)
        user = add_user(
            given.admin,
            groups=["administrators"],
            password=given.password,
            email=given.email,
            zone=given.zone,
        )
    forget_cached()
    return user


def add_queue(
    name: str,
    *,
    purpose: str = "",
    correspond: str = "",
    comment: str = "",
    default_type: str = "trouble",
    silence_days: int = 5,
    members: Iterable[str] = (),
    watchers: Iterable[str] = (),
) -> Queue:
    """Make a queue.

    :param silence_days: after how many days without a word from its complainer a resolved complaint is closed.
    :param watchers: accounts that are mailed what comes into it from outside.
    :raises Invalid: the name is taken or cannot be one, or something else given cannot be right.
    """
    name = name.strip().lower()
    if not name or len(name) > 60 or not all(char.isalnum() or char in "-_" for char in name):
        raise Invalid("bad_queue_name", field="name", given=name)
    with writing():
        if Queue.objects.filter(name=name).exists():
            raise Invalid("queue_exists", field="name", given=name)
        queue = Queue.objects.create(
            name=name,
            purpose=purpose,
            correspond_address=correspond,
            comment_address=comment,
            default_type=default_type,
            silence_days=_silence(silence_days),
        )
        queue.members.add(*_people(members, "member"))
        queue.watchers.add(*_people(watchers, "watcher"))
    return queue


def change_queue(
    name: str,
    *,
    purpose: str | None = None,
    correspond: str | None = None,
    comment: str | None = None,
    default_type: str | None = None,
    silence_days: int | None = None,
    members: Iterable[str] = (),
    watchers: Iterable[str] = (),
    without_members: Iterable[str] = (),
    without_watchers: Iterable[str] = (),
) -> Queue:
    """Change what is given of a queue, and add to and take from those who work in it and watch it.

    :raises Invalid: there is no such queue, or something given cannot be right; then nothing is changed.
    """
    given = {
        "purpose": purpose,
        "correspond_address": correspond,
        "comment_address": comment,
        "default_type": default_type,
        "silence_days": None if silence_days is None else _silence(silence_days),
    }
    with writing():
        queue = Queue.objects.filter(name=name.strip().lower()).first()
        if queue is None:
            raise Invalid("unknown_queue", field="name", given=name)
        changed = {field: value for field, value in given.items() if value is not None}
        if changed:
            Queue.objects.filter(pk=queue.pk).update(**changed)
        queue.members.add(*_people(members, "member"))
        queue.watchers.add(*_people(watchers, "watcher"))
        queue.members.remove(*_people(without_members, "member", even_gone=True))
        queue.watchers.remove(*_people(without_watchers, "watcher", even_gone=True))
        queue.refresh_from_db()
    return queue


def _silence(days: int) -> int:
    if not 1 <= days <= LONGEST_SILENCE:
        raise Invalid("bad_silence_days", field="silence_days", given=days, most=LONGEST_SILENCE)
    return days


def _people(names: Iterable[str], field: str, *, even_gone: bool = False) -> list[User]:
    """Find accounts by their names in any case; only those who may still sign on, unless `even_gone`."""
    found = []
    for name in names:
        accounts = User.objects.filter(name__iexact=name.strip())
        account = (accounts if even_gone else accounts.filter(is_active=True)).first()
        if account is None:
            raise Invalid("unknown_person", field=field, given=name)
        found.append(account)
    return found
