"""One account in the browser: all that is known of it on one page, and every act on it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nocturne.core.configuration import current
from nocturne.core.entry import Door
from nocturne.core.refusals import NotFound, Refusal
from nocturne.desk import admitting, people, roster, vouchers, ways
from nocturne.desk.administering import PEOPLE
from nocturne.desk.nearby import suggestions
from nocturne.doors.web.administration import person_acts
from nocturne.doors.web.administration.people import ABOUT, GROUPS, HERE
from nocturne.doors.web.administration.person_acts import SPEAKING, TOKEN, VOUCHED
from nocturne.doors.web.administration.places import administers, shown, sure_to_change
from nocturne.doors.web.answers import Asked, sentence
from nocturne.doors.web.fields import Bound, Field, bind
from nocturne.doors.web.settings.vocabulary import WAYS
from nocturne.doors.web.times import Times

WAY = (
    Field("kind", gettext_lazy("Kind"), "choice",
          choices=list(WAYS.items())),
    Field("value", gettext_lazy("Address or number"), needed=True, longest=254),
    Field("label", gettext_lazy("Label"), help=gettext_lazy("at home, on duty"), longest=60),
    Field("for_notices", gettext_lazy("Notices are mailed here"), "check"),
)  # fmt: skip
TOLD = [
    ("now", gettext_lazy("at once")),
    ("daily", gettext_lazy("once a day")),
    ("never", gettext_lazy("never")),
]
NOTICES = (
    Field("owner", gettext_lazy("Told of tickets that become theirs"), "choice", choices=TOLD),
    Field("asked", gettext_lazy("Told when somebody asks or answers"), "choice", choices=TOLD),
    Field("update", gettext_lazy("Told of updates"), "choice", choices=TOLD),
    Field("quiet_from", gettext_lazy("Quiet from"), help="22:00", longest=5),
    Field("quiet_until", gettext_lazy("until"), help="06:30", longest=5),
)
PASSWORD = (
    Field("password", gettext_lazy("New password"), "password", needed=True, complete="new-password"),
    Field("must_change", gettext_lazy("They choose another when they next sign on"), "check"),
)


@require_safe
@administers(PEOPLE)
def person(request: Asked, who: str) -> HttpResponse:
    """Show one account."""
    return page_of(request, who, done=person_acts.DONE.get(request.GET.get("did", ""), ""))


@sensitive_post_parameters()
@require_POST
@administers(PEOPLE)
@sure_to_change
def act(request: Asked, who: str, noun: str) -> HttpResponse:
    """Do something to an account, and show it again."""
    do = person_acts.ACTS.get(noun)
    if do is None:
        raise NotFound("no_such_address")
    try:
        did = do(request, who)
    except NotFound:
        raise
    except Refusal as refusal:
        return page_of(request, who, noun=noun, says=sentence(refusal, request.actor), status=refusal.status)
    if did.plain:
        return page_of(request, who, plain=did.plain)
    return redirect(f"{reverse('admin-person', args=[who])}?did={did.code}")


@require_http_methods(["GET", "HEAD", "POST"])
@administers(PEOPLE)
@sure_to_change
def disabling(request: Asked, who: str) -> HttpResponse:
    """Say what follows when an account is disabled, and with a POST disable it."""
    says, status = "", 200
    if request.method == "POST":
        try:
            admitting.disable(who, by=request.actor, door=Door.WEB)
        except NotFound:
            raise
        except Refusal as refusal:
            says, status = sentence(refusal), refusal.status
        else:
            return redirect(f"{reverse('admin-person', args=[who])}?did=disabled")
    found = roster.detail(who, by=request.actor)
    return shown(request, "person_disable.html", {"one": found, "says": says}, here=HERE, status=status)


def page_of(request: Asked, who: str, *, noun: str = "", status: int = 200, **more: Any) -> HttpResponse:
    """Show an account; `noun` names the form that was sent and refused, so that what was typed still stands there."""
    found = roster.detail(who, by=request.actor)
    about = found.person

    def form(name: str, fields: tuple[Field, ...], values: dict[str, Any], **options: Any) -> list[Bound]:
        typed = request.POST.dict() if name == noun else {}
        return bind(fields, values | typed, prefix=name, **options)

    groups = request.POST.getlist("groups") if noun == "groups" else about.groups
    near = suggestions({"networks", "sites"}, request.actor)
    context = {
        "one": found,
        "noun": noun,
        "about": form(
            "about",
            ABOUT,
            {name: getattr(about, name) for name in ("full_name", "email", "zone", "language")}
            | {"represents": found.contact_address},
            keep_was=True,
        ),
        "groups": bind(
            (GROUPS,),
            {"groups": groups},
            prefix="groups",
            offered={"groups": roster.names(current().groups)},
        ),
        "group_titles": dict(roster.names(current().groups)),
        "way": form("ways", WAY, {"kind": "mail"}),
        "way_kinds": dict(WAY[0].choices),
        "notices": form("notices", NOTICES, _chosen(found.choices)),
        "password": form("password", PASSWORD, {"must_change": True} if noun != "password" else {}),
        "token": form("tokens", TOKEN, {"scope": "read"}),
        "speaking": form("speaking", SPEAKING, {}),
        "vouchers": vouchers.of(people.find(who)),
        "vouching": form("vouching", VOUCHED, {}) if vouchers.providers() else [],
        "near": near,
        "times": Times(request.actor),
        "owned": f"{reverse('search')}?q=owner:{about.name}+is:open",
        **more,
    }
    return shown(request, "person.html", context, here=HERE, status=status)


def _chosen(choices: ways.Choices) -> dict[str, str]:
    quiet = {
        f"quiet_{name}": at.isoformat("minutes") if at else ""
        for name, at in (("from", choices.quiet_from), ("until", choices.quiet_until))
    }
    return choices.told | quiet
