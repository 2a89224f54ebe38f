"""Types of tickets: what kind of problem a ticket tracks. Local types behave as one of RFC 1297's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nocturne.core.configuration.body import Body, wrong

TYPES = ("complaint", "request", "trouble", "planned", "engineering", "meta")
"""RFC 1297's types; a site adds its own, each of which behaves as one of these."""
REPORTED = ("complaint", "request")
"""What comes from somebody outside, who waits for an answer."""
NEXT_TYPE = {"complaint": "trouble", "request": "trouble", "trouble": "engineering", "engineering": "meta"}
"""To which type a ticket of a type points as its parent."""


@dataclass(frozen=True, slots=True)
class Type:
    """A type of ticket.

    :param behaves: which of complaint, request, trouble, planned, engineering, meta it behaves as: whether somebody
        waits for an answer, whether it has a window, and what it may point to.
    :param lifecycle: its own, where not its queue's.
    :param fields: local fields that it shows, in their order; those of no type are shown by themselves.
    :param points_to: the types its parent may have; those its behaviour names where empty.
    :param priorities: the priority for a severity, where not the usual one.
    """

    name: str
    title: str = ""
    behaves: str = "trouble"
    help: str = ""
    lifecycle: str = ""
    fields: tuple[str, ...] = ()
    points_to: tuple[str, ...] = ()
    priorities: Mapping[int, int] = field(default_factory=dict)
    retired: bool = False
    formerly: tuple[str, ...] = ()

    @property
    def is_planned(self) -> bool:
        """Whether it has a window, and a clock that stands on its schedule."""
        return self.behaves == "planned"

    @property
    def is_reported(self) -> bool:
        """Whether somebody outside waits for an answer."""
        return self.behaves in REPORTED


def read(name: str, body: Body) -> Type:
    behaves = body.choice("behaves", TYPES, name if name in TYPES else "trouble")
    if name in TYPES and behaves != name:
        raise wrong("built_in_type", body.at("behaves"), given=behaves, name=name)
    levels = body.table("priorities")
    priorities = {}
    for severity in ("1", "2", "3", "4"):
        if (level := levels.number(severity, least=1, most=4)) is not None:
            priorities[int(severity)] = level
    levels.done()
    return Type(
        name,
        title=body.text("title", longest=120),
        behaves=behaves,
        help=body.text("help", longest=600),
        lifecycle=body.name("lifecycle"),
        fields=body.names("fields"),
        points_to=body.names("points_to"),
        priorities=priorities,
        retired=body.flag("retired"),
        formerly=body.names("formerly"),
    )


def next_behaviour(behaves: str) -> str | None:
    """Say what a ticket that behaves so may point to as its parent (RFC 1297: complaint to trouble to engineering
    to meta)."""
    return NEXT_TYPE.get(behaves)
