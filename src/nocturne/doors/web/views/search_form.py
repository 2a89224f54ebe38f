"""Searching by form: a row for each thing that is asked, which becomes the same question as if it were typed."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from nocturne.core import permits, query
from nocturne.core.permits import Actor
from nocturne.core.query import form as queryform
from nocturne.core.query.form import Form, Row
from nocturne.core.query.values import spelt
from nocturne.core.refusals import Refusal
from nocturne.desk import finding, wording
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.public import for_guests
from nocturne.doors.web.views import line
from nocturne.store import ordering

BLANK_ROWS, MOST_ROWS = 2, 40
OPERATORS = {
    "is": gettext_lazy("is"),
    "not": gettext_lazy("is not"),
    "begins": gettext_lazy("begins with"),
    ">=": gettext_lazy("at least, or since"),
    "<=": gettext_lazy("at most, or until"),
    ">": gettext_lazy("more than, or after"),
    "<": gettext_lazy("less than, or before"),
    "text": gettext_lazy("as typed"),
}
BESIDE = {
    "from": gettext_lazy("from what"),
    "to": gettext_lazy("to what"),
    "after": gettext_lazy("since"),
    "before": gettext_lazy("until"),
    "by": gettext_lazy("by whom"),
}
"""What a row about a change says more of it."""


@for_guests
@require_GET
def form(request: Asked) -> HttpResponse:
    """Show a query as rows to fill in, or make a query of them."""
    if "go" in request.GET:
        return redirect(f"{reverse('search')}?{urlencode({'q': queryform.text(_filled(request))})}")
    given = request.GET.get("q", "").strip()[: line.LONGEST]
    reads = partial(permits.sees_column, request.actor)
    says = ""
    filled = Form(())
    try:
        filled = queryform.form(finding.ask(given, request.actor, now=timezone.now()), reads=reads)
    except Refusal as refusal:
        says = sentence(refusal)
    blank = [Row("", "is", ())] * BLANK_ROWS
    context: dict[str, Any] = {
        "query": given,
        "says": says,
        "rows": [_row(place, each) for place, each in enumerate([*filled.rows, *blank])],
        "keys": _keys(request.actor),
        "operators": OPERATORS.items(),
        "order": filled.order,
        "group": filled.group,
        "limit": filled.limit or "",
        "groups": [
            (name.removeprefix("field/"), wording.field(name)) for name in ordering.groups(request.actor)
        ],
        "title": _("Search by form"),
    }
    return page(request, "search_form.html", context)


def _row(place: int, row: Row) -> dict[str, Any]:
    said = {name: value for name, _colon, value in (each.partition(":") for each in row.beside)}
    return {
        "place": place,
        "key": row.key,
        "operator": row.operator,
        "value": ",".join(row.values) if row.operator != queryform.TEXT else " ".join(row.values),
        "beside": [(name, words, said.get(name, "")) for name, words in BESIDE.items()],
        "choices": query.choices(row.key) if row.key else (),
    }


def _keys(actor: Actor) -> list[str]:
    known = query.keys(partial(permits.sees_column, actor))
    return sorted({name for name in known if name not in ("order", "group", "limit", *BESIDE)})


def _typed(value: str) -> str:
    """Quote what was typed with a space in it, such as `mon 08:00`; what is quoted already stays as it is."""
    if '"' in value:
        return value
    return ",".join(spelt(each.strip()) for each in value.split(",") if each.strip()) or spelt(value)


def _filled(request: Asked) -> Form:
    """Read the rows of a form."""
    sent = request.GET
    keys, operators, values = sent.getlist("key"), sent.getlist("operator"), sent.getlist("value")
    said = {name: [*sent.getlist(name), *[""] * len(values)] for name in BESIDE}
    made = []
    for place, (key, operator, value) in enumerate(
        list(zip(keys, operators, values, strict=False))[:MOST_ROWS]
    ):
        if not value.strip():
            continue
        if not key or operator not in OPERATORS or operator == queryform.TEXT:
            made.append(Row("", queryform.TEXT, (value.strip(),)))
        else:
            beside = {name: said[name][place].strip() for name in BESIDE} if key == "changed" else {}
            written = (f"{name}:{_typed(each)}" for name, each in beside.items() if each)
            made.append(Row(key, operator, (value.strip(),), tuple(written)))
    limit = sent.get("limit", "").strip()
    return Form(
        tuple(made),
        sent.get("order", "").strip(),
        sent.get("group", "").strip(),
        int(limit) if limit.isdecimal() and len(limit) < 6 else None,
    )
