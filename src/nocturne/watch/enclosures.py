"""Which files of an entry a mail carries, and which stay behind because they are too big for one."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from email.message import EmailMessage

from django.conf import settings

from nocturne.core.entry import DataClass
from nocturne.core.mailthread import clean_header
from nocturne.core.refusals import NotFound
from nocturne.store import blobs
from nocturne.store.models import Attachment, Notice

MOST_BYTES = 15_000_000
"""Before they are spelt for mail, which makes a third more of them: what mail servers on the way commonly take."""
SPELT = 1.4

log = logging.getLogger("nocturne.watch")


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One file with its bytes, ready to go into a mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Enclosures:
    """What goes with a mail, and the names of what does not fit into it."""

    carried: tuple[Enclosure, ...] = ()
    left: tuple[str, ...] = ()


def of(notice: Notice) -> Enclosures:
    """This will fetch the files of a reply; nothing else that is mailed carries any, and no note of the staff."""
    if notice.purpose != "reply" or notice.entry.shown_class > DataClass.CUSTOMER:
        return Enclosures()
    room = min(MOST_BYTES, int(settings.NOCTURNE.mail_limit / SPELT))
    carried: list[Enclosure] = []
    left: list[str] = []
    files = Attachment.objects.filter(entry=notice.entry_id, purpose="file", redacted=False).order_by("pk")
    for file in files:
        name = clean_header(file.name) or "file"
        content = _content(file) if file.size <= room else None
        if content is None:
            left.append(name)
            continue
        room -= len(content)
        carried.append(Enclosure(name, file.media_type, content))
    return Enclosures(tuple(carried), tuple(left))


def _content(file: Attachment) -> bytes | None:
    try:
        with blobs.open_blob(file.sha256) as stream:
            return stream.read()
    except NotFound:
        log.error("the bytes of attachment %s are not in the store", file.pk)
        return None


def enclose(message: EmailMessage, carried: tuple[Enclosure, ...]) -> None:
    """This will put files into a mail, each under its own name and never as something that a program would show."""
    for each in carried:
        main, slash, sub = each.media_type.partition("/")
        is_plain = bool(slash) and main in ("image", "audio", "video", "text", "application")
        if not is_plain or not sub.replace("-", "").replace(".", "").replace("+", "").isalnum():
            main, sub = "application", "octet-stream"
        message.add_attachment(each.content, maintype=main, subtype=sub, filename=each.name, cte="base64")
