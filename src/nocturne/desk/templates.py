"""What mails say: the site's own texts where it has some, else the usual ones, filled with what the reader may know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from nocturne.core.configuration import current
from nocturne.core.configuration.placeholders import COLUMN, PURPOSES, fill, named
from nocturne.core.configuration.templates import Template, chosen
from nocturne.core.configuration.whole import read_one
from nocturne.core.entry import DataClass
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk import charts, setup, titles

STANDARD: Mapping[str, tuple[str, str]] = {
    "acknowledgement": (
        N_("Your message has arrived"),
        N_(
            "Your message has arrived. It is ticket {ticket.number}, and somebody will look at it.\n"
            "\n"
            "To add to it, answer this mail and leave the number in the subject as it is.\n"
            "\n"
            "To read it on the web, and to answer there: {ticket.link}"
        ),
    ),
    "reply": ("{ticket.subject}", N_("{text}\n\nTo read it on the web, and to answer there: {ticket.link}")),
    "resolved": (
        "{ticket.subject}",
        N_(
            "Ticket {ticket.number} is resolved.\n"
            "\n"
            "{resolution}\n"
            "\n"
            "{text}\n"
            "\n"
            "If it is not over for you, answer this mail: your answer opens the ticket again.\n"
            "\n"
            "To read it on the web, and to answer there: {ticket.link}"
        ),
    ),
    "owner": ("{ticket.subject}", "{headline}\n\n{text}\n\n{facts}\n\n{ticket.link}"),
    "asked": ("{ticket.subject}", "{headline}\n\n{text}\n\n{facts}\n\n{ticket.link}"),
    "update": ("{ticket.subject}", "{headline}\n\n{text}\n\n{facts}\n\n{ticket.link}"),
    "signature": ("", "{site.name}"),
}
"""Per purpose, the usual subject (behind the ticket's tag) and text."""
MEANINGS: Mapping[str, str] = {
    "ticket.number": N_("the ticket’s number"),
    "ticket.link": N_("where the reader finds it; empty for whom it is not"),
    "ticket.subject": N_("what it is about"),
    "ticket.type": N_("its type"),
    "ticket.state": N_("its state"),
    "ticket.severity": N_("its severity, 1 to 4"),
    "ticket.priority": N_("its priority, 1 to 4"),
    "ticket.owner": N_("whose it is"),
    "ticket.next_action": N_("what has to happen next"),
    "ticket.network": N_("the network"),
    "ticket.site": N_("the place"),
    "ticket.circuit": N_("the circuit"),
    "ticket.vendor": N_("the vendor"),
    "ticket.key_component": N_("the component that was to blame"),
    "queue.name": N_("the queue, as it is called inside"),
    "queue.title": N_("the queue, as people call it"),
    "reporter.name": N_("who reported it"),
    "reporter.organisation": N_("where they are from"),
    "author.name": N_("who wrote the update"),
    "site.name": N_("the organisation, or the short name where there is none"),
    "site.organisation": N_("the organisation"),
    "site.tag": N_("the short name, as in the subject of every mail"),
    "site.address": N_("the address of the console"),
    "site.correspond": N_("the mail address for customers"),
    "text": N_("the words of the update"),
    "resolution": N_("how it ended, in one line"),
    "headline": N_("who did what, in one line"),
    "facts": N_("type, queue, severity, priority, owner, next action"),
}


@dataclass(frozen=True, slots=True)
class Filled:
    """A subject without its tag, and a text without its signature."""

    subject: str
    text: str


def placeholders(purpose: str) -> list[tuple[str, str]]:
    """List what a text for a purpose may hold, each with what it stands for: for whoever writes one."""
    names = PURPOSES[purpose].names
    return [(name, _(meaning)) for name, meaning in MEANINGS.items() if name in names]


def usual(purpose: str) -> dict[str, str]:
    """Give the usual text for a purpose as a document's body, to begin a text of one's own with."""
    subject, text = STANDARD[purpose]
    body = {"purpose": purpose, "subject": _(subject) if subject else "", "text": _(text)}
    return {key: value for key, value in body.items() if value}


def find(purpose: str, *, language: str, queue: str) -> Filled:
    """Give the subject and the text to be filled: the site's own, else the usual ones in the active language."""
    subject, text = STANDARD[purpose]
    own = chosen(current().templates.values(), purpose, language=language, queue=queue)
    usual = _(subject) if subject else ""
    return Filled(own.subject or usual, own.text) if own else Filled(usual, _(text))


def tells_of_the_ticket(found: Filled) -> bool:
    """Say whether a text holds anything of the ticket but its number and subject: only then is it looked up."""
    return bool({*named(found.subject), *named(found.text)} & COLUMN.keys() - {"ticket.subject"})


def filled(found: Filled, facts: Mapping[str, str]) -> Filled:
    """Fill a subject and a text."""
    return Filled(" ".join(fill(found.subject, facts).split()), fill(found.text, facts))


def facts_of(header: Mapping[str, Any]) -> dict[str, str]:
    """Spell what a header holds. It is one that the gate has given for the reader: what is not in it is empty."""
    found = {
        name: _spelt(header.get(column)) for name, column in COLUMN.items() if name.startswith("ticket.")
    }
    kind, state = header.get("type") or "", header.get("state") or ""
    if kind:
        found["ticket.type"] = titles.kind(kind)
    if state:
        meaning, where = header.get("meaning") or "", header.get("queue")
        found["ticket.state"] = titles.state(state, meaning, type_=kind, queue=where)
    queue = current().queue_named(header.get("queue") or "")
    found["queue.name"] = header.get("queue") or ""
    found["queue.title"] = (queue.title if queue else "") or found["queue.name"]
    reporter = header.get("reporter") or {}
    found |= {f"reporter.{part}": _spelt(reporter.get(part)) for part in ("name", "organisation")}
    return found


def facts_of_the_house() -> dict[str, str]:
    """Give the placeholders that say who we are, the same in every text."""
    site = setup.installation()
    return {
        "site.name": site.organisation or site.name,
        "site.organisation": site.organisation,
        "site.tag": site.name,
        "site.address": setup.base_url(),
        "site.correspond": site.correspond_address,
    }


def preview(name: str, number: int, reader: Actor, *, body: Mapping[str, Any] | None = None) -> Filled:
    """Show what a text would say of a ticket: what its recipients would read there, as far as the reader may too.

    :param name: of the text; a purpose shows the usual one.
    :param body: the text as it is being written, where it is not in force yet.
    :raises NotFound: there is no such text, or no such ticket for this reader.
    :raises Invalid: the body is wrong.
    """
    template: Template | None = (
        read_one("template", name, body) if body is not None else current().templates.get(name)
    )
    purpose = template.purpose if template else name
    if purpose not in PURPOSES:
        raise NotFound("no_such_template", given=name)
    chart = charts.header(number, reader)
    is_outside = PURPOSES[purpose].is_outside
    class_of = current().class_of
    header = {
        column: value
        for column, value in chart.header.items()
        if not is_outside or class_of("state" if column == "meaning" else column) <= DataClass.CUSTOMER
    }
    subject, text = STANDARD[purpose]
    found = Filled(_(subject) if subject else "", _(text))
    if template:
        found = Filled(template.subject or found.subject, template.text)
    link = f"{setup.base_url()}/{'t/…' if is_outside else f'tickets/{chart.number}'}"
    sample = {
        "ticket.number": str(chart.number),
        "ticket.link": link,
        "text": _("(Here stand the words of the update.)"),
        "headline": _("(Here stands who did what.)"),
        "facts": _("(Here stand type, queue, severity, priority, owner and next action.)"),
        "resolution": _spelt(header.get("resolution")),
        "author.name": reader.label,
    }
    return filled(found, facts_of_the_house() | facts_of(header) | sample)


def _spelt(value: Any) -> str:
    return "" if value is None else str(value)
