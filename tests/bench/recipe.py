"""Makes tickets with valid books, a thousand at a time: every header is what its entries add up to, every hash fits.

What an entry changes and what its hash covers is asked of the store itself, so that this cannot drift from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

from nocturne.core.chart import column, plain
from nocturne.core.configuration.standard import STANDARD
from nocturne.core.entry import Author, DataClass, Door, Kind, chain_hash, instant, text_hash
from nocturne.core.priority import default_priority
from nocturne.store.append import NewEntry, changes_between
from nocturne.store.chain import hashed_facts
from nocturne.store.headers import ATTRIBUTES, FORMS
from tests.bench import words

STATES = STANDARD.lifecycles["standard"]
PIECE = 1000
"""Tickets that are made at once; their entries lie in the journal as they were written, one ticket's among others'."""
EACH = 5
MANY, SOME = 2000, 20
YEARS = timedelta(days=3 * 365)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
Labelled = dict[str, Any]


@dataclass(frozen=True)
class Inventory:
    """The rows that tickets point to: numbers and names, the busy ones first."""

    people: list[tuple[int, str]]
    queues: list[tuple[int, str]]
    machines: list[tuple[int, str, int, int]]  # number, name, site, network
    sites: dict[int, str]
    networks: dict[int, str]
    vendors: list[tuple[int, str]]
    contacts: list[tuple[int, str]]


@dataclass(frozen=True)
class Plan:
    """How many tickets there are, until when, and what they point to. The same plan makes the same tickets."""

    tickets: int
    until: datetime
    inventory: Inventory

    @property
    def pieces(self) -> int:
        return -(-self.tickets // PIECE)

    @property
    def long_ticket(self) -> int:
        """The ticket with 2,000 entries."""
        return self.tickets

    @property
    def usual_ticket(self) -> int:
        """The ticket with 20 entries."""
        return self.tickets - 1


@dataclass
class Piece:
    """Rows by table, each a mapping of the model's attributes."""

    tickets: list[dict[str, Any]] = field(default_factory=list)
    machines: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)


class Story:
    """One ticket as it grows, entry by entry."""

    def __init__(self, number: int, rng: Random, header: dict[str, Any] | None = None) -> None:
        self.number, self.rng = number, rng
        self.header: dict[str, Any] = header or {}
        self.seq, self.hash = 0, bytes(32)
        self.clock_since: datetime | None = None
        self.marks: dict[str, Any] = {f"last_seq_{word}": 0 for word in ("customer", "staff", "restricted")}
        self.written: list[tuple[dict[str, Any], dict[str, Any]]] = []

    def add(
        self, kind: Kind, at: datetime, by: Author, after: dict[str, Any], *, text: str = "", worked: int = 0,
        data_class: DataClass = DataClass.STAFF, door: Door = Door.WEB,
    ) -> None:  # fmt: skip
        """This will write one entry as the store does."""
        if worked:
            after = after | {"worked": (self.header.get("worked") or 0) + worked}
        new = NewEntry(kind, at, at, by, door, data_class, after, before_labels=self._labels(after))
        changes = changes_between(self.header, new)
        open_changes = [each.stored() for each in changes if not column(each.column).sensitive]
        closed_changes = [each.stored() for each in changes if column(each.column).sensitive]
        salt = self.rng.randbytes(16)
        self.seq += 1
        row = SimpleNamespace(
            ticket_id=self.number, seq=self.seq, kind=kind.value, at=at, recorded_at=at, author_kind=by.kind,
            author_id=by.id, author_label=by.label, door=door.value, born_class=int(data_class),
            shown_class=int(data_class), changes=open_changes, facts={}, worked=worked, cause_id=None,
            corrects_id=None, address="".join(self.rng.choices(_LETTERS, k=12)),
            text_hash=text_hash(salt, text or None, closed_changes), prev_hash=self.hash,
        )  # fmt: skip
        row.hash = self.hash = chain_hash(self.hash, hashed_facts(row))  # type: ignore[arg-type]
        self.written.append(
            (vars(row), {"salt": salt, "text": text or None, "changes": closed_changes, "redaction_id": None})
        )
        for change in changes:
            self._assign(change.column, change.after, at)
        self._mark(at, data_class)

    def _labels(self, after: dict[str, Any]) -> dict[str, str]:
        return {name: self.header[f"_{name}"] for name in after if f"_{name}" in self.header}

    def _assign(self, name: str, after: Any, at: datetime) -> None:
        if after is None:
            self.header.pop(name, None)
            return
        form = column(name).form
        if form == "row":
            self.header[f"_{name}"] = after["label"]
        self.header[name] = plain(form, after)
        if name == "clock":
            self.clock_since = at

    def _mark(self, at: datetime, data_class: DataClass) -> None:
        self.marks |= {"last_seq": self.seq, "touched_at": at, "last_hash": self.hash}
        for rung in (DataClass.RESTRICTED, DataClass.STAFF, DataClass.CUSTOMER):
            if data_class <= rung:
                self.marks |= {f"last_seq_{rung.word}": self.seq, f"touched_{rung.word}_at": at}

    def row(self) -> dict[str, Any]:
        """This will give the ticket's row, as far as it has values."""
        values: dict[str, Any] = {"number": self.number, "clock_since": self.clock_since, **self.marks}
        for name, value in self.header.items():
            if name == "state":
                values |= {"state": value["name"], "meaning": value["meaning"]}
            elif name in ATTRIBUTES:
                values[ATTRIBUTES[name]] = Instant(value) if FORMS[name] == "instant" else value
        return values


