"""A ticket's state, changed in the cell of a list: the ways from where it stands, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

from django.http import QueryDict

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, WrongState
from nocturne.desk import charts, reversing
from nocturne.desk.charts import Chart
from nocturne.doors.web import acts
from nocturne.doors.web.acts import Act, ways
from nocturne.doors.web.fields import Words
from nocturne.doors.web.given import Given

AT_ONCE = ("taking", "resumption", "move", "restoration", "closure", "reopening")
"""Acts that nothing has to be said with, unless a life cycle demands it; all others open their form."""
BACK = "back"


@dataclass(frozen=True, slots=True)
class Way:
    """One way from where a ticket stands: what it is called, where its form is, and how it is sent from a cell.

    :param sent: what the cell sends to go there at once; empty where something has to be said first.
    """

    title: Words
    address: str
    key: str = ""
    sent: str = ""


def ways_from(chart: Chart, actor: Actor) -> Iterator[Way]:
    """List the ways that somebody has with a ticket as it stands, in the order of its page."""
    for act in acts.ALL:
        if not act.is_moving:
            continue
        row, more = ways.buttons(chart, actor, [act])
        for button in (*row, *more):
            state = parse_qs(urlsplit(button.address).query).get("state", [""])[0]
            sent = "" if demands(chart, actor, act, state) else f"{act.noun}:{state}"
            yield Way(button.title, button.address, button.key, sent)


def demands(chart: Chart, actor: Actor, act: Act, state: str) -> bool:
    """Tell whether something has to be said for a way: then its form is opened."""
    if act.noun not in AT_ONCE:
        return True
    moves = [each for each in ways.ways(chart, actor, act) if not state or each.to == state]
    fields = ways.fields(chart, actor, act, state)
    return any(each.note for each in moves) or any(
        each.needed for each in fields if each.name != "state" or not state
    )


def go(given: Given, chart: Chart) -> desk.Written:
    """Go the way that a cell has sent, or take back the one that it has gone.

    :raises Invalid: it is none.
    :raises Forbidden: it is not offered to this person.
    :raises WrongState: it is to be taken back, and somebody has touched the ticket since.
    """
    noun, _colon, state = given.line("way").partition(":")
    if noun == BACK:
        since = charts.entries(given.number, given.by, after=given.line("since") or None).entries
        is_own = all(each.author == given.by.label for each in since)
        if not is_own or charts.header(given.number, given.by).version != given.line("seen"):
            raise WrongState("touched_since")
        return reversing.reverse(given.number, given.line("since"), by=given.by, door=Door.WEB)
    act = acts.BY_NOUN.get(noun)
    if act is None or noun not in AT_ONCE:
        raise Invalid("unknown_choice", field="way", given=noun[:40], known=list(AT_ONCE))
    if not ways.offered(chart, given.by, act):
        raise Forbidden("not_permitted", act=act.kind.value)
    data = QueryDict(mutable=True)
    data.update({"state": state, "seen": given.line("seen")})
    return act.do(replace(given, data=data))


__all__ = ["BACK", "Way", "go", "ways_from"]
