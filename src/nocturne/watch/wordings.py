"""What a notice says. People outside are told what is theirs to read; the staff, what they would see on the page."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from nocturne.core.entry import DataClass, Kind
from nocturne.core.permits import Actor
from nocturne.desk import accounts, charts, correspondence, links, setup, wording
from nocturne.desk.alarms import MACHINERY
from nocturne.desk.views import EntryView
from nocturne.store.models import Notice

SIGNATURE = "\n\n-- \n"


class Unwanted(Exception):
    """There is nothing to tell any more, or nothing that this recipient may read."""


def words(notice: Notice) -> tuple[str, str]:
    """This will give a notice's subject and text, in the language that is active.

    :raises Unwanted: what it was about has been redacted, withdrawn or closed to this reader.
    :raises NotFound: the reader may not know of the ticket any more.
    """
    if notice.purpose == "acknowledgement":
        return _acknowledgement(notice)
    if notice.purpose == "reply":
        return _tagged(notice), _signed(_with_link(_outside_text(notice), notice))
    if notice.purpose == "resolved":
        return _tagged(notice), _resolved(notice)
    return _for_staff(notice)


def _tagged(notice: Notice) -> str:
    return correspondence.tagged(notice.ticket_id, notice.ticket.subject)


def _signed(text: str) -> str:
    organisation = setup.installation().organisation
    return f"{text.rstrip()}{SIGNATURE}{organisation or setup.installation().name}\n"


def _with_link(text: str, notice: Notice) -> str:
    """Say below a text where its recipient reads the ticket without an account, if it is theirs to read."""
    address = _link(notice)
    if not address:
        return text
    told = _("To read it on the web, and to answer there: %(address)s") % {"address": address}
    return f"{text.rstrip()}\n\n{told}"


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


def _acknowledgement(notice: Notice) -> tuple[str, str]:
    """Say the number and where to read on, and nothing else: a forged sender must not make us carry anybody's words.

    The page that the link opens shows none of them either before somebody of the NOC has looked at the ticket.
    """
    subject = f"{correspondence.tag(notice.ticket_id)} {_('Your message has arrived')}"
    text = _(
        "Your message has arrived. It is ticket %(number)s, and somebody will look at it.\n"
        "\n"
        "To add to it, answer this mail and leave the number in the subject as it is."
    ) % {"number": notice.ticket_id}
    return subject, _signed(_with_link(text, notice))


def _resolved(notice: Notice) -> str:
    """Say in the words of the resolution's line how it ended; the entry's own words only where they are shared."""
    view = _view(notice, MACHINERY)
    line = next((after for name, _before, after in view.changes if name == "resolution"), None)
    said = _shared_text(view)
    parts = [_("Ticket %(number)s is resolved.") % {"number": notice.ticket_id}]
    # Where one text told many complainers, its beginning stands in the line: once is enough.
    if line and not " ".join(said.split()).startswith(str(line)):
        parts.append(str(line))
    parts += [said.strip()] if said.strip() else []
    parts.append(_("If it is not over for you, answer this mail: your answer opens the ticket again."))
    return _signed(_with_link("\n\n".join(parts), notice))


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
    parts = [_headline(notice, view)]
    if spoken.text:
        parts.append(spoken.text.strip())
    facts = [
        f"{wording.field(name)}: {chart.header[name]}"
        for name in ("type", "queue", "severity", "priority", "owner", "next_action")
        if chart.header.get(name) not in (None, "")
    ]
    parts += ["\n".join(facts), f"{setup.base_url()}/tickets/{chart.number}"]
    return correspondence.tagged(notice.ticket_id, str(chart.header["subject"])), "\n\n".join(parts) + "\n"


def _headline(notice: Notice, view: EntryView) -> str:
    facts = {"author": view.author, "number": notice.ticket_id}
    if notice.purpose == "owner" and view.kind == Kind.DISPATCHED:
        return _("%(author)s sends you on ticket %(number)s.") % facts
    if notice.purpose == "owner":
        return _("%(author)s has given you ticket %(number)s.") % facts
    if view.facts.get("pending"):
        return _("%(author)s, who is not known on ticket %(number)s, wrote:") % facts
    if view.kind == Kind.OPENED:
        return _("%(author)s has opened ticket %(number)s:") % facts
    return f"{view.author} {wording.entry(view)} · #{notice.ticket_id}"
