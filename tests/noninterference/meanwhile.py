"""What happens between two questions, or before one, so that there is something to hide: it is taken back afterwards.

The twins tell one night. What it lacks (a field of the site's own, a reply on hold, somebody before a ticket, a grant
of what its giver does not hold) is made here, inside the question, so that no other answer changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from nocturne import desk
from nocturne.core import configuration
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Refusal
from nocturne.desk import (
    administering,
    configuring,
    fieldlookups,
    lifecycles,
    presence,
)
from nocturne.desk.alarms import MACHINERY
from nocturne.desk.terms import Extra, Opening
from nocturne.store import configured
from nocturne.store.models import Contact, MailIn, Notice, Ticket
from tests.noninterference.asking import Answer, asked
from tests.noninterference.kinds import LEGAL, SECURITY
from tests.noninterference.people import Keys, Reader, actor
from tests.noninterference.twins import NOW, at
from tests.noninterference.world import Facts
from tests.noninterference.worlds import World

WEB = Door.WEB
RESTRICTED = Extra(data_class=DataClass.RESTRICTED)
Happens = Callable[[Facts], object]


def put(*changes: tuple[tuple[str, str], Mapping[str, Any] | None]) -> Happens:
    """This will change the site's configuration."""

    def change(_: Facts) -> None:
        configuring.change(dict(changes), by=MACHINERY, door=Door.CLI)
        configured.refresh()

    return change


def noted(ticket: str, who: str, text: str = "Meanwhile.", **extra: Any) -> Happens:
    return lambda facts: desk.update(
        facts.numbers[ticket], text, by=actor(who), door=WEB, extra=Extra(**extra)
    )


def _legal(facts: Facts) -> object:
    more = Extra(data_class=DataClass.named(LEGAL))
    return desk.update(facts.numbers["own"], "Privileged, too.", by=actor("lena"), door=WEB, extra=more)


def redacted(step: str) -> Happens:
    return lambda facts: desk.redact(*facts.addresses[step], "Wrong", by=MACHINERY, door=WEB)


def reclassified(step: str, to: str) -> Happens:
    return lambda facts: desk.reclassify(*facts.addresses[step], DataClass.named(to), by=MACHINERY, door=WEB)


def stands(ticket: str, **values: Any) -> Happens:
    """This will let something stand in a ticket's header, whoever might have written it there."""
    return lambda facts: Ticket.objects.filter(pk=facts.numbers[ticket]).update(**values)


def sits(who: str, ticket: str, writes_in: DataClass | None = None) -> Happens:
    return lambda facts: presence.note(facts.numbers[ticket], by=actor(who), writes_in=writes_in)


def filled(ticket: str, by: str = "mei", **fields: Any) -> Happens:
    values = {f"field/{name}": value for name, value in fields.items()}
    return lambda facts: desk.change(facts.numbers[ticket], values, by=actor(by), door=WEB, extra=RESTRICTED)


def both(*happens: Happens) -> Happens:
    return lambda facts: [each(facts) for each in happens]


FIELDS = put(
    (("field", "informant"), {"kind": "text", "class": "restricted", "title": "Informant", "in_lists": True}),
    (("field", "camera"), {"kind": "choice", "class": "restricted", "choices": [{"value": "zebra"}]}),
)


def _reply_on_hold(facts: Facts) -> object:
    return desk.reply(facts.numbers["own"], "Nobody has read this.", by=actor("anna"), door=WEB)


def _withdrawn(facts: Facts) -> object:
    with at(NOW - timedelta(minutes=10)):
        written = desk.reply(facts.numbers["own"], "Nobody has read this.", by=actor("anna"), door=WEB)
        return desk.withdraw(written.number, written.address, by=actor("anna"), door=WEB)


def _given_up(facts: Facts) -> object:
    notice = Notice.objects.order_by("-pk").first()
    assert notice is not None
    return Notice.objects.filter(pk=notice.pk).update(
        ticket=facts.numbers["break-in"],
        state="dead",
        run_at=NOW - timedelta(minutes=5),
        error="no mailbox of few",
    )


def _reported(facts: Facts) -> object:
    return stands("notice", reporter=Contact.objects.get(email="rowe@site.example"))(facts)


