"""All that a question can be asked of one ticket, as far as a reader may know it: for whoever judges it in memory.

Rules and whoever watches the journal ask of one ticket whether it is among those a query finds; the database is asked
only for what the query speaks of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from nocturne.core import permits
from nocturne.core.chart import COLUMNS
from nocturne.core.configuration import current
from nocturne.core.entry import Change, Kind
from nocturne.core.fieldvalues import Searchable, searchable
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.permits import Actor
from nocturne.core.query import matches
from nocturne.core.query.facts import Event, FileFact, Known, Person, Ran, Said
from nocturne.core.query.tree import Query
from nocturne.store import pasts, reach
from nocturne.store.fulltext import reading, taken
from nocturne.store.models import (
    Affected,
    Attachment,
    ClockTotal,
    Contact,
    Entry,
    Group,
    Outage,
    Party,
    Question,
    Relation,
    Ticket,
    TicketMachine,
    User,
)
from nocturne.store.searchnames import ROWS
from nocturne.store.searchvalues import open_questions, questions_to, values_of

ROWS_NAMED = tuple(
    name for name, each in COLUMNS.items() if each.form == "row" and name not in ("parent", "merged_into")
)
_HIT = ("customer", "service")
_PEOPLE = ("owner", "reporter", "checked_by", "watcher", "expert", "asked")
Loader = Callable[[], Any]


def finds(asked: Query, number: int, reader: Actor, *, now: datetime) -> bool:
    """Tell whether a ticket is among those that a query finds for a reader; what they may not know of never is."""
    known = recall(number, reader, now=now)
    if known is None:
        return False
    return matches(asked.tree, known.facts, None, now=now, reads=known.reads, seen=known.seen)


def recall(number: int, reader: Actor, *, now: datetime) -> Known | None:
    """Give what a reader may know of a ticket; None where they may not know that it is there."""
    rows = Ticket.objects.visible_to(reader).filter(pk=number).select_related(*ROWS_NAMED)
    return next((known(ticket, reader, now=now) for ticket in rows), None)


def known(ticket: Ticket, reader: Actor, *, now: datetime) -> Known:
    """Give what a reader may know of a ticket that they may know of."""
    row = {name: getattr(ticket, name) for name in reach.PLACE}
    seen = permits.classes(reader, reach.places([row], reader)[0])
    return Known(_Facts(ticket, reader, seen, now), lambda column: current().class_of(column) in seen, seen)


class _Lazily(Mapping[str, Any]):
    """A mapping whose values are read when somebody asks for them, and then kept."""

    def __init__(self, load: Callable[[str], Any]) -> None:
        self._load = load
        self._kept: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._kept:
            self._kept[name] = self._load(name)
        return self._kept[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


class _Facts(_Lazily):
    """The facts of a ticket, by the names that `nocturne.core.query.facts` gives them."""

    def __init__(self, ticket: Ticket, reader: Actor, seen: frozenset[int], now: datetime) -> None:
        self.ticket, self.reader, self._seen, self.now = ticket, reader, seen, now
        super().__init__(self._of)

    def _of(self, name: str) -> Any:
        if name in _HIT:
            return self.hit(name)
        if name in _LOADED:
            return _LOADED[name](self)
        if name.startswith(PREFIX):
            return _local(self.ticket, name)
        if "." in name:
            return [each for each in self._behind(name) if each]
        if name in ROWS_NAMED:
            row = getattr(self.ticket, name)
            return None if row is None else str(row.name)
        if name in ("parent", "merged_into"):
            return getattr(self.ticket, f"{name}_id")
        if not hasattr(self.ticket, name):
            raise KeyError(name)
        return getattr(self.ticket, name)

    def machines(self) -> list[str]:
        return [each.machine.name for each in self._machines]

    @cached_property
    def _machines(self) -> list[TicketMachine]:
        rows = TicketMachine.objects.filter(ticket=self.ticket)
        return list(rows.select_related("machine__site", "machine__network"))

    def _behind(self, name: str) -> Iterable[str | None]:
        """Name what lies behind the ticket's machines, site, circuit or reporter."""
        first, _, what = name.partition(".")
        if first == "machine":
            rows: list[Any] = [each.machine for each in self._machines]
        else:
            row = getattr(self.ticket, first)
            rows = [row] if row is not None else []
        for row in rows:
            if what == "organisation":
                yield row.organisation
            elif name == "circuit.site":
                yield from (getattr(each, "name", None) for each in (row.from_site, row.to_site))
            else:
                yield getattr(getattr(row, what), "name", None)

    def hit(self, kind: str | None = None) -> list[str]:
        values = Affected.objects.filter(ticket=self.ticket).values_list("value", flat=True)
        return [each["name"] for each in values if kind is None or each["kind"] == kind]

    def people(self, column: str) -> list[Person]:
        if column not in _PEOPLE:
            raise KeyError(column)
        if column in ("watcher", "expert"):
            return [_person(*key.split(":")[1:]) for key in self._parties if key.startswith(f"{column}:")]
        if column == "asked":
            rows = self._questions.select_related("user", "group")
            return [_account(each.user) if each.user else _group(each.group) for each in rows]
        row = getattr(self.ticket, column)
        if row is None:
            return []
        return [_contact(row) if column == "reporter" else _account(row)]

    @cached_property
    def _parties(self) -> list[str]:
        return list(Party.objects.filter(ticket=self.ticket).values_list("key", flat=True))

    @cached_property
    def _questions(self) -> QuerySet[Question]:
        return open_questions(self.reader).filter(ticket=self.ticket)

    def mine(self) -> frozenset[str]:
        """Name the columns of people in which the reader stands."""
        reader, ticket = self.reader, self.ticket
        found = {name for name in ("owner", "checked_by") if reader.is_account(getattr(ticket, f"{name}_id"))}
        if reader.contact is not None and ticket.reporter_id == reader.contact:
            found.add("reporter")
        ours = {f"account:{reader.id}"} if reader.kind == "account" else set()
        ours |= {f"contact:{reader.contact}"} if reader.contact is not None else set()
        if self._questions.filter(questions_to(self.reader)).exists():
            found.add("asked")
        found |= {role for role, _, who in (key.partition(":") for key in self._parties) if who in ours}
        return frozenset(found)

    def linked(self, link: str) -> list[Known]:
        """Give the tickets behind a link that the reader may know of."""
        rows = (
            Ticket.objects.visible_to(self.reader)
            .filter(pk__in=self._numbers(link))
            .select_related(*ROWS_NAMED)
        )
        return [known(each, self.reader, now=self.now) for each in rows]

    def _numbers(self, link: str) -> list[int]:
        number, out = self.ticket.pk, Relation.objects.filter(ticket=self.ticket)
        match link:
            case "child":
                return list(Ticket.objects.filter(parent=number).values_list("pk", flat=True))
            case "blocks":
                back = Relation.objects.filter(other=number, kind="depends_on")
                return list(back.values_list("ticket", flat=True))
            case "depends" | "refers":
                kind = {"depends": "depends_on", "refers": "refers_to"}[link]
                return list(out.filter(kind=kind).values_list("other", flat=True))
        other = getattr(self.ticket, {"parent": "parent_id", "merged": "merged_into_id"}[link])
        return [] if other is None else [other]

    def clocks(self) -> dict[str, Ran]:
        rows = ClockTotal.objects.filter(ticket=self.ticket)
        return {each.clock: Ran(each.seconds, each.since) for each in rows}

    def files(self) -> list[FileFact]:
        rows = Attachment.objects.filter(ticket=self.ticket, redacted=False, purpose=taken.SENT)
        told = rows.values_list("name", "entry__shown_class", "said__text")
        return [FileFact(name, data_class, text or "") for name, data_class, text in told]

    def said(self) -> list[Said]:
        """List the words on the ticket that the reader may read, beside its own subject and files."""
        number, lowest = self.ticket.pk, min(self._seen, default=0)
        found = reading.pieces([number], self.reader, now=self.now)[number]
        return [
            Said(each.text, lowest)
            for each in found
            if each.column != "file" and (each.column != "subject" or each.ticket != number)
        ]

    def events(self) -> list[Event]:
        """List what entries turned after the ticket was opened, with what things and people are called now."""
        rows = (
            Entry.objects.filter(ticket=self.ticket).exclude(kind=Kind.OPENED.value).select_related("words")
        )
        return [
            Event(
                turned.column,
                _called(turned.column, turned.before),
                _called(turned.column, turned.after),
                row.at,
                self._author(row),
                row.shown_class,
                is_mine=row.author_kind == "account" and self.reader.is_account(row.author_id),
                mine=frozenset(
                    end
                    for end, value in (("before", turned.before), ("after", turned.after))
                    if self._is_me(turned.column, value)
                ),
                people={
                    end: person
                    for end, value in (("before", turned.before), ("after", turned.after))
                    if (person := self._turned(turned.column, value)) is not None
                },
            )
            for row in rows.order_by("seq")
            for turned in pasts.turns(Change(*each) for each in (*row.changes, *row.words.changes))
        ]

    @staticmethod
    def _author(row: Entry) -> Person:
        if row.author_id is None:
            return Person((row.author_label,))
        return _person(row.author_kind, str(row.author_id))

    def _turned(self, column: str, value: str | None) -> Person | None:
        """Give who a column of people was, or became; None of another column, or where it was nobody."""
        if value is None or column not in ("owner", "checked_by", "reporter"):
            return None
        return _person("contact" if column == "reporter" else "account", value)

    def _is_me(self, column: str, value: str | None) -> bool:
        me = self.reader.contact if column == "reporter" else self.reader.id
        is_person = self.reader.kind == "account" or column == "reporter"
        return is_person and me is not None and value == str(me)


