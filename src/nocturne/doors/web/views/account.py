"""My account: zone, language, look, password, tokens, signed-on browsers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from nocturne.core import opaque
from nocturne.core.refusals import Invalid, NotFound, Refusal
from nocturne.core.zones import zone_named
from nocturne.desk import accounts, factors, signon, versions
from nocturne.desk.tokens import create_token_once, revoke_token
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.coming import own
from nocturne.doors.web.doing import form_key
from nocturne.doors.web.fields import Field, bind
from nocturne.doors.web.sure import sure
from nocturne.doors.web.times import Times
from nocturne.store.db import writing
from nocturne.store.models import Session, Token, User
from nocturne.store.sessions import digest

THEMES = ("light", "dark")
ABOUT = (
    Field("zone", gettext_lazy("Time zone"), near="zones", help=gettext_lazy("such as Europe/Paris")),
    Field("language", gettext_lazy("Language"), "choice", choices=list(settings.LANGUAGES)),
)
SECRET = (
    Field("old", gettext_lazy("Present password"), "password", needed=True, complete="current-password"),
    Field("new", gettext_lazy("New password"), "password", needed=True, complete="new-password",
          help=gettext_lazy("ten letters at least")),
)  # fmt: skip
NEW_TOKEN = (
    Field("label", gettext_lazy("What it is for"), needed=True, longest=120),
    Field("scope", gettext_lazy("It may"), "choice",
          choices=[("write", gettext_lazy("read and write")), ("read", gettext_lazy("read only")),
                   ("admin", gettext_lazy("administer as well"))]),
    Field("queues", gettext_lazy("Only in queues"), help=gettext_lazy("apart by commas; all without"), longest=400),
    Field("days", gettext_lazy("Good for days"), "number", help=gettext_lazy("as usual here"), longest=5),
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Asked) -> HttpResponse:
    """Show one's account, or save zone and language."""
    if request.method != "POST":
        return _shown(request)
    zone, language = request.POST.get("zone", "").strip(), request.POST.get("language", "")
    try:
        zone = str(zone_named(zone))
    except Refusal as refusal:
        return _shown(request, says=sentence(refusal), status=refusal.status)
    known = dict(settings.LANGUAGES)
    with writing():
        User.objects.filter(pk=request.frame.user).update(
            zone=zone, language=language if language in known else request.actor.language
        )
    return redirect("account")


@sensitive_post_parameters("old", "new")
@require_POST
def password(request: Asked) -> HttpResponse:
    """Change one's password; other browsers are signed off."""
    user = _person(request)
    try:
        accounts.change_password(
            user,
            request.POST.get("old", ""),
            request.POST.get("new", ""),
            keep_session=digest(request.session.session_key or ""),
        )
    except Refusal as refusal:
        return _shown(request, says=sentence(refusal), status=refusal.status)
    request.session.cycle_key()
    signon.note("password_changed", user)
    return _shown(request, done=_("Your password is changed. Other browsers are signed off."))


@require_POST
@sure
def tokens(request: Asked) -> HttpResponse:
    """Make a token; its plain text is on this one answer only."""
    sent = request.POST
    queues = [each.strip() for each in sent.get("queues", "").split(",") if each.strip()]
    days = sent.get("days", "").strip()
    try:
        if days and (not days.isdecimal() or len(days) > 5):
            raise Invalid("bad_number", field="days", given=days)
        _token, plain, _again = create_token_once(
            _person(request),
            sent.get("label", ""),
            key=form_key(request),
            scopes=sent.get("scope") or "write",
            lasts=timedelta(days=int(days)) if days else None,
            queues=queues or None,
        )
    except Refusal as refusal:
        typed = bind(NEW_TOKEN, sent.dict(), errors={refusal.field or "": sentence(refusal)})
        return _shown(request, says=sentence(refusal), status=refusal.status, new_token=typed)
    return _shown(request, plain=plain)


@require_POST
def token(request: Asked, number: int) -> HttpResponse:
    """Revoke a token of one's own."""
    revoke_token(_person(request), number)
    return redirect("account")


@require_POST
def session(request: Asked, mark: str) -> HttpResponse:
    """Sign another browser of one's own off."""
    for each in Session.objects.filter(user_id=request.frame.user):
        if _mark(each.digest) == mark:
            with writing():
                Session.objects.filter(pk=each.pk, user_id=request.frame.user).delete()
            return redirect("account")
    raise NotFound("no_such_entry")


@require_POST
def theme(request: Asked) -> HttpResponse:
    """Choose light, dark, or whatever the screen has; this browser remembers it."""
    response = redirect(own(request, request.POST.get("back", "")))
    chosen = request.POST.get("theme", "")
    name, path = settings.SESSION_COOKIE_NAME.replace("session", "theme"), settings.SESSION_COOKIE_PATH
    if chosen in THEMES:
        response.set_cookie(
            name, chosen, max_age=3600 * 24 * 365, path=path, samesite="Lax", httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    else:
        response.delete_cookie(name, path=path, samesite="Lax")
    return response


def chosen_theme(request: Any) -> dict[str, str]:
    """Hand the chosen look to every template."""
    chosen = request.COOKIES.get(settings.SESSION_COOKIE_NAME.replace("session", "theme"), "")
    return {"theme": chosen if chosen in THEMES else ""}


def _person(request: Asked) -> User:
    return User.objects.get(pk=request.frame.user)


def _mark(digest_: str) -> str:
    """Name a session on its owner's page without telling what it is stored as."""
    return opaque.seal(versions.key("session"), "mark", 0, int(digest_[:15], 16))


def _shown(request: Asked, *, status: int = 200, **more: Any) -> HttpResponse:
    person = _person(request)
    own = digest(request.session.session_key or "")
    sessions = list(Session.objects.filter(user=person).order_by("-seen_at")[:50])
    for each in sessions:
        each.mark, each.is_this = _mark(each.digest), each.digest == own  # type: ignore[attr-defined]
    context = {
        "person": person,
        "groups": ", ".join(sorted(request.actor.groups)),
        "about": bind(ABOUT, {"zone": person.zone, "language": person.language}),
        "zones": sorted(available_timezones()) if request.method == "GET" else [],
        "secret": bind(SECRET, {}),
        "second_factors": factors.has_any(person),
        "tokens": list(
            Token.objects.filter(user=person, revoked_at=None).prefetch_related("queues").order_by("-pk")
        ),
        "new_token": bind(NEW_TOKEN, {}),
        "sessions": sessions,
        "times": Times(request.actor),
        "back": reverse("board"),
        **more,
    }
    return page(request, "account.html", context, status=status)
