"""The first minutes of an installation: who runs it, its first administrator, its first queue."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from django.conf import settings

from nocturne.core.refusals import Forbidden, Invalid, WrongState
from nocturne.core.zones import zone_named
from nocturne.desk import clock
from nocturne.desk.accounts import add_user, digest
from nocturne.store.db import writing
from nocturne.store.models import Group, Installation, Queue, User

GROUPS = {"administrators": "Administrators", "supervisors": "Supervisors", "operators": "Operators"}
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
    name: str, *, purpose: str = "", correspond: str = "", comment: str = "", default_type: str = "trouble"
) -> Queue:
    """Make a queue.

    :raises Invalid: the name is taken or cannot be one.
    """
    name = name.strip().lower()
    if not name or len(name) > 60 or not all(char.isalnum() or char in "-_" for char in name):
        raise Invalid("bad_queue_name", field="name", given=name)
    with writing():
        if Queue.objects.filter(name=name).exists():
            raise Invalid("queue_exists", field="name", given=name)
        return Queue.objects.create(
            name=name,
            purpose=purpose,
            correspond_address=correspond,
            comment_address=comment,
            default_type=default_type,
        )
