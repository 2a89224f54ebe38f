"""What a query finds, in memory: the twin of `nocturne.store.search`. What it is asked of says `facts`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from nocturne.core.fieldvalues import Searchable
from nocturne.core.fieldvalues.asking import Range, holds
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.query.facts import Event, FileFact, Known, Person, Ran, Reads, Said, same
from nocturne.core.query.lowering import lowered
from nocturne.core.query.tree import CLASS_OF, TEXTS, And, Happened, Linked, Not, Or, Prefix, Probe, Tree
from nocturne.core.query.vocabulary import THINGS
from nocturne.core.tokens import asked
from nocturne.core.tokens import matches as spoken_in


@dataclass(frozen=True)
class _Asking:
    """Who asks, and what they may read of this ticket."""

    facts: Mapping[str, Any]
    me: str | None
    now: datetime
    reads: Reads | None
    seen: frozenset[int] | None

    def may(self, column: str) -> bool:
        return all(self.reads is None or self.reads(each) for each in judged(column))

    def knows(self, data_class: int) -> bool:
        """Whether they read entries of this class; without a reader everything is read."""
        return data_class in self.seen if self.seen is not None else self.reads is None


def judged(column: str) -> tuple[str, ...]:
    """Name the columns that must be read for a probe of one."""
    if column in THINGS:
        return THINGS[column]
    own = CLASS_OF.get(column, column)
    return () if own is None else (own,)


def matches(
    tree: Tree,
    facts: Mapping[str, Any],
    me: str | None,
    *,
    now: datetime,
    reads: Reads | None = None,
    seen: frozenset[int] | None = None,
) -> bool:
    """Tell whether a ticket is among those a query finds.

    :param facts: as `nocturne.core.query.facts` has them; what is not there is empty.
    :param me: the name of the account that asks.
    :param reads: whether who asks may read a column of this ticket; what they may not read is never found.
    :param seen: the data classes they read on it: of its history and files, only entries of these count.
    """
    return _holds(lowered(tree, now), _Asking(facts, me, now, reads, seen))


def _holds(tree: Tree, asking: _Asking) -> bool:
    match tree:
        case And(parts):
            return all(_holds(part, asking) for part in parts)
        case Or(parts):
            return any(_holds(part, asking) for part in parts)
        case Not(part):
            return not _holds(part, asking)
        case Linked(link, part):
            return _linked(link, part, asking)
        case Probe(column):
            # Words are judged text by text: whoever may not read the subject may read a note.
            return (column in TEXTS or asking.may(column)) and _passes(tree, asking)
    raise TypeError("terms are lowered first")


def _linked(link: str, part: Tree, asking: _Asking) -> bool:
    """Ask the tickets behind a link; one that is told by the other ticket is known by who reads it there."""
    told_here = {"parent": "parent", "depends": "relation", "refers": "relation"}.get(link)
    if told_here is not None and not asking.may(told_here):
        return False
    there = {"child": "parent", "blocks": "relation"}.get(link)
    others: Sequence[Known] = asking.facts.get("links", {}).get(link, ())
    return any(
        (there is None or each.reads is None or each.reads(there))
        and _holds(part, _Asking(each.facts, asking.me, asking.now, each.reads, each.seen))
        for each in others
    )


def _passes(probe: Probe, asking: _Asking) -> bool:
    column, how, values, facts = probe.column, probe.how, probe.values, asking.facts
    fact = facts.get("machines" if column == "machine" else column)
    match how:
        case "readable":
            return True
        case "mine":
            return column in facts.get("mine", ()) or (asking.me is not None and fact == asking.me)
        case "called":
            return any(each.is_called(value) for each in _people(column, facts) for value in values)
        case "empty":
            found: Any = facts.get("handles", {}).get(column, fact)
            return found is None or found in ([], ())
        case "within" if not column.startswith(PREFIX):
            return any(_lies(fact, each) for each in values)
        case "within":
            return holds(values, fact or ())
        case "filled":
            return bool(fact)
        case "contains":
            return str(values[0]).lower() in str(fact or "").lower()
        case "starts":
            return any(str(each).lower().startswith(values[0].lower()) for each in _listed(fact))
        case "words":
            return _spoken(probe, asking)
        case "least":
            return bool(_amount(probe, asking) >= values[-1])
        case "happened":
            return any(_happened(values[0], each, asking) for each in facts.get("events", ()))
    return any(same(each, value) for each in _listed(fact) for value in values)


def _listed(fact: Any) -> Iterable[Any]:
    return fact if isinstance(fact, list) else [] if fact is None else [fact]


def _people(column: str, facts: Mapping[str, Any]) -> Sequence[Person]:
    found: Sequence[Person] | None = facts.get("handles", {}).get(column)
    if found is None:
        found = [Person((str(facts[column]),))] if facts.get(column) is not None else []
    return found


def _lies(fact: Any, asked: Range) -> bool:
    """Tell whether a header's number or instant lies in a range."""
    if fact is None:
        return False
    return asked.holds(
        Searchable(at=fact) if isinstance(fact, datetime) else Searchable(number=Decimal(fact))
    )


