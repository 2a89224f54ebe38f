"""The clock strip: where a ticket's time went, as a drawing that needs no style of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nocturne.core import clocks
from nocturne.doors.web import marks, times
from nocturne.doors.web.markup import html, joined, repeated

WIDTH = 600


def drawn(segments: Sequence[clocks.Segment], *, now: datetime, zone: times.Times) -> SafeString | str:
    """Draw a ledger of clocks, with what each clock ran in words below it."""
    if not segments:
        return ""
    last = segments[-1]
    end = last.start if last.clock == "stopped" and len(segments) > 1 else now
    totals = {name: length for name, length in clocks.durations(segments, end).items() if name != "stopped"}
    pieces = [each for each in clocks.strip(segments, segments[0].start, end, WIDTH) if each.clock]
    spelt = ", ".join(
        f"{marks.word(marks.CLOCKS, name)} {times.span(length)}" for name, length in totals.items()
    )
    return html(
        '<figure class=strip><svg viewBox="0 0 {} 8" preserveAspectRatio="none" role=img aria-label="{}">{}</svg>'
        "<figcaption>{}</figcaption></figure>",
        WIDTH,
        _("Whose time ran: %(clocks)s") % {"clocks": spelt},
        joined(_piece(each, segments, end, zone) for each in pieces),
        repeated(
            "<span>{} {}</span>",
            ((marks.clock(name), times.span(length)) for name, length in totals.items()),
        ),
    )


def _piece(
    piece: clocks.Piece, segments: Sequence[clocks.Segment], end: datetime, zone: times.Times
) -> SafeString:
    middle = segments[0].start + (end - segments[0].start) * (piece.x + piece.width / 2) / WIDTH
    found = next((each for each in reversed(segments) if each.start <= middle), segments[0])
    title = (
        f"{marks.word(marks.CLOCKS, piece.clock)} {zone.short(found.start)} – {zone.short(found.end or end)}"
    )
    return html(
        "<rect class={} x={} width={} height=8><title>{}</title></rect>",
        piece.clock,
        piece.x,
        piece.width,
        title,
    )
