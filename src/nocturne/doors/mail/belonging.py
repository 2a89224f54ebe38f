"""Which ticket a mail belongs to, and what its sender is to that ticket."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from nocturne.core.mailthread import message_ids, our_tokens
from nocturne.desk import correspondence
from nocturne.doors.mail.letter import Letter
from nocturne.store.families import survivor_of
from nocturne.store.models import MailIn, Notice, Ticket

MOST_IDS = 30


class Standing(Enum):
    """What a sender is to a ticket."""

    REPORTER = "reporter"
    PARTY = "party"
    INTERNAL = "internal"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Match:
    """A ticket, the rule that found it (token, reference or tag), and the sender's standing there."""

    ticket: int
    rule: str
    standing: Standing


def find(letter: Letter, *, contact: int | None, address: str) -> tuple[Match | None, int | None]:
    """This will find the ticket a mail belongs to: by our signed tokens, by mails that are filed already, by our tag.

    A tag is a hint that anybody can type: it counts for those who take part in the ticket, and for nobody else.

    :return: the match, or None and the ticket that a stranger's tag named.
    """
    for token in our_tokens(letter.in_reply_to, letter.references):
        number = correspondence.number_of_token(token)
        survivor = survivor_of(number) if number is not None else None
        if survivor is not None:
            return Match(survivor, "token", _standing(survivor, letter, contact, address)), None
    if (known := _by_reference(letter)) is not None:
        return Match(known, "reference", _standing(known, letter, contact, address)), None
    hinted = correspondence.number_in(letter.subject)
    named = survivor_of(hinted) if hinted is not None else None
    if named is None:
        return None, None
    standing = _standing(named, letter, contact, address)
    return (None, named) if standing is Standing.STRANGER else (Match(named, "tag", standing), None)


def _by_reference(letter: Letter) -> int | None:
    """Look for the mails that this one answers among those that were filed, the last first."""
    ids = list(dict.fromkeys(message_ids(letter.in_reply_to) + message_ids(letter.references)[::-1]))[
        :MOST_IDS
    ]
    if not ids:
        return None
    filed = dict(
        MailIn.objects.filter(message_id__in=ids, state="filed").values_list("message_id", "ticket_id")
    )
    for each in ids:
        if filed.get(each) is not None:
            return survivor_of(filed[each])
    return None


def _standing(ticket: int, letter: Letter, contact: int | None, address: str) -> Standing:
    if contact is not None and Ticket.objects.filter(pk=ticket, reporter=contact).exists():
        return Standing.REPORTER
    if correspondence.takes_part(ticket, contact=contact, address=address):
        return Standing.PARTY
    return Standing.INTERNAL if _answers_a_notice_for_staff(letter, address) else Standing.STRANGER


def _answers_a_notice_for_staff(letter: Letter, address: str) -> bool:
    answered = [
        f"<{each.lower()}>" for each in message_ids(letter.in_reply_to) + message_ids(letter.references)
    ]
    return Notice.objects.filter(
        message_id__in=answered[-MOST_IDS:], address=address, purpose__in=correspondence.FOR_STAFF
    ).exists()
