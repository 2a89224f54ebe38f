"""A colleague is asked on the ticket and answers there; what the next shift must know is pinned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from nocturne.core.entry import DataClass, Door, Kind
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound, WrongState
from nocturne.desk.charts import header
from nocturne.desk.terms import NOTHING, Extra, Written
from nocturne.desk.work import update
from nocturne.desk.write import Case, Step, write
from nocturne.store import shifts
from nocturne.store.families import family_of
from nocturne.store.models import HandoverPin, Question
from nocturne.store.shifts import PIN, QUESTION


@dataclass(frozen=True, slots=True)
class QuestionView:
    """An open question as a reader sees it; `key` is its address."""

    key: str
    number: int
    subject: str
    asked: str
    author: str
    at: datetime
    text: str
    entry: str
    is_mine: bool
    """Whether the reader asked it."""
    is_for_me: bool
    """Whether the reader is asked: by name, or as one of a group."""


@dataclass(frozen=True, slots=True)
class PinView:
    """What the next shift must know of a ticket."""

    number: int
    subject: str
    author: str
    at: datetime
    text: str
    entry: str


# --- acts -----------------------------------------------------------------------------------------------------------


def ask(
    number: int, to: Sequence[str], text: str, *, by: Actor, door: Door, extra: Extra = NOTHING
) -> Written:
    """Ask somebody, or a group, on a ticket: a note that begins with their names.

    :raises Invalid: nobody was named, there is no such account, or they may not read the ticket.
    """
    names = [name.strip().removeprefix("@") for name in to if name.strip()]
    if not names:
        raise Invalid("nobody_asked", field="to")
    if not text.strip():
        raise Invalid("empty_question", field="text")
    called = " ".join(f"@{name}" for name in names)
    return update(number, f"{called} {text.strip()}", by=by, door=door, extra=extra)


def answer(number: int, key: str, text: str, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Answer a question on its ticket: whoever may note there can, for whoever was asked.

    :raises NotFound: there is no such question for this reader.
    :raises WrongState: it has been answered or withdrawn.
    :raises Invalid: there are no words.
    """
    if not text.strip():
        raise Invalid("empty_answer", field="text")
    found = _open(number, key, by)
    # An answer is for no wider circle than its question.
    least = DataClass(found["entry__shown_class"])
    if extra.data_class is None and least is not DataClass.STAFF:
        extra = replace(extra, data_class=least)

    def plan(_: Case) -> Step:
        _open(number, key, by)  # asked again with the ticket in hand: somebody may have answered meanwhile
        return Step(text=text, facts={"answers": [key], "to": found["author"]})

    return write(number, Kind.NOTE, plan, by=by, door=door, extra=replace(extra, text=""))


