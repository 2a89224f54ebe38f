"""The timeline: everything that happened, the latest first, cut by day and by shift."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from nocturne.core.refusals import Forbidden, Refusal
from nocturne.core.when import parse_when
from nocturne.desk import desks, shifts, timeline
from nocturne.desk.timeline import Asked as Wanted
from nocturne.desk.timeline import Line
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.entries import Entries
from nocturne.doors.web.markup import html, joined
from nocturne.doors.web.times import Times, happened_apart

KINDS = {
    "all": gettext_lazy("everything"),
    "people": gettext_lazy("words"),
    "acts": gettext_lazy("acts"),
    "machine": gettext_lazy("machines"),
}
FIELDS = ("q", "who", "kind", "since", "until", "shift", "desk")
PRINTED = 500


@require_safe
def timeline_page(request: Asked) -> HttpResponse:
    """Show what happened."""
    _demand_staff(request)
    times, actor = Times(request.actor), request.actor
    given = {name: request.GET.get(name, "").strip() for name in FIELDS}
    context: dict[str, Any] = {
        "title": _("Timeline"),
        "nav": "timeline",
        "given": given,
        "kinds": list(KINDS.items()),
        "shifts": _shifts(request),
        "times": times,
    }
    try:
        wanted = _wanted(given, times)
        limit = PRINTED if "all" in request.GET else timeline.PAGE
        found = timeline.page(actor, wanted, now=times.now, after=request.GET.get("after", ""), limit=limit)
    except Refusal as refusal:
        context |= {"says": sentence(refusal, actor), "field": refusal.field or ""}
        return page(request, "timeline.html", context, status=refusal.status)
    asked = {name: value for name, value in given.items() if value}
    context |= {
        "found": found,
        "lines": _Made(request, times).whole(found),
        "is_first": "after" not in request.GET,
        "paper": _on_paper(asked, context["shifts"]),
        "asked": asked,
        "printed": f"{reverse('timeline')}?{urlencode(asked | {'all': '1'})}",
        "older": f"{reverse('timeline')}?{urlencode(asked | {'after': found.after})}" if found.after else "",
        "poll": f"{reverse('timeline-new')}?{urlencode(asked | {'mark': found.mark})}" if found.mark else "",
    }
    return page(request, "timeline.html", context)


@require_safe
def new(request: Asked) -> HttpResponse:
    """Tell an open timeline how much has come since it was drawn: nothing to say is the usual answer."""
    _demand_staff(request)
    times = Times(request.actor)
    given = {name: request.GET.get(name, "").strip() for name in FIELDS}
    try:
        wanted = _wanted(given, times)
        count = timeline.newer(request.actor, wanted, request.GET.get("mark", ""), now=times.now)
    except Refusal:  # a mark of somebody else's, or a question that is none: there is nothing to say to it
        count = 0
    if not count:
        return HttpResponse(status=204)
    asked = {name: value for name, value in given.items() if value}
    address = f"{reverse('timeline')}?{urlencode(asked)}"
    if "handover" in request.GET:
        address = reverse("handover") + (f"?desk={given['desk']}" if given["desk"] else "")
    return page(request, "_timeline_new.html", {"count": count, "address": address})


def _demand_staff(request: Asked) -> None:
    if not request.frame.is_staff:
        raise Forbidden("not_permitted")


def _wanted(given: dict[str, str], times: Times) -> Wanted:
    """Read what is asked for.

    :raises Invalid: a time is not understood.
    """

    def instant(name: str) -> datetime | None:
        text = given[name]
        return parse_when(text, times.now, times.zone_name, "past", field=name) if text else None

    return Wanted(
        query=given["q"],
        who=given["who"],
        kind=given["kind"] or "all",
        since=instant("since"),
        until=instant("until"),
        shift=given["shift"],
        desk=given["desk"],
    )


def _on_paper(asked: dict[str, str], listed: list[tuple[str, str]]) -> list[str]:
    """Say what a printed timeline is of: on paper the fields that say so are not there."""
    named = dict(listed) | {"now": _("this one")}
    words = {
        "q": asked.get("q", ""),
        "who": asked.get("who", ""),
        "kind": str(KINDS.get(asked.get("kind", ""), "")),
        "since": f"{_('Since')} {asked['since']}" if "since" in asked else "",
        "until": f"{_('Until')} {asked['until']}" if "until" in asked else "",
        "shift": f"{_('Shift')}: {named.get(asked['shift'], asked['shift'])}" if "shift" in asked else "",
    }
    return [each for each in words.values() if each]


def _shifts(request: Asked) -> list[tuple[str, str]]:
    """Offer the last shifts to choose from."""
    times = Times(request.actor)
    listed, _more = shifts.past(desks.find(""), request.actor, limit=12)
    return [(each.address, f"{times.short(each.since)} {each.lead}") for each in listed]


class _Made:
    """Makes the lines of a timeline."""

    def __init__(self, request: Asked, times: Times) -> None:
        self.times = times
        self.entries = Entries(1, request.actor, times)
        self.base = reverse("ticket", args=[1])[:-1]

    def whole(self, found: timeline.Page) -> SafeString:
        """Make all lines, under a heading for each day, parted where a shift was taken over."""
        return joined(self._parts(found), "\n")

    def _parts(self, found: timeline.Page) -> Iterator[SafeString]:
        cuts = list(found.takeovers)
        for day, lines in groupby(found.lines, key=lambda line: self._day(line.view.recorded_at)):
            yield html("<h2>{}</h2>", date_format(day, "l, j F Y"))
            run: list[Line] = []
            for line in lines:
                while cuts and cuts[0]["at"] >= line.view.recorded_at:
                    yield from self._run(run)
                    run = []
                    yield self._cut(cuts.pop(0))
                run.append(line)
            yield from self._run(run)

    def _day(self, at: datetime) -> Any:
        return at.astimezone(self.times.zone).date()

    def _cut(self, takeover: Any) -> SafeString:
        return html(
            '<h2 class=shift><span>↑ {}</span><a href="{}">{}</a></h2>',
            html(_("{} took the desk over, {}"), takeover["lead"], self.times.moment(takeover["at"])),
            reverse("shift", args=[takeover["address"]]),
            _("this shift"),
        )

    def _run(self, lines: list[Line]) -> Iterator[SafeString]:
        """Make neighbouring lines; those that no person wrote are folded into one."""
        for by_machine, group in groupby(
            lines, key=lambda line: line.view.author_kind in ("system", "machine")
        ):
            found = list(group)
            made = joined((self._line(each) for each in found), "\n")
            if by_machine and len(found) > 2:
                count = ngettext("%(count)s machine update", "%(count)s machine updates", len(found)) % {
                    "count": len(found)
                }
                made = html("<details class=fold><summary>{}</summary>{}</details>", count, made)
            yield made

    def _line(self, line: Line) -> SafeString:
        view = line.view
        css = "tl"
        if view.data_class in ("customer", "public"):
            css += " out"
        elif view.data_class != "staff":
            css += " restricted"
        text = view.corrections[-1].text if view.corrections else view.text
        words: list[Any] = [html("<b>{}</b> {}", view.author, self.entries.sentence(view))]
        if view.kind != "opened":
            words += self.entries.changes(view)
        if view.withdrawn:
            words.append(html("<span class=chip>{}</span>", _("taken back, not sent")))
        if view.corrections:
            words.append(html("<span class=chip>{}</span>", _("corrected")))
        at = self.times.moment(view.recorded_at)
        if happened_apart(view.at, view.recorded_at):
            at = html("{}<small> {}</small>", at, html(_("happened {}"), self.times.moment(view.at)))
        return html(
            '<article class="{}"><div class=tl-when>{}</div><div><header><a class=tl-on href="{}{}#e-{}">'
            "<span class=num>{}</span> {}</a> · {}</header>{}</div></article>",
            css,
            at,
            self.base,
            view.ticket,
            view.address,
            view.ticket,
            line.subject,
            joined(words, " · "),
            self._text(text, view),
        )

    def _text(self, text: str | None, view: Any) -> SafeString:
        if view.redacted:
            return html(
                "<p class=tombstone>{}</p>", _("Redacted: %(reason)s") % {"reason": view.redaction or "…"}
            )
        lines = [each for each in (text or "")[:2_000].splitlines() if each.strip()]
        return html("<div class=text>{}</div>", "\n".join(lines)) if lines else html("")
