"""Which views stand in a person's rail, and in which order: those that stand there by themselves, and those pinned."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import CharField, F, IntegerField, OuterRef, Value
from django.db.models.functions import Cast, Concat

from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, NotFound
from nocturne.desk import savedviews
from nocturne.desk.savedviews import View
from nocturne.store.db import writing
from nocturne.store.models import Pin
from nocturne.store.represented import Listed

ALWAYS = frozenset({"board", "mine", "ended", "all"})
"""Views that have their own place in the rail."""


Arranged = tuple[str, bool]
"""A view that somebody has put into their rail, or taken out of it."""


def rail(actor: Actor, arranged: Sequence[Arranged] | None = None) -> list[View]:
    """List the views that stand in somebody's rail, in their order.

    :param arranged: how they have arranged it, where that is known already.
    """
    mine = _arranged(actor) if arranged is None else arranged
    known = {each.key: each for each in savedviews.readable(actor) if each.key not in ALWAYS}
    chosen = [known[key] for key, is_there in mine if is_there and key in known]
    settled = {key for key, _ in mine}
    return [*chosen, *(each for each in known.values() if each.is_pinned and each.key not in settled)]


def _arranged(actor: Actor) -> list[Arranged]:
    if actor.kind != "account":
        return []
    rows = Pin.objects.filter(user_id=actor.id or 0).order_by("place", "pk")
    return [(key, not is_off) for key, is_off in rows.values_list("view", "is_off")]


def column() -> Listed:
    """Spell how accounts have arranged their rails as a column of them: keys have neither commas nor bars."""
    spelt = Concat(
        F("place"), Value("|"), F("pk"), Value("|"), F("view"), Value("|"), Cast("is_off", IntegerField()),
        output_field=CharField(),
    )  # fmt: skip
    return Listed(Pin.objects.filter(user_id=OuterRef("pk")).annotate(n=spelt).values("n"))


def arranged(text: str | None) -> list[Arranged]:
    """Read that column."""
    rows = [each.split("|") for each in text.split(",")] if text else []
    rows.sort(key=lambda row: (int(row[0]), int(row[1])))
    return [(key, is_off == "0") for _place, _number, key, is_off in rows]


def arrange(keys: Sequence[str], *, by: Actor) -> list[View]:
    """Let exactly these views stand in one's rail, in this order.

    :raises NotFound: one of them is none, or is not for this reader.
    :raises Forbidden: they are no account.
    """
    if by.kind != "account" or by.id is None:
        raise Forbidden("not_permitted")
    views = {each.key: each for each in savedviews.readable(by)}
    wanted = [key for key in dict.fromkeys(keys) if key not in ALWAYS]
    if any(key not in views for key in wanted):
        raise NotFound("no_such_view")
    off = [each.key for each in views.values() if each.is_pinned and each.key not in wanted]
    with writing():
        Pin.objects.filter(user_id=by.id).delete()
        Pin.objects.bulk_create(
            [Pin(user_id=by.id, view=key, place=place) for place, key in enumerate(wanted)]
            + [Pin(user_id=by.id, view=key, place=len(wanted) + 1, is_off=True) for key in off]
        )
    return [views[key] for key in wanted]


def pin(key: str, *, by: Actor) -> list[View]:
    """Put a view at the end of one's rail; one that stands there stays where it is.

    :raises NotFound: there is none, or it is not for this reader.
    """
    found = savedviews.named(key, by)
    present = [each.key for each in rail(by)]
    return arrange(present if found.key in present else [*present, found.key], by=by)


def unpin(key: str, *, by: Actor) -> list[View]:
    """Take a view out of one's rail; the view itself stays.

    :raises NotFound: there is none, or it is not for this reader.
    """
    savedviews.named(key, by)
    return arrange([each.key for each in rail(by) if each.key != key], by=by)


def move(key: str, steps: int, *, by: Actor) -> list[View]:
    """Move a view up (negative) or down in one's rail.

    :raises NotFound: it does not stand there.
    """
    present = [each.key for each in rail(by)]
    if key not in present:
        raise NotFound("no_such_view")
    place = max(0, min(len(present) - 1, present.index(key) + steps))
    present.remove(key)
    return arrange([*present[:place], key, *present[place:]], by=by)
