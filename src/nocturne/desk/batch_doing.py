"""An act of many on one ticket: done, or taken back; a refusal leaves that ticket as it was, and no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import DatabaseError, InterfaceError, transaction

from nocturne import desk
from nocturne.core import permits
from nocturne.core.configuration import current
from nocturne.core.entry import DataClass, Door, Kind
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, Refusal, Unavailable, WrongState
from nocturne.desk import charts, named, reversing
from nocturne.desk.batch_reports import MERGED, Outcome
from nocturne.desk.settling import SETTABLE
from nocturne.desk.terms import Extra
from nocturne.desk.views import Chart, EntryView

log = logging.getLogger("nocturne.desk")


def done(
    words: Sequence[str], number: int, *, by: Actor, door: Door, now: datetime, seen: str = ""
) -> Outcome:
    """Do an act on one ticket inside a running write."""

    subject = ""

    def act() -> Outcome:
        nonlocal subject
        before = charts.header(number, by)
        subject = str(before.header.get("subject") or "")
        written = named.on(number, words, by=by, door=door, now=now, extra=Extra(seen=seen or None))
        if written.kind == Kind.MERGED.value:
            entries = [charts.entry(written.number, written.address, by)]
            after = f"{MERGED}{written.number}"
        else:
            after = charts.header(number, by).version
            entries = list(charts.entries(number, by, after=before.version).entries)
        if entries and _reads_what_it_writes(by, before) and not any(map(_says, entries)):
            raise WrongState("is_so_already")
        version = f"{before.version} {after}"
        return Outcome(number, "done", subject, entries, version=version, entry=written.address)

    return replace(_apart(number, act), subject=subject)


def _says(entry: EntryView) -> bool:
    """Tell whether an update says anything: one that sets what stands there already is not worth its line."""
    return bool(entry.kind != Kind.CHANGED.value or entry.changes or entry.text or entry.worked)


def _reads_what_it_writes(by: Actor, chart: Chart) -> bool:
    """Tell whether somebody reads every column that they can set: others would learn what stands in a hidden one."""
    known = current()
    own = [PREFIX + each.name for each in known.fields.values() if not each.core]
    for name in (*SETTABLE, *own):
        if known.class_of(name) not in chart.seen:
            try:
                permits.may_write(by, [name], DataClass.PUBLIC, chart.place)
            except Refusal:
                continue
            return False
    return True


def undone(number: int, before: str, after: str, *, by: Actor, door: Door) -> Outcome:
    """Take back what was done on one ticket between two versions, if it is as it was left."""

    def act() -> Outcome:
        if after.startswith(MERGED):
            if f"{MERGED}{charts.header(number, by).number}" != after:
                return Outcome(number, "skipped", refusal=WrongState("touched_since"))
            written, stood = desk.unmerge(number, by=by, door=door), after
        else:
            stood = charts.header(number, by).version
            if stood != after:
                return Outcome(number, "skipped", refusal=WrongState("touched_since"))
            written = reversing.reverse(number, before, by=by, door=door)
        version = f"{stood} {charts.header(number, by).version}"
        return Outcome(number, "done", version=version, entry=written.address)

    return _apart(number, act)


def _apart(number: int, act: Callable[[], Outcome]) -> Outcome:
    """Do something whose refusal, or breaking, takes back what it has written, and nothing else."""
    try:
        with transaction.atomic():
            return act()
    except (Unavailable, DatabaseError, InterfaceError):
        raise
    except Refusal as refusal:
        return Outcome(number, "refused", refusal=refusal)
    except Exception:
        log.exception("a batch could not be done on ticket %s", number)
        return Outcome(number, "refused", refusal=Invalid("batch_failed"))
