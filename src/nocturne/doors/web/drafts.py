"""What somebody has typed and not yet saved: kept for one person and one place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast, Length
from django.http import QueryDict
from django.utils import timezone

from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, TooLarge
from nocturne.store.db import writing
from nocturne.store.models import Draft
from nocturne.store.readings import Reading

PLACE = re.compile(
    r"(?:note|reply|received|open)(?::[1-9][0-9]{0,17})?|act:[a-z]{1,20}:[1-9][0-9]{0,17}"
    r"|shift:[a-z0-9_-]{0,50}"
)
"""Where something is typed: a composer of a ticket, the form of an act, the opening of a ticket, a note of
the shift."""
_PLACES = Reading(lambda user: Draft.objects.filter(user_id=user).values("place"))
LARGEST = 8_000_000
MOST = 200
"""Places at which something of one person is kept; of more, the oldest is given up."""
MOST_LETTERS = 3 * LARGEST
"""So much of one person is kept at all these places together; of more, the oldest is given up as well."""
NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "key", "seen", "place", "password", "old", "new", "again"})


def found(actor: Actor, places: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Read what this person has left at some places, by place."""
    kept = {row["place"] for row in _PLACES.rows(actor.id)}.intersection(places)
    if not kept:
        return {}
    return dict(Draft.objects.filter(user_id=actor.id or 0, place__in=kept).values_list("place", "content"))


def nearest(actor: Actor, places: Iterable[str]) -> tuple[str, dict[str, Any]] | None:
    """Read the first of some places where this person has left something, and what it is.

    A ticket that was merged leads to another; what was typed on it is found there, and stays kept where it was.
    """
    ordered = list(dict.fromkeys(places))
    kept = found(actor, ordered)
    return next(((place, kept[place]) for place in ordered if place in kept), None)


def keep(actor: Actor, place: str, form: QueryDict) -> None:
    """Keep what stands in a form; a form with nothing typed in it keeps nothing.

    :raises Invalid: there is no such place.
    :raises TooLarge: it is larger than anything that can be saved.
    """
    if not PLACE.fullmatch(place):
        raise Invalid("unknown_field", field="place")
    content: dict[str, Any] = {
        name: values if len(values) > 1 else values[0]
        for name, values in form.lists()
        if name not in NEVER_KEPT and not name.startswith("was-") and any(value.strip() for value in values)
    }
    if sum(len(str(value)) for value in content.values()) > LARGEST:
        raise TooLarge("text_too_long", field="text", limit=LARGEST, length=0)
    if not content:
        forget(actor, place)
        return
    with writing():
        Draft.objects.update_or_create(
            user_id=actor.id or 0, place=place, defaults={"content": content, "saved_at": timezone.now()}
        )
        _give_up(Draft.objects.filter(user_id=actor.id or 0))


def _give_up(mine: QuerySet[Draft]) -> None:
    """Delete the oldest where too much is kept."""
    size = Length(Cast("content", TextField()))
    rows = mine.order_by("-saved_at", "-pk").annotate(size=size).values_list("pk", "size")
    old, letters = [], 0
    for place, (number, size_of) in enumerate(rows):
        letters += size_of
        if place >= MOST or (place and letters > MOST_LETTERS):
            old.append(number)
    if old:
        mine.filter(pk__in=old).delete()


def forget(actor: Actor, *places: str) -> None:
    """Drop what was kept: it has been saved for good, or was emptied."""
    kept = Draft.objects.filter(user_id=actor.id or 0, place__in=places)
    if kept.exists():
        with writing():
            kept.delete()
