"""All that comes to somebody by mail: what was drawn up during the night, and what further acts would tell them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.refusals import Refusal
from nocturne.desk.terms import Alarm, Extra, Written
from nocturne.store.models import Contact, Entry, Notice, User
from nocturne.watch import letters, notices
from tests.noninterference.asking import Answer, asked
from tests.noninterference.people import Keys, Reader, actor
from tests.noninterference.twins import NOW
from tests.noninterference.world import Facts
from tests.noninterference.worlds import World

Act = Callable[[Mapping[str, int], Mapping[str, tuple[int, str]]], Written]
WEB = Door.WEB
ACTS: dict[str, Act] = {
    "a reply": lambda at, _: desk.reply(
        at["own"], "Nearly there.", by=actor("anna"), door=WEB, extra=Extra(next_action="Ring them")
    ),
    "a reply to the other": lambda at, _: desk.reply(
        at["rowes"], "Nearly there.", by=actor("anna"), door=WEB
    ),
    "a note": lambda at, _: desk.update(at["own"], "He is loud.", by=actor("kofi"), door=WEB),
    "a confidence": lambda at, _: desk.update(
        at["trouble"], "Legal.", by=actor("mei"), door=WEB, extra=Extra(data_class=DataClass.RESTRICTED)
    ),
    "a new owner": lambda at, _: desk.give(at["trouble"], "otto", by=actor("mei"), door=WEB),
    "a timer": lambda at, _: desk.update(
        at["own"], by=actor("anna"), door=WEB, extra=Extra(alarm=Alarm(NOW.replace(hour=14), ""))
    ),
    "an answer": lambda at, _: desk.receive(at["own"], "Thanks.", by=actor("cleo"), door=WEB),
    "an end": lambda at, _: desk.resolve(at["own"], "Spliced", by=actor("anna"), door=WEB),
    "the end of the other": lambda at, _: desk.resolve(
        at["rowes"], "Spliced", by=actor("anna"), door=WEB, extra=Extra(text="He was loud.")
    ),
    "a correction": lambda at, entries: desk.correct(
        *entries["reply on own"], "We were on it.", by=actor("anna"), door=WEB
    ),
    "a redaction": lambda at, entries: desk.redact(
        *entries["reply on own"], "Wrong", by=actor("ada"), door=WEB
    ),
    "a relation": lambda at, _: desk.relate(at["own"], "depends_on", at["rowes"], by=actor("anna"), door=WEB),
}
_OURS = re.compile(r"nt\.[1-9][0-9]*\.[1-9][0-9]*\.[a-z2-7]{16}")
"""The mark in a Message-ID of ours: signed, and drawn by lot. Only which is which of them can be compared."""
_BOUNDARY = re.compile(r"={15}[0-9]+==")
"""What parts a mail with files: drawn by lot where nobody can reach."""


@dataclass(frozen=True)
class Mail:
    """What a reader's letters say after something has happened; by itself, after the night."""

    occasion: str

    def __str__(self) -> str:
        return f"for their mail after {self.occasion}"

    def put(self, world: World, keys: Keys, reader: Reader) -> list[Answer]:
        with asked(world, f"{self} to {reader.name}"):
            addresses, after = _addresses(reader), 0
            if self.occasion in ACTS:
                after = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
                written = ACTS[self.occasion](world.facts.numbers, world.facts.addresses)
                for entry in (
                    Entry.objects.filter(pk__gte=written.entry).select_related("ticket").order_by("pk")
                ):
                    notices.follow(entry)
            return [Answer((("letters", "\n=====\n".join(_letters(addresses, after))),))]


def questions(facts: Facts, reader: Reader) -> Iterator[Mail]:
    """Ask for all mail that a reader gets."""
    return (Mail(occasion) for occasion in ("the night", *ACTS))


def _addresses(reader: Reader) -> list[str]:
    account = User.objects.filter(name=reader.name).values_list("email", flat=True)
    contact = Contact.objects.filter(email=reader.contact).values_list("email", flat=True)
    return [each for each in (*account, *contact) if each]


def _letters(addresses: list[str], after: int) -> list[str]:
    names: dict[str, str] = {}
    found = Notice.objects.filter(address__in=addresses, pk__gt=after).select_related(
        "ticket", "entry", "user"
    )
    return [
        _OURS.sub(lambda mark: names.setdefault(mark[0], f"mark {len(names)}"), _letter(each))
        for each in found.order_by("pk")
    ]


def _letter(notice: Notice) -> str:
    try:
        made = letters.write(notice)
    except (letters.Unwanted, letters.Unwritable, Refusal) as why:
        return f"{notice.purpose}: nothing, {type(why).__name__}"
    envelope = f"{notice.purpose} {notice.state} {made.sender} {made.to} {made.enclosed}"
    return f"{envelope}\n{_BOUNDARY.sub('', str(made.message))}"
