"""Whom an entry is told to by mail. One notice for each recipient, drawn up once, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from nocturne.core.entry import Door, Kind
from nocturne.core.machinemail import Writer
from nocturne.core.mailthread import normalise_address
from nocturne.core.refusals import TooMany
from nocturne.desk import accounts, clock, correspondence, throttle, versions, ways
from nocturne.store.families import family_of, members_of
from nocturne.store.models import Contact, Entry, Notice, Party, Question, Ticket, User
from nocturne.watch import holding

ACKNOWLEDGED_EVERY = timedelta(hours=1)
"""An address gets one acknowledgement in this time, however many mails come from it."""
MOST_ACKNOWLEDGEMENTS = 60
ACKNOWLEDGEMENTS_WITHIN = timedelta(minutes=1)
"""And all addresses together this many: who forges senders makes no mail bomb out of us."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What one recipient is to be told; `wait` holds it back so that its writer can still withdraw it, and
    `held_until` for the recipient's own sake."""

    purpose: str
    address: str
    name: str = ""
    user: int | None = None
    contact: int | None = None
    wait: timedelta = timedelta()
    withheld: str = ""
    held_until: datetime | None = None


BATCHED = timedelta(seconds=30)
"""So long a notice of what was done on many tickets at once waits for the others."""

Rule = Callable[[Entry], Iterable[Draft]]


def follow(entry: Entry) -> None:
    """This will draw up the notices that an entry gives rise to; a second time it draws up none."""
    if entry.door == Door.IMPORT or entry.facts.get("quiet"):
        return
    told: dict[str, Draft] = {}
    ours = correspondence.own_addresses()
    for rule in (_asked, *RULES.get(Kind(entry.kind), ()), _new_owner):
        for draft in rule(entry):
            address = normalise_address(draft.address)
            if address and address not in ours:
                told.setdefault(address, draft)
    now = clock.now()
    reported = {reporter: number for number, reporter in members_of(entry.ticket_id).items() if reporter}
    Notice.objects.bulk_create(
        (_notice(entry, address, draft, now, reported) for address, draft in told.items()),
        ignore_conflicts=True,
    )


def _notice(entry: Entry, address: str, draft: Draft, now: datetime, reported: Mapping[int, int]) -> Notice:
    """Draw up one notice; to somebody whose ticket was merged away under their own number, not another's subject."""
    ticket = reported.get(draft.contact or 0, entry.ticket_id)
    return Notice(
        ticket_id=ticket,
        entry=entry,
        purpose=draft.purpose,
        address=address,
        name=draft.name[:160],
        user_id=draft.user,
        contact_id=draft.contact,
        message_id=correspondence.new_message_id(ticket),
        state="withdrawn" if draft.withheld else "held" if draft.held_until else "waiting",
        error=draft.withheld,
        run_at=draft.held_until or min(entry.recorded_at, now) + draft.wait,
    )


# --- people outside -------------------------------------------------------------------------------------------------


def _acknowledgement(entry: Entry) -> Iterator[Draft]:
    """Tell whoever opened a ticket from outside under which number it stands; never a machine, never a mailing list."""
    if entry.author_kind != "contact" or not _may_be_answered(entry) or _is_comment(entry):
        return
    contact = Contact.objects.filter(pk=entry.author_id or 0).first()
    address = normalise_address(contact.email or "") if contact else None
    if contact is None or address is None or address in correspondence.own_addresses():
        return
    lately = Notice.objects.filter(
        address=address, purpose="acknowledgement", run_at__gt=entry.recorded_at - ACKNOWLEDGED_EVERY
    )
    withheld = ""
    if lately.exclude(state="withdrawn").exclude(entry=entry).exists():
        withheld = "acknowledged_lately"
    else:
        try:
            throttle.count("acknowledgements", most=MOST_ACKNOWLEDGEMENTS, window=ACKNOWLEDGEMENTS_WITHIN)
        except TooMany:
            withheld = "too_many_acknowledgements"
    yield Draft("acknowledgement", address, contact.name, contact=contact.pk, withheld=withheld)


def _reply(entry: Entry) -> Iterator[Draft]:
    if Entry.objects.filter(corrects=entry, kind__in=[Kind.WITHDRAWN.value, Kind.REDACTED.value]).exists():
        return
    wait = timedelta(seconds=int(entry.facts.get("hold", 0)))
    for person in entry.facts.get("to", ()):
        contact = person.get("contact")
        yield Draft("reply", person["address"], person.get("name", ""), contact=contact, wait=wait)


