"""What an entry says to colleagues besides its words: whom it asks, which question it answers, what it pins.

Questions and pins are facts of entries; the rows beside them are what the entries add up to, written in the same
transaction. :func:`added_up` says it once more in memory: a law holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nocturne.core.entry import DataClass, Door, Kind
from nocturne.core.mentions import mentioned
from nocturne.core.opaque import new_address
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid
from nocturne.desk import accounts, versions
from nocturne.store.families import family_of
from nocturne.store.models import Group, HandoverPin, Question, User

if TYPE_CHECKING:
    from nocturne.desk.write import Case
    from nocturne.store.models import Entry

ASKING = frozenset(
    {
        Kind.NOTE, Kind.TAKEN, Kind.GIVEN, Kind.REFERRED, Kind.DISPATCHED, Kind.ESCALATED, Kind.CHANGED, Kind.SUSPENDED,
        Kind.RESUMED, Kind.RESTORED, Kind.MOVED, Kind.ACKNOWLEDGED, Kind.CHECKED, Kind.REOPENED,
    }
)  # fmt: skip
"""Acts whose words are for colleagues; nobody is asked where customers are spoken to."""
ENDING = frozenset({Kind.CLOSED, Kind.REJECTED})
"""Acts with which what was asked and pinned on a ticket is over."""
MOST_MEMBERS = 200
"""Members of a group who are looked at: somebody among them must be able to read what is asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom some words ask, as facts of the entry, and which names in them are nobody's."""

    facts: Sequence[Mapping[str, Any]] = ()
    warnings: Sequence[Invalid] = ()


NOBODY = Asked()


def read(case: Case, kind: Kind, text: str, data_class: DataClass) -> Asked:
    """Find out whom an entry's words ask.

    :raises Invalid: somebody is asked who may not read it, or customers would read the question.
    """
    if kind not in ASKING or "@" not in text or case.by.kind != "account" or case.door is Door.IMPORT:
        return NOBODY
    names = mentioned(text)
    if not names or not case.by.is_staff:
        return NOBODY
    facts: list[Mapping[str, Any]] = []
    warnings: list[Invalid] = []
    for name in names:
        called = _called(name)
        if called is None:
            warnings.append(Invalid("nobody_called", field="text", given=name))
        elif isinstance(called, User):
            if not case.by.is_account(called.pk):
                _demand_reader([called.pk], called.name, case, data_class)
                facts.append(_fact("account", called.pk, called.name))
        else:
            members = called.members.filter(is_active=True, is_service=False).exclude(pk=case.by.id or 0)
            _demand_reader(
                list(members.values_list("pk", flat=True)[:MOST_MEMBERS]), called.name, case, data_class
            )
            facts.append(_fact("group", called.pk, called.name))
    if facts and data_class <= DataClass.CUSTOMER:
        raise Invalid("question_to_customers", field="text", given=facts[0]["name"])
    return Asked(facts, warnings)


def nobodys(kind: str, text: str, by: Actor) -> list[Invalid]:
    """Say again which names in words that somebody has just written ask nobody; to the staff, who ask, alone."""
    if kind not in ASKING or "@" not in text or not by.is_staff or by.kind != "account":
        return []
    names = mentioned(text)
    return [Invalid("nobody_called", field="text", given=name) for name in names if _called(name) is None]


def _called(name: str) -> User | Group | None:
    """Find whom a name asks: a person who is here still, or else a group."""
    person = User.objects.filter(name__iexact=name, is_active=True, is_service=False).first()
    return person or Group.objects.filter(name__iexact=name).first()


def _fact(kind: str, number: int, name: str) -> dict[str, Any]:
    return {"key": new_address(), "kind": kind, "id": number, "name": name}


def _demand_reader(numbers: Sequence[int], name: str, case: Case, data_class: DataClass) -> None:
    """Refuse to ask whom the question would not reach.

    :raises Invalid: none of these accounts may read an entry of this class on the ticket.
    """
    for number in numbers:
        actor = accounts.actor_by_id(number)
        if actor is not None and int(data_class) in versions.seen_by(actor, case.ticket):
            return
    raise Invalid("cannot_be_asked", field="text", given=name)


def follow(case: Case, kind: Kind, entry: Entry) -> None:
    """Bring what is asked and pinned on a ticket up to date with an entry that was just written."""
    facts = entry.facts
    number = case.ticket.pk
    if asks := facts.get("asks"):
        Question.objects.bulk_create(
            Question(
                key=each["key"],
                ticket_id=number,
                entry=entry,
                at=entry.recorded_at,
                author_id=entry.author_id if entry.author_kind == "account" else None,
                author=entry.author_label,
                user_id=each["id"] if each["kind"] == "account" else None,
                group_id=each["id"] if each["kind"] == "group" else None,
                asked=each["name"],
            )
            for each in asks
        )
    for name, state in (("answers", "answered"), ("unasks", "withdrawn")):
        if keys := facts.get(name):
            _end(Question.objects.filter(key__in=keys, state="open"), state, entry)
    if facts.get("pins"):
        HandoverPin.objects.update_or_create(
            ticket_id=number,
            defaults={"entry": entry, "at": entry.recorded_at, "author": entry.author_label},
        )
    elif facts.get("unpins"):
        HandoverPin.objects.filter(ticket_id=number).delete()
    if kind in ENDING:
        family = family_of(number)
        _end(Question.objects.filter(ticket_id__in=family, state="open"), "lapsed", entry)
        HandoverPin.objects.filter(ticket_id__in=family).delete()


def _end(questions: Any, state: str, entry: Entry) -> None:
    questions.update(state=state, ended_at=entry.recorded_at, ended_by=entry)


def added_up(entries: Iterable[Any]) -> tuple[dict[str, str], str | None]:
    """Add up what the entries of a chart ask and pin: the state of each question, and the address that pins it."""
    questions: dict[str, str] = {}
    pinned: str | None = None
    for entry in entries:
        questions |= {each["key"]: "open" for each in entry.facts.get("asks", ())}
        for name, state in (("answers", "answered"), ("unasks", "withdrawn")):
            questions |= {
                key: state for key in entry.facts.get(name, ()) if questions.get(key) in (None, "open")
            }
        if entry.facts.get("pins"):
            pinned = entry.address
        elif entry.facts.get("unpins"):
            pinned = None
        if entry.kind in ENDING:
            questions = {key: "lapsed" if state == "open" else state for key, state in questions.items()}
            pinned = None
    return questions, pinned
