"""What people write, made fit for a page: escaped, quotes folded, tables in even letters, addresses made links."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nocturne.core.quoting import fold_quotes
from nocturne.doors.web.markup import html, joined

LONGEST_SHOWN = 6_000
"""Letters of one entry that a page shows; the rest is one link away."""
_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"'“”‘’|\\^`{}]{1,1000}")
_TRAILING = ".,;:!?)]"
_EVEN = re.compile(r"\S(?:\t| {2,})\S|^\s+\S")
_WIDE = re.compile(r"\S(?:\t| {3,})\S")


def shown(text: str, *, rest: str = "", quotes: bool = False) -> SafeString:
    """Make words fit for a page.

    :param rest: the address of the whole text: what is too long is cut, and leads there.
    :param quotes: whether a quoted tail is folded away.
    """
    cut = len(text) > LONGEST_SHOWN and bool(rest)
    kept = text[: text.rfind("\n", 0, LONGEST_SHOWN) + 1 or LONGEST_SHOWN] if cut else text
    new, tail = fold_quotes(kept) if quotes and not cut else (kept, "")
    parts = [joined(_blocks(new))]
    if tail.strip():
        parts.append(
            html(
                "<details class=quote><summary>{}</summary><pre tabindex=0>{}</pre></details>",
                _("quoted text"),
                tail.strip("\n"),
            )
        )
    if cut:
        more = _("… all %(count)s characters") % {"count": f"{len(text):,}"}
        parts.append(html('<p><a href="{}">{}</a></p>', rest, more))
    return joined(parts)


def _blocks(text: str) -> Iterator[SafeString]:
    """Part a text at its empty lines: tables and traces keep their columns, all else flows."""
    run: list[str] = []
    for paragraph in re.split(r"\n{2,}", text.strip("\n")):
        if _is_table(paragraph):
            if run:
                yield html("<p>{}</p>", linked("\n\n".join(run)))
                run = []
            yield html("<pre tabindex=0>{}</pre>", paragraph)
        elif paragraph.strip():
            run.append(paragraph)
    if run:
        yield html("<p>{}</p>", linked("\n\n".join(run)))


def _is_table(paragraph: str) -> bool:
    """Tell whether lines are laid out with spaces: two of them, or one so widely that no typing explains it."""
    if paragraph.count("\n") < 1:
        return False
    lines = [line[:300] for line in paragraph.split("\n", 200)[:200]]
    return sum(1 for line in lines if _EVEN.search(line)) >= 2 or any(_WIDE.search(line) for line in lines)


def linked(text: str) -> SafeString:
    """Escape a text and make web addresses in it links that tell the other side nothing."""
    if "://" not in text:
        return html("{}", text)
    return joined(_linked(text))


def _linked(text: str) -> Iterator[SafeString | str]:
    place = 0
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(_TRAILING)
        yield text[place : match.start()]
        yield html('<a href="{}" rel="noreferrer noopener external">{}</a>', address, address)
        place = match.start() + len(address)
    yield text[place:]