def answer_mine(number: int, text: str, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Answer the question that is open on a ticket: the one that one is asked oneself, else the only one there is.

    :raises NotFound: no question is open there.
    :raises Invalid: there are several, so that one has to be chosen.
    """
    asked, _pin = on_chart([header(number, by).number], by)
    for_me = [each for each in asked if each.is_for_me] or [each for each in asked if not each.is_mine]
    if not for_me:
        raise NotFound("no_such_question", field="question")
    if len(for_me) > 1:
        raise Invalid("several_questions", field="question", count=len(for_me))
    return answer(number, for_me[0].key, text, by=by, door=door, extra=extra)


def take_back(number: int, key: str, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Take a question back that needs no answer any more; only who asked it does.

    :raises NotFound: there is no such question for this reader.
    :raises Forbidden: somebody else has asked it.
    """
    found = _open(number, key, by)
    if not by.is_account(found["author_id"]):
        raise Forbidden("not_yours")

    def plan(_: Case) -> Step:
        _open(number, key, by)
        return Step(facts={"unasks": [key], "to": found["asked"]})

    return write(number, Kind.NOTE, plan, by=by, door=door, extra=extra)


def pin(number: int, text: str, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Pin a ticket for the handover, with what must be known of it; words that were pinned before give way.

    :raises Invalid: there are no words.
    """
    if not text.strip():
        raise Invalid("empty_pin", field="text")
    plan = Step(text=text, facts={"pins": True})
    return write(number, Kind.NOTE, lambda _: plan, by=by, door=door, extra=replace(extra, text=""))


def unpin(number: int, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Take a ticket off the handover.

    :raises WrongState: it is not on it.
    """

    def plan(case: Case) -> Step:
        if not HandoverPin.objects.filter(ticket_id=case.number).exists():
            raise WrongState("not_pinned", number=case.number)
        return Step(facts={"unpins": True})

    return write(number, Kind.NOTE, plan, by=by, door=door, extra=extra)


def _open(number: int, key: str, by: Actor) -> Mapping[str, Any]:
    """Find an open question on a ticket.

    :raises NotFound: there is none of this address for this reader.
    :raises WrongState: it has ended.
    """
    family = family_of(header(number, by).number)
    known = Question.objects.filter(shifts.on_readable_entries(by), key=key, ticket_id__in=family)
    found: dict[str, Any] | None = known.values(*QUESTION, "ended_by__author_label").first()
    if found is None:
        raise NotFound("no_such_question", field="question")
    if found["state"] != "open":
        raise WrongState(f"question_{found['state']}", who=found["ended_by__author_label"] or "")
    return found


# --- looks ----------------------------------------------------------------------------------------------------------


def on_chart(numbers: Sequence[int], reader: Actor) -> tuple[list[QuestionView], PinView | None]:
    """List the open questions on a ticket and those merged into it, the oldest first, and say what is pinned of it."""
    asked, kept = shifts.on_chart(numbers, reader)
    # Whoever looks at the chart has its subject before them.
    found = [row for row in kept if row["ticket_id"] == numbers[0]]
    return views(asked, reader, titled=False), pinned(found, reader, titled=False)[0] if found else None


def for_me(reader: Actor, *, limit: int = 100) -> list[QuestionView]:
    """List what somebody is asked, the oldest first."""
    rows = shifts.open_questions(reader).filter(shifts.asked_of(reader)).values(*QUESTION)[:limit]
    return views(rows, reader)


def by_me(reader: Actor, *, limit: int = 100) -> list[QuestionView]:
    """List what somebody has asked and waits for, the oldest first."""
    rows = shifts.open_questions(reader).filter(author_id=reader.id or 0).values(*QUESTION)[:limit]
    return views(rows, reader)


def pinned(rows: Iterable[Mapping[str, Any]], reader: Actor, *, titled: bool = True) -> list[PinView]:
    """Show rows of pins to a reader.

    :param titled: whether to say what their tickets are about.
    """
    rows = list(rows)
    subjects = shifts.subjects([row["ticket_id"] for row in rows], reader) if titled else {}
    return [
        PinView(
            row["ticket_id"],
            subjects.get(row["ticket_id"], ""),
            row["author"],
            row["at"],
            row["entry__words__text"] or "",
            row["entry__address"],
        )
        for row in rows
    ]


def views(rows: Iterable[Mapping[str, Any]], reader: Actor, *, titled: bool = True) -> list[QuestionView]:
    """Show rows of questions to a reader.

    :param titled: whether to say what their tickets are about.
    """
    rows = list(rows)
    subjects = shifts.subjects([row["ticket_id"] for row in rows], reader) if titled else {}
    return [
        QuestionView(
            key=row["key"],
            number=row["ticket_id"],
            subject=subjects.get(row["ticket_id"], ""),
            asked=row["asked"],
            author=row["author"],
            at=row["at"],
            text=row["entry__words__text"] or "",
            entry=row["entry__address"],
            is_mine=reader.is_account(row["author_id"]),
            is_for_me=reader.is_account(row["user_id"])
            or (bool(row["group_id"]) and row["asked"] in reader.groups),
        )
        for row in rows
    ]


__all__ = [
    "PIN",
    "QUESTION",
    "PinView",
    "QuestionView",
    "answer",
    "answer_mine",
    "ask",
    "by_me",
    "for_me",
    "on_chart",
    "pin",
    "pinned",
    "take_back",
    "unpin",
    "views",
]
