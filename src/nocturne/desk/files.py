"""Attachments as people may have them: found by an address that nobody can guess, under harmless names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nocturne.core import permits
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.store import reach
from nocturne.store.models import Attachment

OCTETS = "application/octet-stream"
SHOWABLE = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp", "text/plain"})
"""Types that cannot run anything in a browser; whatever else somebody sent is served as plain octets."""
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")


@dataclass(frozen=True, slots=True)
class Stored:
    """An attachment that its reader may have."""

    name: str
    media_type: str
    size: int
    sha256: str

    @property
    def served_as(self) -> str:
        """The type it is served as."""
        return self.media_type if self.media_type in SHOWABLE else OCTETS


def find(token: str, reader: Actor) -> Stored:
    """Find an attachment by its address.

    :raises NotFound: there is none, or it is on an entry that this reader may not read.
    """
    names = [f"ticket__{name}" for name in reach.PLACE]
    found = (
        Attachment.objects.filter(token=token, redacted=False)
        .values("name", "media_type", "size", "sha256", "entry__shown_class", *names)
        .first()
    )
    if found is not None:
        row = {name: found[f"ticket__{name}"] for name in reach.PLACE}
        seen = permits.classes(reader, reach.places([row], reader)[0])
    if found is None or found["entry__shown_class"] not in seen:
        raise NotFound("no_such_file")
    return Stored(found["name"], found["media_type"], found["size"], found["sha256"])


def clean_name(given: str) -> str:
    """Make the name of a file somebody sent harmless: no folders, nothing invisible, not too long; for showing only."""
    base = given.replace("\\", "/").rpartition("/")[2]
    clean = "".join(letter for letter in base if letter.isprintable()).strip(" .")
    if len(clean) > 180:
        stem, dot, end = clean.rpartition(".")
        clean = f"{stem[:160]}{dot}{end[:15]}" if dot else clean[:180]
    return clean or "file"


def clean_type(given: str) -> str:
    """Reduce what somebody says a file is to a media type, without parameters."""
    plain = given.partition(";")[0].strip().lower()
    return plain if _TYPE.fullmatch(plain) else OCTETS
