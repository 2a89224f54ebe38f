"""Why somebody may see or do something, clearance by clearance: the same questions as the permits', answered aloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nocturne.core import permits
from nocturne.core.configuration import Configuration, current
from nocturne.core.configuration.clearances import ANYBODY, RIGHTS
from nocturne.core.configuration.grants import Grant
from nocturne.core.entry import Kind
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid

TICKET = "ticket"
VERBS: Mapping[str, str] = {
    "open": "opened", "take": "taken", "give": "given", "refer": "referred", "dispatch": "dispatched",
    "escalate": "escalated", "suspend": "suspended", "resume": "resumed", "restore": "restored",
    "resolve": "resolved", "check": "checked", "sign-off": "checked", "close": "closed", "reopen": "reopened",
    "reject": "rejected", "relate": "related", "merge": "merged", "unmerge": "unmerged", "correct": "corrected",
    "redact": "redacted", "reclassify": "reclassified", "change": "changed", "move": "moved", "answer": "received",
}  # fmt: skip
"""Acts as people say them, and the rights they need."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about: to know of the ticket at all, to read a column or a class, to change a column, or a right.

    :param kind: ticket, column, class, change or right.
    """

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one clearance says: whether it gives what was asked, and the code and facts of the reason."""

    clearance: str
    gives: bool
    reason: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether somebody may, and what each clearance says to it: those that give it first."""

    asked: Asked
    allowed: bool
    answers: tuple[Answer, ...]
    needs: str = ""
    """The data class that it takes, where it takes one."""


def asked_by(word: str) -> Asked:
    """Understand what is asked: a field, `change:FIELD`, a class, an act or right, or `ticket`.

    :raises Invalid: it is none of these.
    """
    configuration, word = current(), word.strip().lower()
    if word in ("", TICKET):
        return Asked("ticket", TICKET)
    changing, colon, name = word.partition(":")
    if changing == "change" and colon:
        return Asked("change", _column(configuration, name, word))
    if VERBS.get(word, word) in RIGHTS and word not in ("note", "outage", "affected"):
        return Asked("right", VERBS.get(word, word))
    if word in configuration.class_numbers:
        return Asked("class", word)
    if word in RIGHTS:
        return Asked("right", word)
    return Asked("column", _column(configuration, word, word))


def _column(configuration: Configuration, name: str, given: str) -> str:
    if configuration.field(name.removeprefix("field/")) is not None:
        return f"field/{name.removeprefix('field/')}"
    try:
        configuration.class_of(name)
    except KeyError:
        raise Invalid("nothing_to_explain", field="what", given=given) from None
    return name


def why(actor: Actor, header: Mapping[str, Any], asked: Asked) -> Explanation:
    """Explain whether an actor may do or see something on a ticket.

    :param header: the ticket's place, as the permits ask of it (`nocturne.store.reach.places`).
    """
    configuration = current()
    answers = [_answer(configuration, grant, actor, header, asked) for grant in configuration.grants]
    answers.sort(key=lambda each: not each.gives)
    return Explanation(asked, allowed(actor, header, asked), tuple(answers), _needs(configuration, asked))


def allowed(actor: Actor, header: Mapping[str, Any], asked: Asked) -> bool:
    """Ask the permits themselves."""
    if asked.kind == "ticket":
        return permits.in_scope(actor, header)
    if asked.kind == "right":
        here = permits.in_scope(actor, header) or asked.name == Kind.OPENED.value
        return here and permits.may(actor, asked.name, header)
    if asked.kind == "change":
        number = current().class_of(asked.name)
        return any(number in grant.changes for grant in permits.reaching(actor, header))
    number = _number(current(), asked)
    return number in permits.classes(actor, header)


def who(header: Mapping[str, Any], asked: Asked) -> list[Grant]:
    """List the clearances that give something on a ticket to whoever has their group or part."""
    configuration = current()
    return [
        grant
        for grant in configuration.grants
        if _place(configuration, grant, header) is None and _gives(configuration, grant, asked)
    ]


def _answer(
    configuration: Configuration, grant: Grant, actor: Actor, header: Mapping[str, Any], asked: Asked
) -> Answer:
    reason = _person(configuration, grant, actor, header) or _place(configuration, grant, header)
    if reason is not None:
        return Answer(grant.clearance, False, *reason)
    if not _gives(configuration, grant, asked):
        return Answer(grant.clearance, False, "not_this", {"what": asked.name})
    if grant.group:
        over = {} if grant.group in actor.groups else {"over": sorted(actor.groups)}
        return Answer(grant.clearance, True, "by_group", {"group": grant.group, **over})
    return Answer(grant.clearance, True, "by_party", {"party": grant.party})


def _person(
    configuration: Configuration, grant: Grant, actor: Actor, header: Mapping[str, Any]
) -> tuple[str, Mapping[str, Any]] | None:
    """Say why a clearance is not this actor's; None where it is."""
    if actor.kind == "system":
        return None
    if grant.group and grant.group not in configuration.groups_over(actor.groups):
        return "not_in_group", {"group": grant.group}
    if grant.party and grant.party != ANYBODY and not permits.is_party(actor, grant.party, header):
        return "not_party", {"party": grant.party}
    if actor.only_queues is not None and header.get("queue") not in actor.only_queues:
        return "token_narrowed", {}
    return None


def _place(
    configuration: Configuration, grant: Grant, header: Mapping[str, Any]
) -> tuple[str, Mapping[str, Any]] | None:
    """Say why a clearance does not hold for this ticket; None where it does."""
    queue = header.get("queue")
    if queue in grant.without:
        found = configuration.queue_numbered(queue)
        return "queue_class", {
            "data_class": found.data_class if found else "",
            "queue": found.name if found else "",
        }
    clearance = configuration.clearances[grant.clearance]
    if grant.queues is not None and queue not in grant.queues:
        return "other_queue", {"queues": list(clearance.queues)}
    if grant.networks is not None and header.get("network") not in grant.networks:
        return "other_network", {"networks": list(clearance.networks)}
    if grant.types is not None and header.get("type") not in grant.types:
        return "other_type", {"types": list(clearance.types)}
    if not grant.reaches(header):
        return "other_state", {"states": list(clearance.states)}
    return None


def _gives(configuration: Configuration, grant: Grant, asked: Asked) -> bool:
    if asked.kind == "ticket":
        return bool(grant.sees)
    if asked.kind == "right":
        return asked.name in grant.rights
    number = _number(configuration, asked)
    return number in (grant.changes if asked.kind == "change" else grant.sees)


def _number(configuration: Configuration, asked: Asked) -> int:
    if asked.kind == "class":
        return configuration.class_numbers[asked.name]
    return configuration.class_of(asked.name)


def _needs(configuration: Configuration, asked: Asked) -> str:
    if asked.kind in ("ticket", "right"):
        return ""
    return configuration.class_words.get(_number(configuration, asked), "")
