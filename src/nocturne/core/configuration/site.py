"""The site itself: who runs it, under which addresses, and what holds for all of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nocturne.core.configuration.body import Body, wrong
from nocturne.core.configuration.queues import address
from nocturne.core.refusals import Invalid
from nocturne.core.zones import zone_named

SECOND_FACTOR = ("nobody", "staff", "everybody")
TIMERLESS = ("allow", "warn", "refuse")
REGION = re.compile(r"[A-Z]{2}")
TAG = re.compile(r"[A-Za-z0-9._-]{1,40}")


@dataclass(frozen=True, slots=True)
class Site:
    """What holds for all of a site.

    :param tag: the name in brackets in subjects of mail, `[lakenet #4711]`.
    :param second_factor: of whom a second factor is demanded at sign-on.
    :param region: the country in which a telephone number without one is, as two letters (ISO 3166).
    :param note_class: the data class of a note when its writer chooses none.
    """

    organisation: str = ""
    tag: str = "noc"
    zone: str = "UTC"
    language: str = "en"
    base_url: str = ""
    correspond_address: str = ""
    comment_address: str = ""
    second_factor: str = "nobody"
    note_class: str = "staff"
    notice: str = ""
    default_queue: str = ""
    region: str = ""


def read(_: str, body: Body) -> Site:
    tag = body.text("tag", "noc", longest=40)
    if not TAG.fullmatch(tag):
        raise wrong("bad_name", body.at("tag"), given=tag)
    zone = body.text("zone", "UTC", longest=60)
    try:
        zone_named(zone)
    except Invalid:
        raise wrong("no_zone", body.at("zone"), given=zone) from None
    base_url = body.text("base_url", longest=200).rstrip("/")
    if base_url and not base_url.startswith(("http://", "https://")):
        raise wrong("not_url", body.at("base_url"), given=base_url)
    region = body.text("region", longest=2).upper()
    if region and not REGION.fullmatch(region):
        raise wrong("not_region", body.at("region"), given=region)
    return Site(
        organisation=body.text("organisation", longest=160),
        tag=tag,
        zone=zone,
        language=body.text("language", "en", longest=12),
        base_url=base_url,
        correspond_address=address(body, "correspond"),
        comment_address=address(body, "comment"),
        second_factor=body.choice("second_factor", SECOND_FACTOR, "nobody"),
        note_class=body.name("note_class", "staff"),
        notice=body.text("notice", longest=400),
        default_queue=body.name("default_queue"),
        region=region,
    )
