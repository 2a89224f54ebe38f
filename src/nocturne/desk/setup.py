"""The first minutes of an installation: who runs it, what it starts from, its first administrator."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from django.conf import settings

from nocturne.core.configuration.site import TAG
from nocturne.core.configuration.standard import STANDARD_DOCUMENTS
from nocturne.core.configuration.whole import SITE
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, WrongState
from nocturne.core.zones import zone_named
from nocturne.desk import clock, configuring, profiles, projection
from nocturne.desk.accounts import add_user, digest
from nocturne.desk.alarms import MACHINERY
from nocturne.store import configured
from nocturne.store.db import writing
from nocturne.store.models import Installation, User

FIRST_QUEUE = ("queue", "general")
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
    profile: str = profiles.USUAL


def installation() -> Installation:
    """Read who runs this Nocturne; a few seconds old at the most."""
    global _cached
    if _cached is None or time.monotonic() - _cached[0] > _FRESH_FOR or _cached[1].set_up_at is None:
        _cached = (time.monotonic(), Installation.objects.filter(pk=1).first() or Installation(pk=1))
    return _cached[1]


def forget_cached() -> None:
    """Let the installation be read anew when it is next asked for."""
    global _cached
    _cached = None


def is_done() -> bool:
    """Tell whether Nocturne has been set up."""
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
    """Tell whether the secret of a set-up link is the latest one, and there is still something to set up."""
    kept = Installation.objects.filter(pk=1, set_up_at=None).values_list("setup_digest", flat=True).first()
    return kept is not None and secrets.compare_digest(kept, digest(secret))


def base_url() -> str:
    """Give the address under which people reach this installation, without a slash at its end.

    What the options say now goes before what the set-up page was told once: a house that moved says so there.
    """
    options = settings.NOCTURNE
    address: str = options.base_url or installation().base_url or options.address
    return address.rstrip("/")


def perform(given: SetUp, *, secret: str | None = None, by: Actor = MACHINERY) -> User:
    """Set the installation up: its name and addresses, what its profile brings, and the first administrator.

    :param secret: from the one-time link; None when it is done on the host itself, by `by`.
    :raises Forbidden: the link is not the one that was given last.
    :raises WrongState: it has been set up before.
    :raises Invalid: a value cannot be right.
    """
    name = given.name.strip()
    if not TAG.fullmatch(name):
        raise Invalid("bad_site_name", field="name", given=name)
    zone_named(given.zone, field="zone")
    for field in ("correspond_address", "comment_address", "email"):
        address = getattr(given, field)
        if address and (
            address.count("@") != 1 or any(each.isspace() or each in '<>",;:' for each in address)
        ):
            raise Invalid("bad_address", field=field, given=address)
    if given.base_url and not given.base_url.startswith(("http://", "https://")):
        raise Invalid("bad_base_url", field="base_url", given=given.base_url)
    with writing():
        forget_cached()
        if is_done():
            raise WrongState("set_up_already")
        if secret is not None and not link_fits(secret):
            raise Forbidden("setup_link_unknown")
        Installation.objects.update_or_create(pk=1, defaults={"set_up_at": clock.now(), "setup_digest": ""})
        _start_from(given, by=by, door=Door.CLI if secret is None else Door.WEB)
        furnish()
        user = add_user(
            given.admin,
            groups=["administrators"],
            password=given.password,
            email=given.email,
            zone=given.zone,
        )
    forget_cached()
    return user


def furnish() -> None:
    """Let there be a row for every group and queue that is configured: accounts and tickets point to rows."""
    in_force = configured.load()
    projection.bring_up_to_date(in_force, in_force.documents)


def _start_from(given: SetUp, *, by: Actor, door: Door) -> None:
    """Put the profile's documents in force, with what was said of the site; what is configured already stays."""
    before = configured.load().documents
    wanted = {
        document: body
        for document, body in profiles.documents(given.profile).items()
        if document not in before or before[document] == STANDARD_DOCUMENTS.get(document)
    }
    said = {
        "organisation": given.organisation.strip()[:160],
        "tag": given.name.strip(),
        "zone": given.zone,
        "base_url": given.base_url.strip().rstrip("/"),
        "correspond": given.correspond_address.strip(),
        "comment": given.comment_address.strip(),
    }
    general = wanted.get(FIRST_QUEUE) or before.get(FIRST_QUEUE, {})
    wanted[SITE] = {**before.get(SITE, {}), **wanted.get(SITE, {}), **_without_gaps(said)}
    wanted[FIRST_QUEUE] = {**general, **_without_gaps({key: said[key] for key in ("correspond", "comment")})}
    for (kind, name), body in wanted.items():
        if kind == "calendar":  # a profile cannot know where its site lies
            wanted[kind, name] = {**body, "zone": given.zone}
    configuring.change(wanted, by=by, door=door)


def _without_gaps(body: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in body.items() if value}
