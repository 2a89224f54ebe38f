"""One line: the language of the command line on every page, over the wire; `noc` sends all that it is given here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from ninja import Router

from nocturne.core.entry import Kind
from nocturne.core.refusals import Invalid
from nocturne.desk import clock, line, named
from nocturne.desk.terms import Extra
from nocturne.doors.api import shapes
from nocturne.doors.api.acts import moment, once
from nocturne.doors.api.answers import seen, told
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given import LineGiven

router = Router(tags=["line"])

TYPED_AT = "Nocturne-At"
"""When a line was typed that is sent again later: beside the body, so that the repeat is the same to the last byte."""


@router.post(
    "/line", auth=Needs(Kind.NOTE, Kind.RECEIVED, Kind.OPENED), response={200: shapes.Done, 201: shapes.Done}
)
def one_line(request: Request, given: LineGiven) -> HttpResponse:
    """Do what one line says. Its keys stand at the end; a pipe's `text` is kept verbatim and never parsed."""
    typed = _typed(given)
    now = clock.now()
    typed_at = given.at or request.headers.get(TYPED_AT, "")
    at = moment(typed_at, request.auth, now, field="at") if typed_at else None
    extra = Extra(at=at, seen=seen(request))
    what = given.act or "update"
    if what != "update" and what not in named.ACTS and what != "open":
        raise Invalid("unknown_act", field="act", given=what, known=["update", "open", *named.ACTS])

    def do() -> dict[str, Any]:
        if what == "update":
            # A line that was kept while nobody answered means its times as they were when it was typed.
            understood = line.perform(
                typed, by=request.auth, door=door(request), now=at or now, text=given.text, extra=extra
            )
            written, chips = understood.written, understood.chips
        else:
            written, chips = named.perform(
                what, typed, given.text, by=request.auth, door=door(request), now=at or now, extra=extra
            )
        return told(written, request.auth) | {"understood": [list(each) for each in chips]}

    return once(request, given, do, status=201 if what == "open" else 200)


def _typed(given: LineGiven) -> str | Sequence[str]:
    if (given.line is None) == (given.words is None):
        raise Invalid("line_or_words", field="line")
    return given.line if given.line is not None else (given.words or [])
