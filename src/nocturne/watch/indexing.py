"""Keeps the indexes behind the desk's back: builds them, reads files for the full text, and writes it together.

On an upgrade they are built from here, the newest tickets first and a few hundred at a time, while everybody works.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from nocturne.core.refusals import NotFound, Unavailable
from nocturne.desk import clock
from nocturne.store import blobs, pastbuilding, pasts
from nocturne.store.db import is_sqlite, writing
from nocturne.store.fulltext import building
from nocturne.store.fulltext import writing as fulltext
from nocturne.store.models import Attachment, FileText, Job, TextIndex
from nocturne.watch import file_text, jobs

BETWEEN = 0.05
"""Seconds that others have between two steps."""
PAUSE = 15.0
SETTLED = timedelta(minutes=10)
"""How long PostgreSQL waits for more to be taken away before it writes the whole index together."""

log = logging.getLogger("nocturne.watch")
_tidying = False


def turn() -> float:
    """This will do one step of what the index needs.

    :return: how many seconds the lane may rest.
    """
    of_past = pastbuilding.step() if pasts.below() else 0
    if building.is_due():
        building.step()
        return BETWEEN
    if of_past:
        return BETWEEN
    if _read_files():
        return 0.0
    return BETWEEN if _tidied() else PAUSE


def _tidied() -> bool:
    global _tidying
    since = TextIndex.objects.filter(pk=1).values_list("untidy_at", flat=True).first()
    if since is None or (not is_sqlite() and since > clock.now() - SETTLED):
        _tidying = False
        return False
    _tidying = building.tidy(begin=not _tidying)
    return True


def _read_files() -> bool:
    """Read the files of the next entries; gives whether there were any."""
    claimed = jobs.claim(fulltext.LANES[fulltext.FILES], clock.now())
    if claimed:
        with jobs.leased([each.pk for each in claimed]):
            for job in claimed:
                _read(job)
    return bool(claimed)


def _read(job: Job) -> None:
    entry = int(job.args["entry"])
    said = {
        number: _said(media_type, name, sha256)
        for number, media_type, name, sha256 in Attachment.objects.filter(
            entry=entry, redacted=False, said=None
        ).values_list("pk", "media_type", "name", "sha256")
    }
    with writing():
        there = Attachment.objects.filter(pk__in=list(said), redacted=False).values_list("pk", flat=True)
        FileText.objects.bulk_create(
            [FileText(attachment_id=number, text=said[number]) for number in there], ignore_conflicts=True
        )
        if any(said.values()):
            fulltext.say(entry)
        Job.objects.filter(pk=job.pk).update(state="done", lease_until=None, error="")


def _said(media_type: str, name: str, sha256: str) -> str:
    if not file_text.is_readable(media_type, name):
        return ""
    try:
        with blobs.open_blob(sha256) as stream:
            return file_text.text_of(media_type, name, stream.read(file_text.LARGEST + 1))
    except Unavailable:
        raise
    except (NotFound, OSError, ValueError) as problem:
        log.warning("a file could not be read for the index: %r", problem)
        return ""