def _spoken(probe: Probe, asking: _Asking) -> bool:
    """Tell whether words are said: in what the full text holds, a text at a time."""
    wanted = probe.values[0]
    looked_for = asked(wanted.start, begins=True) if isinstance(wanted, Prefix) else asked(str(wanted))
    return spoken_in(_texts(probe.column, asking), looked_for)


def _texts(column: str, asking: _Asking) -> Iterator[str]:
    subject = str(asking.facts.get("subject") or "")
    files: Iterable[FileFact] = asking.facts.get("files", ())
    if column != "file" and subject and asking.may("subject"):
        yield subject
    if column == "subject":
        return
    for each in files:
        if asking.knows(each.data_class):
            yield from (each.name, each.text)
    if column == "text":
        said: Iterable[Said] = asking.facts.get("said", ())
        yield from (each.text for each in said if asking.knows(each.data_class))


def _amount(probe: Probe, asking: _Asking) -> int:
    column, what, facts = probe.column, probe.values[0], asking.facts
    if column == "clock":
        ran: Ran | None = facts.get("clocks", {}).get(what)
        return ran.until(asking.now) if ran else 0
    if column == "child":
        found: Sequence[Known] = facts.get("links", {}).get("child", ())
        return sum(_is_counted(each, what) for each in found)
    if column == "file":
        return sum(asking.knows(each.data_class) for each in facts.get("files", ()))
    if column == "outage":
        return int(facts.get("counts", {}).get("outage", 0))
    if column in ("watcher", "expert"):
        return len(_people(column, facts))
    return len(list(_listed(facts.get("machines" if column == "machine" else column))))


def _is_counted(child: Known, types: tuple[str, ...] | None) -> bool:
    reads = child.reads
    if reads is not None and not reads("parent"):
        return False
    return types is None or ((reads is None or reads("type")) and child.facts.get("type") in types)


def _happened(asked: Happened, event: Event, asking: _Asking) -> bool:
    if asked.columns and event.column not in asked.columns:
        return False
    if not asking.knows(event.data_class) or not asking.may(event.column):
        return False
    return (
        (not asked.befores or _alike(event, "before", asked.befores))
        and (not asked.afters or _alike(event, "after", asked.afters))
        and (not asked.when or any(_lies(event.at, each) for each in asked.when))
        and (not asked.by or any(_is_by(event, each) for each in asked.by))
    )


def _alike(event: Event, end: str, values: tuple[Any, ...]) -> bool:
    fact = getattr(event, end)
    for value in values:
        if value == "me" and event.column in ("owner", "checked_by", "reporter"):
            if end in event.mine:
                return True
            continue
        if value is None:
            found = fact is None
        elif fact is not None and end in event.people:
            found = event.people[end].is_called(value)
        elif isinstance(value, Prefix):
            found = fact is not None and str(fact).lower().startswith(value.start.lower())
        else:
            found = same(None if fact is None else str(fact), str(value))
        if found:
            return True
    return False


def _is_by(event: Event, asked: Any) -> bool:
    return event.is_mine if asked == "me" else event.by.is_called(asked)
