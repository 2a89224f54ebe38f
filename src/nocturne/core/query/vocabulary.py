"""The keys of the query language: what each asks for, of which column, and how its values are read.

A table that a reader can go through from top to bottom; the parser, completion, the form and the documentation all
follow it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nocturne.core.configuration import current
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.query import synonyms

TAGS = "field/tag:"


@dataclass(frozen=True, slots=True)
class Key:
    """A key.

    :param form: how its values are read: choice, name, person, line (part of a text), words (full text), level, number,
        span, instant, age, ticket, link (to other tickets), thing (one behind another), affected, has, was, changed,
        beside (belongs to a `changed:` before it), frame (order, group, limit).
    :param column: the column whose data class a reader must hold; empty where nothing more than knowing of the ticket
        is asked, or where the value says which.
    :param ahead: whether its instants lie ahead, so that a bare `monday` is the next one.
    :param empty: whether `none` can be asked for.
    :param also: other spellings.
    """

    name: str
    form: str
    column: str = ""
    also: tuple[str, ...] = ()
    empty: bool = False
    ahead: bool = False


_TABLE = (
    Key("is", "choice"),
    Key("state", "choice", "state"),
    Key("owner", "person", "owner", empty=True),
    Key("queue", "name", "queue"),
    Key("type", "choice", "type"),
    Key("priority", "level", "priority"),
    Key("severity", "level", "severity"),
    Key("clock", "clock", "clock"),
    Key("network", "name", "network", empty=True),
    Key("site", "name", "site", empty=True),
    Key("circuit", "name", "circuit", empty=True),
    Key("vendor", "name", "vendor", empty=True),
    Key("parent", "ticket", "parent", empty=True),
    Key("number", "ticket"),
    Key("machine", "name", "machine/0", also=("node",), empty=True),
    Key("order", "frame"),
)
"""Keys that no local field can be called by."""
_YIELDING = (
    Key("group", "frame"),
    Key("limit", "frame"),
    Key("text", "words", "subject"),
    Key("subject", "words", "subject"),
    Key("file", "words"),
    Key("next_action", "line", "next_action", also=("next",), empty=True),
    Key("cause", "line", "cause", empty=True),
    Key("resolution", "line", "resolution", empty=True),
    Key("key_component", "line", "key_component", also=("component",), empty=True),
    Key("vendor_reference", "line", "vendor_reference", also=("ref", "reference"), empty=True),
    Key("user_address", "line", "user_address", empty=True),
    Key("destination_address", "line", "destination_address", also=("destination",), empty=True),
    Key("dispatched_to", "line", "dispatched_to", also=("dispatched",), empty=True),
    Key("referred_to", "line", "referred_to", also=("referred",), empty=True),
    Key("escalated_to", "line", "escalated_to", also=("escalated",), empty=True),
    Key("opened_by", "line", "opened_by", also=("opener",)),
    Key("reporter", "person", "reporter", empty=True),
    Key("watcher", "person", "party/0", also=("cc",), empty=True),
    Key("expert", "person", "party/0", empty=True),
    Key("asked", "person", "party/0", empty=True),
    Key("checked_by", "person", "checked_by", also=("checker",), empty=True),
    Key("customer", "affected", "affected/0", empty=True),
    Key("service", "affected", "affected/0", empty=True),
    Key("affected", "affected", "affected/0", empty=True),
    Key("opened", "instant", "opened_at"),
    Key("updated", "instant", "subject"),
    Key("started", "instant", "started_at", empty=True),
    Key("detected", "instant", "detected_at", empty=True),
    Key("reported", "instant", "reported_at", empty=True),
    Key("restored", "instant", "restored_at", empty=True),
    Key("resolved", "instant", "resolved_at", empty=True),
    Key("closed", "instant", "closed_at", empty=True),
    Key("checked", "instant", "checked_at", empty=True),
    Key("due", "instant", "alarm_at", also=("timer", "alarm"), empty=True, ahead=True),
    Key("starts", "instant", "planned_start", empty=True, ahead=True),
    Key("ends", "instant", "planned_end", empty=True, ahead=True),
    Key("age", "age", "opened_at"),
    Key("idle", "age", "subject"),
    Key("worked", "span", "worked"),
    Key("child", "link", "parent", empty=True),
    Key("depends", "link", "relation/0", also=("depends_on",), empty=True),
    Key("blocks", "link", "relation/0", empty=True),
    Key("refers", "link", "relation/0", also=("refers_to",), empty=True),
    Key("merged", "link", "merged_into", also=("merged_into",), empty=True),
    Key("has", "has"),
    Key("was", "was"),
    Key("changed", "changed"),
    Key("after", "beside", also=("since",)),
    Key("before", "beside", also=("until",)),
    Key("by", "beside"),
    Key("from", "beside"),
    Key("to", "beside"),
)
"""Keys that give way to a local field of their name: a site's own word keeps its meaning when we get a new one."""

FIRM: Mapping[str, str] = {spelling: each.name for each in _TABLE for spelling in (each.name, *each.also)}
SPELLINGS: Mapping[str, str] = {
    spelling: each.name for each in (*_YIELDING, *_TABLE) for spelling in (*each.also, each.name)
}
BY_NAME: Mapping[str, Key] = {each.name: each for each in (*_TABLE, *_YIELDING)}

