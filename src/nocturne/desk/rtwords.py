"""RT's words for what is here, so that whoever has worked with RT finds their way: said where they look for them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from nocturne.core import oneline
from nocturne.core.oneline import Intent

MEANT: Mapping[tuple[str, ...], str] = {
    ("comment", "comments"): N_(
        "RT’s comment is a note here, and only the staff reads it: n on a ticket, or “4711 your words”."
    ),
    ("correspond", "correspondence"): N_(
        "RT’s correspondence is a reply here: r on a ticket, or “noc reply 4711 your words”. Customers read it."
    ),
    ("steal",): N_(
        "RT’s stealing is taking here: it makes a ticket yours, whoever had it. t on a ticket, or “4711 owner:me”."
    ),
    ("untake", "nobody"): N_("A ticket goes back to nobody with a (give) on it, or “4711 owner:none”."),
    ("assign", "reassign"): N_("RT’s assigning is giving here: a on a ticket, or “4711 owner:kofi”."),
    ("requestor", "requestors"): N_("RT’s requestor is the reporter here: who said that something is wrong."),
    ("admincc",): N_(
        "RT’s AdminCc of a queue are its watchers here: the staff who are mailed what comes in. See the queue’s page,"
        " or “nocturne queue change general --watcher mei”."
    ),
    ("scrip", "scrips"): N_(
        "What RT’s scrips do most is built in here: acknowledging, telling whom it concerns, ringing, opening again."
        " What is said stands in the settings under texts."
    ),
    ("lifecycle", "lifecycles", "status", "statuses"): N_(
        "RT’s status is the state here. Each has a meaning and says whose time runs; life cycles are in the settings."
    ),
    ("stall", "stalled"): N_(
        "RT’s stalled is waiting here, and it says for whom: w on a ticket, or “4711 clock:customer timer:2d”."
    ),
    ("customfield", "customfields", "cf"): N_("RT’s custom fields are fields here, beside RFC 1297’s own."),
    ("transaction", "transactions"): N_(
        "RT’s transactions are updates here: they are the ticket itself, and none is ever changed."
    ),
    ("basics", "jumbo", "modifyall"): N_(
        "There is no page of all fields: each act on a ticket has its own small form."
    ),
    ("reminder", "reminders", "due"): N_(
        "RT’s reminders and due dates are timers here, with a short text: u on a ticket, or “4711 timer:2h”."
    ),
    ("told", "starts", "timeworked"): N_(
        "RT’s dates are here as RFC 1297 has them: started, detected, reported, opened, restored, resolved, closed."
    ),
    ("dependson", "dependedonby", "refersto", "memberof", "links"): N_(
        "RT’s links are relations here: l on a ticket, or “4711 parent:4702”. A complaint points to its trouble."
    ),
    ("delete", "deleted", "spam"): N_(
        "Nothing is deleted here. What should not be there is rejected, with a reason."
    ),
    ("acl", "superuser"): N_("RT’s rights are clearances here: who may do what, with which classes of data."),
    ("privileged", "unprivileged", "selfservice"): N_(
        "RT’s unprivileged users are contacts here: people outside, who need no account to be answered."
    ),
    ("ticketsql", "querybuilder"): N_(
        "Searching has a language of its own here: “is:open owner:me queue:backbone”."
    ),
    ("rt-crontool", "crontool", "shredder"): N_(
        "What RT does with its tools is a command here: “nocturne --help”."
    ),
}
"""Words of RT that are other words here."""
VERBS = frozenset({"comment", "correspond", "steal", "untake", "assign", "reassign", "stall"})
"""What behind a ticket's number is meant as an act and not as the beginning of a note."""
_BY_WORD = {word: meaning for words, meaning in MEANT.items() for word in words}
_TICKETSQL = re.compile(
    r"\b(?:Status|Owner|Queue|Requestor|Subject|Created|LastUpdated|Due|id|CF\.\S+)\s*(?:=|!=|<|>|LIKE\b)",
    re.IGNORECASE,
)


def hint(line: str) -> str:
    """Say what a line that speaks RT's language would be here; empty where it is a sentence of its own."""
    kind = oneline.intent(line)
    words = line.strip().lower().removeprefix(">").split()
    if kind is Intent.ACT and not VERBS.isdisjoint({words[1].strip(":")}):
        return _(_BY_WORD[words[1].strip(":")])
    if kind is Intent.SEARCH and _TICKETSQL.search(line):
        return _(_BY_WORD["ticketsql"])
    if kind in (Intent.SEARCH, Intent.GO):
        word = "".join(words).replace("_", "").rstrip(":")
        return _(_BY_WORD[word]) if word in _BY_WORD else ""
    return ""
