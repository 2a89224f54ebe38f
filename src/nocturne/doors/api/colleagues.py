"""Colleagues: asking one on a ticket, answering there, and what the next shift must know of a ticket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from ninja import Router

from nocturne import desk
from nocturne.core.entry import Kind
from nocturne.desk import charts, questions
from nocturne.desk.questions import QuestionView
from nocturne.desk.terms import Written
from nocturne.doors.api import shapes
from nocturne.doors.api.acts import act, extra
from nocturne.doors.api.answers import answer, web_url
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given import Act, Number
from nocturne.doors.api.given_shift import AnswerGiven, Key, PinGiven, QuestionGiven
from nocturne.doors.api.shapes_shift import Questions

router = Router(tags=["colleagues"])


@router.get("/me/questions", auth=Needs(staff=True), response=Questions)
def list_my_questions(request: Request) -> HttpResponse:
    """List what you are asked, and what you have asked and wait for."""
    found = [*questions.for_me(request.auth), *questions.by_me(request.auth)]
    once = {each.key: each for each in found}
    return answer({"questions": spelt(once.values())}, actor=request.auth)


@router.get("/tickets/{int:number}/questions", auth=Needs(staff=True), response=Questions)
def list_questions(request: Request, number: Number) -> HttpResponse:
    """List the open questions on a ticket."""
    found = charts.header(number, request.auth)
    asked, _pin = questions.on_chart([found.number], request.auth)
    return answer({"questions": spelt(asked)}, actor=request.auth)


@router.post("/tickets/{int:number}/questions", auth=Needs(Kind.NOTE), response={201: shapes.Done})
def ask_colleague(request: Request, number: Number, given: QuestionGiven) -> HttpResponse:
    """Ask somebody, or a group, on a ticket; they are told at once. `@name` in any note does the same."""
    along = extra(request, given, text="")

    def do() -> Written:
        return desk.ask(number, given.to, given.text, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, status=201, at=along.at)


@router.post(
    "/tickets/{int:number}/questions/{key}/answer", auth=Needs(Kind.NOTE), response={201: shapes.Done}
)
def answer_colleague(request: Request, number: Number, key: Key, given: AnswerGiven) -> HttpResponse:
    """Answer a question on its ticket; whoever asked is told at once."""
    along = extra(request, given, text="")

    def do() -> Written:
        return desk.answer(number, key, given.text, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, status=201, at=along.at)


@router.post(
    "/tickets/{int:number}/questions/{key}/withdrawal", auth=Needs(Kind.NOTE), response={201: shapes.Done}
)
def take_question_back(request: Request, number: Number, key: Key, given: Act = Act()) -> HttpResponse:  # noqa: B008
    """Take a question of yours back."""
    along = extra(request, given)

    def do() -> Written:
        return desk.take_back(number, key, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, status=201, at=along.at)


@router.put("/tickets/{int:number}/pin", auth=Needs(Kind.NOTE), response=shapes.Done)
def pin_ticket(request: Request, number: Number, given: PinGiven) -> HttpResponse:
    """Put a ticket on the handover, with what must be known of it, until somebody takes it off or it is closed."""
    along = extra(request, given, text="")

    def do() -> Written:
        return desk.pin(number, given.text, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, at=along.at)


@router.delete("/tickets/{int:number}/pin", auth=Needs(Kind.NOTE), response=shapes.Done)
def unpin_ticket(request: Request, number: Number) -> HttpResponse:
    """Take a ticket off the handover."""
    return act(request, None, lambda: desk.unpin(number, by=request.auth, door=door(request)))


def spelt(found: Iterable[QuestionView]) -> list[dict[str, Any]]:
    """Spell questions."""
    return [asdict(each) | {"web_url": web_url(each.number)} for each in found]
