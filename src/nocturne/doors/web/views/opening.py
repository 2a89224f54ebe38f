"""Opening a ticket."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from nocturne import desk
from nocturne.core.configuration import current
from nocturne.core.entry import Door
from nocturne.core.fieldvalues.rules import is_local
from nocturne.core.permits import Actor
from nocturne.core.refusals import Refusal, TooLarge
from nocturne.desk import fieldhelp, representing
from nocturne.desk.nearby import suggestions
from nocturne.doors.web import drafts, localforms, marks
from nocturne.doors.web.acts.facts import EFFECTS, type_choices
from nocturne.doors.web.answers import Asked, answered, page, sentence
from nocturne.doors.web.doing import once
from nocturne.doors.web.fields import Field, bind
from nocturne.doors.web.given import Given

LEVELS = [("", _("as usual")), *((str(level), str(level)) for level in range(1, 5))]
FIRST = (
    Field("subject", _("What is wrong"), help=_("One line."), needed=True, wide=True, longest=300),
    Field("text", _("Description"), "text", wide=True, rows=6),
    Field("type", _("Type"), "choice"),
    Field("queue", _("Queue"), near="queues"),
    Field("severity", _("Severity for the customer"), "choice", choices=LEVELS),
    Field("priority", _("Priority"), "choice", choices=LEVELS),
    Field("machines", _("Machines"), near="machines", help=_("apart by commas")),
    Field("site", _("Site"), near="sites"),
    Field("owner", _("Owner"), near="people"),
    Field("started_at", _("Started"), "when", help=_("10:25, 20 min ago")),
    Field("next_action", _("Next action"), wide=True),
    Field("timer", _("Timer"), help=_("2h call again")),
    Field("files", _("Files"), "files"),
)
GROUPS: tuple[tuple[Any, tuple[Field, ...]], ...] = (
    (_("Who reported it"), (
        Field("reporter_name", _("Name")), Field("reporter_email", _("Mail"), "mail"),
        Field("reporter_phone", _("Phone")), Field("reporter_organisation", _("Organisation")),
        Field("user_address", _("User’s address")), Field("destination_address", _("Destination address")),
        Field("cc", _("Also tell"), help=_("Accounts or mail addresses, apart by commas."), wide=True),
    )),
    (_("Who is affected"), (
        Field("affected_kind", _("Kind"), "choice",
              choices=list(marks.AFFECTED.items())),
        Field("affected_name", _("Who or what")),
        Field("affected_effect", _("Effect"), "choice", choices=EFFECTS),
    )),
    (_("Where, and what it hangs on"), (
        Field("network", _("Network"), near="networks"), Field("circuit", _("Circuit"), near="circuits"),
        Field("vendor", _("Vendor"), near="vendors"), Field("parent", _("Parent ticket"), "number"),
        Field("detected_at", _("Detected"), "when"), Field("reported_at", _("Reported"), "when"),
    )),
    (_("Planned work"), (
        Field("planned_start", _("From"), "when"), Field("planned_end", _("Until"), "when"),
    )),
)  # fmt: skip
CUSTOMERS = (
    Field("subject", _("What is wrong"), help=_("One line."), needed=True, wide=True, longest=300),
    Field("text", _("Description"), "text", wide=True, rows=8),
    Field("started_at", _("Since when"), "when", help=_("10:25, 20 min ago")),
    Field("user_address", _("Your address in the network")),
    Field("destination_address", _("What you cannot reach")),
    Field("files", _("Files"), "files"),
)


ABOUT = Field("about", _("What it is about"), "choice")
"""Asked of representatives: which of what they speak for."""


def customers_ticket(given: Given) -> desk.Written:
    """Open a ticket as its reporter describes it; nothing else of the form counts."""
    about = given.line("about") if given.line("about") in dict(_spoken_for(given.by)) else ""
    kind, _slash, name = about.partition("/")
    new = desk.Opening(
        network=name if kind == "network" else "",
        site=name if kind == "site" else "",
        machines=[name] if kind == "machine" else [],
        subject=given.line("subject"),
        type=current().usual_type("complaint"),
        text=given.text(),
        started_at=given.past("started_at"),
        user_address=given.line("user_address"),
        destination_address=given.line("destination_address"),
        fields=given.local(),
    )
    return desk.open(new, by=given.by, door=Door.WEB, extra=desk.Extra(files=given.extra(text="").files))


def _spoken_for(actor: Actor) -> list[tuple[str, Any]]:
    """Offer a representative what they speak for."""
    mine = representing.of(actor)
    return [(f"{kind}/{name}", f"{REPRESENTED[kind]} {name}") for kind, name in mine]


REPRESENTED = {"network": _("network"), "site": _("site"), "machine": _("machine")}


def staffs_ticket(given: Given) -> desk.Written:
    """Open a ticket with everything that the form tells."""
    name = given.line("affected_name")
    new = desk.Opening(
        subject=given.line("subject"),
        queue=given.line("queue"),
        type=given.line("type"),
        text=given.text(),
        severity=_level(given.line("severity")),
        priority=_level(given.line("priority")),
        owner=given.line("owner"),
        reporter=desk.Reporter(
            *(given.line(f"reporter_{part}") for part in ("name", "organisation", "phone", "email"))
        ),
        network=given.line("network"),
        site=given.line("site"),
        circuit=given.line("circuit"),
        vendor=given.line("vendor"),
        machines=given.words("machines"),
        user_address=given.line("user_address"),
        destination_address=given.line("destination_address"),
        started_at=given.past("started_at"),
        detected_at=given.past("detected_at"),
        reported_at=given.past("reported_at"),
        planned_start=given.future("planned_start"),
        planned_end=given.future("planned_end"),
        affected=[desk.Affected(given.line("affected_kind"), name, given.line("affected_effect"))]
        if name
        else [],
        cc=given.words("cc"),
        parent=given.number_in("parent") if given.line("parent") else None,
        fields=given.local(),
    )
    return desk.open(new, by=given.by, door=Door.WEB, extra=replace(given.extra(text=""), fields={}))


def _level(given: str) -> Any:
    return given or None


@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: Asked) -> HttpResponse:
    """Show the form for a new ticket, or open it."""
    if request.method != "POST":
        draft = drafts.found(request.actor, ["open"]).get("open", {})
        given = {
            name: request.GET[name]
            for name in ("subject", "type", "parent", "machines")
            if name in request.GET
        }
        return _form(request, {"type": current().usual_type("trouble"), **given, **draft}, draft=draft)
    if "show" in request.POST:  # nothing is opened yet: the fields of the type that was chosen are asked for
        return _form(request, _typed(request))
    do = staffs_ticket if request.frame.is_staff else customers_ticket
    try:
        done = once(request, "open", do, Given.of(request))
    except Refusal as refusal:
        return _form(request, _typed(request), refusal=refusal)
    drafts.forget(request.actor, "open")
    return redirect(f"{reverse('ticket', args=[done.number])}?did={done.entry}")


def _typed(request: Asked) -> dict[str, Any]:
    return {name: values if len(values) > 1 else values[0] for name, values in request.POST.lists()}


def _form(
    request: Asked,
    values: dict[str, Any],
    *,
    refusal: Refusal | None = None,
    draft: dict[str, Any] | None = None,
) -> HttpResponse:
    says = sentence(refusal, request.actor) if refusal else ""
    field = refusal.field or "" if refusal else ""
    errors = {_FIELD_OF.get(field, localforms.name_of(field) if is_local(field) else field): says}
    mine = [] if request.frame.is_staff else _spoken_for(request.actor)
    customers = (*CUSTOMERS[:2], ABOUT, *CUSTOMERS[2:]) if mine else CUSTOMERS
    fields = localforms.called(FIRST if request.frame.is_staff else customers)
    groups = [
        (title, localforms.called(parts)) for title, parts in (GROUPS if request.frame.is_staff else ())
    ]
    usual = current().usual_type("trouble" if request.frame.is_staff else "complaint")
    own = localforms.before_opening(str(values.get("type") or usual), request.actor)
    near = {each.near for each in (*fields, *own) if each.near} | {
        each.near for _title, parts in groups for each in parts if each.near
    }
    offered = {"type": type_choices(), "about": [("", _("something else")), *mine]}
    bound = bind(fields, values, errors=errors, offered=offered)
    bound_own = bind(own, values, errors=errors)
    bound_groups = [(title, bind(parts, values, errors=errors)) for title, parts in groups]
    every = [*bound, *bound_own, *(each for _title, parts in bound_groups for each in parts)]
    help_ = fieldhelp.before_opening(
        [localforms.column_of(each.field) for each in every], values, request.actor
    )
    localforms.explained(every, help_)
    context = {
        "fields": bound,
        "own": bound_own,
        "by_type": request.frame.is_staff and localforms.depends_on_type(),
        "groups": bound_groups,
        "near": suggestions(near if request.frame.is_staff else (), request.actor),
        "key": secrets.token_urlsafe(12),
        "says": says,
        "too_long": isinstance(refusal, TooLarge) and refusal.code == "text_too_long",
        "draft": draft or {},
        "nav": "open",
    }
    return answered(page(request, "open.html", context, status=refusal.status if refusal else 200), refusal)


_FIELD_OF = {"alarm": "timer", "machine": "machines", "reporter": "reporter_name", "affected": "affected_name",
             "effect": "affected_effect", "attachments": "files"}  # fmt: skip
