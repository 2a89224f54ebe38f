"""What the settings are about: each kind of document with its address and its words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nocturne.core.refusals import NotFound
from nocturne.doors.web.fields import Words


@dataclass(frozen=True, slots=True)
class About:
    """A kind of document as the settings show it.

    `segment` is its place in an address, `retires` whether it can be retired, `renames` whether it has former names.
    """

    kind: str
    segment: str
    title: Words
    one: Words
    says: Words
    new: Words = ""
    retires: bool = False
    renames: bool = True


ABOUT: tuple[About, ...] = (
    About("site", "site", pgettext_lazy("an installation", "Site"), pgettext_lazy("an installation", "Site"),
          _("Who runs this NOC, under which addresses, and what holds for all of it."), renames=False),
    About("queue", "queues", _("Queues"), _("Queue"),
          _("Where tickets of one class of problem wait, who works in them, and under which addresses they take mail."),
          _("New queue"), retires=True),
    About("type", "types", _("Types"), _("Type"),
          _("What kind of problem a ticket tracks. A type of your own behaves as one of RFC 1297’s."),
          _("New type"), retires=True),
    About("field", "fields", _("Fields"), _("Field"),
          _("What a ticket says besides its text: fields of your own, and what you say of those every ticket has."),
          _("New field"), retires=True),
    About("lifecycle", "lifecycles", _("Life cycles"), _("Life cycle"),
          _("The states a ticket goes through, whose time runs in each, and the moves between them."),
          _("New life cycle"), retires=True),
    About("calendar", "calendars", _("Calendars"), _("Calendar"),
          _("When somebody works: hours, and days on which nobody does."), _("New calendar"), retires=True),
    About("class", "classes", _("Data classes"), _("Data class"),
          _("What kind of reader a fact is for, beside public, customer, staff and restricted."), _("New class")),
    About("clearance", "clearances", _("Clearances"), _("Clearance"),
          _("Who may do what, with which classes of data, and where."), _("New clearance"), renames=False),
    About("group", "groups", _("Groups"), _("Group"),
          _("Groups of accounts: clearances and queues speak of them."), _("New group")),
    About("desk", "desks", _("Desks"), _("Desk"),
          _("Which tickets one shift passes on to the next, and when shifts usually change."), _("New desk"),
          renames=False),
    About("template", "templates", _("Texts"), _("Text"),
          _("What is written to people outside: receipts, frames of replies, notices."), _("New text"), renames=False),
)  # fmt: skip
BY_SEGMENT = {each.segment: each for each in ABOUT}
BY_KIND = {each.kind: each for each in ABOUT}
SENSITIVE = frozenset({"clearance", "class", "group", "site"})
"""Changing these changes who may read and do what, and how they sign on: whoever does it proves again who they are."""


def about(segment: str) -> About:
    """Find a kind by its place in an address.

    :raises NotFound: there is none.
    """
    found = BY_SEGMENT.get(segment)
    if found is None:
        raise NotFound("no_such_settings")
    return found
