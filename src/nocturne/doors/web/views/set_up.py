"""The first page of all: who runs this Nocturne, and its first administrator."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nocturne.core.refusals import Refusal
from nocturne.desk import profiles, setup
from nocturne.doors.web.answers import page, sentence
from nocturne.doors.web.coming import begin
from nocturne.doors.web.fields import Field, bind
from nocturne.doors.web.public import public

CHOICES = [(name, format_lazy("{}: {}", name, _(meant))) for name, meant in profiles.PROFILES.items()]
GROUPS: tuple[tuple[Any, tuple[Field, ...]], ...] = (
    (_("The NOC"), (
        Field("organisation", _("Organisation"), wide=True, longest=160),
        Field("name", _("Short name"), needed=True, help=_("It stands in every mail’s subject: [noc #4711]")),
        Field("zone", _("Time zone"), near="zones", needed=True),
        Field("base_url", _("Address of this console"), help=_("as people reach it"), wide=True),
        Field("correspond_address", _("Mail address for customers"), "mail"),
        Field("comment_address", _("Mail address for staff notes"), "mail"),
    )),
    (_("The first administrator"), (
        Field("admin", _("Name"), needed=True, complete="username"),
        Field("email", _("Mail"), "mail", complete="email"),
        Field("password", _("Password"), "password", needed=True, complete="new-password",
              help=_("ten letters at least")),
        Field("again", _("Password once more"), "password", needed=True, complete="new-password"),
    )),
    (_("What it starts from"), (
        Field("profile", _("Profile"), "radios", needed=True, choices=CHOICES,
              help=_("All of it can be changed later, in the settings.")),
    )),
    (_("To look around"), (
        Field("demo", _("Load the demonstration NOC: sixty days of a network that does not exist"), "check"),
    )),
)  # fmt: skip
USUAL = {"name": "noc", "zone": "UTC", "profile": profiles.USUAL}
_NAMES = (
    "organisation",
    "name",
    "zone",
    "base_url",
    "correspond_address",
    "comment_address",
    "admin",
    "email",
    "password",
    "profile",
)


@public
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask what an installation needs to know of itself, once."""
    done, fits = setup.is_done(), setup.link_fits(secret)
    if done or not fits:
        return page(request, "setup.html", {"is_done": done, "fits": fits}, status=410 if done else 404)
    if request.method != "POST":
        return _form(request, {**USUAL, "base_url": setup.base_url()})
    given = {name: request.POST.get(name, "").strip() for name in _NAMES}
    given["password"] = request.POST.get("password", "")
    given["profile"] = given["profile"] or profiles.USUAL
    given["demo"] = request.POST.get("demo", "")
    if given["password"] != request.POST.get("again", ""):
        return _form(request, given, says=str(_("The two passwords are not the same.")), field="again")
    try:
        user = setup.perform(setup.SetUp(**{name: given[name] for name in _NAMES}), secret=secret)
    except Refusal as refusal:
        return _form(request, given, says=sentence(refusal), field=refusal.field or "", status=refusal.status)
    if request.POST.get("demo"):
        from nocturne.desk import demo  # all its stories need not be in memory for this one day

        demo.leave()
    begin(request, user)
    return redirect(f"{reverse('board')}?did=demo" if given["demo"] else "board")


def _form(
    request: HttpRequest, values: dict[str, Any], *, says: str = "", field: str = "", status: int = 200
) -> HttpResponse:
    shown = {**values, "password": "", "again": ""}
    context = {
        "fits": True,
        "groups": [(title, bind(fields, shown, errors={field: says})) for title, fields in GROUPS],
        "zones": sorted(available_timezones()),
        "says": says,
    }
    return page(request, "setup.html", context, status=422 if says and status == 200 else status)