LINKS = ("parent", "child", "depends", "blocks", "refers", "merged")
"""Ways from a ticket to others; behind a point stands what is asked of those: `parent.state:open`."""
MANY_LINKS: Mapping[str, str] = {"children": "child", "parents": "parent", "dependencies": "depends"}
"""How a way to others is called where somebody thinks of several; a link is called by one of them."""
_ITSELF = ("name", "names", "id", "login", "title", "email")
"""What somebody asks for behind a point that is asked for without it: `owner.name:kofi`."""
THINGS: Mapping[str, tuple[str, str]] = {
    "machine.site": ("machine/0", "site"),
    "machine.network": ("machine/0", "network"),
    "site.network": ("site", "network"),
    "circuit.vendor": ("circuit", "vendor"),
    "circuit.network": ("circuit", "network"),
    "circuit.site": ("circuit", "site"),
    "reporter.organisation": ("reporter", "reporter"),
}
"""What lies behind a thing on a ticket, and the columns that must be read to ask for it."""
BY_NAME = {**BY_NAME, **{name: Key(name, "name", columns[0], empty=True) for name, columns in THINGS.items()}}
_THINGS_SPELT = {name: name for name in THINGS} | {
    f"node.{part}": f"machine.{part}" for part in ("site", "network")
}
SPELLINGS = {**SPELLINGS, **_THINGS_SPELT}
PAST_COLUMNS = frozenset({
    "type", "queue", "subject", "state", "severity", "priority", "owner", "reporter", "dispatched_to",
    "referred_to", "escalated_to", "network", "site", "circuit", "vendor", "vendor_reference", "user_address",
    "destination_address", "next_action", "alarm_at", "started_at", "detected_at", "planned_start", "planned_end",
    "resolution", "key_component", "cause", "checked_by", "objected", "parent", "merged_into", "machine", "party",
    "relation", "outage", "affected",
})  # fmt: skip
"""Columns whose changes can be asked for; beside them every local field's. How long a clock ran is kept apart."""
PAST_VALUES = frozenset({
    "type", "queue", "state", "severity", "priority", "owner", "reporter", "network", "site", "circuit",
    "vendor", "checked_by", "parent", "merged_into", "machine",
})  # fmt: skip
"""Those of them whose values of the past can be asked for: short, and nobody's own words."""
KEYS = FIRM
"""Spellings that no local field can have."""
CAN_BE_EMPTY = frozenset(name for name in FIRM.values() if BY_NAME[name].empty)
UNLINKED = frozenset({"frame", "beside", "changed"})
"""Forms that cannot stand behind a point."""


def key_of(name: str) -> Key:
    """Give what is known of a key by its name: of a local field's, that it is one; of a path's, its last part's.

    :raises KeyError: there is no such key.
    """
    if name.startswith(PREFIX):
        return Key(name, "local", name, empty=True)
    return BY_NAME[name] if name in BY_NAME else key_of(name.partition(".")[2])


def paths(name: str) -> tuple[str, str]:
    """Part the name of a path into the link it follows and what is asked behind it; without one, nothing before it."""
    if name in BY_NAME or name.startswith(PREFIX):
        return "", name
    link, _, rest = name.partition(".")
    return link, rest


class Vocabulary(dict[str, str]):
    """Every spelling of a key to its name; behind links, those of the tickets they lead to."""

    def find(self, spelling: str) -> str | None:
        """Give the name of a key however it is spelt; nothing where there is none."""
        if spelling in self:
            return self[spelling]
        link, point, rest = spelling.partition(".")
        link = SPELLINGS.get(link, link)
        if not point or link not in LINKS or spelling.count(".") > FURTHEST:
            return None
        found = self.find(rest)
        return f"{link}.{found}" if found and key_of(found).form not in UNLINKED else None

    def leads(self, spelling: str) -> bool:
        """Tell whether what stands before the first point is one of our own words, whatever stands behind it."""
        first = spelling.partition(".")[0]
        return first in MANY_LINKS or not self.get(first, PREFIX).startswith(PREFIX)

    def near(self, spelling: str) -> str | None:
        """Give the key that was probably meant; of a path, the one whose parts are spelt almost like it."""
        first, point, rest = spelling.partition(".")
        if not point:
            spelt = spelling.replace("-", "_")
            if spelt in self:
                return spelt
            called = synonyms.KEYS.get(spelt)
            return called or next(iter(difflib.get_close_matches(spelling, self, 1, LIKE)), None)
        found = next(iter(difflib.get_close_matches(spelling, _THINGS_SPELT, 1, ALIKE)), None)
        link = MANY_LINKS.get(first) or SPELLINGS.get(first, first)
        if found is None and link in LINKS:
            last = rest if self.find(rest) else self.near(rest)
            found = f"{link}.{last}" if last and self.find(f"{link}.{last}") else None
        if found is None and rest in _ITSELF and self.get(first):
            found = first
        return found


def keys(reads: Callable[[str], bool] | None = None) -> Vocabulary:
    """Map every spelling of a key to its name: ours, and the site's own fields by any name they have had.

    :param reads: whether who asks may read a column; of the site's fields, those they may not are none.
    """
    found = Vocabulary(SPELLINGS)
    for field in current().fields.values():
        if not field.core and (reads is None or reads(PREFIX + field.name)):
            found |= dict.fromkeys((*field.formerly, field.name), PREFIX + field.name)
    found.update(FIRM)
    found["tag"] = TAGS
    return found


FURTHEST = 3
"""Links that one term may follow."""
LIKE = 0.7
"""How like a key a word has to be to be the slip of one."""
ALIKE = 0.8
"""How like a path a word with a point has to be to be the slip of one: names of machines have points as well."""
