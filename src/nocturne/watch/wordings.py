"""What a notice says. People outside are told what is theirs to read; the staff, what they would see on the page."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from nocturne.core.configuration import current
from nocturne.core.entry import DataClass, Kind
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk import accounts, charts, correspondence, links, setup, templates, titles, wording
from nocturne.desk.alarms import MACHINERY
from nocturne.desk.views import EntryView
from nocturne.store.models import Notice
from nocturne.watch import holding

SIGNATURE = "\n\n-- \n"


class Unwanted(Exception):
    """There is nothing to tell any more, or nothing that this recipient may read."""


def words(notice: Notice) -> tuple[str, str]:
    """This will give a notice's subject and text, in the language that is active.

    :raises Unwanted: what it was about has been redacted, withdrawn or closed to this reader.
    :raises NotFound: the reader may not know of the ticket any more.
    """
    if notice.purpose in ("acknowledgement", "reply", "resolved"):
        return _for_outside(notice)
    carried = list(
        Notice.objects.filter(carried_by=notice.pk or 0).select_related("ticket", "entry").order_by("pk")
    )
    return _together([*carried, notice]) if carried else _for_staff(notice)


def _together(several: Sequence[Notice]) -> tuple[str, str]:
    """Say in one mail what several notices say that were held back; what is nobody's business any more is left out.

    :raises Unwanted: that is all of it.
    """
    parts = []
    for each in several:
        with suppress(Unwanted, NotFound):
            parts.append(_for_staff(each))
    if not parts:
        raise Unwanted("nothing left of what was held back")
    return holding.together(parts) if len(parts) > 1 else parts[0]


def _for_outside(notice: Notice) -> tuple[str, str]:
    """Say to somebody outside what is theirs to know.

    An acknowledgement says the number and where to read on, and nothing of the ticket: a forged sender must not make
    us carry anybody's words. Its page shows none of them either before somebody of the NOC has looked at it.
    """
    facts = _told(notice)
    language, queue = translation.get_language() or "", notice.ticket.queue.name
    found = templates.find(notice.purpose, language=language, queue=queue)
    below = templates.find("signature", language=language, queue=queue)
    if templates.tells_of_the_ticket(found) or templates.tells_of_the_ticket(below):
        facts = templates.facts_of(_header_for(notice)) | facts
    facts |= templates.facts_of_the_house()
    made = templates.filled(found, facts)
    subject = correspondence.tagged(notice.ticket_id, made.subject)
    return subject, f"{made.text.rstrip()}{SIGNATURE}{templates.filled(below, facts).text}\n"


def _told(notice: Notice) -> dict[str, str]:
    """Give the facts that go with a purpose."""
    facts = {"ticket.number": str(notice.ticket_id), "ticket.link": _link(notice)}
    if notice.purpose == "acknowledgement":
        return facts
    facts["ticket.subject"] = notice.ticket.subject if _is_for_customers("subject") else ""
    if notice.purpose == "reply":
        return facts | {"text": _outside_text(notice)}
    return facts | _how_it_ended(notice)


def _is_for_customers(column: str) -> bool:
    return current().class_of(column) <= DataClass.CUSTOMER


def _header_for(notice: Notice) -> dict[str, Any]:
    """Read what the recipient may read of the ticket; whoever is only mailed a copy reads nothing else of it."""
    reader = None
    if notice.contact_id is not None:
        reader = accounts.actor_of_contact(notice.contact_id, only_ticket=notice.ticket_id)
    if reader is None:
        return {}
    try:
        return charts.header(notice.ticket_id, reader).header
    except NotFound:
        return {}


def _link(notice: Notice) -> str:
    """Give the link by which somebody outside reads their ticket; empty for whom it is not."""
    if notice.contact_id is None or not links.is_theirs(notice.ticket_id, notice.contact_id):
        return ""
    return links.address(notice.ticket_id, notice.contact_id, at=notice.entry.recorded_at)


def with_files_left(text: str, names: Sequence[str], notice: Notice) -> str:
    """This will say, above a mail's signature, which files it could not carry and where they are to be had."""
    said, mark, signature = text.rpartition(SIGNATURE)
    told = _("Too big for this mail: %(names)s. To be had at %(address)s") % {
        "names": ", ".join(names),
        "address": _link(notice) or f"{setup.base_url()}/tickets/{notice.ticket_id}",
    }
    return f"{said.rstrip()}\n\n{told}{mark}{signature}"


