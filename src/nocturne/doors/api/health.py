"""The health of the house for programs, and what waits for somebody."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from django.http import HttpResponse
from ninja import Path, Router

from nocturne.desk import health, troubles
from nocturne.doors.api import shapes_administration
from nocturne.doors.api.answers import answer
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given import HIGHEST, Given, Line

router = Router(tags=["administration"])
CARING = Needs(*troubles.RIGHTS)
Row = Annotated[int, Path(ge=1, le=HIGHEST, description="Its number in the list of GET /health.")]


class MailGiven(Given):
    """Where a mail is to be taken in."""

    queue: Line = ""


@router.get("/health", auth=CARING, response=shapes_administration.HealthShape)
def show_health(request: Request) -> HttpResponse:
    """Say how every part of the house is, what helps where one is not well, and what waits for somebody."""
    actor = request.auth
    lines = health.look(by=actor)
    told = {
        "state": health.worst(lines),
        "parts": [asdict(line) for line in lines],
        "versions": dict(health.versions()),
        "mails": [asdict(each) for each in troubles.mails(by=actor)],
        "notices": [asdict(each) for each in troubles.unsent(by=actor)],
        "jobs": [asdict(each) for each in troubles.stopped(by=actor)],
    }
    return answer(told, actor=actor)


@router.post("/health/mails/{row}/again", auth=CARING, response={204: None})
def take_mail_in_again(request: Request, row: Row, given: MailGiven = MailGiven()) -> HttpResponse:  # noqa: B008
    """Let a mail in quarantine be taken in once more, for another queue if one is named."""
    troubles.take_in_again(row, by=request.auth, door=door(request), queue=given.queue)
    return HttpResponse(status=204)


@router.post("/health/mails/{row}/drop", auth=CARING, response={204: None})
def drop_mail(request: Request, row: Row) -> HttpResponse:
    """Leave a mail in quarantine unfiled for good."""
    troubles.drop(row, by=request.auth, door=door(request))
    return HttpResponse(status=204)


@router.post("/health/notices/{row}/again", auth=CARING, response={204: None})
def send_notice_again(request: Request, row: Row) -> HttpResponse:
    """Try a mail once more that could not be sent."""
    troubles.send_again(row, by=request.auth, door=door(request))
    return HttpResponse(status=204)


@router.post("/health/jobs/{row}/again", auth=CARING, response={204: None})
def put_job_back(request: Request, row: Row) -> HttpResponse:
    """Let a job be tried once more that failed for good."""
    troubles.put_back(row, by=request.auth, door=door(request))
    return HttpResponse(status=204)