def _resolved(entry: Entry) -> Iterator[Draft]:
    """Tell everyone who reported the problem, on merged tickets too; a machine that reported it is told nothing."""
    family = family_of(entry.ticket_id)
    for ticket in Ticket.objects.filter(pk__in=family, reporter__isnull=False).select_related("reporter"):
        opened = Entry.objects.filter(ticket=ticket, seq=1).first()
        contact = ticket.reporter
        if contact and contact.email and (opened is None or _may_be_answered(opened)):
            yield Draft("resolved", contact.email, contact.name, contact=contact.pk)


def _may_be_answered(entry: Entry) -> bool:
    return Writer(entry.facts.get("mail", {}).get("writer", Writer.HUMAN)).may_be_answered


def _is_comment(entry: Entry) -> bool:
    return str(entry.facts.get("mail", {}).get("action", "")).lower() == "comment"


# --- the staff ------------------------------------------------------------------------------------------------------


def _new_owner(entry: Entry) -> Iterator[Draft]:
    """Tell an account that a ticket is theirs now, or that they are sent; not what they did themselves."""
    numbers = [after["id"] for column, _, after in entry.changes if column == "owner" and after]
    if entry.kind == Kind.DISPATCHED:
        numbers.append(entry.facts.get("account"))
    for number in numbers:
        if number is not None and (entry.author_kind, entry.author_id) != ("account", number):
            yield from _accounts([number], entry, "owner")


def _asked(entry: Entry) -> Iterator[Draft]:
    """Tell whoever is asked, by name or as one of a group, and whoever asked what is answered now."""
    for each in entry.facts.get("asks", ()):
        if each["kind"] == "account":
            yield from _accounts([each["id"]], entry, "asked")
        else:
            members = User.objects.filter(groups=each["id"], is_active=True, is_service=False)
            yield from _accounts(list(members.values_list("pk", flat=True)), entry, "asked")
    if keys := entry.facts.get("answers"):
        askers = Question.objects.filter(key__in=keys, author_id__isnull=False)
        yield from _accounts(
            [each or 0 for each in askers.values_list("author_id", flat=True)], entry, "asked"
        )


def _news(entry: Entry) -> Iterator[Draft]:
    """Tell the owner and the watchers of the staff what others say. What machines say stays on the page: no loops."""
    if not _may_be_answered(entry):
        return
    family = family_of(entry.ticket_id)
    watchers = Party.objects.filter(ticket__in=family, key__startswith="watcher:account:").values_list(
        "key", flat=True
    )
    numbers = [int(key.rpartition(":")[2]) for key in watchers]
    if entry.ticket.owner_id is not None:
        numbers.insert(0, entry.ticket.owner_id)
    yield from _accounts(numbers, entry, "update")


def _news_for_the_queue(entry: Entry) -> Iterator[Draft]:
    """Tell those who watch a queue of what comes into it from outside."""
    if entry.author_kind != "contact" or not _may_be_answered(entry):
        return
    watchers = User.objects.filter(watched_queues=entry.ticket.queue_id).values_list("pk", flat=True)
    yield from _accounts(list(watchers), entry, "update")


def _accounts(numbers: list[int], entry: Entry, purpose: str) -> Iterator[Draft]:
    """Keep the accounts that have an address, may read the entry, have not written it, and want to be told."""
    people = {each.pk: each for each in User.objects.filter(pk__in=numbers, is_active=True)}
    chosen, addresses = holding.choices(numbers), ways.mail_addresses(people.values())
    for number in dict.fromkeys(numbers):
        person = people.get(number)
        if person is None or (entry.author_kind, entry.author_id) == ("account", number):
            continue
        # Whoever is sent somewhere is told at once: somebody counts on it.
        told = chosen.get((number, purpose), "now") if entry.kind != Kind.DISPATCHED else "at once"
        if told == "never" or not addresses[number]:
            continue
        actor = accounts.actor_by_id(number)
        if (
            actor is not None
            and actor.is_staff
            and entry.shown_class in versions.seen_by(actor, entry.ticket)
        ):
            until = None if told == "at once" else holding.until(person, told, now=clock.now())
            if until is None and told != "at once" and entry.facts.get("batch"):
                until = entry.recorded_at + BATCHED  # what one act has done on many tickets is one mail
            for address in addresses[number]:
                yield Draft(purpose, address, person.full_name or person.name, user=number, held_until=until)


RULES: dict[Kind, tuple[Rule, ...]] = {
    Kind.OPENED: (_acknowledgement, _news_for_the_queue),
    Kind.REPLY: (_reply, _news),
    Kind.RESOLVED: (_resolved,),
    Kind.RECEIVED: (_news, _news_for_the_queue),
    Kind.NOTE: (_news,),
    Kind.OBJECTED: (_news,),
}
"""By what an entry is; a new owner is told whatever it is. Rejecting is not here: nobody is mailed then."""
