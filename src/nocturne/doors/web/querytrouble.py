"""What is wrong with a question, or finds nothing in it, for a page: where it stands, and what would be understood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from nocturne.core.permits import Actor
from nocturne.core.query.tree import Query
from nocturne.core.query.values import spelt
from nocturne.core.refusals import Refusal
from nocturne.desk.understanding import doubts as doubted
from nocturne.doors.web.answers import sentence

DOUBTS = {
    "unknown_name": gettext_lazy("%(key)s: nothing here is called “%(name)s”."),
    "no_word": gettext_lazy("“%(name)s” has no letter and no digit: nothing is found by it."),
    "quoted_star": gettext_lazy("Within quotation marks a * stands for itself: %(name)s."),
    "written_otherwise": gettext_lazy("“%(name)s” is looked for as it is written."),
}
"""What is doubtful, by its reason."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a query: what stands before it, the piece itself, what stands behind, and what would do."""

    says: str
    before: str = ""
    wrong: str = ""
    behind: str = ""
    mended: str = ""
    suggestion: str = ""
    tries: tuple[tuple[str, str], ...] = ()
    """Where nothing is suggested: values of the same key, and the query with each in the place of what is wrong."""


def trouble(text: str, refusal: Refusal) -> Trouble:
    """Say where a query is wrong, and how it would be understood."""
    says = sentence(refusal)
    span = refusal.params.get("span")
    if not isinstance(span, list) or len(span) != 2:
        place = refusal.params.get("position")
        span = [place, place] if isinstance(place, int) else None
    if span is None:
        return Trouble(says)
    start, end = max(0, min(int(span[0]), len(text))), min(int(span[1]), len(text))
    if end <= start:
        end = next((at for at in range(start, len(text)) if text[at].isspace()), len(text))
    suggestion = str(refusal.params.get("suggestion") or "")
    mended = f"{text[:start]}{suggestion}{text[end:]}" if suggestion else ""
    before, behind = text[:start], text[end:]
    tries = () if mended else tuple(_tries(before, behind, refusal))
    return Trouble(says, before, text[start:end] or " ", behind, mended, suggestion, tries)


def doubtful(text: str, asked: Query, actor: Actor) -> list[Trouble]:
    """Say what nothing can fit in a question: it is understood, and finds nothing."""
    found = []
    for each in doubted(asked, actor):
        says = DOUBTS[each.reason] % {"key": each.key, "name": each.given.strip('"')}
        start = text.casefold().find(each.given.casefold(), each.position)
        near = each.near or ""
        if start < 0:
            found.append(Trouble(says))
            continue
        before, behind = text[:start], text[start + len(each.given) :]
        if each.reason == "no_word":
            rest = f"{before.rstrip()} {behind.lstrip()}".strip()
            found.append(Trouble(says, mended=rest, suggestion=rest))
            continue
        is_name = each.reason == "unknown_name" and not before.endswith('"')
        written = spelt(near) if is_name else near
        mended = f"{before}{written}{behind}" if near else ""
        found.append(Trouble(says, mended=mended, suggestion=near))
    return found


def _tries(before: str, behind: str, refusal: Refusal) -> Iterator[tuple[str, str]]:
    """Put each example in the place of what is wrong, where the word begins as the example does."""
    word = before[int(refusal.params.get("position") or 0) :]
    is_whole = refusal.params.get("reason") == "star_within"
    for example in refusal.params.get("examples") or ():
        if (word or is_whole) and example.lower().startswith(word.lower()):
            yield example, f"{before}{example[len(word) :]}{behind}"
