"""Who asks: each with what their clearance lets them read, and what, therefore, must leave no trace for them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.test import Client

from nocturne.core.permits import Actor
from nocturne.desk import accounts, tokens
from nocturne.store.models import Contact, User
from tests.cast import PASSWORD, account, people
from tests.noninterference.kinds import CLEOS, CUSTOMER, HOUSES, MERGED, RESTRICTED, ROWES, STAFF
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


READERS = (
    Reader("ada", (), ("administrators",)),
    Reader("mei", (), ("supervisors",)),
    Reader("anna", each(RESTRICTED), ("operators",)),
    Reader("bot", each(RESTRICTED), ("operators",), has_browser=False),
    Reader(
        "cleo", (*each(STAFF, RESTRICTED, MERGED), frozenset({ROWES, HOUSES})), contact="cleo@college.example"
    ),
    Reader(
        "rowe",
        (*each(STAFF, RESTRICTED), frozenset({CLEOS, HOUSES})),
        contact="rowe@site.example",
        has_browser=False,
    ),
    # Wanda only watches, by mail; nils has an account that nothing has been granted to; a guest has none.
    Reader("wanda", each(STAFF, RESTRICTED, MERGED), contact="wanda@elsewhere.example", has_account=False),
    Reader("nils", (frozenset({CUSTOMER, STAFF, RESTRICTED}),)),
    Reader("guest", (frozenset({CUSTOMER, STAFF, RESTRICTED}),), has_account=False),
)
BY_NAME = {each.name: each for each in READERS}


@dataclass
class Keys:
    """What everybody signs on with: the cookie of a browser, the token of a program. Every copy knows them."""

    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


def stage() -> Keys:
    """This will set up a NOC and its people and sign them all on, before anything has happened."""
    keys = Keys()
    with at(NOW), chance("people"):
        people()
        more_inventory()
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
    return keys


def actor(name: str) -> Actor:
    """This will say who an account is to the permits, in the database that is entered."""
    return accounts.actor_of(User.objects.get(name=name))
