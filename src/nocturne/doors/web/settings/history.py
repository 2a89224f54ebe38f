"""What a document was before: who changed it when and why, and taking a change back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from nocturne.core.entry import Door
from nocturne.core.refusals import NotFound, Refusal
from nocturne.desk import configuring
from nocturne.doors.web.answers import Asked, sentence
from nocturne.doors.web.settings import asking, before
from nocturne.doors.web.settings.before import Line
from nocturne.doors.web.settings.kinds import BY_KIND, About
from nocturne.doors.web.times import Times
from nocturne.store import configured
from nocturne.store.models import Audit

LONGEST_REASON = 400
MOST = 200


@dataclass(frozen=True, slots=True)
class Past:
    """A change as it is told: `how` is new, changed, taken away, renamed or taken back."""

    row: int
    at: Any
    who: str
    door: str
    about: About
    name: str
    how: str
    reason: str
    lines: list[Line]


def past(row: Audit) -> Past:
    """Tell of a change."""
    kind = row.subject_kind
    lines = before.lines((kind, row.subject), row.before or {}, row.after or {})
    how = "new" if row.before is None else "gone" if row.after is None else "changed"
    how = "back" if "reverts" in row.facts else "renamed" if "renamed" in row.facts else how
    reason = str(row.facts.get("reason", ""))
    return Past(row.pk, row.at, row.actor_label, row.door, BY_KIND[kind], row.subject, how, reason, lines)


@require_safe
def history(request: Asked, segment: str, name: str) -> HttpResponse:
    """List the changes of a document, under all the names it has had."""
    found = asking.subject(request, segment, name, missing=True)
    names = [name, *_texts((found.body or {}).get("formerly"))]
    rows = [row for each in names for row in configuring.history(found.about.kind, each)]
    if not rows and found.body is None:
        raise NotFound("no_such_settings")
    rows.sort(key=lambda row: -row.pk)
    context = {"found": found, "changes": [past(row) for row in rows[:MOST]], "times": Times(request.actor)}
    return asking.shown(request, "history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Asked, segment: str, name: str, row: int) -> HttpResponse:
    """Show one change and what taking it back would do, or take it back."""
    found = asking.subject(request, segment, name, missing=True)
    noted = Audit.objects.filter(pk=row, act="configuration_changed", subject_kind=found.about.kind).first()
    if noted is None or noted.subject not in (name, *_texts((found.body or {}).get("formerly"))):
        raise NotFound("no_such_change")
    if request.method == "POST":
        kinds = Audit.objects.filter(batch=noted.batch).values_list("subject_kind", flat=True)
        return asking.surely(request, kinds, lambda asked: _take_back(asked, found, noted))
    return _shown(request, found, noted)


def _take_back(request: Asked, found: asking.Subject, noted: Audit) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]

    def act() -> int:
        configuring.revert(noted.pk, by=request.actor, door=Door.WEB, reason=reason)
        return asking.latest((noted.subject_kind, noted.subject))

    try:
        done = asking.once(request, ["revert", noted.pk, reason], act)
    except Refusal as refusal:
        return _shown(request, found, noted, refusal=refusal)
    documents = configured.load().documents
    kind = found.about
    for each in (noted.subject, *(noted.facts.get("renamed") or [])[1:2]):
        if (kind.kind, each) in documents:
            return redirect(f"{asking.address(kind, each)}?done={done}")
    return redirect(f"{asking.list_address(kind)}?gone={noted.subject}")


def _shown(
    request: Asked, found: asking.Subject, noted: Audit, *, refusal: Refusal | None = None
) -> HttpResponse:
    documents = found.configuration.documents
    after, renaming = configuring.taken_back(noted.pk, documents)
    if refusal is None and found.may_change:
        try:
            configuring.rehearse(after, by=request.actor, renamed_to=renaming)
        except Refusal as refused:
            refusal = refused
    parts = before.parts(documents, after)
    context = {
        "found": found,
        "change": past(noted),
        "parts": parts,
        "says": sentence(refusal) if refusal else "",
        "can_be_done": bool(parts) and refusal is None and found.may_change,
        "reason": request.POST.get("reason", ""),
        "key": asking.fresh_key(),
        "times": Times(request.actor),
    }
    is_refused = refusal is not None and request.method == "POST"
    return asking.shown(
        request, "change.html", context, status=refusal.status if refusal and is_refused else 200
    )


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else []
