"""The night that all databases have seen, told so that only what somebody may not read is another.

`Story.say` gives a text, or its twin where the kind of value it is of is among those that differ. Whatever is drawn by
lot hangs on the name of the step, so that a visible step has the same addresses however much is hidden around it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import GUEST
from nocturne.core.refusals import NotFound
from nocturne.desk import charts, desks, shift_notes, shifts
from nocturne.desk.alarms import MACHINERY
from nocturne.desk.terms import Affected, Alarm, Extra, Opening, Outage, Written
from nocturne.store import blobs
from nocturne.store.blobs import File
from nocturne.store.models import Attachment, Contact, Draft, Entry, Notice
from nocturne.watch import notices
from nocturne.watch.live import news, wire
from tests.noninterference.kinds import (
    CLEOS,
    CUSTOMER,
    HOUSES,
    LEGAL,
    MERGED,
    NOTICES,
    PEERS,
    RESTRICTED,
    ROWES,
    SECURITY,
    SITES,
    STAFF,
)
from tests.noninterference.people import READERS, actor
from tests.noninterference.scattering import scatter
from tests.noninterference.twins import NOW, at, chance

Anything = TypeVar("Anything")
WEB = Door.WEB
BEGAN = NOW - timedelta(hours=6)


@dataclass
class Facts:
    """What a question can be filled with: numbers and addresses by name, and versions that were seen early on."""

    numbers: dict[str, int] = field(default_factory=dict)
    addresses: dict[str, tuple[int, str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    stale: dict[tuple[str, str], str] = field(default_factory=dict)
    shift: str = ""
    heard: dict[str, str] = field(default_factory=dict)


class Story:
    """One telling of the night."""

    def __init__(self, differs: frozenset[str]) -> None:
        self.differs = differs
        self.facts = Facts()
        self.clock = BEGAN

    def pick(self, one: Anything, other: Anything, *kinds: str) -> Anything:
        """Give a value, or the other one where a kind that it is of differs."""
        return other if self.differs.intersection(kinds) else one

    def say(self, text: str, *kinds: str) -> str:
        """Give a text, or one in which nothing of it can be found."""
        return self.pick(text, text[::-1].swapcase(), *kinds)

    def step(self, name: str, do: Callable[[], Written]) -> Written:
        """This will let one thing happen, a few minutes after the one before."""
        self.clock += timedelta(minutes=4)
        with at(self.clock), chance(name):
            written = do()
            for each in Attachment.objects.filter(entry_id=written.entry):
                self.facts.files[name] = each.token
            notices.follow(Entry.objects.select_related("ticket").get(pk=written.entry))
        self.facts.addresses[name] = (written.number, written.address)
        return written

    def aside(self, name: str, do: Callable[[], Written]) -> Written:
        """This will let something happen that the other telling has nothing of; no later step comes later for it."""
        before = self.clock
        self.clock -= timedelta(minutes=4)
        try:
            return self.step(name, do)
        finally:
            self.clock = before

    def opened(self, name: str, do: Callable[[], Written]) -> int:
        number = self.step(name, do).number
        self.facts.numbers[name] = number
        return number

    def file(self, name: str, text: str) -> File:
        kept = blobs.keep(iter([text.encode()]), limit=1_000_000)
        return File(name, "text/plain", kept.size, kept.sha256)

    def soon(self, **span: float) -> datetime:
        return NOW + timedelta(**span)


def tell(differs: frozenset[str] = frozenset()) -> Facts:
    """This will let the night happen in the database that is entered, and return what was made."""
    story = Story(differs)
    _begin(story)
    for name in ("anna", "cleo", "rowe", "lena", "rita"):
        for ticket in ("trouble", "own"):
            _note_version(story, name, ticket)
    for reader in READERS:
        if reader.has_account or reader.name == "guest":
            who = actor(reader.name) if reader.has_account else GUEST
            story.facts.heard[reader.name] = wire.mark(news.who(who), int(BEGAN.timestamp() * 1000))
    _staffs_work(story)
    _in_confidence(story)
    _among_lawyers(story)
    _elsewhere(story)
    _merges(story)
    _ends(story)
    _hands_over(story)
    Notice.objects.filter(state="waiting").update(state="sent", sent_at=NOW - timedelta(hours=1))
    scatter(story.pick, story.facts.numbers)
    return story.facts


def _note_version(story: Story, name: str, ticket: str) -> None:
    try:
        story.facts.stale[name, ticket] = charts.header(story.facts.numbers[ticket], actor(name)).version
    except NotFound:
        story.facts.stale[name, ticket] = ""


def _begin(story: Story) -> None:
    """A fibre is cut; two customers complain; one of them rings up as well."""
    anna, kofi, cleo, rowe = (actor(name) for name in ("anna", "kofi", "cleo", "rowe"))
    say, pick = story.say, story.pick
    trouble = Opening(
        subject=say("Ann Arbor – Chicago down", CUSTOMER, SITES),
        text=say("Interface down since 05:55.", STAFF, SITES),
        machines=["cr1.aa"],
        network="Backbone",
        site="Ann Arbor",
        severity=pick(2, 3, CUSTOMER, SITES),
        affected=[Affected("site", say("Lansing", STAFF, SITES))],
        outages=[Outage(BEGAN - timedelta(hours=1))],
        cc=[pick("zoe", "otto", STAFF, SITES)],
    )
    story.opened("trouble", lambda: desk.open(trouble, by=anna, door=WEB))
    own = Opening(
        subject=say("Cannot reach the library", CUSTOMER, CLEOS),
        type="complaint",
        text=say("Since this morning nothing loads.", CUSTOMER, CLEOS),
        reporter_id=cleo.contact,
        user_address=say("192.0.2.17", CUSTOMER, CLEOS),
    )
    story.opened("own", lambda: desk.open(own, by=cleo, door=Door.MAIL))
    phoned = Opening(
        subject=say("Line drops at noon", CUSTOMER, CLEOS),
        type="complaint",
        text=say("She was loud on the phone.", STAFF, CLEOS),
        reporter_id=cleo.contact,
    )
    who = pick(anna, kofi, STAFF, CLEOS)
    words = Extra(data_class=DataClass.STAFF)
    story.opened("phoned", lambda: desk.open(phoned, by=who, door=WEB, extra=words))
    for name, subject in (("rowes", "Mail is late"), ("rowes second", "No news at all")):
        new = Opening(
            subject=say(subject, CUSTOMER, ROWES),
            type="complaint",
            text=say("It began at eight.", CUSTOMER, ROWES),
            reporter_id=rowe.contact,
        )
        story.opened(name, lambda new=new: desk.open(new, by=rowe, door=Door.API))
    second = Opening(
        subject=say("Mail again", CUSTOMER, CLEOS),
        type="complaint",
        text=say("Mine as well.", CUSTOMER, CLEOS),
        reporter_id=cleo.contact,
    )
    story.opened("second", lambda: desk.open(second, by=cleo, door=WEB))


def _staffs_work(story: Story) -> None:
    """The staff works on them: notes, who does what, what comes next, and answers in which some of it rides along."""
    anna, kofi, zoe = (actor(name) for name in ("anna", "kofi", "zoe"))
    say, pick, numbers = story.say, story.pick, story.facts.numbers
    for name, kind in (("own", CLEOS), ("phoned", CLEOS), ("rowes", ROWES), ("trouble", SITES)):
        number = numbers[name]
        story.step(f"taking of {name}", lambda n=number: desk.take(n, by=anna, door=WEB))
        note = Extra(
            next_action=say("Ask the vendor", STAFF, kind),
            alarm=Alarm(story.soon(hours=pick(2, 3, STAFF, kind)), say("call back", STAFF, kind)),
            worked=pick(600, 1200, STAFF, kind),
            files=[story.file(say("trace.txt", STAFF, kind), say("hop by hop", STAFF, kind))],
        )
        words = say("The shaper is at fault.", STAFF, kind)
        by = pick(anna, kofi, STAFF, kind)
        story.step(
            f"note on {name}",
            lambda n=number, e=note, w=words, b=by: desk.update(n, w, by=b, door=WEB, extra=e),
        )
        if story.differs.intersection((STAFF, kind)):
            story.aside(f"more on {name}", lambda n=number: desk.update(n, "Once more.", by=zoe, door=WEB))
            story.aside(f"who on {name}", lambda n=number: desk.give(n, "zoe", by=kofi, door=WEB))
            story.aside(f"tag on {name}", lambda n=number: desk.update(n, by=kofi, door=WEB, tags=["shaper"]))
            story.aside(
                f"watcher on {name}",
                lambda n=number: desk.update(n, by=anna, door=WEB, cc=["walt@elsewhere.example"]),
            )
            for site in ("Flint", "Detroit"):  # so many that it goes before others, for who may know
                many = Affected("site", site)
                story.aside(
                    f"{site} on {name}", lambda n=number, m=many: desk.affected(n, m, by=anna, door=WEB)
                )
        hit = Affected("customer", say("The College", STAFF, kind), pick("down", "degraded", STAFF, kind))
        story.step(f"hit on {name}", lambda n=number, h=hit: desk.affected(n, h, by=anna, door=WEB))
    story.step(
        "wanda watches",
        lambda: desk.update(numbers["own"], by=anna, door=WEB, cc=["wanda@elsewhere.example"]),
    )
    for name, kind in (("own", CLEOS), ("rowes", ROWES)):
        number = numbers[name]
        words = say("We are on it.", CUSTOMER, kind)
        rides = Extra(
            next_action=say("Then ring them", STAFF, kind),
            worked=pick(60, 120, STAFF, kind),
            files=[story.file(say("plan.txt", CUSTOMER, kind), say("The plan", CUSTOMER, kind))],
        )
        reply = story.step(
            f"reply on {name}",
            lambda n=number, w=words, e=rides: desk.reply(n, w, by=anna, door=WEB, extra=e),
        )
        right = say("We are at it.", CUSTOMER, kind)
        story.step(
            f"correction on {name}",
            lambda n=number, r=reply, t=right: desk.correct(n, r.address, t, by=anna, door=WEB),
        )
        # Whose time runs while they wait shows in what their answer does: it is the same in every telling.
        story.step(f"wait on {name}", lambda n=number: desk.suspend(n, "customer", by=anna, door=WEB))
        asker = actor({CLEOS: "cleo", ROWES: "rowe"}[kind])
        answer = say("Thank you.", CUSTOMER, kind)
        along = Extra(files=[story.file(say("mine.txt", CUSTOMER, kind), say("My log", CUSTOMER, kind))])
        story.step(
            f"answer on {name}",
            lambda n=number, a=asker, t=answer, e=along: desk.receive(n, t, by=a, door=WEB, extra=e),
        )
        if story.differs.intersection((STAFF, kind)):
            story.step(
                f"parent of {name}",
                lambda n=number: desk.relate(n, "parent", numbers["trouble"], by=anna, door=WEB),
            )
        else:
            story.step(
                f"hint on {name}",
                lambda n=number: desk.relate(n, "refers_to", numbers["trouble"], by=anna, door=WEB),
            )


def _in_confidence(story: Story) -> None:
    """Supervisors write what operators do not read."""
    mei, ada, anna = (actor(name) for name in ("mei", "ada", "anna"))
    say, pick = story.say, story.pick
    for name, kind in (("own", CLEOS), ("trouble", SITES), ("rowes", ROWES)):
        number = story.facts.numbers[name]
        by = pick(mei, ada, RESTRICTED, STAFF, kind)
        extra = Extra(
            data_class=DataClass.RESTRICTED,
            worked=pick(60, 600, RESTRICTED, STAFF, kind),
            files=[
                story.file(
                    say("legal.txt", RESTRICTED, STAFF, kind), say("the letter", RESTRICTED, STAFF, kind)
                )
            ],
        )
        words = say("Legal has been told.", RESTRICTED, STAFF, kind)
        secret = story.step(
            f"confidence on {name}",
            lambda n=number, w=words, b=by, e=extra: desk.update(n, w, by=b, door=WEB, extra=e),
        )
        marks = {"check_marks": say("audit 7", RESTRICTED, kind)}
        story.step(
            f"marks on {name}",
            lambda n=number, m=marks, b=by: desk.change(
                n, m, by=b, door=WEB, extra=Extra(data_class=DataClass.RESTRICTED)
            ),
        )
        if story.differs.intersection((RESTRICTED, kind)):
            wrong = "Legal was told."
            story.aside(
                f"correction of the confidence on {name}",
                lambda n=number, s=secret, t=wrong: desk.correct(n, s.address, t, by=mei, door=WEB),
            )
            story.aside(
                f"another confidence on {name}",
                lambda n=number: desk.update(
                    n, "And the police.", by=mei, door=WEB, extra=Extra(data_class=DataClass.RESTRICTED)
                ),
            )
        words = say("His key was stolen.", RESTRICTED, STAFF, kind)
        plain = story.step(
            f"too plain on {name}", lambda n=number, w=words: desk.update(n, w, by=anna, door=WEB)
        )
        story.step(
            f"kept from most on {name}",
            lambda n=number, p=plain: desk.reclassify(n, p.address, DataClass.RESTRICTED, by=mei, door=WEB),
        )


def _among_lawyers(story: Story) -> None:
    """The lawyer writes what is for lawyers alone, and says what the cause was."""
    lena = actor("lena")
    legal = DataClass.named(LEGAL)
    for name, kind in (("own", CLEOS), ("trouble", SITES), ("rowes", ROWES)):
        number = story.facts.numbers[name]
        words = story.say("Privileged.", LEGAL, kind)
        extra = Extra(data_class=legal, files=[story.file(story.say("case.txt", LEGAL, kind), words)])
        story.step(
            f"privilege on {name}",
            lambda n=number, w=words, e=extra: desk.update(n, w, by=lena, door=WEB, extra=e),
        )
        cause = {"cause": story.say("negligence", LEGAL, kind)}
        story.step(
            f"cause of {name}",
            lambda n=number, c=cause: desk.change(n, c, by=lena, door=WEB, extra=Extra(data_class=legal)),
        )
        if story.differs.intersection((LEGAL, kind)):
            more = Extra(data_class=legal, worked=900)
            story.aside(
                f"more privilege on {name}",
                lambda n=number, e=more: desk.update(n, "More.", by=lena, door=WEB, extra=e),
            )


def _elsewhere(story: Story) -> None:
    """In queues of their own something happens that few know of, and something that anybody may know of."""
    say, pick = story.say, story.pick
    for name, queue, who, kind in (
        ("break-in", "security", "sam", SECURITY),
        ("session", "peering", "paula", PEERS),
        ("notice", "status", "anna", NOTICES),
    ):
        by = actor(who)
        subject = "Works tonight" if name == "notice" else say(f"The {name}", CUSTOMER, kind)
        new = Opening(subject=subject, queue=queue, text=say("It came at once.", STAFF, kind))
        number = story.opened(name, lambda n=new, b=by: desk.open(n, by=b, door=WEB))
        if who == "sam":
            story.step(f"taking of {name}", lambda n=number, b=by: desk.take(n, by=b, door=WEB))
        note = Extra(
            next_action=say("Look closer", STAFF, kind),
            files=[story.file(say("log.txt", STAFF, kind), say("line by line", STAFF, kind))],
        )
        words = say("Nothing yet.", STAFF, kind)
        story.step(
            f"note on {name}",
            lambda n=number, w=words, b=by, e=note: desk.update(n, w, by=b, door=WEB, extra=e),
        )
        if story.differs.intersection((CUSTOMER, kind)):
            story.aside(f"end of {name}", lambda n=number, b=by: desk.resolve(n, "Over", by=b, door=WEB))
    number = story.facts.numbers["break-in"]
    trouble = story.facts.numbers["trouble"]
    story.step("where it shows", lambda: desk.relate(number, "refers_to", trouble, by=MACHINERY, door=WEB))
    secret = Extra(data_class=DataClass.RESTRICTED)
    number = story.facts.numbers["session"]
    words = say("Between us.", RESTRICTED, PEERS)
    story.step("wim watches", lambda: desk.update(number, by=actor("paula"), door=WEB, cc=["wim"]))
    answer = story.say("It is back.", CUSTOMER, PEERS)
    public = Extra(data_class=DataClass.CUSTOMER)
    story.step(
        "word on session", lambda: desk.update(number, answer, by=actor("paula"), door=WEB, extra=public)
    )
    story.step(
        "confidence on session", lambda: desk.update(number, words, by=actor("mei"), door=WEB, extra=secret)
    )
    if pick(True, False, RESTRICTED, PEERS):
        story.aside(
            "more confidence", lambda: desk.update(number, "More.", by=actor("mei"), door=WEB, extra=secret)
        )


def _merges(story: Story) -> None:
    """What two customers reported is one problem: theirs is merged into ours, or not yet; and ours into theirs."""
    anna = actor("anna")
    numbers = story.facts.numbers
    if MERGED not in story.differs:
        story.aside(
            "their twin", lambda: desk.merge(numbers["rowes second"], numbers["own"], by=anna, door=WEB)
        )
    story.step("our twin", lambda: desk.merge(numbers["second"], numbers["rowes"], by=anna, door=WEB))


def _ends(story: Story) -> None:
    """One is over and signed off, one has its timer ringing, and one that only the house knows is over or not."""
    anna, mei, ada = (actor(name) for name in ("anna", "mei", "ada"))
    cleo = Contact.objects.get(email="cleo@college.example")
    say, pick = story.say, story.pick
    new = Opening(
        subject=say("Slow since Friday", CUSTOMER, CLEOS),
        type="trouble",
        text=say("All is slow.", STAFF, CLEOS),
        reporter_id=cleo.pk,
    )
    ended = story.opened("ended", lambda: desk.open(new, by=anna, door=WEB))
    story.step("service is back", lambda: desk.restore(ended, by=anna, door=WEB))
    line, cause = say("Spliced", CUSTOMER, CLEOS), ""
    story.step(
        "resolution",
        lambda: desk.resolve(
            ended, line, key_component=say("NL-IC-3321", STAFF, CLEOS), cause=cause, by=anna, door=WEB
        ),
    )
    story.step(
        "what hangs on it",
        lambda: desk.relate(ended, "depends_on", story.facts.numbers["break-in"], by=MACHINERY, door=WEB),
    )
    story.step("sign-off", lambda: desk.check(ended, by=pick(mei, ada, STAFF, CLEOS), door=WEB))
    for name in ("first of the house", "second of the house"):
        other = Opening(subject=say(f"The {name}", CUSTOMER, HOUSES), text=say("Works", STAFF, HOUSES))
        number = story.opened(name, lambda o=other: desk.open(o, by=anna, door=WEB))
        if (name == "first of the house") == story.pick(True, False, HOUSES, CUSTOMER):
            story.step(f"end of {name}", lambda n=number: desk.resolve(n, "Done", by=anna, door=WEB))
    alarm = Extra(alarm=Alarm(story.clock + timedelta(minutes=20), say("ring", STAFF, SITES)))
    trouble = story.facts.numbers["trouble"]
    story.step("timer", lambda: desk.update(trouble, by=anna, door=WEB, extra=alarm))
    story.clock += timedelta(minutes=20)

    def rings() -> Written:
        written = desk.ring(trouble)
        assert written is not None
        return written

    story.step("it rings", rings)


def _hands_over(story: Story) -> None:
    """Colleagues are asked, tickets are pinned for the next shift, and the desk is taken over in the middle of it."""
    anna, mei, sam, lena = (actor(name) for name in ("anna", "mei", "sam", "lena"))
    say, numbers = story.say, story.facts.numbers
    secret = Extra(data_class=DataClass.RESTRICTED)
    legal = Extra(data_class=DataClass.named(LEGAL))
    for name, kind in (("own", CLEOS), ("rowes", ROWES), ("trouble", SITES)):
        number = numbers[name]
        words = say("who has the key?", RESTRICTED, STAFF, kind)
        story.aside(
            f"question in confidence on {name}",
            lambda n=number, w=words: desk.update(n, f"@ada {w}", by=mei, door=WEB, extra=secret),
        )
        words = say("is it the shaper again?", STAFF, kind)
        story.aside(
            f"question on {name}", lambda n=number, w=words: desk.update(n, f"@kofi {w}", by=anna, door=WEB)
        )
    words = say("They ring at nine", LEGAL, CLEOS)
    story.aside("pin for lawyers", lambda: desk.pin(numbers["own"], words, by=lena, door=WEB, extra=legal))
    kept = say("Camera is down", STAFF, SECURITY)
    story.aside("pin of few", lambda: desk.pin(numbers["break-in"], kept, by=sam, door=WEB))
    with at(story.clock), chance("the desk is taken over"):
        shift_notes.add_note(desks.find(""), "Quiet so far.", by=mei, parting=True)
        shift = shifts.take_over(desks.find(""), "Mine now.", seen="latest", by=mei, door=WEB)
        story.facts.shift = shift.address
    later = say("Still there.", STAFF, SECURITY)
    story.step("after the takeover", lambda: desk.update(numbers["break-in"], later, by=sam, door=WEB))
    again = say("And again.", RESTRICTED, STAFF, CLEOS)
    story.step(
        "confidence after the takeover",
        lambda: desk.update(numbers["own"], again, by=mei, door=WEB, extra=secret),
    )
    marks = {"cause": say("no, malice", LEGAL, SITES)}
    story.step(
        "cause after the takeover",
        lambda: desk.change(numbers["trouble"], marks, by=lena, door=WEB, extra=legal),
    )
    if story.differs.intersection((RESTRICTED, STAFF, CLEOS)):
        more = "@ada and whose is the other?"
        story.step(
            "another question in confidence",
            lambda: desk.update(numbers["own"], more, by=mei, door=WEB, extra=secret),
        )
    if story.differs.intersection((STAFF, SECURITY)):
        story.step("more of few", lambda: desk.update(numbers["break-in"], "More.", by=sam, door=WEB))
    with at(story.clock):
        left = Draft(user_id=anna.id or 0, place=f"note:{numbers['rowes']}", content={"text": "…"})
        left.saved_at = story.clock
        left.save(force_insert=True)
