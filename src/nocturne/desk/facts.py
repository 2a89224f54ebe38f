"""Facts of the problem: outage spans, who is affected and how, machines, watchers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from nocturne.core.entry import Door, Kind, from_instant, instant
from nocturne.core.opaque import new_address
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, NotFound
from nocturne.core.values import AFFECTED_KINDS, EFFECTS, plausible
from nocturne.desk import clock, lookups
from nocturne.desk.terms import NOTHING, Affected, Extra, Opening, Outage, Written
from nocturne.desk.write import Case, Step, write
from nocturne.store.models import Contact, User


def elements(new: Opening, *, seq: int) -> dict[str, Any]:
    """Spell the sets that a new ticket begins with as columns."""
    after = machines(new.machines)
    for place, outage in enumerate(new.outages):
        after[f"outage/{seq}.{place}"] = span(outage)
    for place, affected in enumerate(new.affected):
        after[f"affected/{seq}.{place}"] = hit(affected)
    for address in new.cc:
        after |= watcher(address)
    return after


def machines(names: Sequence[str]) -> dict[str, Any]:
    """Spell machines as columns.

    :raises Invalid: a machine is unknown.
    """
    found = [lookups.thing("machine", name) for name in names if name.strip()]
    return {f"machine/{each['id']}": each["label"] for each in found if each}


def watcher(given: str) -> dict[str, Any]:
    """Spell somebody who is to be told as a column: an account by name, anybody else by mail address.

    A minus before it takes them away.

    :raises Invalid: it is neither.
    """
    given = given.strip()
    if given.startswith("-"):
        return dict.fromkeys(watcher(given[1:]))
    if "@" in given and not given.startswith("@"):
        found = lookups.typed_contact(email=given, field="cc")
        return {f"party/watcher:contact:{found['id']}": {"label": found["label"], "email": given.lower()}}
    account = lookups.person(given.removeprefix("@"), field="cc")
    if account is None:
        raise Invalid("unknown_person", field="cc", given=given)
    email = User.objects.filter(pk=account["id"]).values_list("email", flat=True).get()
    return {f"party/watcher:account:{account['id']}": {"label": account["label"], "email": email}}


def tag(given: str) -> dict[str, Any]:
    """Spell a tag as a column: a local field that holds its own name; a minus before it takes it away.

    :raises Invalid: it cannot be one.
    """
    name = given.strip().lower()
    if name.startswith("-"):
        return dict.fromkeys(tag(name[1:]))
    if not name or len(name) > 40 or any(char.isspace() or char in ":/," for char in name):
        raise Invalid("bad_tag", field="tag", given=given)
    return {f"field/tag:{name}": name}


def span(outage: Outage) -> dict[str, Any]:
    """Spell an outage span.

    :raises Invalid: it ends before it starts, lies in the future, or its effect is unknown.
    """
    now = clock.now()
    start = clock.happened(outage.start, now=now, field="outage_start")
    end = clock.happened(outage.end, now=now, field="outage_end") if outage.end else None
    if end is not None and end < start:
        raise Invalid("outage_ends_before_start", field="outage_end", first=start, second=end)
    return {"start": instant(start), "end": instant(end) if end else None, "effect": effect(outage.effect)}


def effect(given: str) -> str:
    """Check what something that happened did to service.

    :raises Invalid: it is no effect.
    """
    if given not in EFFECTS:
        raise Invalid("unknown_effect", field="effect", given=given, known=list(EFFECTS))
    return given


def hit(affected: Affected) -> dict[str, Any]:
    """Spell who is affected and how.

    :raises Invalid: the kind or the effect is unknown, or the name is empty.
    """
    if affected.kind not in AFFECTED_KINDS:
        raise Invalid("unknown_affected", field="affected", given=affected.kind, known=list(AFFECTED_KINDS))
    name = " ".join(affected.name.split())[:160]
    if not name:
        raise Invalid("empty_affected", field="affected")
    for field, at in (("from", affected.start), ("to", affected.end)):
        if at is not None:
            plausible(field, at)
    if affected.start and affected.end and affected.end < affected.start:
        raise Invalid("outage_ends_before_start", field="to", first=affected.start, second=affected.end)
    return {
        "kind": affected.kind,
        "name": name,
        "effect": effect(affected.effect),
        "from": instant(affected.start) if affected.start else None,
        "to": instant(affected.end) if affected.end else None,
    }


def outage(
    number: int, given: Outage | None, *, key: str = "", by: Actor, door: Door, extra: Extra = NOTHING
) -> Written:
    """Add an outage span, change the one under `key`, or (None) take it away."""

    def plan(case: Case) -> Step:
        name = _element(case, "outage", key)
        after: dict[str, Any] = {name: span(given) if given else None}
        if given and "started_at" not in case.header:
            after["started_at"] = instant(given.start)
        return Step(after=after)

    return write(number, Kind.OUTAGE, plan, by=by, door=door, extra=extra)


def affected(
    number: int, given: Affected | None, *, key: str = "", by: Actor, door: Door, extra: Extra = NOTHING
) -> Written:
    """Say who is affected and how, change what stands under `key`, or (None) take it away."""
    return write(
        number,
        Kind.AFFECTED,
        lambda case: Step(after={_element(case, "affected", key): hit(given) if given else None}),
        by=by,
        door=door,
        extra=extra,
    )


def _element(case: Case, kind: str, key: str) -> str:
    if not key:
        return f"{kind}/{new_address()}"
    if f"{kind}/{key}" not in case.elements:
        raise NotFound("no_such_element", field=kind, key=key)
    return f"{kind}/{key}"


def end_outages(case: Case, at: datetime) -> dict[str, Any]:
    """Spell the end of every span that is still running."""
    return {
        name: value | {"end": instant(max(at, _start(value)))}
        for name, value in case.elements.items()
        if name.startswith("outage/") and value["end"] is None
    }


def _start(value: dict[str, Any]) -> datetime:
    return from_instant(value["start"])


def recipients(case: Case) -> list[dict[str, Any]]:
    """List who reads what is said to the customer: the reporter, and those who watch from outside."""
    found = []
    reporter = case.header.get("reporter")
    if reporter is not None:
        contact = Contact.objects.filter(pk=reporter).first()
        if contact and contact.email:
            found.append({"address": contact.email, "name": contact.name, "contact": contact.pk})
    for name, value in sorted(case.elements.items()):
        if name.startswith("party/watcher:contact:") and value.get("email"):
            found.append(
                {"address": value["email"], "name": value["label"], "contact": int(name.rpartition(":")[2])}
            )
    return found
