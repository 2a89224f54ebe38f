"""Notices that wait for their reader: for the end of their quiet hours, or for their one mail a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nocturne.core.zones import zone_named
from nocturne.desk import clock, setup
from nocturne.store.db import writing
from nocturne.store.models import Notice, NoticeChoice, User

DAILY_AT = time(7)
"""When the one mail a day leaves, in its reader's own zone: before most shifts begin."""
AT_ONCE = 200
MOST_IN_ONE = 100

Choices = Mapping[tuple[int, str], str]


def choices(users: list[int]) -> Choices:
    """Read what several accounts have chosen, by account and purpose."""
    rows = NoticeChoice.objects.filter(user_id__in=users).values_list("user_id", "purpose", "told")
    return {(user, purpose): told for user, purpose, told in rows}


def until(person: User, told: str, *, now: datetime) -> datetime | None:
    """Say until when a notice is held back for somebody; None where it leaves at once.

    :param told: now or daily.
    """
    zone = zone_named(person.zone)
    local = now.astimezone(zone)
    if told == "daily":
        day = local.date() if local.time() < DAILY_AT else local.date() + timedelta(days=1)
        local = datetime.combine(day, DAILY_AT, zone)
    end = _end_of_quiet(local, person.quiet_from, person.quiet_until)
    if end is not None:
        local = end
    return local if local > now else None


def _end_of_quiet(local: datetime, first: time | None, last: time | None) -> datetime | None:
    """Say when the quiet hours are over that an instant lies in; None where it lies in none."""
    if first is None or last is None or first == last:
        return None
    at = local.time()
    over_midnight = first > last
    is_quiet = (at >= first or at < last) if over_midnight else first <= at < last
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=1) if over_midnight and at >= first else local.date()
    return datetime.combine(day, last, local.tzinfo)


def release() -> None:
    """This will let notices go whose time has come; several for one reader go in one mail, carried by the last."""
    _put_back()
    due = Notice.objects.filter(state="held", run_at__lte=clock.now())
    addresses = due.order_by("run_at").values_list("user_id", "address")[:AT_ONCE]
    for user, address in dict.fromkeys(addresses):
        with writing():
            now = clock.now()
            held = Notice.objects.select_for_update().filter(
                state="held", run_at__lte=now, user_id=user, address=address
            )
            numbers = [each.pk for each in held.order_by("pk")[:MOST_IN_ONE]]
            if not numbers:
                continue
            *others, last = numbers
            Notice.objects.filter(pk__in=others).update(state="carried", carried_by=last)
            Notice.objects.filter(pk=last).update(state="waiting", run_at=now)


def _put_back() -> None:
    """Let what was to be carried wait again where its carrier is not sent: nobody may read that one now."""
    left = Notice.objects.filter(carried_by__isnull=False, state="carried", carried_by__state="withdrawn")
    if left.values_list("pk", flat=True)[:1]:
        with writing():
            numbers = list(left.values_list("pk", flat=True)[:AT_ONCE])
            waiting = Notice.objects.filter(pk__in=numbers)
            waiting.update(state="held", carried_by=None, run_at=clock.now())


def together(parts: list[tuple[str, str]]) -> tuple[str, str]:
    """Put several notices' subjects and texts into one."""
    tag = setup.installation().name
    subject = ngettext("[%(tag)s] %(count)s update", "[%(tag)s] %(count)s updates", len(parts)) % {
        "tag": tag,
        "count": len(parts),
    }
    line = "\n\n" + "-" * 60 + "\n\n"
    told = _("What came while your mail was held back:")
    return subject, f"{told}\n\n" + line.join(f"{title}\n\n{text.rstrip()}" for title, text in parts) + "\n"


__all__ = ["DAILY_AT", "choices", "release", "together", "until"]
