"""Everything that has a name gets another one; no old ticket changes by a byte."""

from __future__ import annotations

import pytest
from django.core import serializers

from nocturne import desk
from nocturne.core import query
from nocturne.core.configuration import current
from nocturne.core.configuration.lifecycles import state_renamed
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid
from nocturne.desk import accounts, charts, clock, configuring
from nocturne.desk.terms import Extra, Opening
from nocturne.store import configured, lists, search
from nocturne.store.models import (
    Affected,
    Entry,
    EntryText,
    FieldValue,
    Party,
    Relation,
    Ticket,
    TicketMachine,
    User,
)
from tests.cast import Cast, account
from tests.command import Nocturne
from tests.fieldwork import put

WEB = Door.WEB
KEPT = (Ticket, Entry, EntryText, FieldValue, Party, Relation, Affected, TicketMachine)
SITE: configuring.Changes = {
    ("class", "csirt"): {"number": 10, "title": "Incident response"},
    ("group", "csirt"): {"title": "Incident response"},
    ("calendar", "office"): {"hours": {"monday": ["09:00-17:00"]}},
    ("lifecycle", "incident"): {
        "states": [
            {"name": "new", "meaning": "new"},
            {"name": "open", "meaning": "open"},
            {"name": "contained", "meaning": "open"},
            {"name": "waiting", "meaning": "waiting"},
            {"name": "resolved", "meaning": "resolved"},
            {"name": "closed", "meaning": "closed"},
        ],
        "moves": [
            {"act": "taken", "from": ["new"], "to": "open"},
            {"act": "moved", "from": ["open"], "to": "contained", "requires": ["field/cve"]},
            {"act": "suspended", "to": "waiting"},
            {"act": "resumed", "to": "open"},
            {"act": "resolved", "to": "resolved"},
            {"act": "closed", "to": "closed"},
            {"act": "reopened", "to": "open"},
        ],
    },
    ("field", "cve"): {"title": "CVE", "class": "csirt", "required_in": ["contained"]},
    ("field", "spread"): {
        "title": "Spread", "kind": "choice", "choices": [{"value": "one"}, {"value": "many"}], "class": "staff",
    },
    ("type", "incident"): {"title": "Incident", "fields": ["cve", "spread"]},
    ("queue", "security"): {
        "title": "Security", "class": "csirt", "lifecycle": "incident", "calendar": "office", "type": "incident",
        "members": ["@csirt"], "defaults": {"field/spread": "one"},
    },
    ("clearance", "csirt"): {
        "group": "csirt", "queues": ["security"], "types": ["incident"],
        "sees": ["restricted", "csirt"], "appends": ["staff", "csirt"], "changes": ["staff", "csirt"],
        "rights": ["work"],
    },
    ("clearance", "closing"): {
        "group": "csirt", "queues": ["security"], "states": ["contained"], "sees": ["csirt"], "rights": ["export"],
    },
}  # fmt: skip
RENAMED = {
    "class": ("csirt", "incidents"),
    "group": ("csirt", "responders"),
    "calendar": ("office", "daytime"),
    "field": ("cve", "advisory"),
    "type": ("incident", "breach"),
    "queue": ("security", "csirt-desk"),
    "lifecycle": ("incident", "breach"),
}
STATES = {
    "new": "reported",
    "open": "looking",
    "contained": "fenced",
    "waiting": "parked",
    "resolved": "over",
}


def books() -> str:
    """This will give all rows of all tickets, with what was written on them, as JSON in one spelling."""
    return "\n".join(serializers.serialize("json", model.objects.order_by("pk")) for model in KEPT)


def found(text: str, by: Actor) -> list[int]:
    where = search.where(query.parse(text).tree, by, now=clock.now())
    return sorted(row["number"] for row in lists.rows(by, where).rows)


