"""Letters to and from people outside: how a ticket is named in them, and who takes part in it."""

from __future__ import annotations

import secrets
from functools import lru_cache
from urllib.parse import urlsplit

from nocturne.core import mailthread, opaque
from nocturne.core.configuration import current
from nocturne.core.entry import DataClass, Door, Kind
from nocturne.core.permits import Actor
from nocturne.desk import audit, setup, versions
from nocturne.desk.alarms import MACHINERY
from nocturne.desk.terms import Written
from nocturne.desk.write import Step, write
from nocturne.store.families import family_of
from nocturne.store.models import Contact, Notice, Party, Queue, Ticket

FOR_STAFF = ("owner", "asked", "update")
"""Purposes of notices that only the staff get; what answers them is for the staff, too."""


def by_mail(contact: Contact, *, on: int | None = None) -> Actor:
    """Say who a sender is to the permits: the contact of that address, whom nothing but their own word proves.

    :param on: the one ticket that they may write on though they are not its reporter.
    """
    return Actor("contact", contact.pk, str(contact)[:200], contact=contact.pk, verified=False, vouched=on)


# --- how a ticket is named ------------------------------------------------------------------------------------------


def tag(number: int) -> str:
    """Write a ticket's tag for a subject: `[noc #4711-k7]`."""
    letters = opaque.check_letters(versions.key("mail"), number)
    return mailthread.subject_tag(setup.installation().name, number, letters)


def tagged(number: int, subject: str) -> str:
    """Put a ticket's tag before a subject."""
    return mailthread.tagged(subject, tag(number), _names(), _letters_fit)


def number_in(subject: str) -> int | None:
    """Find the ticket that a subject names with our tag and its own check letters."""
    return mailthread.find_tag(subject, _names(), _letters_fit)


def without_tag(subject: str) -> str:
    """Take our tags out of a subject."""
    return mailthread.without_tags(subject, _names(), _letters_fit)


def new_message_id(number: int) -> str:
    """Make a Message-ID whose answer proves which ticket it is about; nobody can make one for another ticket."""
    token = opaque.sign_mail(versions.key("mail"), number, secrets.randbelow(10**17) + 10**17)
    return mailthread.message_id(token, mail_host())


def number_of_token(token: str) -> int | None:
    """Read the ticket out of a token of ours; None where the signature is not ours."""
    found = opaque.verify_mail(versions.key("mail"), token)
    return found.ticket if found else None


def mail_host() -> str:
    """Name the host that our Message-IDs and, where none is given, our addresses end in."""
    domain = setup.installation().correspond_address.rpartition("@")[2]
    return (domain or urlsplit(setup.base_url()).hostname or "localhost").lower()


def own_addresses() -> set[str]:
    """List the addresses under which mail comes to us: what is sent there comes back."""
    installation = setup.installation()
    queues = Queue.objects.values_list("correspond_address", "comment_address")
    found = {
        installation.correspond_address,
        installation.comment_address,
        *(each for pair in queues for each in pair),
    }
    return {each.lower() for each in found if each}


def _names() -> list[str]:
    """List the names that the house has and has had: an answer to an old mail bears the name of its day."""
    return list(dict.fromkeys([setup.installation().name, *_former_names(current().edition)]))


@lru_cache(maxsize=4)
def _former_names(edition: str) -> tuple[str, ...]:  # noqa: ARG001  (a change of the configuration makes it look anew)
    changes = audit.found(act="configuration_changed", subject_kind="site", subject="site")
    bodies = changes.order_by("-pk").values_list("before", flat=True)
    return tuple(dict.fromkeys(body["tag"] for body in bodies if body and body.get("tag")))


def _letters_fit(number: int, letters: str) -> bool:
    return opaque.check_letters_fit(versions.key("mail"), number, letters)


# --- who takes part -------------------------------------------------------------------------------------------------


def takes_part(number: int, *, contact: int | None, address: str) -> bool:
    """Tell whether somebody outside is known to a ticket: its reporter, a watcher, or one it was mailed to."""
    family = family_of(number)
    if contact is not None and (
        Ticket.objects.filter(pk__in=family, reporter=contact).exists()
        or Party.objects.filter(ticket__in=family, key=f"watcher:contact:{contact}").exists()
    ):
        return True
    told = Notice.objects.filter(ticket__in=family, address=address).exclude(purpose__in=FOR_STAFF)
    return bool(address) and told.exclude(state="withdrawn").exists()


# --- what is written down -------------------------------------------------------------------------------------------


def also_addressed_to(number: int, queue: str, *, door: Door) -> Written:
    """Write down that the same mail came for another queue as well: one problem, one ticket, and both are named."""
    step = Step(facts={"also_to": queue}, data_class=DataClass.STAFF)
    return write(number, Kind.NOTE, lambda _: step, by=MACHINERY, door=door)
