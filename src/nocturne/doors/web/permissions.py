"""Whom each address of the console is for. An address that says nothing here is not served: Nocturne does not start.

This is the first question only. What an actor may see and do on the very ticket, document or account is asked of the
permits where it is read or written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STRANGERS, GUESTS, SIGNED_ON, TICKET, STAFF = "strangers", "guests", "signed on", "ticket", "staff"
REDACTING = "redacting"
ADMINISTER, PEOPLE, AUDIT = "administer", "administer-people", "administer-audit"
CURIOUS = "administer-people administer-clearances administer-audit"
CARING = "administer-configuration administer-queues"

SAYS: Mapping[str, str | Promise] = {
    STRANGERS: _("everybody: it leads in, or carries a secret of its own"),
    GUESTS: _("whoever a clearance shows something, signed on or not"),
    SIGNED_ON: _("whoever is signed on, for what is theirs to know"),
    TICKET: _("whoever holds the right of the act on that ticket"),
    STAFF: _("the staff"),
    REDACTING: _("whoever of the staff may take words away on every ticket"),
}

NEEDS: Mapping[str, str] = {
    **dict.fromkeys(
        ("sign-on", "second", "enrol", "forgotten", "new-password", "with", "with-back"), STRANGERS
    ),
    **dict.fromkeys(("setup", "link", "link-file", "display", "display-new", "display-on"), STRANGERS),
    "display-events": STRANGERS,
    "search-complete": GUESTS,
    **dict.fromkeys(
        (
            "board",
            "board-new",
            "events",
            "view",
            "view-rows",
            "search",
            "search-rows",
            "search-count",
            "search-form",
        ),
        GUESTS,
    ),
    **dict.fromkeys(("beside", "beside-long"), GUESTS),
    **dict.fromkeys(("short", "ticket", "peek", "print", "ticket-new", "entries"), GUESTS),
    **dict.fromkeys(("attachment", "attachment-formatted"), GUESTS),
    **dict.fromkeys(("open", "act", "cell", "correction", "redaction", "class", "withdrawal"), TICKET),
    **dict.fromkeys(("handover", "handover-text", "takeovers", "shift-notes", "shift-note"), STAFF),
    **dict.fromkeys(("shift-note-redaction", "shift-redaction"), REDACTING),
    **dict.fromkeys(("shifts", "shift", "questions", "timeline", "timeline-new"), STAFF),
    **dict.fromkeys(("line", "line-read", "presence", "alike"), STAFF),
    **dict.fromkeys(("batches", "batch-new", "batch", "batch-progress", "batch-undo"), STAFF),
    **dict.fromkeys(("workload", "workload-call"), STAFF),
    **dict.fromkeys(
        (
            "bell",
            "go",
            "keys",
            "entry",
            "near",
            "drafts",
            "account",
            "password",
            "tokens",
            "token",
            "session",
            "theme",
        ),
        SIGNED_ON,
    ),
    **dict.fromkeys(
        ("factors", "factor-codes", "factor", "reached", "ways", "way-off", "notices"), SIGNED_ON
    ),
    **dict.fromkeys(("feed", "subscription-left", "display-dashboard"), STRANGERS),
    **dict.fromkeys(("subscriptions", "subscription", "subscription-now", "subscription-end"), SIGNED_ON),
    **dict.fromkeys(("home", "begin-with", "dashboards", "dashboard", "dashboard-arranging"), SIGNED_ON),
    **dict.fromkeys(
        ("dashboard-copy", "dashboard-removal", "dashboard-tile", "dashboard-figures"), SIGNED_ON
    ),
    **dict.fromkeys(("search-export", "view-export", "feeds", "feed-off"), SIGNED_ON),
    **dict.fromkeys(("views", "view-new", "view-edit", "view-deletion", "view-copy", "view-pin"), SIGNED_ON),
    **dict.fromkeys(("view-choice", "view-look", "pins", "rail-counts"), SIGNED_ON),
    **dict.fromkeys(("device", "displays", "display-off", "display-shows", "sure", "sign-off"), SIGNED_ON),
    **dict.fromkeys(
        ("settings", "settings-new", "settings-list", "settings-document", "settings-text"), ADMINISTER
    ),
    **dict.fromkeys(
        ("settings-diagram", "settings-name", "settings-retirement", "settings-removal"), ADMINISTER
    ),
    **dict.fromkeys(("settings-history", "settings-change", "administration"), ADMINISTER),
    **dict.fromkeys(("admin-people", "admin-person-new", "admin-person", "admin-person-disabling"), PEOPLE),
    **dict.fromkeys(("admin-person-act", "admin-groups", "admin-group", "admin-group-members"), PEOPLE),
    **dict.fromkeys(("admin-group-removal", "admin-contacts", "admin-contact", "admin-speakers"), PEOPLE),
    **dict.fromkeys(("admin-speaker-end", "admin-screens", "admin-screen-removal"), PEOPLE),
    **dict.fromkeys(("admin-audit", "admin-audit-export", "admin-audit-check", "admin-audit-line"), AUDIT),
    "admin-rights": CURIOUS,
    **dict.fromkeys(("admin-health", "admin-health-parts", "admin-health-act"), CARING),
}
"""By an address's name: one of the words above, or rights of administration of which one is enough."""


def refuse_undeclared(patterns: Iterable[URLPattern]) -> None:
    """Make sure that every address says whom it is for, and that its view keeps to it.

    :raises ImproperlyConfigured: one does not.
    """
    for each in patterns:
        name, view = str(each.name), each.callback
        needs = NEEDS.get(name)
        if needs is None:
            raise ImproperlyConfigured(
                f"/{each.pattern} ({name}) says nowhere whom it is for: add it to NEEDS in {__name__}"
            )
        asked = getattr(view, "needs", needs)
        if asked != needs:
            raise ImproperlyConfigured(
                f"/{each.pattern} ({name}) is for {needs}, and its view asks for {asked}"
            )
        marks = {
            STRANGERS: getattr(view, "is_public", False),
            GUESTS: getattr(view, "is_for_guests", False),
        }
        for word, is_marked in marks.items():
            if is_marked != (needs == word):
                raise ImproperlyConfigured(
                    f"/{each.pattern} ({name}) is for {needs}, and its view says otherwise"
                )


def is_right(needs: str) -> bool:
    """Tell whether an address is for holders of rights of administration."""
    return needs.startswith("administer")


__all__ = [
    "GUESTS",
    "NEEDS",
    "REDACTING",
    "SAYS",
    "SIGNED_ON",
    "STAFF",
    "STRANGERS",
    "TICKET",
    "is_right",
    "refuse_undeclared",
]
