"""Small words for the console's templates."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from nocturne.core.spans import span_words
from nocturne.desk import titles
from nocturne.doors.web import keymap, marks, rail
from nocturne.doors.web.fields import Words
from nocturne.doors.web.frame import Frame
from nocturne.doors.web.listing import Listing
from nocturne.doors.web.settings import vocabulary
from nocturne.doors.web.times import Times

register = template.Library()
register.filter("capped", rail.capped)


@register.simple_tag
def once() -> SafeString:
    """Write the hidden key that lets a form, however often it is sent, be done once (`doing.made`)."""
    return format_html('<input type=hidden name=key value="{}">', secrets.token_urlsafe(12))


@register.filter
def moment(times: Times, at: datetime | None) -> SafeString | str:
    """Spell when something was: `{{ times|moment:header.opened_at }}`."""
    return times.moment(at)


@register.filter
def age(times: Times, at: datetime | None) -> SafeString | str:
    """Spell how long ago something was."""
    return times.age(at)


@register.filter
def due(times: Times, at: datetime | None) -> SafeString | str:
    """Spell how long a timer still has."""
    return times.due(at)


@register.filter
def both(times: Times, at: datetime) -> str:
    """Spell an instant in UTC and the reader's zone."""
    return times.both(at)


@register.filter
def kind(value: str) -> str:
    """Say a ticket's type."""
    return titles.kind(value)


@register.filter
def called(kind: str) -> Words:
    """Say a way of reaching somebody, or what somebody speaks for."""
    return {**vocabulary.WAYS, **vocabulary.PLACES}.get(kind, kind)


@register.filter
def clock(value: str) -> SafeString | str:
    """Mark whose time runs."""
    return marks.clock(value)


@register.simple_tag
def head(listing: Listing, wall: object) -> SafeString:
    """Make the head of a list's table."""
    return listing.head(wall=bool(wall))


@register.simple_tag
def pinned(frame: Frame, key: str) -> SafeString:
    """Make the entries of the rail for the views that somebody has there; `key` is that of the one before them."""
    return rail.entries(frame.pins, key)


@register.filter
def browser(agent: str) -> str:
    """Say which browser on which machine somebody uses, as far as it tells: `Firefox · Linux`."""
    names = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    systems = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "macOS",
               "Linux": "Linux"}  # fmt: skip
    found = [next((word for mark, word in table.items() if mark in agent), "") for table in (names, systems)]
    return " · ".join(word for word in found if word) or agent[:60] or "—"


@register.simple_tag
def state(header: dict[str, Any]) -> SafeString | str:
    """Mark the state a ticket is in."""
    return marks.state(header, with_clock=True)


@register.simple_tag
def priority(level: int | None) -> SafeString | str:
    """Mark a priority."""
    return marks.priority(level)


@register.simple_tag
def raised(affected: int | None) -> SafeString | str:
    """Say why a ticket stands before others of its priority."""
    return marks.raised(affected)


@register.filter
def get(drafts: dict[str, Any], place: str) -> Any:
    """Find what was left at a place, whatever the ticket: `{{ draft|get:"note" }}`."""
    return next((content for name, content in drafts.items() if name.partition(":")[0] == place), {})


@register.simple_tag
def key_nouns() -> str:
    """Tell the script which letter opens the form of which act."""
    return json.dumps(keymap.nouns())


@register.filter
def pair(one: int, other: int) -> str:
    """Put two tickets' numbers beside each other: `4711|4702`."""
    return f"{one}|{other}"


@register.filter
def worked(seconds: int) -> str:
    """Spell time worked: `1 h 30 m`."""
    return span_words(timedelta(seconds=seconds))
