"""Every key of the console, in one table: page, overlay, script, documentation and tests read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nocturne.doors.web import acts

Words = Any

NAMED = {"Ctrl": pgettext_lazy("a key", "Ctrl"), "Space": pgettext_lazy("a key", "Space")}
"""Keys that have another name on keyboards elsewhere."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key, or several that belong together, and what they do.

    :param pressed: as they are pressed, apart by blanks; `g b` one after the other is `g+b`.
    :param is_letter: whether it is a character by itself, which its user can switch off.
    :param noun: the act whose form it opens.
    :param staff: whether only the NOC has it.
    """

    pressed: str
    does: Words
    is_letter: bool = True
    noun: str = ""
    staff: bool = True

    @property
    def chords(self) -> list[list[str]]:
        """List what is pressed, each as the keys of it in turn."""
        return [[str(NAMED.get(key, key)) for key in each.split("+")] for each in self.pressed.split(" ")]


@dataclass(frozen=True, slots=True)
class Group:
    """Keys that are used in one place."""

    title: Words
    keys: tuple[Key, ...]


GROUPS: tuple[Group, ...] = (
    Group(_("Everywhere"), (
        Key("/", _("command line")),
        Key("Ctrl+K", _("command line; on an empty one, all that can be done here"), is_letter=False),
        Key("o", _("new ticket"), staff=False),
        Key("g+b g+m", _("go to the board, to my work"), staff=False),
        Key("g+h g+q", _("go to the handover, to the open questions")),
        Key("g+w", _("go to the workload")),
        Key(".", _("show what is new"), staff=False),
        Key("?", _("this list"), staff=False),
        Key("Esc", _("leave a form or a field; its draft stays"), is_letter=False, staff=False),
        Key("F1", _("help on the field"), is_letter=False, staff=False),
    )),
    Group(_("In a list"), (
        Key("j k", _("down, up"), staff=False),
        Key("Enter", _("open the ticket"), is_letter=False, staff=False),
        Key("Space", _("look at it beside the list"), staff=False),
        Key("x", _("choose it, or not; with Shift all from the last one chosen")),
        Key("|", _("put it beside the ticket that is open, or was last")),
    )),
    Group(_("On a ticket, and on the chosen row of a list"), (
        Key("n", _("note"), noun="notes", staff=False),
        Key("r", _("reply to the customer"), noun="replies"),
        Key("u", _("next action and timer"), noun="alarm"),
        Key("t", _("take"), noun="taking"),
        Key("a", _("give"), noun="owner"),
        Key("p", _("priority"), noun="priority"),
        Key("s", _("state: the line is begun, with the states it can go to")),
        Key("w", _("refer or wait, with timer"), noun="referral"),
        Key("e", _("resolve"), noun="resolution"),
        Key("l", _("relate"), noun="relations"),
        Key("m", _("merge"), noun="merge"),
        Key("Ctrl+Enter", _("save what you write"), is_letter=False, staff=False),
        Key("[ ]", _("previous, next ticket of the list"), staff=False),
        Key("y yy yyy", _("copy the number, with its subject, with its address"), staff=False),
    )),
    Group(_("Side by side"), (
        Key("|", _("the other ticket")),
        Key("F6", _("the other ticket"), is_letter=False),
        Key("q", _("quote the chosen update in the other ticket’s note")),
    )),
)  # fmt: skip


def nouns() -> dict[str, str]:
    """Map the letters that open an act's form to the act."""
    return {key.pressed: key.noun for group in GROUPS for key in group.keys if key.noun}


def shown(*, is_staff: bool) -> list[Group]:
    """List the keys that somebody has."""
    found = [
        Group(each.title, tuple(key for key in each.keys if is_staff or not key.staff)) for each in GROUPS
    ]
    return [each for each in found if each.keys]


def strange() -> list[str]:
    """Name the letters on which this table and the table of acts do not agree."""
    here = nouns()
    return sorted(
        act.key for act in acts.ALL if act.key and act.noun != "messages" and here.get(act.key) != act.noun
    )
