"""Why can anna see this? Found for an account and a ticket, and said in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from nocturne.core import explaining, permits
from nocturne.core.configuration import current
from nocturne.core.entry import FIRST_LOCAL_CLASS
from nocturne.core.explaining import Answer, Asked, Explanation
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.desk import accounts, people, wording
from nocturne.store import configured, reach
from nocturne.store.models import Queue, Ticket, User

REASONS: dict[str, str] = {
    "by_group": N_("gives it to the group %(group)s."),
    "by_party": N_("gives it to the %(party)s of a ticket."),
    "not_in_group": N_("is for the group %(group)s."),
    "not_party": N_("is for the %(party)s of a ticket."),
    "token_narrowed": N_("does not count: the token is narrowed to other queues."),
    "queue_class": N_("is not cleared for %(data_class)s, the class of the queue %(queue)s."),
    "other_queue": N_("holds in other queues: %(queues)s."),
    "other_network": N_("holds for other networks: %(networks)s."),
    "other_type": N_("holds for other types: %(types)s."),
    "other_state": N_("holds in other states: %(states)s."),
    "not_this": N_("does not give it."),
}


@dataclass(frozen=True, slots=True)
class Said:
    """An explanation for people: one sentence that answers, and one for each clearance."""

    allowed: bool
    answer: str
    lines: list[tuple[str, bool, str]]
    """Clearance, whether it gives what was asked, and what it says."""


def explain(name: str, number: int, what: str, *, by: Actor, queue: str = "") -> Said:
    """Explain whether an account may see or do something on a ticket.

    :param queue: instead of a number: a new ticket in this queue, of its usual type, in which nobody has a part yet.
    :param what: a field, `change:FIELD`, a data class, an act, or `ticket`.
    :raises Forbidden: whoever asks administers neither people nor clearances; they may ask about themselves.
    :raises NotFound: there is no such account, or no such ticket for whoever asks.
    :raises Invalid: `what` is nothing that can be explained.
    """
    configured.refresh()
    if name.strip().casefold() != by.label.casefold():
        refuse_the_curious(by, None)  # before anything is looked up: who is there is told to nobody either
    person = people.find(name)
    refuse_the_curious(by, person.pk)
    asked = explaining.asked_by(what)
    if not _administers(by) and _is_secret(asked, by):
        raise Invalid("nothing_to_explain", field="what", given=what)
    actor = accounts.actor_of(person)
    place = place_in(queue, by=by) if queue else place_of(number, actor, by=by)
    found = explaining.why(actor, place, asked)
    if not _administers(by):
        found = replace(found, answers=tuple(each for each in found.answers if _concerns(each, by)))
    return said(found, actor, number, queue)


def who_can(number: int, what: str, *, by: Actor, queue: str = "") -> list[tuple[str, str, list[str]]]:
    """List the clearances that give something on a ticket: clearance, group or part, and the accounts that have it.

    :param queue: instead of a number, as :func:`explain` takes it.

    :raises Forbidden, NotFound, Invalid: as :func:`explain`.
    """
    configured.refresh()
    refuse_the_curious(by, None)
    asked = explaining.asked_by(what)
    found = []
    place = place_in(queue, by=by) if queue else place_of(number, by, by=by)
    for grant in explaining.who(place, asked):
        names: list[str] = []
        if grant.group:
            groups = [each for each in current().groups if grant.group in current().groups_over([each])]
            accounts_in = User.objects.filter(is_active=True, groups__name__in=groups).order_by("name")
            names = list(accounts_in.values_list("name", flat=True).distinct())
        found.append((grant.clearance, grant.group or grant.party, names))
    return found


def refuse_the_curious(by: Actor, person: int | None) -> None:
    """Let administrators ask about everybody, and everybody about themselves.

    :raises Forbidden: it is neither.
    """
    if not _administers(by) and not by.is_account(person):
        raise Forbidden("not_permitted", act="administer-clearances")


def _administers(by: Actor) -> bool:
    rights = ("administer-people", "administer-clearances", "administer-audit")
    return any(permits.may(by, right) for right in rights)


def _is_secret(asked: Asked, by: Actor) -> bool:
    """Tell whether something is asked about, a class or a field of the site's own, that the asker reads nowhere."""
    if asked.kind == "class":
        number = current().class_numbers[asked.name]
    elif asked.name.startswith("field/"):
        number = current().class_of(asked.name)
    else:
        return False
    return number >= FIRST_LOCAL_CLASS and number not in permits.classes_somewhere(by)


