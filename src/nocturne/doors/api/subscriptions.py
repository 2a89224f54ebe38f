"""Subscriptions for programs: what one is mailed at a rhythm, begun, tried out and ended."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Path, Router
from pydantic import Field, StringConstraints

from nocturne.desk import subscriptions
from nocturne.desk.subscriptions import Wanted
from nocturne.doors.api.acts import once
from nocturne.doors.api.answers import answer
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given import Given, Line
from nocturne.doors.api.shapes import Shape
from nocturne.store.models import Subscription

router = Router(tags=["people"])
SubscriptionKey = Annotated[
    str, Path(min_length=1, max_length=24, pattern="^[A-Za-z0-9]+$", description="The subscription's key.")
]


WHAT = "The key of the view or the dashboard, or the name of the desk whose handover is meant."
RHYTHM = (
    "“weekdays 06:45”, “mon,thu 07:00,19:00”, “every 4 hours”, “first monday 08:00”, “monthly 1,15 08:00”; nothing for "
    "a handover: takeovers say when."
)
FORM = "As a text and as a page, or as a text alone."


class SubscriptionGiven(Given):
    """What is to be mailed, and when."""

    kind: Literal["view", "dashboard", "query", "handover"]
    what: Annotated[str, StringConstraints(max_length=60)] = Field("", description=WHAT)
    query: Annotated[str, StringConstraints(max_length=2_000)] = ""
    rhythm: Line = Field("", description=RHYTHM)
    only: Literal["always", "filled", "changed"] = "always"
    form: Literal["both", "text"] = Field("both", description=FORM)
    group: Line = Field("", description="The group whose members it is for; oneself if empty.")
    title: Annotated[Line, StringConstraints(max_length=80)] = ""


class SubscriptionChanged(Given):
    """What is to be another; what is not given stays as it is."""

    kind: Literal["view", "dashboard", "query", "handover"] | None = None
    what: Annotated[str, StringConstraints(max_length=60)] | None = Field(None, description=WHAT)
    query: Annotated[str, StringConstraints(max_length=2_000)] | None = None
    rhythm: Line | None = Field(None, description=RHYTHM)
    only: Literal["always", "filled", "changed"] | None = None
    form: Literal["both", "text"] | None = Field(None, description=FORM)
    title: Annotated[Line, StringConstraints(max_length=80)] | None = None
    rests: bool | None = Field(None, description="Whether it rests: what comes due meanwhile is not mailed.")


class SubscriptionRow(Shape):
    """A subscription that reaches one, or that one has made for others."""

    key: str
    title: str
    kind: str
    what: str
    query: str
    rhythm: str
    only: str
    form: str
    group: str
    next_at: str | None = Field(
        description="The next mail; null while it rests, and where takeovers say when."
    )
    rests: bool
    is_gone: bool = Field(
        description="What it is of is gone, or is not for whoever asks: nothing comes of it any more."
    )
    may_change: bool
    may_end: bool


class Subscriptions(Shape):
    subscriptions: list[SubscriptionRow]


@router.get("/me/subscriptions", auth=Needs(), response=Subscriptions)
def list_own_subscriptions(request: Request) -> HttpResponse:
    """List what one is mailed at a rhythm, and what one has made for groups."""
    rows = subscriptions.of(request.auth)
    gone = subscriptions.gone(rows, request.auth)
    found = [_row(each, request, is_gone=each in gone) for each in rows]
    return answer({"subscriptions": found}, actor=request.auth)


@router.post("/me/subscriptions", auth=Needs(), response={201: SubscriptionRow})
def subscribe(request: Request, given: SubscriptionGiven) -> HttpResponse:
    """Begin a subscription: a view, a dashboard or a question by mail, to oneself or to a group."""
    wanted = Wanted(**given.model_dump())

    def do() -> dict[str, Any]:
        return _row(subscriptions.create(wanted, by=request.auth, door=door(request)), request)

    return once(request, given, do, status=201)


@router.patch("/me/subscriptions/{key}", auth=Needs(), response=SubscriptionRow)
def change_subscription(request: Request, key: SubscriptionKey, given: SubscriptionChanged) -> HttpResponse:
    """Change what is mailed, when and how; let it rest, or go on. Whom it is for stays."""
    wanted = {name: value for name, value in given.model_dump().items() if value is not None}
    rests = wanted.pop("rests", None)

    def do() -> dict[str, Any]:
        row = subscriptions.change(key, wanted, rests=rests, by=request.auth, door=door(request))
        return _row(row, request, is_gone=bool(subscriptions.gone([row], request.auth)))

    return once(request, given, do, status=200)


@router.post("/me/subscriptions/{key}/mail", auth=Needs(), response={202: None})
def send_subscription_now(request: Request, key: SubscriptionKey) -> HttpResponse:
    """Have one mail sent to oneself now, to see what it looks like."""

    def do() -> dict[str, Any]:
        subscriptions.send_now(key, by=request.auth)
        return {}

    once(request, None, do, status=202)
    return HttpResponse(status=202)


@router.delete("/me/subscriptions/{key}", auth=Needs(), response={204: None})
def end_subscription(request: Request, key: SubscriptionKey) -> HttpResponse:
    """End a subscription; of one for a group that is not one's own, one leaves it oneself."""
    subscriptions.end(key, by=request.auth, door=door(request))
    return HttpResponse(status=204)


def _row(row: Subscription, request: Request, *, is_gone: bool = False) -> dict[str, Any]:
    title, query = subscriptions.told(row, request.auth)
    names = ("key", "kind", "what", "only", "form")
    return {
        **{name: getattr(row, name) for name in names},
        "title": title,
        "query": query,
        "rhythm": subscriptions.spelt(row),
        "group": row.group.name if row.group is not None else "",
        "next_at": None if is_gone else row.next_at,
        "rests": row.paused_at is not None,
        "is_gone": is_gone,
        "may_change": subscriptions.may_change(row, request.auth),
        "may_end": subscriptions.may_end(row, request.auth),
    }
