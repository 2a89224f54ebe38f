"""What could come next on a line: tickets, keys, and the values that its writer may give them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from nocturne.core import oneline, permits, typed
from nocturne.core.configuration import current
from nocturne.core.entry import DataClass, Kind
from nocturne.core.fieldvalues.rules import PREFIX, local
from nocturne.core.oneline import Intent
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, NotFound
from nocturne.core.typed import Typed, quoted
from nocturne.desk import charts, completing, nearby, titles, wording
from nocturne.desk.charts import Chart
from nocturne.doors.web import going, marks
from nocturne.doors.web.acts import ways
from nocturne.doors.web.going import Way
from nocturne.store import lists

Words = Any
FEW = 9
KEYS = pgettext_lazy("words of a question", "Keys")
VALUES, NAMES = gettext_lazy("Values"), gettext_lazy("Names")
TIMES = ("30m", "2h", "4h", "tomorrow 08:00", "mon 08:00", "none")
HAPPENED = ("10 min ago", "30 min ago", "yesterday 23:00")
WORKED = ("15", "30", "1h", "2h")
_NAMED = {"machine": "machines", "node": "machines", "circuit": "circuits", "vendor": "vendors", "owner": "people",
          "network": "networks", "site": "sites", "queue": "queues"}  # fmt: skip
"""Keys whose values are names of a list."""
_COLUMN = {"next": "next_action", "timer": "alarm_at", "alarm": "alarm_at", "machine": "machine/0", "node": "machine/0",
           "tag": "field/tag:", "cc": "party"}  # fmt: skip
"""Which column a key of an act fills, where it is called otherwise."""
_SAYS = {
    "at": gettext_lazy("when it happened"),
    "cc": gettext_lazy("a mail address that is told"),
    "tag": gettext_lazy("a word to find it by"),
    "is": gettext_lazy("open, mine, overdue …"),
    "order": gettext_lazy("how the list stands"),
    "number": gettext_lazy("the ticket’s number"),
    "timer": gettext_lazy("when it rings, and why"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One completion: the text that is put in from `start` to `end`, or an address that is gone to."""

    label: Words
    group: Words
    text: str = ""
    start: int = 0
    end: int = 0
    address: str = ""
    hint: Words = ""
    key: str = ""
    is_act: bool = False


def of_way(way: Way) -> Option:
    """Offer to go somewhere, or to do something here."""
    hint = way.hint or (f">{way.word}" if way.word and not way.is_act and way.group != going.RECENT else "")
    return Option(way.title, way.group, address=way.address, hint=hint, key=way.key, is_act=way.is_act)


def options(line: str, cursor: int, actor: Actor, *, recent: Sequence[int] = ()) -> list[Option]:
    """List what could be typed next, the likeliest first; nothing where the words are free.

    :param recent: tickets that were looked at lately.
    """
    here = typed.at(line, cursor)
    intent = oneline.intent(line)
    if intent is Intent.ACT and not here.is_first:
        return list(_of_act(line, here, actor))
    if here.is_first and here.part.removeprefix("#").isdecimal():
        return [of_way(way) for way in _by_number(here.part.removeprefix("#"), actor, recent)]
    if intent is Intent.SEARCH:
        return list(_of_search(line, cursor, here, actor))[: FEW + 6]
    return []


def _by_number(digits: str, actor: Actor, recent: Sequence[int]) -> list[Way]:
    """List the tickets whose numbers begin with what was typed: the one of that number, those looked at, the newest."""
    if len(digits) > 12:
        return []
    number = int(digits)
    looked = [each for each in recent if str(each).startswith(digits)]
    ranges = Q(pk=number)
    for more in range(1, 7):
        ranges |= Q(pk__gte=number * 10**more, pk__lt=(number + 1) * 10**more)
    found = [row["number"] for row in lists.rows(actor, ranges, order="newest", limit=FEW).rows]
    found += [row["number"] for row in lists.rows(actor, Q(pk=number), order="newest", limit=1).rows]
    wanted = [each for each in (number, *looked, *found) if each in found or each in looked]
    return going.tickets(list(dict.fromkeys(wanted))[:FEW], actor)


# --- an act on a ticket ---------------------------------------------------------------------------------------------


def _of_act(line: str, here: Typed, actor: Actor) -> Iterator[Option]:
    digits = line.split(maxsplit=1)[0].removeprefix("#")
    try:
        chart = charts.header(int(digits), actor)
    except NotFound:
        return
    settable = list(_settable(chart, actor))
    if not here.key:
        part = here.part.casefold()
        if part.startswith("@"):
            yield from _asked(here, chart, actor)
        elif part:
            yield from _keys(here, [key for key in settable if key.startswith(part)])
        return
    if here.key in settable:
        found = _act_values(here.key, here.part, chart, actor)
        yield from _values(here, found)


def _asked(here: Typed, chart: Chart, actor: Actor) -> Iterator[Option]:
    """Offer colleagues, and groups of them, where a note asks somebody."""
    if not permits.may(actor, Kind.NOTE.value, chart.place):
        return
    for name in nearby.matching("colleagues", here.part[1:], actor)[:FEW]:
        if f"@{name}" != here.part:
            yield Option(f"@{name}", NAMES, f"@{name} ", here.start, here.end)


