"""What can be done to an account on its page: a table from the noun of an address to the desk's verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from nocturne.core.entry import Door
from nocturne.core.refusals import Conflict, Invalid, NotFound
from nocturne.desk import admitting, keyring, membership, people, representing, roster, tokens, vouchers, ways
from nocturne.doors.web.answers import Asked
from nocturne.doors.web.fields import Field


@dataclass(frozen=True, slots=True)
class Did:
    """What was done, as a code of :data:`DONE`, and what is shown this once."""

    code: str
    plain: str = ""


Act = Callable[[Asked, str], Did]
TOKEN = (
    Field("label", _("What it is for"), needed=True, longest=120),
    Field("scope", _("It may"), "choice",
          choices=[("read", _("read")), ("write", _("read and write")), ("admin", _("administer as well"))]),
    Field("queues", _("Only in queues"), help=_("apart by commas; all without"), longest=400),
    Field("days", _("Good for days"), "number", help=_("as usual here"), longest=5),
)  # fmt: skip
SPEAKING = (
    Field("kind", _("Kind"), "choice",
          choices=[("network", _("network")), ("site", _("site")), ("machine", _("machine"))]),
    Field("thing", _("Its name"), needed=True, near="places", longest=120),
)  # fmt: skip
VOUCHED = (
    Field("provider", _("Provider"), needed=True, longest=30, help=_("its id, or ldap")),
    Field("subject", _("Its name for them"), needed=True, longest=190,
          help=_("the page that refuses them tells it")),
)  # fmt: skip
DONE: Mapping[str, Any] = {
    "added": _("The account is made."),
    "changed": _("Saved."),
    "disabled": _("Disabled. Nobody is signed on with it any more."),
    "enabled": _("They may sign on again. Tokens of before stay worthless."),
    "link_sent": _("A link is on its way to them. It is good once, and for an hour."),
    "demanded": _("They choose another password before anything else."),
    "password_set": _("The password is set; their browsers are signed off."),
    "password_gone": _("The account has no password any more."),
    "browsers_ended": _("All their browsers are signed off."),
    "token_revoked": _("The token is worthless now."),
    "linked": _("Linked. Their browsers are signed off, and they sign on there from now on."),
    "unlinked": _("They sign on there no more."),
    "factors_gone": _("They have no second factor now, and are signed off."),
    "screen_gone": _("That screen shows nothing any more."),
}


def _about(request: Asked, who: str) -> Did:
    """Change what was changed in the form, and nothing that somebody else has changed since it was shown."""
    sent, found = request.POST, roster.detail(who, by=request.actor)
    present = {name: getattr(found.person, name) for name in ("full_name", "email", "zone", "language")}
    present["represents"] = found.contact_address
    changes = {}
    for name, theirs in present.items():
        was, given = sent.get(f"was-{name}", theirs), sent.get(name, "").strip()
        if name not in sent or given == was:
            continue
        if theirs not in (was, given):
            raise Conflict("changed_meanwhile", field=name, who="", theirs=theirs or "—", yours=given or "—")
        changes[name] = given
    if changes:
        people.change(who, changes, by=request.actor, door=Door.WEB)
    return Did("changed")


def _groups(request: Asked, who: str) -> Did:
    membership.set_groups(who, request.POST.getlist("groups"), by=request.actor, door=Door.WEB)
    return Did("changed")


def _way(request: Asked, who: str) -> Did:
    sent = request.POST
    ways.add(
        people.find(who),
        sent.get("kind", ""),
        sent.get("value", ""),
        by=request.actor,
        door=Door.WEB,
        label=sent.get("label", ""),
        for_notices=bool(sent.get("for_notices")),
    )
    return Did("changed")


def _way_gone(request: Asked, who: str) -> Did:
    ways.remove(people.find(who), _number(request), by=request.actor, door=Door.WEB)
    return Did("changed")


def _way_verified(request: Asked, who: str) -> Did:
    ways.verify(people.find(who), _number(request), by=request.actor, door=Door.WEB)
    return Did("changed")


def _notices(request: Asked, who: str) -> Did:
    sent = request.POST
    quiet = (_time(sent.get("quiet_from", "")), _time(sent.get("quiet_until", "")))
    if (quiet[0] is None) != (quiet[1] is None):
        raise Invalid(
            "bad_hours", field="quiet_from", given=sent.get("quiet_from") or sent.get("quiet_until")
        )
    told = {name: sent[name] for name in ways.PURPOSES if name in sent}
    hours = (quiet[0], quiet[1]) if quiet[0] is not None and quiet[1] is not None else None
    ways.choose(people.find(who), told, by=request.actor, door=Door.WEB, quiet=hours)
    return Did("changed")


def _time(given: str) -> time | None:
    given = given.strip()
    try:
        return time.fromisoformat(given) if given else None
    except ValueError:
        raise Invalid("bad_hours", field="quiet_from", given=given) from None


def _link(request: Asked, who: str) -> Did:
    roster.send_link(who, by=request.actor, door=Door.WEB)
    return Did("link_sent")


def _demanded(request: Asked, who: str) -> Did:
    admitting.demand_new_password(who, by=request.actor, door=Door.WEB)
    return Did("demanded")


def _password(request: Asked, who: str) -> Did:
    must_change = bool(request.POST.get("must_change"))
    given = request.POST.get("password", "")
    admitting.set_password(who, given, by=request.actor, door=Door.WEB, must_change=must_change)
    return Did("password_set")


def _password_gone(request: Asked, who: str) -> Did:
    admitting.take_password_away(who, by=request.actor, door=Door.WEB)
    return Did("password_gone")


def _browsers(request: Asked, who: str) -> Did:
    admitting.end_sessions(who, by=request.actor, door=Door.WEB)
    return Did("browsers_ended")


def _token(request: Asked, who: str) -> Did:
    sent = request.POST
    queues = [each.strip() for each in sent.get("queues", "").split(",") if each.strip()]
    days = sent.get("days", "").strip()
    if days and (not days.isdecimal() or len(days) > 5):
        raise Invalid("bad_number", field="days", given=days)
    _row, plain = keyring.make_token(
        who,
        sent.get("label", ""),
        by=request.actor,
        door=Door.WEB,
        scopes=sent.get("scope", "read"),
        queues=queues or None,
        lasts=timedelta(days=int(days)) if days else None,
    )
    return Did("changed", plain)


def _token_gone(request: Asked, who: str) -> Did:
    tokens.revoke_token(people.find(who), _number(request), by=request.actor, door=Door.WEB)
    return Did("token_revoked")


def _speaks(request: Asked, who: str) -> Did:
    sent = request.POST
    representing.name(
        sent.get("kind", ""), sent.get("thing", "").strip(), by=request.actor, door=Door.WEB, account=who
    )
    return Did("changed")


def _speaks_no_more(request: Asked, who: str) -> Did:
    number = _number(request)
    if number not in {each.number for each in representing.everyone(account=who)}:
        raise NotFound("no_such_representative")
    representing.end(number, by=request.actor, door=Door.WEB)
    return Did("changed")


def _screen_gone(request: Asked, who: str) -> Did:
    number = _number(request)
    if number not in {each.number for each in roster.detail(who, by=request.actor).screens}:
        raise NotFound("no_such_display")
    roster.take_down(number, by=request.actor, door=Door.WEB)
    return Did("screen_gone")


def _linked(request: Asked, who: str) -> Did:
    provider, subject = (request.POST.get(name, "").strip() for name in ("provider", "subject"))
    vouchers.link(people.find(who), provider, subject, by=request.actor, door=Door.WEB)
    return Did("linked")


def _unlinked(request: Asked, who: str) -> Did:
    provider = request.POST.get("provider", "")
    vouchers.unlink(people.find(who), provider, by=request.actor, door=Door.WEB)
    return Did("unlinked")


def _local(request: Asked, who: str) -> Did:
    allowed = request.POST.get("allowed") == "1"
    vouchers.allow_local(people.find(who), allowed=allowed, by=request.actor, door=Door.WEB)
    return Did("changed")


def _factors_gone(request: Asked, who: str) -> Did:
    vouchers.take_factors(people.find(who), by=request.actor, door=Door.WEB)
    return Did("factors_gone")


def _enabled(request: Asked, who: str) -> Did:
    admitting.enable(who, by=request.actor, door=Door.WEB)
    return Did("enabled")


def _number(request: Asked) -> int:
    """Read which of an account's things is meant; nought, which nothing has, where that is no number."""
    given = request.POST.get("number", "")
    return int(given) if given.isdecimal() and len(given) < 19 else 0


ACTS: Mapping[str, Act] = {
    "about": _about,
    "groups": _groups,
    "ways": _way,
    "way-removal": _way_gone,
    "way-verification": _way_verified,
    "notices": _notices,
    "password-link": _link,
    "password-demand": _demanded,
    "password": _password,
    "password-removal": _password_gone,
    "browsers": _browsers,
    "tokens": _token,
    "token-revocation": _token_gone,
    "speaking": _speaks,
    "speaking-end": _speaks_no_more,
    "vouching": _linked,
    "vouching-end": _unlinked,
    "local": _local,
    "factor-removal": _factors_gone,
    "screen-removal": _screen_gone,
    "enabling": _enabled,
}
