"""A list taken away from the page that shows it: which columns, in which form, and then the file."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from nocturne.core.entry import Door
from nocturne.core.refusals import Refusal
from nocturne.desk import exports, finding, savedviews, wording
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.fields import Field, bind

FORMS = (
    ("csv", _("CSV: for any spreadsheet")),
    ("xlsx", _("XLSX: a workbook, with times that can be reckoned with")),
    ("jsonl", _("JSON Lines: for programs")),
)
QUERY = Field("q", _("Which tickets"), wide=True, help=_("in the language of the search box"), longest=2000)
ORDER = Field("order", _("Order"), longest=400, help=_("priority, newest, or columns: severity,-opened"))
BESIDE = {
    "number": _("Number"),
    "url": _("Address"),
    "meaning": _("Meaning of the state"),
    "machines": _("Machines"),
    "affected": _("Affected"),
    "ringing_since": _("Timer due since"),
}
"""Columns of a file that are no columns of the header."""
FORM = Field("form", _("As"), "radios", choices=FORMS)


@require_GET
def search_export(request: Asked) -> HttpResponseBase:
    """Send what a query finds as a file; without a form, ask which columns and in which form."""
    order = request.GET.get("order", "").strip()
    return export(request, request.GET.get("q", "").strip(), title="tickets", order=order)


@require_GET
def view_export(request: Asked, name: str) -> HttpResponseBase:
    """Send a view as a file, asked as its reader asks it; without a form, ask which columns and in which form."""
    exports.demand(request.actor)
    view = savedviews.named(name, request.actor)
    asked = savedviews.question(view, request.actor, now=timezone.now())
    order = finding.together(asked, finding.order_of(asked, request.actor), request.actor)
    return export(request, view.query, title=slugify(str(view.title)) or "tickets", order=order)


def export(request: Asked, text: str, *, title: str, order: str = "") -> HttpResponseBase:
    """Send a list as a file, or ask how.

    :raises Forbidden: its reader may take nothing away.
    """
    exports.demand(request.actor)
    form = request.GET.get("form", "")
    if not form or "choose" in request.GET:
        return _choices(request, text, form, order=order)
    columns = ",".join(request.GET.getlist("column")) or request.GET.get("columns", "")
    try:
        taken = exports.take(
            text, form, by=request.actor, door=Door.WEB, columns=columns, order=order, title=title
        )
    except Refusal as refusal:
        return _choices(request, text, form, refusal, order=order)
    answer = StreamingHttpResponse(taken.pieces, content_type=taken.media_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, taken.name) or "attachment"
    return answer


def _choices(
    request: Asked, text: str, form: str, refusal: Refusal | None = None, *, order: str = ""
) -> HttpResponse:
    """Ask which columns and in which form; what was chosen before still is."""
    known = exports.columns_for(request.actor)
    chosen = request.GET.getlist("column") or known
    found = None
    if refusal is None:
        try:
            asked = finding.ask(text, request.actor, now=timezone.now())
            found = finding.counted(request.actor, asked, now=timezone.now())
        except Refusal as wrong:
            refusal = wrong
    context: dict[str, Any] = {
        "query": text,
        "asked": bind([QUERY, ORDER], {"q": text, "order": order}),
        "form": bind([FORM], {"form": form or "csv"}),
        "columns": [(name, _titled(name), name in chosen) for name in known],
        "found": found,
        "most": finding.MOST,
        "says": sentence(refusal, request.actor) if refusal else "",
        "back": f"{reverse('search')}?{urlencode({'q': text})}",
        "api": f"{reverse('board')}api/v1/tickets.csv?{urlencode({'q': text})}",
    }
    return page(request, "exporting.html", context, status=refusal.status if refusal else 200)


def _titled(name: str) -> str:
    return str(BESIDE.get(name) or wording.field(name))


__all__ = ["export", "search_export", "view_export"]