def _settable(chart: Chart, actor: Actor) -> Iterator[str]:
    """List the keys that somebody may give on a ticket."""
    place = chart.place
    rights = {
        "owner": (Kind.GIVEN, Kind.TAKEN),
        "clock": (Kind.SUSPENDED, Kind.RESUMED),
        "parent": (Kind.RELATED,),
    }
    for key in oneline.KEYS:
        if key == "state":
            if any(True for _ in states(chart, actor)):
                yield key
        elif key in rights:
            if any(permits.may(actor, kind.value, place) for kind in rights[key]):
                yield key
        elif key == "at" or _may_set(actor, _COLUMN.get(key, key), place):
            yield key
    for field in local(current()):
        name = PREFIX + field.name
        if permits.sees_column(actor, name, place) and _may_set(actor, name, place):
            yield field.name


def _may_set(actor: Actor, column: str, place: Any) -> bool:
    try:
        permits.may_write(actor, [column], DataClass.PUBLIC, place)
    except Forbidden:
        return False
    return permits.may(actor, Kind.CHANGED.value, place)


def states(chart: Chart, actor: Actor) -> Iterator[tuple[str, Words]]:
    """List the states that somebody can bring a ticket into from where it stands, with what each is called."""
    stands = ways.standing(chart)
    if stands is None:
        return
    cycle, at = stands
    listed: set[str] = set()
    for move in cycle.ways(at):
        end = cycle.end(move, at)
        if end is None or end.name in listed or not permits.may(actor, move.kind.value, chart.place):
            continue
        if not move.right or permits.may(actor, move.right, chart.place):
            listed.add(end.name)
            yield end.name, titles.state_title(end)


def _act_values(key: str, part: str, chart: Chart, actor: Actor) -> Iterable[tuple[str, Words]]:
    match oneline.KEYS.get(key, key):
        case "state":
            return states(chart, actor)
        case "owner":
            return [
                ("me", actor.label),
                *_plain(_named("owner", part, actor)),
                ("none", _("back to its queue")),
            ]
        case "clock":
            return [
                (name, marks.word(marks.CLOCKS, name)) for name in oneline.SWITCHABLE if name != "scheduled"
            ]
        case "timer":
            return _plain(TIMES)
        case "at":
            return _plain(HAPPENED)
        case "worked":
            return _plain(WORKED)
        case "next":
            return [("none", _("take it away"))]
    return _shared_values(key, part, actor)


# --- a search -------------------------------------------------------------------------------------------------------


def _of_search(line: str, cursor: int, here: Typed, actor: Actor) -> Iterator[Option]:
    """Offer what the language of searches offers there, and names that a bare word could be the beginning of."""
    if not (here.part or here.key):
        return
    for each in completing.complete(line, cursor, actor)[:FEW]:
        text = each.text if each.goes_on else f"{each.text} "
        yield Option(
            each.text, KEYS if each.goes_on else VALUES, text, each.start, each.end, hint=_says(each.text)
        )
    part = here.part.lstrip("-(")
    if not here.key and len(part) >= 2:
        lead = here.part[: len(here.part) - len(part)]
        for key, names in (("machine", "machines"), ("owner", "people"), ("queue", "queues")):
            for name in nearby.matching(names, part, actor)[:3]:
                value = f"{key}:{quoted(name)}"
                yield Option(value, NAMES, f"{lead}{value} ", here.start, here.end)


# --- both -----------------------------------------------------------------------------------------------------------


def _shared_values(key: str, part: str, actor: Actor) -> Iterable[tuple[str, Words]]:
    if key in ("priority", "severity"):
        return _plain(["1", "2", "3", "4"])
    if key in _NAMED:
        return _plain(_named(key, part, actor))
    field = current().field(key)
    if field is not None and permits.sees_column(actor, PREFIX + field.name):
        if field.kind == "yes or no":
            return _plain(["yes", "no"])
        return [(each.value, each.title) for each in field.choices if not each.retired]
    return ()


def _named(key: str, part: str, actor: Actor) -> list[str]:
    name = _NAMED[key]
    return nearby.matching(name, part, actor) if part else nearby.suggestions([name], actor)[name][:FEW]


def _plain(values: Iterable[str]) -> list[tuple[str, Words]]:
    return [(value, "") for value in values]


def _keys(here: Typed, keys: Iterable[str], lead: str = "") -> Iterator[Option]:
    for key in list(keys)[:FEW]:
        yield Option(f"{key}:", KEYS, f"{lead}{key}:", here.start, here.end, hint=_says(key))


def _says(key: str) -> Words:
    if key in _SAYS:
        return _SAYS[key]
    key = key.removesuffix(":")
    if ":" in key:
        return ""
    column = {"next": "next_action", "alarm": "alarm_at", "node": "machine"}.get(key, key)
    said = wording.field(column)
    return said if said.casefold() != key else ""


def _values(here: Typed, found: Iterable[tuple[str, Words]]) -> Iterator[Option]:
    """Offer the values that fit what was typed of one; none that stands there already."""
    part = here.part.casefold()
    fits = [(value, says) for value, says in found if part in value.casefold() or _begins(str(says), part)]
    fits.sort(key=lambda each: not each[0].casefold().startswith(part))
    for value, says in fits[:FEW]:
        if value != here.part or len(fits) > 1:
            hint = says if str(says).casefold() != value.casefold() else ""
            yield Option(value, VALUES, f"{quoted(value)} ", here.start, here.end, hint=hint)


def _begins(says: str, part: str) -> bool:
    """Tell whether a word of what a value is called begins with what was typed."""
    return any(word.startswith(part) for word in says.casefold().split())
