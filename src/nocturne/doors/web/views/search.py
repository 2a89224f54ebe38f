"""Searching: what is typed is asked, and what it finds is a list like any other. The form asks the same by rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpResponse, JsonResponse
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
from nocturne.core.query.tree import Query
from nocturne.core.query.values import spelt
from nocturne.core.refusals import Refusal, TakesTooLong
from nocturne.desk import finding, wording
from nocturne.desk.savedviews import View
from nocturne.desk.understanding import doubts as doubted
from nocturne.doors.web import asked as saying
from nocturne.doors.web import written
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.listing import Listing
from nocturne.doors.web.public import for_guests
from nocturne.doors.web.views import board, line
from nocturne.store import ordering

EXAMPLES = (
    ("fibre", gettext_lazy("somebody wrote it: in a subject, an update, a mail, a file")),
    ('"fibre cut"', gettext_lazy("the two words one behind the other")),
    ("is:open owner:me", gettext_lazy("mine, and open")),
    ("is:untaken severity:1..2", gettext_lazy("severe ones that nobody has")),
    ("node:cr* opened:>2d", gettext_lazy("of machines whose name begins so, opened more than two days ago")),
    ("is:waiting clock:vendor", gettext_lazy("waiting for a vendor")),
    ("is:resolved -checked_by:none", gettext_lazy("resolved and signed off")),
    (
        "(site:Lansing or site:Detroit) order:severity group:owner",
        gettext_lazy("together by owner, the worst first"),
    ),
)
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


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a query: what stands before it, the piece itself, what stands behind, and what would do."""

    says: str
    before: str = ""
    wrong: str = ""
    behind: str = ""
    mended: str = ""
    suggestion: str = ""
    tries: tuple[tuple[str, str], ...] = ()
    """Where nothing is suggested: values of the same key, and the query with each in the place of what is wrong."""


def trouble(text: str, refusal: Refusal) -> Trouble:
    """Say where a query is wrong, and how it would be understood."""
    says = sentence(refusal)
    span = refusal.params.get("span")
    if not isinstance(span, list) or len(span) != 2:
        place = refusal.params.get("position")
        span = [place, place] if isinstance(place, int) else None
    if span is None:
        return Trouble(says)
    start, end = max(0, min(int(span[0]), len(text))), min(int(span[1]), len(text))
    if end <= start:
        end = next((at for at in range(start, len(text)) if text[at].isspace()), len(text))
    suggestion = str(refusal.params.get("suggestion") or "")
    mended = f"{text[:start]}{suggestion}{text[end:]}" if suggestion else ""
    before, behind = text[:start], text[end:]
    tries = () if mended else tuple(_tries(before, behind, refusal))
    return Trouble(says, before, text[start:end] or " ", behind, mended, suggestion, tries)


def _tries(before: str, behind: str, refusal: Refusal) -> Iterator[tuple[str, str]]:
    """Put each example in the place of what is wrong, where the word begins as the example does."""
    word = before[int(refusal.params.get("position") or 0) :]
    is_whole = refusal.params.get("reason") == "star_within"
    for example in refusal.params.get("examples") or ():
        if (word or is_whole) and example.lower().startswith(word.lower()):
            yield example, f"{before}{example[len(word) :]}{behind}"


@for_guests
@require_GET
def search(request: Asked) -> HttpResponse:
    """List the tickets that a query finds; without one, say what can be asked."""
    given = request.GET.get("q", "").strip()
    if refusal := line.too_long(given):
        return _refused(request, given[: line.LONGEST], refusal)
    nothing = _("No ticket fits. Fewer words, or the beginning of one (fib*), find more.")
    view = View("", _("Search"), given, "search", empty=nothing)
    if not given:
        return page(
            request,
            "search.html",
            {
                "view": view,
                "title": _("Search"),
                "query": "",
                "examples": EXAMPLES,
                "written": written.of(request.actor),
            },
        )
    try:
        found = finding.ask(given, request.actor, now=timezone.now())
    except Refusal as refusal:
        return _refused(request, given, refusal)
    listing = Listing(request, view, found, now=timezone.now())
    try:
        empty = not listing.page.rows and not listing.further
        return board.shown(
            request,
            view,
            listing,
            query=given,
            doubts=doubtful(given, found, request.actor) if empty else [],
            meant=saying.meant(given, found, request.actor),
            ranks=saying.ranks(found, request.actor, listing.order),
            template="search.html",
        )
    except TakesTooLong as refusal:
        return _refused(request, given, refusal)


DOUBTS = {
    "unknown_name": gettext_lazy("%(key)s: nothing here is called “%(name)s”."),
    "no_word": gettext_lazy("“%(name)s” has no letter and no digit: nothing is found by it."),
    "quoted_star": gettext_lazy("Within quotation marks a * stands for itself: %(name)s."),
    "written_otherwise": gettext_lazy("“%(name)s” is looked for as it is written."),
}
"""What is doubtful, by its reason."""


def doubtful(text: str, asked: Query, actor: Actor) -> list[Trouble]:
    """Say what nothing can fit in a question: it is understood, and finds nothing."""
    found = []
    for each in doubted(asked, actor):
        says = DOUBTS[each.reason] % {"key": each.key, "name": each.given.strip('"')}
        start = text.casefold().find(each.given.casefold(), each.position)
        near = each.near or ""
        if start < 0:
            found.append(Trouble(says))
            continue
        before, behind = text[:start], text[start + len(each.given) :]
        if each.reason == "no_word":
            rest = f"{before.rstrip()} {behind.lstrip()}".strip()
            found.append(Trouble(says, mended=rest, suggestion=rest))
            continue
        is_name = each.reason == "unknown_name" and not before.endswith('"')
        written = spelt(near) if is_name else near
        mended = f"{before}{written}{behind}" if near else ""
        found.append(Trouble(says, mended=mended, suggestion=near))
    return found


def _refused(request: Asked, given: str, refusal: Refusal) -> HttpResponse:
    view = View("", _("Search"), given, "search")
    context = {
        "view": view,
        "title": _("Search"),
        "query": given,
        "trouble": trouble(given, refusal),
        "examples": EXAMPLES,
        "written": written.of(request.actor),
    }
    return page(request, "search.html", context, status=refusal.status)


@for_guests
@require_GET
def rows(request: Asked) -> HttpResponse:
    """Give some rows of what a query finds as they are now."""
    given = request.GET.get("q", "").strip()[: line.LONGEST]
    found = finding.ask(given, request.actor, now=timezone.now())
    view = View("", _("Search"), given, "search")
    return board.rows_of(request, Listing(request, view, found, now=timezone.now()))


@for_guests
@require_GET
def count(request: Asked) -> HttpResponse:
    """Count what a query finds: exactly up to a thousand."""
    given = request.GET.get("q", "").strip()[: line.LONGEST]
    found = finding.ask(given, request.actor, now=timezone.now())
    try:
        number = finding.counted(request.actor, found, now=timezone.now())
    except TakesTooLong:
        return JsonResponse({"count": None, "words": _("not counted: that would take too long")})
    words = f"{finding.MOST:,}+" if number > finding.MOST else f"{number:,}"
    return JsonResponse(
        {"count": min(number, finding.MOST), "words": _("%(count)s found") % {"count": words}}
    )


# --- the form ---------------------------------------------------------------------------------------------------------


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
