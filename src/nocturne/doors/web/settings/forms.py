"""The form of each kind of document: one table per kind, to be read from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nocturne.core.configuration.calendars import DAYS
from nocturne.core.configuration.clearances import ANYBODY, PARTIES
from nocturne.core.configuration.fields import CORE
from nocturne.core.configuration.fields import KINDS as FIELD_KINDS
from nocturne.core.configuration.lifecycles import ACTS
from nocturne.core.configuration.placeholders import PURPOSES
from nocturne.core.configuration.queues import DEFAULTS
from nocturne.core.configuration.site import SECOND_FACTOR
from nocturne.core.configuration.types import TYPES
from nocturne.core.lifecycle import CLOCKS, Meaning
from nocturne.doors.web.fields import Words
from nocturne.doors.web.settings import choices, vocabulary
from nocturne.doors.web.settings.choices import EMPTY, classes, documents, words_of
from nocturne.doors.web.settings.clearing import Classes, Rights
from nocturne.doors.web.settings.controls import (
    Checks,
    Choice,
    Control,
    Default,
    Flag,
    Members,
    Number,
    Option,
    Several,
    Text,
)
from nocturne.doors.web.settings.grids import Fixed, Pairs, Table
from nocturne.doors.web.settings.texts import PURPOSE_WORDS

Section = tuple[Words, tuple[Control, ...]]
TITLE = Control("title", _("Title"), _("What people see."))
HELP = Text("help", _("Help"), _("What somebody at 03:00 wants to know of it."), rows=2)

SITE: tuple[Section, ...] = (
    (_("Who runs it"), (
        Control("organisation", _("Organisation")),
        Control("tag", _("Short name"), _("It stands in every mail’s subject: [noc #4711]"), default="noc"),
        Control("zone", _("Time zone"), _("such as Europe/Paris"), default="UTC", near="zones"),
        Choice("language", _("Language"), default="en", options=choices.languages),
        Control("region", _("Country of telephone numbers"),
                _("Two letters, such as NO; a number without + is in it.")),
    )),
    (_("Addresses"), (
        Control("base_url", _("Address of this console"), _("As people reach it; it stands in mails."), wide=True),
        Control("correspond", _("Mail address for customers"), _("What comes here is answered.")),
        Control("comment", _("Mail address for staff notes"), _("What comes here is read by the staff alone.")),
    )),
    (_("What holds everywhere"), (
        Choice("second_factor", _("Second factor at sign-on"), default="nobody", options=words_of(SECOND_FACTOR, {
            "nobody": _("asked of nobody"), "staff": _("asked of the staff"), "everybody": _("asked of everybody"),
        })),
        Choice("note_class", _("A note is for"), _("Unless its writer says otherwise."), default="staff",
               options=classes()),
        Choice("default_queue", _("Queue where none is named"), options=documents("queue", EMPTY)),
        Text("notice", _("Notice on the sign-on page"), rows=2),
    )),
)  # fmt: skip

QUEUE: tuple[Section, ...] = (
    (_("What it is for"), (
        TITLE,
        Text("purpose", _("Purpose"), _("One sentence; it stands beside the queue wherever one is chosen."), rows=2),
    )),
    (_("Mail"), (
        Control("correspond", _("Address for customers"), _("What comes here opens a ticket in this queue.")),
        Control("comment", _("Address for staff notes")),
        Flag("takes_mail", _("Mail to it opens tickets"), default=True),
    )),
    (_("Who"), (
        Members("members", _("Members"), _("Who works here."), options=choices.groups_as_members, near="people"),
        Members("watchers", _("Watchers"), _("They are mailed what comes in."), options=choices.groups_as_members,
                near="people"),
        Choice("class", _("Its tickets are for"),
               _("Whoever is not cleared for it learns of none of them, not even a count."), default="public",
               options=classes()),
    )),
    (_("How its tickets go"), (
        Choice("type", _("Type of a new ticket"), default="trouble", options=documents("type")),
        Choice("lifecycle", _("Life cycle"), _("Where the type has none of its own."),
               options=documents("lifecycle", Option("", _("the standard one")))),
        Choice("calendar", _("Calendar"), _("When it is worked in."),
               options=documents("calendar", Option("", _("day and night")))),
        Number("silence_days", _("Days of silence"),
               _("A resolved complaint is closed when nobody objects for so long."), default=5),
        Pairs("defaults", _("What a new ticket is filled with"), _("Where nothing else is said."), wide=True,
              keys=Choice("key", _("Field"), options=choices.columns(DEFAULTS, EMPTY)),
              values=Control("value", _("Value"))),
    )),
)  # fmt: skip

TYPE: tuple[Section, ...] = (
    (_("What it is"), (
        TITLE,
        Choice("behaves", _("It behaves as"),
               _("Whether somebody outside waits for an answer, whether it has a window, what it may point to."),
               default="trouble", options=words_of(TYPES, vocabulary.TYPES)),
        HELP,
    )),
    (_("How its tickets go"), (
        Choice("lifecycle", _("Life cycle"), options=documents("lifecycle", Option("", _("the queue’s")))),
        Checks("fields", _("Fields it shows"), _("Besides those that every type shows."), wide=True,
               options=documents("field", leave_out=CORE), none=_("There is no field of your own yet.")),
        Checks("points_to", _("Its parent may be"), _("Nothing ticked: what its behaviour says."), wide=True,
               options=documents("type")),
        Fixed("priorities", _("Priority of a new ticket"), _("By its severity; empty is as usual."), wide=True,
              parts=tuple(
                  Number(str(level), format_lazy("{} {}", _("Severity"), level)) for level in range(1, 5)
              )),
    )),
)  # fmt: skip

_LISTED = (
    Flag("in_lists", _("It is a column of the board and of lists")),
    Number("place", _("Place among the fields"), _("Smaller comes first."), default=100),
)
_READERS = Choice(
    "class",
    _("Who reads it"),
    _("Whoever is not cleared for it sees neither the field nor a trace of it."),
    default="staff",
    options=classes(),
)
FIELD: tuple[Section, ...] = (
    (_("What it is"), (
        TITLE,
        Choice("kind", _("What it holds"), default="text", options=words_of(FIELD_KINDS, vocabulary.FIELD_KINDS)),
        Control("unit", _("Unit"), _("Of a number: bit/s, ms, dB.")),
        Flag("many", _("It takes several values")),
        Text("help", _("Help"), _("A key away on every form. Facts can be put in: {machine.contact.phone}"), rows=2),
    )),
    (_("What may stand in it"), (
        Control("pattern", _("Pattern"), _("The whole value must fit it (RE2), such as CVE-[0-9]{4}-[0-9]+"),
                wide=True),
        Control("pattern_help", _("In words"), _("What is said to whoever does not fit it."), wide=True),
        Flag("strict", _("What does not fit is refused; otherwise it is only warned of"), default=True),
        Table("choices", _("Choices"), _("What tickets keep, what people see, and under what it stands. Retire a "
              "choice rather than take it away: old tickets keep it."), wide=True, columns=(
            Control("value", _("Value")), Control("title", _("Title")), Control("parent", _("Under")),
            Flag("retired", _("Retired")), Several("formerly", _("Formerly")),
        )),
        Default("default", _("Filled with"), _("A value, or a fact in braces; one a line where it takes several.")),
    )),
    (_("Where it is seen"), (
        _READERS,
        Checks("types", _("Types that show it"), _("Nothing ticked: all of them."), wide=True,
               options=documents("type")),
        Checks("shown_in", _("States that show it"), _("Nothing ticked: all of them."), wide=True,
               options=choices.states),
        Checks("required_in", _("States that need it"), _("A ticket enters them only when it is filled."), wide=True,
               options=choices.states),
        *_LISTED,
    )),
)  # fmt: skip
CORE_FIELD: tuple[Section, ...] = (
    (_("What you say of it"), (
        Control("title", _("Title"), _("Instead of its own.")),
        Text("help", _("Help"), _("A key away on every form. Facts can be put in: {machine.contact.phone}"), rows=2),
        Choice("class", _("Who reads it"), options=classes(first=Option("", _("as it comes")))),
        Checks("required_in", _("States that need it"), _("A ticket enters them only when it is filled."), wide=True,
               options=choices.states),
    )),
)  # fmt: skip

LIFECYCLE: tuple[Section, ...] = (
    (_("What it is"), (
        TITLE,
        Choice("first", _("First state"), default="new", options=choices.own_states),
        HELP,
    )),
    (_("States"), (
        Table("states", _("States"), _("What a state means decides how the house treats it; its clock says whose time "
              "runs. What waits without a timer: allow, warn, refuse, or how long the timer is that it gets (4h). "
              "A former name keeps old tickets where they were."), wide=True, columns=(
            Control("name", _("Name")), Control("title", _("Title")),
            Choice("meaning", _("Means"), default="open", options=words_of([each.value for each in Meaning],
                                                                   vocabulary.MEANINGS)),
            Choice("clock", _("Clock"), options=words_of(CLOCKS, vocabulary.CLOCKS, Option("", _("as before")))),
            Control("timer", _("Without a timer")), Control("help", _("Help")),
            Several("formerly", _("Formerly")),
        )),
    )),
    (_("Moves"), (
        Table("moves", _("Moves"), _("An act, the states it starts from (* is any), and where it leads; without a goal "
              "the state stays."), wide=True, columns=(
            Choice("act", _("Act"), options=words_of(ACTS, vocabulary.ACTS, EMPTY)), Several("from", _("From")),
            Choice("to", pgettext_lazy("a state", "To"), options=choices.own_states), Control("label", _("Label")),
            Control("right", _("Right")), Several("requires", _("Needs filled")), Flag("note", _("Words")),
        )),
    )),
)  # fmt: skip

_DAY_NAMES: Mapping[str, Words] = {
    "monday": _("Monday"), "tuesday": _("Tuesday"), "wednesday": _("Wednesday"), "thursday": _("Thursday"),
    "friday": _("Friday"), "saturday": _("Saturday"), "sunday": _("Sunday"),
}  # fmt: skip
CALENDAR: tuple[Section, ...] = (
    (_("What it is"), (TITLE, Control("zone", _("Time zone"), default="UTC", near="zones"))),
    (_("Hours"), (
        Fixed("hours", _("Hours"), _("Such as 08:00-12:00, 13:00-17:00; an empty day is a day off. An end before its "
              "start is on the day after."), wide=True,
              parts=tuple(Several(day, _DAY_NAMES[day]) for day in DAYS)),
    )),
    (_("Days off"), (
        Pairs("holidays", _("Holidays"), _("A day such as 2026-12-24, or 12-25 for every year."), wide=True,
              keys=Control("key", _("Day")), values=Control("value", _("What it is"))),
    )),
)  # fmt: skip

CLASS: tuple[Section, ...] = (
    (_("What it is"), (
        TITLE,
        Number("number", _("Number"), _("It stands in entries; it never changes once something is written in it."),
               needed=True),
        HELP,
    )),
)  # fmt: skip

GROUP: tuple[Section, ...] = (
    (_("What it is"), (TITLE, HELP)),
    (_("Groups in it"), (
        Checks("includes", _("Who is in one of these is in it too"), wide=True, options=documents("group")),
    )),
)  # fmt: skip

CLEARANCE: tuple[Section, ...] = (
    (_("Who"), (
        Choice("group", _("A group"), options=documents("group", EMPTY)),
        Choice("party", _("or whoever has this part in a ticket"),
               _("One of the two. “Anybody” is whoever comes, signed on or not."),
               options=words_of((*PARTIES, ANYBODY), vocabulary.PARTIES, EMPTY)),
        HELP,
    )),
    (_("What they read and write"), (
        Classes("classes", _("Classes of data"), wide=True),
    )),
    (_("What they may do"), (
        Rights("rights", _("Rights"), _("Nobody gives what they do not hold."), wide=True),
    )),
    (_("Where it holds"), (
        Checks("queues", _("In these queues"), _("Nothing ticked: in all."), wide=True, options=documents("queue")),
        Checks("types", _("For these types"), _("Nothing ticked: for all."), wide=True, options=documents("type")),
        Checks("networks", _("In these networks"), _("Nothing ticked: in all."), wide=True, options=choices.networks,
               none=_("There is no network in the inventory.")),
        Checks("states", _("In these states"), _("Nothing ticked: in all."), wide=True, options=choices.states),
        Checks("opens_with", _("What they may fill in when they open a ticket"),
               _("Beside what they may change anyway."), wide=True, options=choices.fillable),
    )),
)  # fmt: skip

TEMPLATE: tuple[Section, ...] = (
    (_("What it is for"), (
        Choice("purpose", _("Purpose"), options=words_of(PURPOSES, PURPOSE_WORDS), wide=True),
        Control("language", _("Language"), _("Two letters; empty is any.")),
        Choice("queue", _("Queue"), options=documents("queue", Option("", _("all of them")))),
    )),
    (_("What it says"), (
        Control("subject", _("Subject"), _("It stands behind the ticket’s tag; empty is the usual one."), wide=True),
        Text("text", _("Text"), _("Facts stand in braces, such as {ticket.number}; a line without its facts is left"
                                  " out. What may stand there is listed below."), rows=14),
    )),
)  # fmt: skip

DESK: tuple[Section, ...] = (
    (_("What it is"), (
        TITLE,
        Control("query", _("Which tickets"), _("As in the search box: queue:backbone. Empty is all."), wide=True),
        HELP,
    )),
    (_("Its shifts"), (
        Several("times", _("They change at"), _("Such as 06:00, 14:00, 22:00: a guide. A shift begins when it is taken "
                "over.")),
        Control("zone", _("Time zone"), _("Empty: the site’s."), near="zones"),
    )),
)  # fmt: skip

FORMS: Mapping[str, tuple[Section, ...]] = {
    "site": SITE, "queue": QUEUE, "type": TYPE, "field": FIELD, "lifecycle": LIFECYCLE, "calendar": CALENDAR,
    "class": CLASS, "clearance": CLEARANCE, "group": GROUP, "template": TEMPLATE, "desk": DESK,
}  # fmt: skip


def form_of(kind: str, name: str) -> tuple[Section, ...]:
    """Give the form of a document; of a field that every ticket has, and of RFC 1297's types, not all can be said."""
    if kind == "field" and name in CORE:
        return CORE_FIELD
    if kind == "type" and name in TYPES:
        return tuple((title, tuple(each for each in parts if each.key != "behaves")) for title, parts in TYPE)
    return FORMS[kind]


def controls_of(kind: str, name: str) -> Iterator[Control]:
    for _title, controls in form_of(kind, name):
        yield from controls