class Instant(str):
    """An instant as the books spell it, to be spelt as a database does."""

    __slots__ = ()


def piece(plan: Plan, index: int) -> Piece:
    """This will make the tickets `index * PIECE + 1` and following."""
    rng = Random(f"nocturne {plan.tickets} {index}")
    made = Piece()
    written = []
    for number in range(index * PIECE + 1, min((index + 1) * PIECE, plan.tickets) + 1):
        story, machine = tell(plan, number, rng)
        made.tickets.append(story.row())
        made.machines.append({"id": number, "ticket_id": number, "machine_id": machine})
        written += story.written
    written.sort(key=lambda pair: pair[0]["recorded_at"])
    for key, (entry, text) in enumerate(written, start=index * PIECE * EACH + 1):
        made.entries.append({"id": key, **entry})
        made.texts.append({"entry_id": key, **text})
    return made


def tell(plan: Plan, number: int, rng: Random) -> tuple[Story, int]:
    """This will tell one ticket's story; two in a hundred are open, most of those young."""
    inventory = plan.inventory
    special = number in (plan.long_ticket, plan.usual_ticket)
    young = number > plan.tickets * 0.95
    is_open = special or rng.random() < (0.21 if young else 0.01)
    at = plan.until - YEARS * (1 - (number - 1) / plan.tickets) - timedelta(days=5)
    at += timedelta(seconds=rng.uniform(0, 3600), microseconds=rng.randrange(1, 999))
    by = _author(_skewed(rng, inventory.people))
    machine, machine_name, site, network = _skewed(rng, inventory.machines)
    queue = _skewed(rng, inventory.queues)
    reported = rng.random() < 0.3
    kind = "complaint" if reported else rng.choices(("trouble", "request", "planned"), (80, 15, 5))[0]
    severity = rng.choices((1, 2, 3, 4), (4, 16, 52, 28))[0]
    planned = kind == "planned"
    story = Story(number, rng)
    after: dict[str, Any] = {
        "type": kind,
        "queue": _row(*queue),
        "subject": rng.choice(words.FAULTS).format(machine=machine_name, place=inventory.sites[site]),
        "state": STATES.state("new").stored(),
        "clock": "scheduled" if planned else "noc",
        "severity": severity,
        "priority": default_priority(kind, severity),
        "opened_by": by.label,
        "opened_at": instant(at),
        "network": _row(network, inventory.networks[network]),
        "site": _row(site, inventory.sites[site]),
        f"machine/{machine}": machine_name,
    }
    if planned:
        begins = at + timedelta(days=3)
        after |= {"planned_start": instant(begins), "planned_end": instant(begins + timedelta(hours=4))}
    if reported:
        after["reporter"] = _row(*rng.choice(inventory.contacts))
    text = f"{rng.choice(words.OPENED).format(minute=rng.randrange(60))} {words.detail(rng)}"
    seen = DataClass.CUSTOMER if reported else DataClass.STAFF
    story.add(Kind.OPENED, at, by, after, text=text, data_class=seen)
    entries = {plan.long_ticket: MANY, plan.usual_ticket: SOME}.get(number, EACH)
    pace = min(timedelta(days=4) / entries, timedelta(hours=20))
    in_question = young and not is_open and rng.random() < 0.1
    for step in _steps(entries, is_open=is_open, in_question=in_question, rng=rng):
        at += pace * rng.uniform(0.2, 0.9)
        _act(story, step, at, plan, rng)
    return story, machine


