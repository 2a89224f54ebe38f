"""Names of files that strangers send."""

from __future__ import annotations

import mimetypes
import re

LONGEST = 150
_SLASHES = re.compile(r"[/\\:]+")


def safe_name(given: str, media_type: str, place: int) -> str:
    """This will make a name that can be shown and saved: no path, no leading dot, not endless; one for the nameless.

    :param given: already one clean line, without control and zero-width characters.
    """
    name = _SLASHES.split(given)[-1].strip().strip(".").strip()
    name = "".join(char for char in name if char.isprintable() and char not in '<>"|?*')
    if not name:
        name = f"part-{place}{_ending(media_type)}"
    if len(name) > LONGEST:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: LONGEST - 12]}….{ending[:10]}" if dot and stem else name[:LONGEST]
    return name


def _ending(media_type: str) -> str:
    if media_type == "message/rfc822":
        return ".eml"
    return mimetypes.guess_extension(media_type) or ".bin"
