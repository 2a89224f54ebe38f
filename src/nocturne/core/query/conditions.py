"""What can be asked with `is:`, and what each word means in probes of columns."""

from __future__ import annotations

from datetime import datetime

from nocturne.core.configuration.inforce import current
from nocturne.core.fieldvalues.asking import Range
from nocturne.core.lifecycle import OPEN_MEANINGS, Meaning
from nocturne.core.query.tree import (
    And,
    Not,
    Or,
    Probe,
    Tree,
)

IS = (
    "open", "mine", "untaken", "new", "waiting", "resolved", "closed", "rejected", "overdue", "ringing", "noalarm",
    "merged", "signoff", "watched", "asked", "objected",
)  # fmt: skip


def named(name: str, now: datetime) -> Tree:
    """Say in probes what `is:name` means; a ticket that was merged into another is not open any more.

    :param now: when an alarm that lies before it is overdue.
    """
    living = Probe("merged_into", "empty")
    match name:
        case "open":
            return And((_means(*sorted(OPEN_MEANINGS)), living))
        case "mine":
            return Probe("owner", "mine")
        case "watched":
            return Probe("watcher", "mine")
        case "asked":
            return Probe("asked", "mine")
        case "untaken":
            return And((named("open", now), Probe("owner", "empty")))
        case "ringing":
            return Not(Probe("ringing_since", "empty"))
        case "overdue":
            over = Range("at", None, now)
            return Or((named("ringing", now), Probe("alarm_at", "within", (over,))))
        case "noalarm":
            silent = (Probe("alarm_at", "empty"), Probe("ringing_since", "empty"))
            return And((_means(Meaning.WAITING), living, *silent))
        case "merged":
            return Not(living)
        case "objected":
            return Probe("objected", "in", (True,))
        case "signoff":
            ours = Not(Probe("type", "in", current().types_behaving("complaint")))
            return And((_means(Meaning.RESOLVED), living, Probe("checked_by", "empty"), ours))
    return _means(Meaning(name))


def _means(*meanings: Meaning) -> Probe:
    return Probe("meaning", "in", tuple(meaning.value for meaning in meanings))