def _concerns(answer: Answer, by: Actor) -> bool:
    """Tell whether somebody who asks about themselves is told of a clearance: it is theirs, or could be in a ticket,
    and it does not speak only of queues they may not know of."""
    if answer.reason == "not_in_group":
        return False
    known = current()
    queues = known.clearances[answer.clearance].queues
    return not queues or all(permits.knows_queue(by, known.queue_ids.get(name, 0)) for name in queues)


def place_of(number: int, actor: Actor, *, by: Actor) -> Mapping[str, Any]:
    """Read what the permits ask of a ticket, for an actor; whoever asks must themselves know of it.

    :raises NotFound: they do not.
    """
    rows = list(Ticket.objects.filter(pk=number).values(*reach.PLACE))
    if not rows or not permits.in_scope(by, reach.places(rows, by)[0]):
        raise NotFound("no_such_ticket", number=number)
    return reach.places(rows, actor)[0]


def place_in(queue: str, *, by: Actor) -> Mapping[str, Any]:
    """Say what the permits ask of a ticket for one that is opened in a queue; the asker must know of the queue.

    :raises NotFound: they do not.
    """
    row = Queue.objects.filter(name=queue).first()
    if row is None or not permits.knows_queue(by, row.pk):
        raise NotFound("no_such_queue_here", field="where", given=queue)
    return {"queue": row.pk, "type": row.default_type, "state": "new", "meaning": "new"}


def said(found: Explanation, actor: Actor, number: int, queue: str = "") -> Said:
    """Say an explanation in sentences."""
    where = _("a new ticket in %(queue)s") % {"queue": queue} if queue else number
    facts = {"who": actor.label, "number": where, "what": _what(found), "class": found.needs}
    template = _ANSWERS[found.asked.kind, found.allowed]
    if queue and (found.asked.kind, found.allowed) == ("ticket", False):
        template = N_("%(who)s knows nothing of %(number)s.")
    lines = [(each.clearance, each.gives, _(REASONS[each.reason]) % _facts(each)) for each in found.answers]
    return Said(found.allowed, _(template) % facts, lines)


_ANSWERS: dict[tuple[str, bool], str] = {
    ("ticket", True): N_("%(who)s knows of %(number)s."),
    ("ticket", False): N_("For %(who)s there is no ticket %(number)s."),
    ("column", True): N_("%(who)s can read “%(what)s” of %(number)s, which is for %(class)s readers."),
    ("column", False): N_("%(who)s cannot read “%(what)s” of %(number)s, which is for %(class)s readers."),
    ("class", True): N_("%(who)s reads what is for %(class)s readers on %(number)s."),
    ("class", False): N_("%(who)s does not read what is for %(class)s readers on %(number)s."),
    ("change", True): N_("%(who)s can change “%(what)s” of %(number)s."),
    ("change", False): N_("%(who)s cannot change “%(what)s” of %(number)s."),
    ("right", True): N_("%(who)s may do this on %(number)s: %(what)s."),
    ("right", False): N_("%(who)s may not do this on %(number)s: %(what)s."),
}


def _what(found: Explanation) -> str:
    if found.asked.kind in ("column", "change"):
        local = current().field(found.asked.name.removeprefix("field/"))
        return (local.title or local.name) if local else wording.field(found.asked.name)
    return found.asked.name


def _facts(answer: Answer) -> dict[str, Any]:
    return {
        name: ", ".join(str(each) for each in value) if isinstance(value, list) else value
        for name, value in answer.facts.items()
    }
