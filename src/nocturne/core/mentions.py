"""Who is asked in a note: `@kofi is the spare in Lansing?`

A name is asked only where a person would take it so: at the beginning of a word, never in a mail address, in what is
quoted from somebody else, or in what a machine has printed (code between backticks, indented lines). Two at signs keep
one from being read: `@@home` is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST = 20
"""Names that are read in one note; whoever writes more asks nobody in particular."""
_NAME = re.compile(r"(?<![\w@.+/:=-])@([A-Za-z][A-Za-z0-9._@-]{0,59})")
_TRAILING = "._@-"
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_CODE = re.compile(r"`[^`]*`")


def mentioned(text: str) -> list[str]:
    """List the names that a text asks, each once, as they are spelt, in their order.

    A dot or a dash behind a name belongs to the sentence.
    """
    found: dict[str, str] = {}
    if "@" not in text:
        return []
    for line in _spoken(text):
        for match in _NAME.finditer(line):
            name = match[1].rstrip(_TRAILING)
            found.setdefault(name.casefold(), name)
            if len(found) == MOST:
                return list(found.values())
    return list(found.values())


def _spoken(text: str) -> Iterator[str]:
    """Give the lines that their writer says, with what stands between backticks taken out."""
    fence = ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if fence or mark:
            if mark and not fence:
                fence = mark[1]
            elif mark and mark[1] == fence:
                fence = ""
            continue
        if "@" not in line or line.startswith(("\t", "    ", ">")) or line.lstrip().startswith(">"):
            continue
        yield _CODE.sub(" ", line) if "`" in line else line


__all__ = ["MOST", "mentioned"]
