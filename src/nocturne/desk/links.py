"""The links in mails by which somebody without an account reads, and answers on, the one ticket that is theirs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q

from nocturne.core import links, permits
from nocturne.core.entry import DataClass, Door, Kind
from nocturne.core.links import Link
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk import accounts, administering, audit, charts, clock, setup, throttle, versions
from nocturne.store.db import writing
from nocturne.store.models import Contact, Entry, LinkRevocation, Ticket

WRONG_TRIES, WRONG_WINDOW = 30, timedelta(minutes=10)
"""So many wrong links from one address are answered; further ones are told to wait. Who has a good one never waits."""
MESSAGES, MESSAGES_WINDOW = 20, timedelta(hours=1)
"""So many messages are taken through the links of one contact to one ticket."""


def address(ticket: int, contact: int, *, at: datetime) -> str:
    """Write the address that opens a ticket to a contact; the same for every try to mail it.

    :param at: when what it comes with was written.
    """
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    link = Link(ticket, contact, day + timedelta(days=settings.NOCTURNE.link_days + 1))
    return f"{setup.base_url()}/t/{links.sign(_key(), link, generation=_generation(link))}"


def opened(token: str, *, source: str) -> Actor:
    """Say who a link lets read, and which ticket.

    :param source: where it is tried from: wrong ones are counted there.
    :raises NotFound: it is forged, has ended, was made worthless, or leads to nothing; nobody learns which.
    :raises TooMany: there were too many wrong ones from there.
    """
    link = links.opened(_key(), token, generation=_generation, now=clock.now())
    actor = accounts.actor_of_contact(link.contact, only_ticket=link.ticket) if link else None
    if actor is None or not _is_theirs(actor):
        throttle.count(f"link from:{source}", most=WRONG_TRIES, window=WRONG_WINDOW)
        raise NotFound("no_such_ticket")
    return actor


def _is_theirs(actor: Actor) -> bool:
    try:
        charts.header(actor.only_ticket or 0, actor)
    except NotFound:
        return False
    return True


def is_theirs(ticket: int, contact: int) -> bool:
    """Tell whether a contact may read a ticket at all: only then a mail to them has a link to it."""
    actor = accounts.actor_of_contact(contact, only_ticket=ticket)
    return actor is not None and _is_theirs(actor)


def count_message(actor: Actor) -> None:
    """Count one message that comes in through a link.

    :raises TooMany: there were too many.
    """
    throttle.count(
        f"message by link:{actor.contact}:{actor.only_ticket}", most=MESSAGES, window=MESSAGES_WINDOW
    )


def is_in_hand(ticket: int) -> bool:
    """Tell whether somebody of the NOC has looked at a ticket: only then its page says what was sent in.

    A From line proves nothing. Who writes to us in another's name must not get us to mail that other a page of ours
    with a stranger's words on it.
    """
    row = Ticket.objects.filter(pk=ticket).values("meaning", "merged_into").first()
    if row is None:
        return False
    first = Entry.objects.filter(ticket=ticket, seq=1).values_list("author_kind", "door").first()
    if first is None or first[0] != "contact" or first[1] != Door.MAIL:
        return True
    if row["merged_into"] is not None or row["meaning"] in ("open", "waiting", "resolved", "closed"):
        return True
    told = Entry.objects.filter(ticket=ticket, author_kind="account", shown_class__lte=DataClass.CUSTOMER)
    return row["meaning"] == "new" and told.exclude(kind=Kind.REJECTED).exists()


# --- making links worthless ------------------------------------------------------------------------------------------


def revoke(*, by: Actor, door: Door, ticket: int | None = None, contact: int | None = None) -> None:
    """Make every link to a ticket, or of a contact, worthless that was mailed so far.

    :raises NotFound: there is no such ticket or contact.
    :raises Forbidden: this is not for the actor to do.
    """
    if ticket is not None:
        found = charts.header(ticket, by)
        if not permits.may(by, Kind.REPLY.value, found.place):
            administering.demand(by)
        subject = ("ticket", str(ticket))
    else:
        administering.demand(by)
        if not Contact.objects.filter(pk=contact or 0).exists():
            raise NotFound("no_such_contact")
        subject = ("contact", str(contact))
    with writing():
        make_worthless(ticket=ticket, contact=contact)
        audit.note("links_revoked", by=by, door=door, subject=subject)


def make_worthless(*, ticket: int | None = None, contact: int | None = None) -> None:
    """Raise the generation of a ticket's or a contact's links."""
    whose = {"ticket_id": ticket} if ticket is not None else {"contact_id": contact}
    LinkRevocation.objects.get_or_create(**whose)
    LinkRevocation.objects.filter(**whose).update(generation=F("generation") + 1)


def _generation(link: Link) -> str:
    """Say how often links like this one were made worthless."""
    rows = LinkRevocation.objects.filter(Q(ticket=link.ticket) | Q(contact=link.contact))
    found = {
        "ticket" if ticket is not None else "contact": generation
        for ticket, generation in rows.values_list("ticket", "generation")
    }
    return f"{found.get('ticket', 0)}.{found.get('contact', 0)}"


def _key() -> bytes:
    return versions.key("link")
