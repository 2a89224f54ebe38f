"""Queues: where tickets of one class of problem wait, and the policy that comes with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nocturne.core.configuration.body import Body, wrong

LONGEST_SILENCE = 365
DEFAULTS = (
    "severity", "priority", "owner", "network", "site", "next_action", "vendor", "machine",
)  # fmt: skip
"""Columns that a queue may fill when a ticket opens in it, beside local fields (`field/cve`)."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue.

    :param data_class: what a reader must be cleared for to know of its tickets at all.
    :param members, watchers: accounts, or `@group`; watchers are mailed what comes in.
    :param defaults: column or `field/name` to what it is filled with when nothing else is said.
    :param forms: whether people without an account may open tickets through its public form.
    """

    name: str
    title: str = ""
    purpose: str = ""
    correspond_address: str = ""
    comment_address: str = ""
    default_type: str = "trouble"
    lifecycle: str = ""
    calendar: str = ""
    data_class: str = "public"
    silence_days: int = 5
    members: tuple[str, ...] = ()
    watchers: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    takes_mail: bool = True
    retired: bool = False
    formerly: tuple[str, ...] = ()


def read(name: str, body: Body) -> Queue:
    defaults = dict(body.table("defaults").body)
    for key, value in defaults.items():
        known = key in DEFAULTS or key.startswith("field/")
        if not known or not isinstance(value, str | int | bool | list):
            raise wrong("not_among", f"{body.at('defaults')}.{key}", given=key, known=list(DEFAULTS))
    return Queue(
        name,
        title=body.text("title", longest=120),
        purpose=body.text("purpose", longest=300),
        correspond_address=address(body, "correspond"),
        comment_address=address(body, "comment"),
        default_type=body.name("type", "trouble"),
        lifecycle=body.name("lifecycle"),
        calendar=body.name("calendar"),
        data_class=body.name("class", "public"),
        silence_days=body.number("silence_days", 5, least=1, most=LONGEST_SILENCE) or 5,
        members=body.texts("members"),
        watchers=body.texts("watchers"),
        defaults=defaults,
        takes_mail=body.flag("takes_mail", True),
        retired=body.flag("retired"),
        formerly=body.names("formerly"),
    )


def address(body: Body, key: str) -> str:
    """Take a mail address.

    :raises Invalid: it can be none.
    """
    value = body.text(key, longest=254)
    if value and (value.count("@") != 1 or any(c.isspace() or c in '<>",;:' for c in value)):
        raise wrong("not_address", body.at(key), given=value)
    return value
