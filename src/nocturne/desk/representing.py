"""Who speaks for which network, site or machine: they see its tickets as a customer does, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, NotFound
from nocturne.desk import accounts, administering, audit, clock, lookups, people
from nocturne.store.db import writing
from nocturne.store.models import Machine, Network, Representative, Site, User

KINDS = ("network", "site", "machine")


@dataclass(frozen=True)
class Speaker:
    """One line of the list: somebody, by account or by contact, and what they speak for."""

    number: int
    account: str
    contact: str
    kind: str
    name: str
    since: datetime


def everyone(*, account: str = "", kind: str = "", name: str = "") -> list[Speaker]:
    """List who speaks for what: all, or those of one account, or those of one thing."""
    rows = Representative.objects.select_related("user", "contact", *KINDS).order_by("pk")
    if account:
        rows = rows.filter(user=people.find(account))
    if kind:
        _refuse_unknown(kind)
        rows = rows.filter(**{f"{kind}__name__iexact": name} if name else {f"{kind}__isnull": False})
    return [_speaker(row) for row in rows]


def of_contact(number: int) -> list[Speaker]:
    """List what a contact speaks for."""
    rows = Representative.objects.select_related("user", "contact", *KINDS).filter(contact=number)
    return [_speaker(row) for row in rows.order_by("pk")]


def _speaker(row: Representative) -> Speaker:
    kind = next(each for each in KINDS if getattr(row, f"{each}_id") is not None)
    return Speaker(
        row.pk,
        row.user.name if row.user else "",
        (row.contact.email or str(row.contact)) if row.contact else "",
        kind,
        getattr(row, kind).name,
        row.since,
    )


def name(kind: str, thing: str, *, by: Actor, door: Door, account: str = "", contact: str = "") -> Speaker:
    """Name somebody, an account or the contact of a mail address, who speaks for a network, site or machine.

    :raises Invalid: there is no such thing or person, or they speak for it already.
    :raises Forbidden: this is not for the actor to do.
    """
    administering.demand(by)
    administering.refuse_granting_part(by, "representative")
    _refuse_unknown(kind)
    if bool(account) == bool(contact):
        raise Invalid("account_or_contact", field="account")
    with writing():
        found = lookups.thing(kind, thing)
        if found is None:
            raise Invalid(f"unknown_{kind}", field=kind, given=thing)
        who: dict[str, Any]
        if account:
            user = people.find(account)
            who = {"user": user}
            _give_contact(user)
        else:
            if not lookups.is_address(contact):
                raise Invalid("bad_address", field="contact", given=contact)
            who = {"contact_id": lookups.contact(email=contact)["id"]}
        row, is_new = Representative.objects.get_or_create(
            **who, **{f"{kind}_id": found["id"]}, defaults={"since": clock.now()}
        )
        speaker = _speaker(row)
        if not is_new:
            raise Invalid("speaks_already", field=kind, given=speaker.name)
        audit.note("representative_named", by=by, door=door, subject=_subject(speaker), after=_spelt(speaker))
    return speaker


def end(number: int, *, by: Actor, door: Door) -> None:
    """Let somebody speak for something no longer: from their next request on they see its tickets no more.

    :raises NotFound: there is no such line.
    :raises Forbidden: this is not for the actor to do.
    """
    administering.demand(by)
    with writing():
        row = Representative.objects.select_related("user", "contact", *KINDS).filter(pk=number).first()
        if row is None:
            raise NotFound("no_such_representative")
        speaker = _speaker(row)
        row.delete()
        audit.note(
            "representative_ended", by=by, door=door, subject=_subject(speaker), before=_spelt(speaker)
        )


def _give_contact(user: User) -> None:
    """Let a representative's account be a contact as well: what they report is theirs, and they are told of it."""
    if user.contact_id is None and not accounts.actor_of(user).is_staff:
        contact = lookups.contact(name=user.full_name or user.name, email=user.email)
        User.objects.filter(pk=user.pk).update(contact_id=contact["id"])


def of(actor: Actor) -> list[tuple[str, str]]:
    """List what an actor speaks for, as kind and name."""
    mine = actor.speaks_for
    rows = (
        (Network, "network", mine.networks),
        (Site, "site", mine.sites),
        (Machine, "machine", mine.machines),
    )
    return [
        (kind, found)
        for model, kind, numbers in rows
        if numbers
        for found in model.objects.filter(pk__in=numbers).order_by("name").values_list("name", flat=True)
    ]


def _refuse_unknown(kind: str) -> None:
    if kind not in KINDS:
        raise Invalid("unknown_represented", field="kind", given=kind, known=list(KINDS))


def _subject(speaker: Speaker) -> tuple[str, str]:
    return ("account", speaker.account) if speaker.account else ("contact", speaker.contact)


def _spelt(speaker: Speaker) -> dict[str, Any]:
    return {"number": speaker.number, "kind": speaker.kind, "name": speaker.name}