def _steps(entries: int, *, is_open: bool, in_question: bool, rng: Random) -> Iterator[Kind]:
    """This will choose what happens after the opening; some of the last ones are resolved and wait to be checked."""
    notes = entries - 4
    if is_open and rng.random() < 0.15:
        yield from [Kind.NOTE] * (entries - 1)
        return
    yield Kind.TAKEN
    yield from [Kind.NOTE] * notes
    if is_open:
        yield Kind.REFERRED if rng.random() < 0.25 else Kind.NOTE
        if notes >= 0:
            yield Kind.NOTE
        return
    if in_question:
        yield Kind.NOTE
    yield Kind.RESOLVED
    if not in_question:
        yield Kind.CLOSED


def _act(story: Story, kind: Kind, at: datetime, plan: Plan, rng: Random) -> None:
    by = _author(_skewed(rng, plan.inventory.people))
    clock = "scheduled" if story.header["type"] == "planned" else "noc"
    if kind is Kind.NOTE:
        text = f"{rng.choice(words.NOTES).format(minute=rng.randrange(60))} {words.detail(rng)}"
        after = {"next_action": rng.choice(words.ACTIONS)} if rng.random() < 0.5 else {}
        story.add(kind, at, by, after, text=text, worked=rng.choice((0, 0, 300, 900)))
    elif kind is Kind.TAKEN:
        owner = _row(by.id or 0, by.label)
        story.add(
            kind,
            at,
            by,
            {"owner": owner, "state": STATES.state("open").stored(), "clock": clock},
        )
    elif kind is Kind.REFERRED:
        vendor = _skewed(rng, plan.inventory.vendors)
        after = {
            "state": STATES.state("waiting").stored(),
            "clock": "vendor",
            "vendor": _row(*vendor),
            "referred_to": vendor[1],
            "vendor_reference": f"INC{rng.randrange(10**6):06d}",
            "alarm_at": instant(plan.until + timedelta(hours=rng.uniform(24 * 30, 24 * 400))),
            "alarm_text": "remind " + vendor[1],
        }
        story.add(kind, at, by, after, text="Opened a case with their NOC; they send a crew.")
    elif kind is Kind.RESOLVED:
        after = {
            "state": STATES.state("resolved").stored(),
            "clock": "stopped",
            "resolution": rng.choice(words.SOLVED),
            "cause": rng.choice(words.CAUSES),
            "resolved_at": instant(at),
            "next_action": None,
        }
        story.add(kind, at, by, after, data_class=DataClass.CUSTOMER)
    else:
        after = {
            "state": STATES.state("closed").stored(),
            "clock": "stopped",
            "closed_at": instant(at),
        }
        story.add(kind, at, by, after, data_class=DataClass.CUSTOMER)


def _row(number: int, label: str) -> Labelled:
    return {"id": number, "label": label}


def _author(person: tuple[int, str]) -> Author:
    return Author("account", *person)


def _skewed(rng: Random, choices: list[Any]) -> Any:
    """This will choose so that a few at the front come up most of the time."""
    return choices[int(len(choices) * rng.random() ** 2.5)]


def spelt(value: Any, *, zone: str) -> Any:
    """This will spell a value as the database takes it in bulk; `zone` stands behind instants."""
    if isinstance(value, Instant):
        return f"{value[:10]} {value[11:26]}{zone}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") + zone
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value
