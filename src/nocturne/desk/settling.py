"""What was given with an act, checked and spelt as the books keep it: columns, words, the timer, the order of times."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from nocturne.core.chart import COLUMNS, column, plain
from nocturne.core.entry import from_instant, instant
from nocturne.core.fieldvalues.rules import is_local
from nocturne.core.refusals import Conflict, Invalid, TooLarge
from nocturne.core.values import plausible, spelt
from nocturne.desk import clock, localfields, lookups, versions
from nocturne.desk.terms import CLEAR, Alarm, Extra

if TYPE_CHECKING:
    from nocturne.desk.write import Case

LONGEST_TEXT = 2_000_000
"""Characters in one entry; what is longer belongs in an attachment."""
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160)])
SETTABLE = frozenset(
    {
        "subject", "type", "queue", "severity", "priority", "network", "site", "circuit", "vendor",
        "vendor_reference", "user_address", "destination_address", "started_at", "detected_at", "reported_at",
        "planned_start", "planned_end", "key_component", "cause", "escalated_to", "check_marks", "resolution",
        "next_action", "dispatched_to", "referred_to",
    }
)  # fmt: skip
"""Columns that people may set with any act; the others change by the act that they belong to."""


def accompanying(case: Case, extra: Extra) -> dict[str, Any]:
    """Turn the next action and the timer that came along into columns.

    :raises Invalid: the timer lies in the past.
    """
    after: dict[str, Any] = {}
    if extra.next_action is not None:
        after["next_action"] = one_line(extra.next_action, field="next_action", limit=300)
    if extra.alarm is CLEAR:
        after |= {"alarm_at": None, "alarm_text": None, "ringing_since": None}
    elif isinstance(extra.alarm, Alarm):
        if plausible("alarm_at", extra.alarm.at) <= case.now - clock.SKEW:
            raise Invalid("alarm_in_past", field="alarm", given=extra.alarm.at.isoformat())
        after |= {
            "alarm_at": instant(extra.alarm.at),
            "alarm_text": one_line(extra.alarm.text, field="alarm", limit=200) or None,
            "ringing_since": None,
        }
    return after


def settled(given: Mapping[str, Any]) -> dict[str, Any]:
    """Check the columns somebody set by hand and spell their values as the books do.

    :raises Invalid: a column is unknown, cannot be set by hand, or cannot hold the value.
    """
    after = {}
    for name, value in given.items():
        if name not in COLUMNS or name not in SETTABLE:
            raise Invalid("unknown_field", field=name)
        if column(name).form == "row":
            after[name] = lookups.thing(name, value)
            if name == "queue" and after[name] is None:
                raise Invalid("empty_queue", field=name)
        else:
            after[name] = spelt(name, value)
    return after


def one_line(text: str, *, field: str, limit: int) -> str:
    """Make a text fit for one line.

    :raises Invalid: it is longer than `limit` characters.
    """
    line = " ".join(clean_text(text).split())
    if len(line) > limit:
        raise Invalid("line_too_long", field=field, limit=limit, length=len(line))
    return line


def clean_text(text: str) -> str:
    """Drop what no page and no database can show (NUL and other control characters), and keep all else verbatim.

    :raises TooLarge: it is longer than one entry holds.
    """
    if len(text) > LONGEST_TEXT:
        raise TooLarge("text_too_long", field="text", limit=LONGEST_TEXT, length=len(text))
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text


def refuse_if_changed(case: Case, seen: str, mine: Mapping[str, Any]) -> None:
    """Refuse to overwrite what somebody else has set to another value since the writer looked.

    :raises Conflict: with both values.
    """
    seq = versions.seq_of(case.seen, case.number, seen)
    if seq is None:
        raise Conflict("version_unknown", field="seen")
    changed = versions.changed_since(case.number, seq, by=case.by, seen=case.seen)
    for name, after in mine.items():
        if name not in changed:
            continue
        theirs = case.elements.get(name) if "/" in name else case.header.get(name)
        if plain(column(name).form, after) != theirs:
            if theirs is not None and column(name).form == "row":
                theirs = lookups.label(name, theirs)
            if is_local(name):
                theirs, after = (localfields.value_shown(name, each) for each in (theirs, after))
            shown = localfields.column_shown(name)
            raise Conflict("changed_meanwhile", field=shown, theirs=theirs, yours=after, who=changed[name])


def refuse_impossible_times(case: Case, after: Mapping[str, Any]) -> None:
    """Keep the times of a problem in their order.

    :raises Invalid: restored before started, resolved before restored, a switch of clocks out of the ticket's life.
    """

    def time(name: str) -> datetime | None:
        value = after[name] if name in after else case.header.get(name)
        return from_instant(value) if isinstance(value, str) else None

    touched = after.keys()
    for earlier, later, code in (
        ("started_at", "restored_at", "restored_before_started"),
        ("started_at", "resolved_at", "resolved_before_started"),
        ("restored_at", "resolved_at", "resolved_before_restored"),
        ("resolved_at", "closed_at", "closed_before_resolved"),
        ("planned_start", "planned_end", "planned_end_before_start"),
    ):
        if earlier in touched or later in touched:
            first, second = time(earlier), time(later)
            if first is not None and second is not None and second < first:
                raise Invalid(code, field=later if later in touched else earlier, first=first, second=second)
    for name in ("started_at", "detected_at", "reported_at"):
        if name in touched and (said := time(name)) and said > case.now + clock.SKEW:
            raise Invalid("time_in_future", field=name, given=said.isoformat())
    if "clock" in touched and case.ticket.last_seq:
        first_switch = versions.first_at(case.number)
        if case.at < first_switch:
            raise Invalid("switch_before_opening", field="at", given=case.at, opened=first_switch)
        if ("state" in touched or after["clock"] == "stopped") and case.at < case.ticket.clock_since:
            raise Invalid(
                "resolved_before_switch", field="at", given=case.at, switched=case.ticket.clock_since
            )
