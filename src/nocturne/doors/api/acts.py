"""Turns what was sent into one act of the desk, done once, and the act into an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse

from nocturne import desk
from nocturne.core import permits, when
from nocturne.core.configuration import current
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid
from nocturne.core.spans import parse_worked
from nocturne.desk import calendars, clock, readers
from nocturne.desk.terms import CLEAR, Alarm, Extra, Written
from nocturne.doors.api import spoken
from nocturne.doors.api.answers import answer_sorted, api_url, plain, seen, told
from nocturne.doors.api.asking import Request
from nocturne.doors.api.given import Act, AlarmGiven, Along, Fields, Given

AHEAD = frozenset({"planned_start", "planned_end"})
TIMES = frozenset({"started_at", "detected_at", "reported_at"}) | AHEAD
KEY = "HTTP_IDEMPOTENCY_KEY"


def act(
    request: Request,
    given: Given | None,
    do: Callable[[], Written],
    *,
    status: int = 200,
    content: Any = None,
    at: datetime | None = None,
) -> HttpResponse:
    """Do one act, once per Idempotency-Key, and tell what it did.

    :param content: what else the act is made of besides the body (a file's hash).
    :param at: when it was said to have happened.
    """
    return once(request, given, lambda: told(do(), request.auth, at=at), status=status, content=content)


def once(
    request: Request,
    given: Given | None,
    do: Callable[[], dict[str, Any]],
    *,
    status: int = 200,
    content: Any = None,
) -> HttpResponse:
    """Do something once per Idempotency-Key; every repeat gets the first answer, byte for byte."""
    key = request.META.get(KEY, "").strip()
    mark = ""
    if key:
        sent = given.model_dump(mode="json", exclude_unset=True) if given is not None else None
        mark = desk.fingerprint(request.method, request.path_info, sent, content)
    code, said, repeated = desk.once(request.auth, key or None, mark, lambda: (status, plain(do())))
    # Only what an act did to a ticket has words; all else is told as JSON whatever was wanted.
    say = spoken.answer if spoken.wanted(request) and "ticket" in said else answer_sorted
    response = say(said, status=code, actor=request.auth)
    if code == 201 and "number" in said and "web_url" in said:
        response.headers["Location"] = api_url(f"/tickets/{said['number']}")
    if repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def extra(request: Request, given: Along, **more: Any) -> Extra:
    """Read what came along with an act.

    :raises Invalid: a time or a span cannot be right; its key is named.
    """
    now, actor = clock.now(), request.auth
    values: dict[str, Any] = {"text": given.text, "seen": seen(request)}
    if given.data_class is not None:
        values["data_class"] = readers.chosen(given.data_class)
    if given.at is not None:
        values["at"] = moment(given.at, actor, now, field="at")
    if given.worked is not None:
        values["worked"] = worked(given.worked)
    if given.sent("next_action"):
        values["next_action"] = given.next_action or ""
    if given.sent("alarm"):
        values["alarm"] = alarm(given.alarm, request, now)
    if isinstance(given, Act) and given.state:
        values["state"] = given.state
    if isinstance(given, Act) and given.fields is not None:
        values["fields"] = columns(given.fields, actor, now)
    return Extra(**(values | more))


def columns(given: Fields, actor: Actor, now: datetime) -> dict[str, Any]:
    """Read the header fields that were sent, with their times as instants.

    :raises Invalid: a time cannot be read.
    """
    found = {}
    for name in given.model_fields_set & Fields.model_fields.keys():
        value = getattr(given, name)
        if name in TIMES and value:
            value = moment(value, actor, now, field=name, ahead=name in AHEAD)
        found[name] = value
    return found | local(given.model_extra, actor)


def local(given: Mapping[str, Any] | None, actor: Actor) -> dict[str, Any]:
    """Read the site's own fields, by name, as columns.

    :raises Invalid: there is none of this name that the actor may know of.
    """
    found = {name.removeprefix(PREFIX): value for name, value in (given or {}).items()}
    for name in found:
        field = current().field(name)
        if field is None or not permits.sees_column(actor, PREFIX + field.name):
            raise Invalid("unknown_key", field=f"fields.{name}", given=name)
    return {PREFIX + name: value for name, value in found.items()}


def alarm(given: AlarmGiven | str | None, request: Request, now: datetime) -> Any:
    """Read a timer; nothing clears it.

    :raises Invalid: its time cannot be read.
    """
    if given is None or given == "":
        return CLEAR
    if isinstance(given, str):
        return when.parse_alarm(given, now, request.auth.zone, field="alarm", calendar=_hours(request))
    at = when.parse_when(given.at, now, request.auth.zone, field="alarm", calendar=_hours(request))
    return Alarm(at, given.text)


def _hours(request: Request) -> when.Calendars:
    """Find the working hours of the ticket that is asked for."""
    kwargs = request.resolver_match.kwargs if request.resolver_match else {}
    return calendars.on(kwargs.get("number"), request.auth)


def moment(text: str, actor: Actor, now: datetime, *, field: str, ahead: bool = False) -> datetime:
    """Read a time as an instant; one without a zone is in the account's.

    :param ahead: whether what is missing in it is filled towards the future.
    :raises Invalid: it cannot be read.
    """
    return when.parse_when(text, now, actor.zone, "future" if ahead else "past", field=field)


def moments(given: Given, names: Mapping[str, str], actor: Actor) -> dict[str, datetime | None]:
    """Read several times of one object, by attribute and by the key that a refusal is to name."""
    now = clock.now()
    return {
        name: moment(value, actor, now, field=field) if (value := getattr(given, name)) else None
        for name, field in names.items()
    }


def worked(given: int | str) -> int:
    """Read time worked: a number is seconds.

    :raises Invalid: it cannot be read, or is less than nothing.
    """
    if isinstance(given, str):
        return parse_worked(given)
    if not 0 <= given <= 3_600_000:
        raise Invalid("bad_worked", field="worked", given=str(given))
    return given