_LOADED: dict[str, Callable[[_Facts], Any]] = {
    "number": lambda facts: facts.ticket.pk,
    "machines": _Facts.machines,
    "affected": _Facts.hit,
    "handles": lambda facts: _Lazily(facts.people),
    "mine": _Facts.mine,
    "links": lambda facts: _Lazily(facts.linked),
    "clocks": _Facts.clocks,
    "counts": lambda facts: {"outage": Outage.objects.filter(ticket=facts.ticket).count()},
    "files": _Facts.files,
    "events": _Facts.events,
    "said": _Facts.said,
}


def _local(ticket: Ticket, name: str) -> list[Searchable]:
    rows = values_of(name).filter(ticket=ticket)
    return [searchable(each.value) for each in rows]


def _person(kind: str, number: str) -> Person:
    """Give somebody by the number that a ticket has of them."""
    if kind == "account":
        user = User.objects.filter(pk=int(number)).first()
        return _account(user) if user is not None else Person(())
    contact = Contact.objects.filter(pk=int(number)).first()
    return _contact(contact) if contact is not None else Person(())


def _account(user: User) -> Person:
    groups = current().groups_over(user.groups.values_list("name", flat=True))
    names = tuple(each for each in (user.name, user.email, user.full_name) if each)
    return Person(names, frozenset(f"@{each.casefold()}" for each in groups))


def _group(group: Group | None) -> Person:
    return Person((), frozenset({f"@{group.name.casefold()}"}) if group else frozenset())


def _contact(contact: Contact) -> Person:
    names = tuple(each for each in (contact.name, contact.email) if each)
    domain = (contact.email or "").rpartition("@")[2].casefold()
    return Person(names, frozenset({f"@{domain}"}) if domain else frozenset())


def _called(column: str, value: str | None) -> str | None:
    """Say what a row is called now; what is no row is its own name."""
    if value is None or column not in ROWS:
        return value
    found = ROWS[column].filter(pk=int(value)).values_list("name", flat=True).first()
    return None if found is None else str(found)
