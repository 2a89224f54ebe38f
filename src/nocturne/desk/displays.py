"""Screens on a wall: each has a token that shows what it was put up for, through every shift, and does nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, NotFound, Refusal
from nocturne.desk import accounts, clock, dashboards, savedviews, signon
from nocturne.desk.once import fingerprint, told_once
from nocturne.store.db import writing
from nocturne.store.models import DisplayToken, User

NOTED_EVERY = timedelta(minutes=5)
VIEW, DASHBOARD = "view", "dashboard"
BOARD = f"{VIEW}:board"
MOST, MOST_PLACES = 30, 12
"""Screens of one account, and what one screen takes in turns."""
SHORTEST_TURN, USUAL_TURN, LONGEST_TURN = 5, 60, 3_600
"""Seconds for which a screen that takes several in turns shows one."""


# --- put up, changed, taken down -------------------------------------------------------------------------------------


def create(
    user: User, label: str, shows: Iterable[str] = (), every: int = USUAL_TURN, *, key: str | None = None
) -> tuple[DisplayToken, str]:
    """Make a token for a screen; its plain text is given here once, and kept nowhere.

    :param shows: what it shows, in turns: `view:KEY` and `dashboard:KEY`; the board, where nothing is said.
    :param key: of the act: the same one sent again puts up no other screen, and is told the same token.
    :raises Invalid: it would show what its maker has not, or they have put up as many as they may.
    """
    by = accounts.actor_of(user)
    places = _checked(shows, by)
    every = _turn(every)
    name = _label(label)

    def make(plain: str) -> dict[str, Any]:
        with writing():
            accounts.in_turn(user.pk)
            if DisplayToken.objects.filter(user=user, revoked_at=None).count() >= MOST:
                raise Invalid("too_many_displays", field="label", limit=MOST)
            row = DisplayToken.objects.create(
                user=user,
                label=name,
                shows=places,
                every=every,
                digest=accounts.digest(plain),
                created_at=clock.now(),
            )
        signon.note("display_made", user, display=row.pk, shows=places)
        return {"display": row.pk}

    answer, plain, _again = told_once(by, key, fingerprint("display", name, places, every), make)
    return DisplayToken.objects.get(pk=answer["display"]), plain


def change(user: User, number: int, *, label: str, shows: Iterable[str], every: int) -> DisplayToken:
    """Let a screen of one's own show something else; it comes up there by itself, with the token that it has.

    :raises NotFound: one has put up no such screen.
    :raises Invalid: it would show what its maker has not.
    """
    places = _checked(shows, accounts.actor_of(user))
    every, name = _turn(every), _label(label)
    with writing():
        row = named(user, number)
        before = {"shows": places_of(row), "label": row.label}
        row.label, row.shows, row.every = name, places, every
        row.save(update_fields=["label", "shows", "every"])
    if before != {"shows": places, "label": name}:
        signon.note("display_changed", user, display=number, shows=places)
    return row


def revoke(user: User, number: int) -> None:
    """Let a screen of one's own show nothing any more.

    :raises NotFound: one has made no such screen.
    """
    with writing():
        mine = DisplayToken.objects.filter(pk=number, user=user, revoked_at=None)
        if not mine.update(revoked_at=clock.now()):
            raise NotFound("no_such_display")
    signon.note("display_revoked", user, display=number)


def of(user: User) -> list[DisplayToken]:
    """List the screens that an account has made and not revoked."""
    return list(DisplayToken.objects.filter(user=user, revoked_at=None).order_by("pk"))


def named(user: User, number: int) -> DisplayToken:
    """Find a screen of one's own.

    :raises NotFound: one has put up no such screen.
    """
    row = DisplayToken.objects.filter(pk=number, user=user, revoked_at=None).first()
    if row is None:
        raise NotFound("no_such_display")
    return row


def _label(given: str) -> str:
    return " ".join(given.split())[:120] or "display"


def _turn(given: int) -> int:
    if not SHORTEST_TURN <= given <= LONGEST_TURN:
        raise Invalid(
            "number_out_of_range",
            field="every",
            given=str(given)[:20],
            least=SHORTEST_TURN,
            most=LONGEST_TURN,
        )
    return given


def _checked(shows: Iterable[str], by: Actor) -> list[str]:
    """Read what a screen is to show: views and dashboards that its maker has."""
    places = list(dict.fromkeys(shows)) or [BOARD]
    if len(places) > MOST_PLACES:
        raise Invalid("too_many_places", field="shows", limit=MOST_PLACES)
    if gone := [each for each in places if each not in there([each], by)]:
        raise Invalid("no_such_place", field="shows", given=gone[0][:60])
    return places


# --- shown -----------------------------------------------------------------------------------------------------------


def screen(plain: str) -> DisplayToken:
    """Find the screen that a token is of. It reads with the rights of whoever put it up, as they are now.

    :raises NotFound: there is no such token, it was revoked, or its maker is gone.
    """
    good = DisplayToken.objects.filter(revoked_at=None, user__is_active=True)
    row = good.filter(digest=accounts.digest(plain)).first() if plain else None
    if row is None:
        raise NotFound("no_such_display")
    now = clock.now()
    if row.last_used_at is None or now - row.last_used_at > NOTED_EVERY:
        with writing():
            DisplayToken.objects.filter(pk=row.pk).update(last_used_at=now)
    return row


def places_of(row: DisplayToken) -> list[str]:
    """Say what a screen shows, in turns; one from before that was said shows the board."""
    return list(row.shows or [BOARD])


def shows(row: DisplayToken, place: str) -> bool:
    """Tell whether a screen was put up for something: its token opens nothing else that its maker has."""
    return place in places_of(row)


def there(places: Iterable[str], actor: Actor) -> list[str]:
    """Keep those places that there are, for this reader."""
    return [each for each in places if _is_there(each, actor)]


def _is_there(place: str, actor: Actor) -> bool:
    kind, _colon, key = place.partition(":")
    try:
        if kind == VIEW:
            return not savedviews.named(key, actor).is_hidden
        if kind == DASHBOARD:
            return bool(dashboards.named(key, actor).key)
    except Refusal:
        return False
    return False


def offered(actor: Actor) -> Sequence[tuple[str, Any]]:
    """List what a screen of somebody's could show, each with what it is called."""
    views = [(f"{VIEW}:{each.key}", each.title) for each in savedviews.readable(actor) if not each.is_hidden]
    return [*views, *((f"{DASHBOARD}:{each.key}", each.title) for each in dashboards.readable(actor))]


def in_force(rows: Iterable[str | int]) -> set[str | int]:
    """Keep those screens, by their numbers, that show something still."""
    asked = list(rows)
    good = DisplayToken.objects.filter(pk__in=asked, revoked_at=None, user__is_active=True)
    return set(good.values_list("pk", flat=True)) if asked else set()


__all__ = [
    "BOARD", "DASHBOARD", "LONGEST_TURN", "MOST", "SHORTEST_TURN", "USUAL_TURN", "VIEW", "change", "create",
    "in_force", "named", "of", "offered", "places_of", "revoke", "screen", "shows", "there",
]  # fmt: skip