@pytest.mark.req("R9.5", "R9.4", "S1", "S8")
def test_everything_is_renamed_and_no_old_ticket_changes(
    cast: Cast, ada: Actor, anna: Actor, nocturne: Nocturne
) -> None:
    put(SITE, ada)
    sam = accounts.actor_of(account("sam", "csirt"))
    looked_at = desk.open(Opening(subject="Stolen laptop", queue="security"), by=sam, door=WEB).number
    desk.take(looked_at, by=sam, door=WEB)
    fenced = desk.open(Opening(subject="Worm", queue="security"), by=sam, door=WEB).number
    desk.take(fenced, by=sam, door=WEB)
    desk.update(fenced, "Port 445.", by=sam, door=WEB, extra=Extra(data_class=DataClass(10)))
    desk.move(fenced, "contained", by=sam, door=WEB, extra=Extra(fields={"field/cve": "CVE-2026-1"}))
    ended = desk.open(Opening(subject="Phish", queue="security"), by=sam, door=WEB).number
    desk.resolve(ended, "Blocked", by=sam, door=WEB)
    desk.close(ended, by=sam, door=WEB)
    general = desk.open(Opening(subject="Fibre cut"), by=anna, door=WEB).number
    desk.suspend(general, "vendor", by=anna, door=WEB)
    before, shown = books(), charts.chart(fenced, sam)

    for kind, (old, new) in RENAMED.items():
        configuring.rename(kind, old, new, by=ada, door=WEB)
        configured.refresh()
    for cycle in ("breach", "standard"):
        body = dict(current().documents["lifecycle", cycle])
        for old, new in STATES.items():
            body = state_renamed(body, old, new)
        put({("lifecycle", cycle): body}, ada)
    configuring.rename("lifecycle", "standard", "usual", by=ada, door=WEB)
    configured.refresh()
    spread = dict(current().documents["field", "spread"])
    spread["choices"] = [{"value": "single", "formerly": ["one"]}, {"value": "many"}]
    put({("field", "spread"): spread}, ada)

    assert books() == before
    assert nocturne("refold", "--check").code == 0
    assert nocturne("audit", "verify").code == 0
    sam = accounts.actor_of(User.objects.get(name="sam"))
    again = charts.chart(fenced, sam)
    assert again.header["subject"] == shown.header["subject"]
    assert again.header["queue"] == "csirt-desk"
    for text in ("state:fenced", "state:contained", "type:breach state:contained", "queue:security state:fenced",
                 "queue:csirt-desk type:incident state:fenced", "advisory:CVE-2026-1"):  # fmt: skip
        assert found(text, sam) == [fenced], text
    assert found("state:parked", anna) == found("state:waiting", anna) == [general]
    assert found("state:fenced", anna) == [], "who was kept out is kept out"
    desk.suspend(fenced, by=sam, door=WEB)
    desk.resume(general, by=anna, door=WEB)
    states = dict(Ticket.objects.values_list("pk", "state"))
    assert (states[fenced], states[looked_at], states[general]) == ("parked", "open", "looking")
    with pytest.raises(Invalid) as refusal:
        desk.move(looked_at, "fenced", by=sam, door=WEB)
    assert refusal.value.params["fields"] == ["field/advisory"]
    new = desk.open(Opening(subject="Scan", queue="security"), by=sam, door=WEB).number
    row = Ticket.objects.get(pk=new)
    assert (row.type, row.state, row.queue.name) == ("breach", "reported", "csirt-desk")
    assert nocturne("refold", "--check").code == 0
    assert nocturne("audit", "verify").code == 0


@pytest.mark.req("R9.5")
def test_a_renaming_can_be_taken_back_and_nothing_has_changed_either(
    cast: Cast, ada: Actor, anna: Actor
) -> None:
    put(SITE, ada)
    number = desk.open(Opening(subject="Fibre cut", type="incident"), by=anna, door=WEB).number
    before = books()
    configuring.rename("type", "incident", "breach", by=ada, door=WEB)
    configured.refresh()
    row = configuring.history("type", "breach")[0].pk
    configuring.revert(row, by=ada, door=WEB)
    configured.refresh()
    assert books() == before
    assert "breach" not in current().types
    assert charts.header(number, anna).header["type"] == "incident"
