"""Who asks: each with what their clearance lets them read, and what, therefore, must leave no trace for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import accounts, configuring, representing, tokens
from nocturne.desk.alarms import MACHINERY
from nocturne.store import configured
from nocturne.store.models import Contact, User
from tests.cast import PASSWORD, account, people
from tests.noninterference.kinds import (
    CLEOS,
    CUSTOMER,
    HOUSES,
    LEGAL,
    MERGED,
    NOTICES,
    PEERS,
    RESTRICTED,
    ROWES,
    SECURITY,
    SITES,
    STAFF,
)
from tests.noninterference.scattering import more_inventory
from tests.noninterference.twins import NOW, at, chance


@dataclass(frozen=True)
class Reader:
    """Somebody who asks. `hidden` lists the kinds of values that may not reach them, each one world of its own."""

    name: str
    hidden: tuple[frozenset[str], ...]
    groups: tuple[str, ...] = ()
    contact: str = ""
    has_browser: bool = True
    has_account: bool = True


def each(*kinds: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset({kind}) for kind in kinds)


CLASSES = each(STAFF, RESTRICTED, LEGAL)
TICKETS = frozenset({ROWES, CLEOS, SITES, HOUSES, PEERS, NOTICES, SECURITY})
READERS = (
    Reader("ada", each(LEGAL, SECURITY), ("administrators",)),
    Reader("mei", each(LEGAL, SECURITY), ("supervisors",)),
    Reader("anna", each(RESTRICTED, LEGAL, SECURITY), ("operators",)),
    Reader("bot", each(RESTRICTED, LEGAL, SECURITY), ("operators",), has_browser=False),
    Reader("lena", each(RESTRICTED, SECURITY), ("lawyers",)),
    Reader("paula", (*each(RESTRICTED, LEGAL), TICKETS - {PEERS}), ("peers",)),
    Reader("sam", (TICKETS - {SECURITY},), ("csirt",)),
    Reader("cleo", (*CLASSES, *each(MERGED), TICKETS - {CLEOS}), contact="cleo@college.example"),
    Reader("rowe", (*CLASSES, TICKETS - {ROWES}), contact="rowe@site.example", has_browser=False),
    # Rita speaks for a site, wim watches, wanda watches by mail; nils has an account that nothing has been granted to,
    # a guest has none.
    Reader("rita", (*CLASSES, TICKETS - {SITES})),
    Reader("wim", (*CLASSES, TICKETS - {PEERS})),
    Reader("wanda", (*CLASSES, *each(MERGED)), contact="wanda@elsewhere.example", has_account=False),
    Reader("nils", (TICKETS | {CUSTOMER},)),
    Reader("guest", (TICKETS | {CUSTOMER},), has_account=False),
)
BY_NAME = {each.name: each for each in READERS}


CLEARANCES: dict[tuple[str, str], dict[str, Any]] = {
    ("class", "legal"): {"number": 12},
    ("group", "lawyers"): {},
    ("clearance", "lawyers"): {
        "group": "lawyers",
        "sees": ["staff", "legal"],
        "appends": ["staff", "legal"],
        "changes": ["staff", "legal"],
        "rights": ["work"],
    },
    ("class", "security"): {"number": 10},
    ("queue", "security"): {"class": "security"},
    ("group", "csirt"): {},
    ("clearance", "csirt"): {
        "group": "csirt",
        "queues": ["security"],
        "sees": ["restricted", "security"],
        "appends": ["restricted", "security"],
        "changes": ["restricted", "security"],
        "rights": ["work"],
    },
    ("queue", "peering"): {},
    ("group", "peers"): {},
    ("clearance", "peers"): {
        "group": "peers",
        "queues": ["peering"],
        "sees": ["staff"],
        "appends": ["staff"],
        "changes": ["staff"],
        "rights": ["work"],
    },
    ("queue", "status"): {},
    ("clearance", "status"): {"party": "anybody", "queues": ["status"], "sees": ["public"]},
    ("clearance", "watcher"): {"party": "watcher", "queues": ["peering"], "sees": ["customer"]},
    ("field", "subject"): {"class": "public"},
    ("field", "circuit"): {"class": "restricted"},
    ("field", "vendor"): {"class": "restricted"},
    ("field", "cause"): {"class": "legal"},
}
"""What this site has besides the standard: classes beside the ladder, a queue of one, clearances for parts in a ticket
and for anybody, and columns that are for other readers than usual."""


@dataclass
class Keys:
    """What everybody signs on with: the cookie of a browser, the token of a program. Every copy knows them."""

    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


def stage() -> Keys:
    """This will set up a NOC and its people and sign them all on, before anything has happened."""
    keys = Keys()
    with at(NOW), chance("people"):
        ada = people().ada
        more_inventory()
        configuring.change(CLEARANCES, by=MACHINERY, door=Door.CLI)
        configured.refresh()
        Contact.objects.create(name="Rowe", email="rowe@site.example", organisation="The Site")
        Contact.objects.create(name="Wanda", email="wanda@elsewhere.example")
        Contact.objects.create(name="Walt", email="walt@elsewhere.example")
        for name in ("zoe", "otto"):
            account(name, "operators")
        for each in READERS:
            if not each.has_account:
                continue
            user = User.objects.filter(name=each.name).first()
            if user is None:
                contact = Contact.objects.get(email=each.contact) if each.contact else None
                user = account(each.name, *each.groups, contact=contact)
            _, keys.tokens[each.name] = tokens.create_token(user, "tests")
            if each.has_browser:
                browser = Client()
                answer = browser.post("/sign-on", {"name": each.name, "password": PASSWORD})
                assert answer.status_code == 302, answer.content
                keys.cookies[each.name] = browser.cookies[settings.SESSION_COOKIE_NAME].value
        few = {"class": "security", "members": ["sam"]}
        configuring.change({("queue", "security"): few}, by=MACHINERY, door=Door.CLI)
        representing.name("site", "Ann Arbor", by=ada, door=Door.WEB, account="rita")
    return keys


def actor(name: str) -> Actor:
    """This will say who an account is to the permits, in the database that is entered."""
    return accounts.actor_of(User.objects.get(name=name))
