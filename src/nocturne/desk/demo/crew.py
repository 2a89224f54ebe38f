"""Who works at Lakenet's NOC, and who is on shift when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import accounts, configuring, people, queues, ways
from nocturne.desk.alarms import MACHINERY
from nocturne.store.models import Queue, User

ZONE = ZoneInfo("America/Detroit")
DOMAIN = "lakenet.example"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the crew; their sign-on name is their first name unless it is taken."""

    name: str
    full_name: str
    group: str
    phone: str

    @property
    def email(self) -> str:
        return f"{self.name}@{DOMAIN}"


CREW = (
    Member("anna", "Anna Lindqvist", "operators", "+1 734 555 0151"),
    Member("kofi", "Kofi Mensah", "operators", "+1 734 555 0152"),
    Member("ola", "Ola Nyberg", "operators", "+1 734 555 0153"),
    Member("tomas", "Tomás Vega", "operators", "+1 734 555 0154"),
    Member("yuki", "Yuki Sato", "operators", "+1 734 555 0157"),
    Member("priya", "Priya Raman", "operators", "+1 734 555 0158"),
    Member("mei", "Mei Tan", "supervisors", "+1 734 555 0160"),
    Member("ruth", "Ruth Okafor", "supervisors", "+1 734 555 0161"),
)
PAIRS = (("anna", "kofi"), ("ola", "tomas"), ("yuki", "priya"))
"""Who works together; the pairs change shift every week: days 07–15, evenings 15–23, nights 23–07."""
SUPERVISORS = ("mei", "ruth")


def on_shift(at: datetime) -> tuple[str, str]:
    """Name the two operators who are on shift at an instant, who leads first."""
    local = at.astimezone(ZONE)
    shift = (local.hour + 24 - 7) % 24 // 8
    # A night belongs to the day on which it began.
    week = (local.toordinal() - (local.hour < 7)) // 7
    first, second = PAIRS[(shift + week) % 3]
    return (first, second) if local.day % 2 else (second, first)


def supervisor(at: datetime) -> str:
    """Name the supervisor who signs off at an instant: one works days, the other the rest."""
    return SUPERVISORS[0] if 7 <= at.astimezone(ZONE).hour < 16 else SUPERVISORS[1]


def hire(*, password: str | None) -> None:
    """Give everybody of the crew an account.

    :param password: the same for all; without it nobody can sign on with one.
    """
    for member in CREW:
        user = people.add(
            _free(member.name),
            groups=[member.group],
            password=password,
            email=member.email,
            full_name=member.full_name,
            zone=str(ZONE),
            by=MACHINERY,
            door=Door.RULE,
        )
        ways.add(user, "phone", member.phone, by=MACHINERY, door=Door.RULE)


def actors() -> dict[str, Actor]:
    """Say who the crew are to the permits, by the names that the stories call them."""
    users = {user.full_name: user for user in _ours()}
    return {member.name: accounts.actor_of(users[member.full_name]) for member in CREW}


def _ours() -> Any:
    """Find the accounts that were made here: somebody else of the same first name is somebody else."""
    return User.objects.filter(
        email__in=[member.email for member in CREW], full_name__in=[member.full_name for member in CREW]
    )


def _free(name: str) -> str:
    """Find a sign-on name that nobody has."""
    while User.objects.filter(name__iexact=name).exists():
        name = f"{name}-lakenet" if "-" not in name else f"{name}2"
    return name


def seat() -> None:
    """Make Lakenet's queues, and the crew their members; a queue that is there already keeps what it says."""
    names = list(_ours().values_list("name", flat=True))
    present = set(Queue.objects.values_list("name", flat=True))
    changes = {}
    for name, purpose, kind, mailbox in QUEUES:
        said = {"purpose": purpose, "type": kind} | ({"correspond": f"{mailbox}@{DOMAIN}"} if mailbox else {})
        body = queues.described(name) if name in present else said
        changes["queue", name] = {**body, "members": list(dict.fromkeys([*body.get("members", ()), *names]))}
    configuring.change(changes, by=MACHINERY, door=Door.CLI)


QUEUES = (
    ("general", "What has no place of its own", "trouble", ""),
    ("backbone", "Circuits, routers and power of the backbone", "trouble", "backbone"),
    ("customers", "What connected institutions report and ask for", "complaint", "support"),
    ("services", "Name servers, mail, sign-on and time", "trouble", "services"),
    ("planned", "Our own maintenance windows and the vendors'", "planned", "maintenance"),
    ("engineering", "What must be changed for good", "engineering", ""),
)
"""Name, purpose, default type, and the part of the mail address before @; empty has none."""