def _how_it_ended(notice: Notice) -> dict[str, str]:
    """Say in the words of the resolution's line how it ended; the entry's own words only where they are shared."""
    view = _view(notice, MACHINERY)
    line = next((after for name, _before, after in view.changes if name == "resolution"), None)
    said = _shared_text(view).strip()
    # Where one text told many complainers, its beginning stands in the line: once is enough.
    is_said = " ".join(said.split()).startswith(str(line))
    return {
        "resolution": str(line) if line and not is_said and _is_for_customers("resolution") else "",
        "text": said,
    }


def _outside_text(notice: Notice) -> str:
    text = _shared_text(_view(notice, MACHINERY))
    if not text.strip():
        raise Unwanted("not for readers outside")
    return text


def _view(notice: Notice, reader: Actor) -> EntryView:
    view = charts.entry(notice.ticket_id, notice.entry.address, reader)
    if view.redacted:
        raise Unwanted("redacted")
    return view


def _shared_text(view: EntryView) -> str:
    """Give an entry's words as corrected last, if customers may read them; watchers outside are no more than that."""
    spoken = view.corrections[-1] if view.corrections else view
    if DataClass.named(spoken.data_class) > DataClass.CUSTOMER or spoken.redacted:
        return ""
    return spoken.text or ""


def _for_staff(notice: Notice) -> tuple[str, str]:
    reader = accounts.actor_by_id(notice.user_id) if notice.user_id is not None else None
    if reader is None or not reader.is_staff:
        raise Unwanted("no longer of the staff")
    view = _view(notice, reader)
    chart = charts.header(notice.ticket_id, reader)
    spoken = view.corrections[-1] if view.corrections else view
    lines = [
        f"{wording.field(name)}: {titles.kind(chart.header[name]) if name == 'type' else chart.header[name]}"
        for name in ("type", "queue", "severity", "priority", "owner", "next_action")
        if chart.header.get(name) not in (None, "")
    ]
    facts = templates.facts_of(chart.header) | {
        "ticket.number": str(chart.number),
        "ticket.link": f"{setup.base_url()}/tickets/{chart.number}",
        "headline": _headline(notice, view),
        "text": (spoken.text or "").strip(),
        "facts": "\n".join(lines),
        "author.name": view.author,
    }
    if notice.purpose == "asked" and view.facts.get("asks"):
        facts["ticket.link"] = _("Answer on the ticket: %(address)s") % {"address": facts["ticket.link"]}
    language = translation.get_language() or ""
    found = templates.find(notice.purpose, language=language, queue=str(chart.header.get("queue") or ""))
    made = templates.filled(found, facts | templates.facts_of_the_house())
    return correspondence.tagged(notice.ticket_id, made.subject), f"{made.text}\n"


def _headline(notice: Notice, view: EntryView) -> str:
    facts = {"author": view.author, "number": notice.ticket_id}
    if notice.purpose == "asked":
        if view.facts.get("answers"):
            return _("%(author)s has answered your question on ticket %(number)s.") % facts
        return _("%(author)s asks you on ticket %(number)s:") % facts
    if notice.purpose == "owner" and view.kind == Kind.DISPATCHED:
        return _("%(author)s sends you on ticket %(number)s.") % facts
    if notice.purpose == "owner":
        return _("%(author)s has given you ticket %(number)s.") % facts
    if view.facts.get("pending"):
        return _("%(author)s, who is not known on ticket %(number)s, wrote:") % facts
    if view.kind == Kind.OPENED:
        return _("%(author)s has opened ticket %(number)s:") % facts
    return f"{view.author} {wording.entry(view)} · #{notice.ticket_id}"