def _mail_for_few(_: Facts) -> object:
    return MailIn.objects.create(
        sha256="0" * 64, queue="security", action="correspond", sender="sly@elsewhere.example", subject="Psst",
        state="quarantine", reason="unknown_queue", received_at=NOW,
    )  # fmt: skip


HAPPENS: dict[str, Happens] = {
    "a note": noted("own", "kofi"),
    "a confidence": noted("own", "mei", data_class=DataClass.RESTRICTED),
    "a privilege": _legal,
    "a word on the notice": noted("notice", "anna", data_class=DataClass.CUSTOMER),
    "a confidence made privileged": reclassified("confidence on own", LEGAL),
    "a privilege made another's": reclassified("privilege on own", SECURITY),
    "a confidence redacted": redacted("confidence on own"),
    "marks in confidence": lambda facts: desk.change(
        facts.numbers["own"], {"check_marks": "audit 11"}, by=actor("mei"), door=WEB, extra=RESTRICTED
    ),
    "another urgency": stands("own", priority=4),
    "another owner": stands("own", owner=None),
    "mei writes in confidence": sits("mei", "trouble", DataClass.RESTRICTED),
    "mei is there": sits("mei", "trouble"),
    "anna is at the notice": sits("anna", "notice"),
    "a reply on hold": _reply_on_hold,
    "a reply withdrawn": _withdrawn,
    "a mail given up": _given_up,
    "somebody reported it": _reported,
    "hidden fields": FIELDS,
    "a hidden field filled": both(
        FIELDS, filled("own", informant="wanda"), filled("trouble", informant="wanda")
    ),
    "subjects unseen": put(
        (("field", "subject"), {"class": "staff"}), (("field", "resolution"), {"class": "staff"})
    ),
    "a clearance for few": put(
        (("clearance", "quietly"), {"party": "watcher", "queues": ["security"], "sees": ["staff"]})
    ),
    "a hidden field needed": both(
        FIELDS,
        put((("field", "informant"), {"kind": "text", "class": "restricted", "required_in": ["resolved"]})),
    ),
    "mail for few": _mail_for_few,
    "a ticket of few": lambda facts: desk.open(
        Opening(subject="Another break-in", queue="security"), by=actor("sam"), door=WEB
    ),
}
"""By what is said of it in a look."""


def _configured(changes: Mapping[tuple[str, str], Mapping[str, Any] | None], by: Actor) -> object:
    return configuring.change(changes, by=by, door=WEB)


TRIED: dict[str, Callable[[Facts, Actor], object]] = {
    "to grant what is the lawyers'": lambda _, by: _configured(
        {("clearance", "operators-too"): {"group": "operators", "sees": ["legal"]}}, by
    ),
    "to make somebody a lawyer": lambda _, by: administering.refuse_granting(by, ["lawyers"]),
    "to open the cause": lambda _, by: _configured({("field", "cause"): {"class": "staff"}}, by),
    "to name the circuit": lambda _, by: fieldlookups.find("circuit", "NL-IC-7002", by),
    "to name the break-in": lambda facts, by: fieldlookups.find("ticket", str(facts.numbers["break-in"]), by),
    "to count the states": lambda _, by: lifecycles.live_counts(
        configuration.current().lifecycle_of("trouble", None), by=by
    ),
}
"""What somebody tries at the desk, where no page of the night leads to it."""


@dataclass(frozen=True)
class Try:
    """What comes of trying something: that it was done, and what is given back; or how it was refused."""

    what: str

    def __str__(self) -> str:
        return f"tries {self.what}"

    def put(self, world: World, keys: Keys, reader: Reader) -> list[Answer]:
        with asked(world, str(self)) as counted:
            try:
                said = f"done {TRIED[self.what](world.facts, actor(reader.name))}"
            except Refusal as refusal:
                said = str(refusal)
        return [Answer((("answer", said),), counted.statements)]


@contextmanager
def kept(world: World) -> Iterator[None]:
    """This will take back whatever happens in a world inside, and what this process makes of its configuration."""
    before = configuration.current()
    with world.database.looked_at():
        yield
    configuration.use(before)
