"""Where one can go and what one can do from here: the palette, for the command line and for a page of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nocturne.core.entry import DataClass
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk import charts, savedviews
from nocturne.doors.web import acts
from nocturne.doors.web.acts import ways
from nocturne.doors.web.administration import places
from nocturne.doors.web.frame import Frame
from nocturne.doors.web.settings.kinds import ABOUT
from nocturne.store import lists

Words = Any
MOST = 60
HERE, GO, VIEWS, RECENT, HOUSE = (
    gettext_lazy("This ticket"),
    gettext_lazy("Go to"),
    gettext_lazy("Views"),
    gettext_lazy("Tickets"),
    gettext_lazy("Administration"),
)


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that can be chosen: what it is called, where it leads, the word after `>` that names it, its key."""

    title: Words
    address: str
    word: str = ""
    group: Words = GO
    key: str = ""
    hint: Words = ""

    is_act: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A page that `>word` leads to; `group` is where the palette lists it, `staff` keeps it to the NOC."""

    word: str
    title: Words
    route: str
    args: tuple[str, ...] = ()
    group: Words = GO
    key: str = ""
    staff: bool = False

    @property
    def address(self) -> str:
        return reverse(self.route, args=self.args)


PLACES: tuple[Place, ...] = (
    Place("board", gettext_lazy("Board"), "board", key="g b"),
    Place("new", gettext_lazy("New ticket"), "open", key="o"),
    Place("handover", gettext_lazy("Handover"), "handover", key="g h", staff=True),
    Place("questions", gettext_lazy("Questions"), "questions", key="g q", staff=True),
    Place("timeline", gettext_lazy("Timeline"), "timeline", staff=True),
    Place("shifts", gettext_lazy("Past shifts"), "shifts", staff=True),
    Place("dashboards", gettext_lazy("Dashboards"), "dashboards"),
    Place("handover", gettext_lazy("Handover"), "handover", key="g h", staff=True),
    Place("questions", gettext_lazy("Questions"), "questions", key="g q", staff=True),
    Place("timeline", gettext_lazy("Timeline"), "timeline", staff=True),
    Place("views", gettext_lazy("All views"), "views", staff=True),
    Place("workload", gettext_lazy("Workload"), "workload", key="g w", staff=True),
    Place("batches", gettext_lazy("Acts on many tickets"), "batches", staff=True),
    Place("account", gettext_lazy("My account"), "account"),
    Place("feeds", gettext_lazy("Feeds"), "feeds"),
    Place("subscriptions", gettext_lazy("Subscriptions"), "subscriptions"),
    Place("reached", gettext_lazy("How I am reached"), "reached"),
    Place("keys", gettext_lazy("Keys"), "keys", key="?"),
    Place("settings", gettext_lazy("Settings"), "settings", (), HOUSE),
    Place("administration", gettext_lazy("Administration"), "administration", (), HOUSE),
    *(Place(each.name.removeprefix("admin-"), each.title, each.name, (), HOUSE) for each in places.PLACES),
    *(Place(each.segment, each.title, "settings-list", (each.segment,), HOUSE) for each in ABOUT),
)
"""Where `>word` leads; of two with one word, the first."""
_OF_SETTINGS = {"settings", "administration", "settings-list"}


def open_to(frame: Frame) -> Iterator[Place]:
    """List the places that somebody can go to, each word once."""
    closed = {place.name for place in places.PLACES} - {place.name for place in places.open_to(frame.actor)}
    seen: set[str] = set()
    for place in PLACES:
        if place.route in closed or (place.staff and not frame.is_staff):
            continue
        if place.route in _OF_SETTINGS and not frame.administers:
            continue
        if place.word not in seen:
            seen.add(place.word)
            yield place


def named(word: str, frame: Frame) -> str | None:
    """Find where `>word` leads: the place of that name, else the first that begins so."""
    wanted = word.strip().casefold()
    found = list(open_to(frame))
    whole = (each for each in found if each.word == wanted)
    begun = (each for each in found if wanted and each.word.startswith(wanted))
    titled = (each for each in found if wanted and str(each.title).casefold().startswith(wanted))
    place = next(chain(whole, begun, titled), None)
    if place is not None and place.word == wanted:
        return place.address
    return _view_named(wanted, frame.actor) or (place.address if place else None)


def _view_named(wanted: str, actor: Actor) -> str | None:
    """Find the view of a name, else the first whose name or title begins so."""
    views = list(_views(actor)) if wanted else []
    whole = (each.address for each in views if wanted in (each.word, str(each.title).casefold()))
    begun = (each.address for each in views if each.word.startswith(wanted))
    titled = (each.address for each in views if str(each.title).casefold().startswith(wanted))
    return next(chain(whole, begun, titled), None)


def palette(
    frame: Frame, *, here: int | None = None, recent: Sequence[int] = (), words: str = ""
) -> list[Way]:
    """List all that can be done from here, what fits the words first; without words, all of it.

    :param here: the ticket that is on the screen.
    :param recent: tickets that were looked at lately, the last one first.
    """
    found = [*(on_ticket(here, frame.actor) if here else ()), *_places(frame)]
    found += tickets(recent or _own(frame.actor), frame.actor)
    wanted = words.casefold().split()
    if not wanted:
        return found[:MOST]
    return [each for each in found if _fits(each, wanted)][:MOST]


def _places(frame: Frame) -> Iterator[Way]:
    places = list(open_to(frame))
    yield from (_way(each) for each in places if each.group is GO)
    yield from _views(frame.actor)
    yield from (_way(each) for each in places if each.group is HOUSE)


def _way(place: Place) -> Way:
    return Way(place.title, place.address, place.word, place.group, place.key)


def _views(actor: Actor) -> Iterator[Way]:
    """List the views that somebody has: those that come with Nocturne, their own, their groups', the site's."""
    for view in savedviews.readable(actor):
        if view.key != "board" and not view.is_hidden:
            key = "g m" if view.key == "mine" else ""
            word = view.key if view.kind == "built-in" else ""
            yield Way(view.title, reverse("view", args=[view.key]), word, VIEWS, key)


def on_ticket(number: int, actor: Actor) -> list[Way]:
    """List the acts that a ticket's page offers to somebody; none of a ticket that they may not know of."""
    try:
        chart = charts.chart(number, actor)
    except NotFound:
        return []
    if int(DataClass.STAFF) not in chart.seen:
        return []
    here = f"{HERE} · {chart.number}"
    quick, further = ways.buttons(chart, actor, acts.ALL)
    words = [act for act in acts.ALL if not act.menu and act.key and ways.offered(chart, actor, act)]
    found = [
        Way(act.title, reverse("act", args=[chart.number, act.noun]), act.noun, here, act.key, is_act=True)
        for act in words
        if act.noun in ("notes", "replies")
    ]
    found += [
        Way(each.title, each.address, each.address.rpartition("/")[2], here, each.key, is_act=True)
        for each in (*quick, *further)
    ]
    return [*found, Way(_("Full text"), reverse("print", args=[chart.number]), "print", here)]


def tickets(numbers: Sequence[int], actor: Actor) -> list[Way]:
    """Give tickets by their numbers, as far as somebody may know of them, in the order given."""
    if not numbers:
        return []
    wanted = list(dict.fromkeys(numbers))[:12]
    found = lists.rows(actor, Q(pk__in=wanted), order="newest", limit=len(wanted)).rows
    rows = {row["number"]: row for row in found}
    return [of_row(rows[number]) for number in wanted if number in rows]


def of_row(row: Mapping[str, Any]) -> Way:
    """Show a row of a list as somewhere to go."""
    number = str(row["number"])
    return Way(row.get("subject") or number, reverse("ticket", args=[number]), number, RECENT, hint=number)


def _own(actor: Actor) -> list[int]:
    """Name the most urgent tickets that are somebody's own."""
    mine = lists.views(actor).get("mine")
    if mine is None:
        return []
    return list(
        mine.order_by(*lists.ORDERS[lists.followed("priority", actor)]).values_list("pk", flat=True)[:6]
    )


def _fits(way: Way, wanted: Sequence[str]) -> bool:
    said = f"{way.title} {way.word} {way.hint}".casefold()
    return all(word in said for word in wanted)
