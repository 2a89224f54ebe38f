"""Steps that run in a place's own settings, each in a process of its own: `python -m tests.bench.inside STEP …`.

The last line that a step prints is its result as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

SAMPLE = 300


def build(tickets: str) -> object:
    """This will make the tables, the people and the tickets, and prove a sample of the books."""
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone
    from django.utils.dateparse import parse_datetime

    from nocturne.desk import setup
    from nocturne.store import guards
    from nocturne.store.models import Group, User
    from tests.bench import loading
    from tests.bench.recipe import Plan

    call_command("migrate", verbosity=0, interactive=False)
    guards.install()
    if not setup.is_done():
        setup.perform(setup.SetUp(admin="root", password=os.urandom(12).hex(), email="root@bench.example"))
    until = settings.NOCTURNE.home / "until"
    if not until.exists():
        until.write_text(timezone.now().isoformat())
    inventory = loading.inventory()
    operators = Group.objects.get(name="operators")
    operators.members.add(*User.objects.filter(name__in=[name for _, name in inventory.people]))
    moment = parse_datetime(until.read_text())
    assert moment is not None
    plan = Plan(int(tickets), moment, inventory)
    loading.load(plan)
    index()
    guards.verify()
    return {"proven": prove(str(SAMPLE)), "tickets": plan.tickets}


def forward() -> object:
    """This will bring a place forward to the newest migration, with whatever the worker would make after it."""
    from django.core.management import call_command

    from nocturne.store import guards, pastbuilding
    from nocturne.store.db import learn
    from nocturne.store.fulltext import building

    call_command("migrate", verbosity=0, interactive=False)
    guards.install()
    made = pastbuilding.run()
    if building.is_due():
        index()
    learn()
    return made


def index() -> object:
    """This will make the full-text index of the tickets that were loaded, and remember how long it took."""
    from nocturne.store.fulltext import building
    from tests.bench import searches

    if not building.is_due() and searches.built_in().exists():
        return None
    made = building.run()
    searches.built_in().write_text(json.dumps({"seconds": made.seconds, "tickets": made.tickets}))
    return made.tickets


def search(samples: str) -> object:
    from tests.bench import searches

    return searches.measure(int(samples))


def prove(sample: str) -> object:
    """This will prove header and hashes of some tickets, the long ones among them.

    :raises AssertionError: the books of one are wrong.
    """
    from nocturne.store import books
    from nocturne.store.models import Ticket

    last = Ticket.objects.order_by("-pk").values_list("pk", flat=True)[0]
    numbers = {*range(1, last, max(last // int(sample), 1)), *range(max(last - 20, 1), last + 1)}
    existing = set(Ticket.objects.filter(pk__in=numbers).values_list("pk", flat=True))
    for number in existing:
        assert books.first_difference(number) is None, (number, books.first_difference(number))
        assert books.broken_link(number) is None, (number, books.broken_link(number))
    return len(existing)


def person() -> object:
    """This will sign an operator on, as the sign-on page would, and give her a token."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from nocturne.desk import tokens
    from nocturne.store.models import Ticket, User
    from nocturne.store.sessions import SessionStore

    def cookie(user: User) -> str:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"

    anna, lars = User.objects.get(name="anna"), limited()
    root = User.objects.get(name="root")
    _, token = tokens.create_token(anna, "bench")
    open_ones = (
        Ticket.objects.open().filter(meaning="open").order_by("-pk").values_list("pk", flat=True)[2:402]
    )
    return {
        "cookie": cookie(anna),
        "administrators": cookie(root),
        "limited": cookie(lars),
        "token": token,
        "open": list(open_ones),
    }


def consoles(count: str) -> object:
    """This will give tokens to some operators."""
    from nocturne.desk import tokens
    from nocturne.store.models import User

    people = User.objects.filter(is_active=True, groups__name="operators").order_by("pk")[: int(count)]
    return [tokens.create_token(each, "bench")[1] for each in people]


def limited() -> Any:
    """This will make an operator of three queues, who reads of the others' tickets what customers read of theirs."""
    from nocturne.core.entry import Door
    from nocturne.desk import accounts, configuring
    from nocturne.desk.alarms import MACHINERY
    from nocturne.store.models import User

    own = {
        "group": "peers",
        "queues": ["backbone", "peering", "access"],
        "sees": ["staff"],
        "rights": ["work"],
    }
    documents: dict[tuple[str, str], Any] = {
        **{("queue", name): {} for name in own["queues"]},
        ("group", "peers"): {},
        ("clearance", "peers"): {**own, "appends": ["staff"], "changes": ["staff"]},
        ("clearance", "peers-elsewhere"): {"group": "peers", "queues": ["general"], "sees": ["customer"]},
        ("queue", "general"): {},
    }
    configuring.change(documents, by=MACHINERY, door=Door.CLI)
    found = User.objects.filter(name="lars").first()
    return found or accounts.add_user("lars", groups=["peers"])


def tidy(tickets: str) -> object:
    """This will reject the tickets that measurements have opened, so that the board is as long as it was."""
    from nocturne import desk
    from nocturne.core.entry import Door
    from nocturne.desk import accounts
    from nocturne.store.models import Ticket, User

    by = accounts.actor_of(User.objects.get(name="anna"))
    numbers = list(Ticket.objects.open().filter(pk__gt=int(tickets)).values_list("pk", flat=True))
    for number in numbers:
        desk.reject(number, "opened by a measurement", by=by, door=Door.IMPORT)
    return len(numbers)


def write(samples: str) -> object:
    from tests.bench import writes

    return writes.measure(int(samples))


def plans(tickets: str) -> object:
    from pathlib import Path

    from django.conf import settings

    from nocturne.config.static import collect_when_stale
    from tests.bench import plans as asked

    collect_when_stale(Path(settings.STATIC_ROOT))
    return asked.look(int(tickets))


def letters(count: str) -> object:
    from tests.bench import letters as sent

    return sent.measure(int(count))


STEPS: dict[str, Callable[..., Any]] = {
    each.__name__: each
    for each in (build, forward, prove, person, consoles, tidy, write, plans, letters, index, search)
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nocturne.config.settings")
    os.umask(0o077)
    import django

    django.setup()
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))
