"""The rights inspector: why somebody can see or do something on a ticket, why not, and who else can."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from nocturne.core import explaining as asking
from nocturne.core.chart import COLUMNS
from nocturne.core.configuration import current
from nocturne.core.refusals import Refusal
from nocturne.desk import explaining, wording
from nocturne.desk.nearby import suggestions
from nocturne.doors.web.administration.places import CURIOUS, administers, shown
from nocturne.doors.web.answers import Asked, sentence
from nocturne.doors.web.fields import Field, bind

HERE = "admin-rights"
PARTS = {
    "reporter": gettext_lazy("whoever reported it"),
    "owner": gettext_lazy("whoever owns it"),
    "watcher": gettext_lazy("whoever watches it"),
    "expert": gettext_lazy("its experts"),
    "representative": gettext_lazy("whoever speaks for its network, site or machines"),
    "anybody": gettext_lazy("anybody, signed on or not"),
}
"""Parts in a ticket, in words."""
ASKED = (
    Field("who", gettext_lazy("Who"), near="people", help=gettext_lazy("an account; nobody for all"), longest=60),
    Field("where", gettext_lazy("Where"), needed=True, near="queues", help=gettext_lazy("a ticket, or a queue"),
          longest=60),
    Field("what", gettext_lazy("What"), near="whats", help=gettext_lazy("a field, a class, an act"), longest=80),
)  # fmt: skip


@require_safe
@administers(CURIOUS)
def inspector(request: Asked) -> HttpResponse:
    """Answer why somebody can, clearance by clearance, and who can at all."""
    given = {name: str(request.GET.get(name, "")).strip()[:80] for name in ("who", "where", "what")}
    if not given["where"]:
        return _shown(request, given)
    number = given["where"].removeprefix("#")
    is_number = number.isdecimal() and len(number) < 19
    place: dict[str, Any] = {"queue": "" if is_number else given["where"], "by": request.actor}
    where, what = int(number) if is_number else 0, given["what"] or asking.TICKET
    try:
        found = explaining.explain(given["who"], where, what, **place) if given["who"] else None
        readers = explaining.who_can(where, what, **place)
    except Refusal as refusal:
        return _shown(request, given, says=sentence(refusal), status=refusal.status)
    told = [(clearance, whose, names, PARTS.get(whose, "")) for clearance, whose, names in readers]
    ticket = reverse("ticket", args=[where]) if is_number else ""
    return _shown(request, given, found=found, readers=told, ticket=ticket, is_asked=True)


def _shown(request: Asked, given: dict[str, str], *, status: int = 200, **more: Any) -> HttpResponse:
    near = suggestions({"people", "queues"}, request.actor)
    context = {
        "asked": bind(ASKED, given, prefix="r"),
        "near": near,
        "whats": _whats(),
        "ask": [(name, f"{wording.field(name)} ({word})") for name, word in _columns()]
        if given["where"]
        else [],
        "given": given,
        **more,
    }
    return shown(request, "rights.html", context, here=HERE, status=status)


def _columns() -> list[tuple[str, str]]:
    """List the fields of a ticket with the class of data that each is."""
    configuration = current()
    return [(name, configuration.class_words[configuration.class_of(name)]) for name in COLUMNS]


def _whats() -> list[tuple[str, str]]:
    """List what can be asked about, with what it is."""
    configuration = current()
    return [
        (asking.TICKET, _("the ticket at all")),
        *((word, _("a class of data")) for word in configuration.class_numbers),
        *((word, _("an act")) for word in asking.VERBS),
        *((name, wording.field(name)) for name in COLUMNS),
        *((name, field.title or name) for name, field in configuration.fields.items()),
    ]
