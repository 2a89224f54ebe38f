"""The audit in the browser: looked through, one act before and after, taken away as a file, proved unbroken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from nocturne.core.entry import Door
from nocturne.core.refusals import Refusal
from nocturne.core.when import parse_when
from nocturne.desk import audit_words, trail
from nocturne.desk.trail import Line, Sought
from nocturne.doors.web.administration.places import administers, shown
from nocturne.doors.web.answers import Asked, sentence
from nocturne.doors.web.fields import Field, bind
from nocturne.doors.web.times import Times

HERE = "admin-audit"
PAGE = 50
HIGHEST = 2**63 - 1
ANYTHING = [("", gettext_lazy("anything"))]
SEARCH = (
    Field("act", gettext_lazy("Act"), "choice",
          choices=ANYTHING + [(code, gettext_lazy(words)) for code, words in audit_words.ACTS.items()]),
    Field("who", gettext_lazy("Who"), help=gettext_lazy("sign-on name"), longest=200),
    Field("kind", gettext_lazy("Done to"), "choice",
          choices=ANYTHING + [(code, gettext_lazy(words)) for code, words in audit_words.SUBJECTS.items()]),
    Field("subject", gettext_lazy("Its name"), help=gettext_lazy("or a part of it"), longest=160),
    Field("since", gettext_lazy("Since"), help=gettext_lazy("mon 08:00")),
    Field("until", gettext_lazy("Before"), help=gettext_lazy("2026-12-01")),
)  # fmt: skip
NAMES = tuple(field.name for field in SEARCH)


@require_safe
@administers(trail.RIGHT)
def lines(request: Asked) -> HttpResponse:
    """Look through the audit, the newest first."""
    given = _given(request.GET)
    try:
        sought = _sought(given, request)
        found = trail.look(sought, by=request.actor, before=_before(request), limit=PAGE)
    except Refusal as refusal:
        return _list(
            request, given, [], says=sentence(refusal), errors={refusal.field or "": "wrong"}, status=422
        )
    asked = {name: value for name, value in given.items() if value}
    more = f"{request.path}?{urlencode(asked | {'before': found.further})}" if found.further else ""
    return _list(request, given, found.lines, more=more)


@require_safe
@administers(trail.RIGHT)
def line(request: Asked, number: int) -> HttpResponse:
    """Show one act: what was before, what is after, and what was done with it."""
    found = trail.one(min(number, HIGHEST), by=request.actor)
    base = reverse("admin-audit")
    context = {
        "line": _shown(found),
        "together": [_shown(each) for each in trail.together(found, by=request.actor)],
        "times": Times(request.actor),
        "all_of_it": f"{base}?{urlencode({'kind': found.subject_kind, 'subject': found.subject})}",
        "all_by_them": f"{base}?{urlencode({'who': found.who})}",
    }
    return shown(request, "audit_line.html", context, here=HERE)


@require_POST
@administers(trail.RIGHT)
def export(request: Asked) -> HttpResponseBase:
    """Send all that is looked for as a file, while it is read."""
    given = _given(request.POST)
    form = request.POST.get("form", "csv")
    try:
        pieces = trail.export(_sought(given, request), form, by=request.actor, door=Door.WEB)
    except Refusal as refusal:
        return _list(
            request, given, [], says=sentence(refusal), errors={refusal.field or "": "wrong"}, status=422
        )
    kind = "text/csv" if form == "csv" else "application/x-ndjson"
    answer = StreamingHttpResponse(_encoded(pieces), content_type=f"{kind}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="audit.{form}"'
    return answer


@require_POST
@administers(trail.RIGHT)
def check(request: Asked) -> HttpResponse:
    """Walk the chain for a moment, and say how far it holds."""
    given = request.POST.get("after", "")
    after = int(given) if given.isdecimal() and len(given) < 19 else 0
    done = trail.check(by=request.actor, after=after)
    return shown(request, "audit_check.html", {"done": done, "after": after}, here=HERE)


def _list(
    request: Asked, given: dict[str, str], found: list[Line], *, status: int = 200, **more: Any
) -> HttpResponse:
    acts = [*SEARCH[0].choices]
    if given["act"] and given["act"] not in audit_words.ACTS:
        acts.append((given["act"], audit_words.act(given["act"])))
    context = {
        "search": bind(SEARCH, given, errors=more.pop("errors", None), offered={"act": acts}),
        "asked": [(name, value) for name, value in given.items() if value],
        "lines": [_shown(each) for each in found],
        "times": Times(request.actor),
        **more,
    }
    return shown(request, "audit.html", context, here=HERE, status=status)


def _given(sent: Any) -> dict[str, str]:
    return {name: str(sent.get(name, "")).strip()[:200] for name in NAMES}


def _sought(given: dict[str, str], request: Asked) -> Sought:
    now, zone = timezone.now(), request.actor.zone

    def when(name: str) -> datetime | None:
        return parse_when(given[name], now, zone, "past", field=name) if given[name] else None

    return Sought(given["act"], given["who"], given["kind"], given["subject"], when("since"), when("until"))


def _before(request: Asked) -> int | None:
    given = request.GET.get("before", "")
    return int(given) if given.isdecimal() and len(given) < 19 else None


def _encoded(pieces: Iterator[str]) -> Iterator[bytes]:
    for piece in pieces:
        yield piece.encode("utf-8", "replace")


def _shown(found: Line) -> dict[str, Any]:
    """Spell a row for the page."""
    return {
        "number": found.number,
        "at": found.at,
        "who": found.who,
        "door": found.door,
        "act": audit_words.act(found.act),
        "kind": audit_words.kind(found.subject_kind),
        "subject": found.subject,
        "changes": [(path or _("all of it"), _value(old), _value(new)) for path, old, new in found.changes],
        "facts": [(name.replace("_", " "), _value(value)) for name, value in sorted(found.facts.items())],
    }


def _value(value: Any) -> str:
    """Spell a plain value for people."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
        return ", ".join(str(each) for each in value)
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_value(each) or '—'}" for name, each in sorted(value.items()))
    if isinstance(value, list):
        return "\n\n".join(_value(each) for each in value)
    return str(value)
