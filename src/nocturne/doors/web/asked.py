"""What a page of hits says of its question: what its bare words are, and in which order the hits can stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nocturne.core import permits
from nocturne.core.permits import Actor
from nocturne.core.query import RELEVANCE
from nocturne.core.query.canonical import canonical
from nocturne.core.query.tree import TEXTS, Query, terms
from nocturne.desk import understanding

SAYS: dict[str, Any] = {
    "machine": gettext_lazy("%(name)s is a machine: found where it is named or written of."),
    "circuit": gettext_lazy("%(name)s is a circuit: found where it is named or written of."),
    "site": gettext_lazy("%(name)s is a site: found where it is named or written of."),
    "vendor": gettext_lazy("%(name)s is a vendor: found where it is named or written of."),
    "network": gettext_lazy("%(name)s is a network: found where it is named or written of."),
    "person": gettext_lazy("%(name)s is a colleague: whose a ticket is, is no word in it."),
    "number": gettext_lazy("%(name)s is read as a ticket’s number."),
}
ONLY = gettext_lazy("Only its tickets: %(asked)s")
THEIRS = gettext_lazy("Their tickets: %(asked)s")
IN_TEXTS = gettext_lazy("Look for it in texts: %(asked)s")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and the question that is asked by one click; `is_now` marks the one that is asked already."""

    says: str
    instead: str = ""
    address: str = ""
    is_now: bool = False


def meant(text: str, asked: Query, actor: Actor) -> list[Said]:
    """Say what the bare words of a question are, each with how it is asked otherwise."""
    return list(_meant(text, asked, actor))


def _meant(text: str, asked: Query, actor: Actor) -> Iterator[Said]:
    for each in understanding.meant(asked, actor):
        start = text.casefold().find(each.given.casefold(), each.position)
        end = start + len(each.given)
        # What was asked with its key, or in quotation marks, was meant so.
        if start != each.position or (end < len(text) and text[end] not in " )"):
            continue
        instead = {"number": IN_TEXTS, "person": THEIRS}.get(each.key, ONLY)
        yield Said(
            SAYS[each.key] % {"name": each.given},
            instead % {"asked": each.otherwise},
            _address(f"{text[:start]}{each.otherwise}{text[end:]}"),
        )


def ranks(asked: Query, actor: Actor, order: str) -> list[Said]:
    """Give the orders that hits of words can stand in: the newest first, or what fits best; of others there are none.

    :param order: the one they stand in.
    """
    if not any(term.key in TEXTS for term in terms(asked.tree)) or asked.group:
        return []
    reads = partial(permits.sees_column, actor)
    plain, ranked = (canonical(replace(asked, order=each), reads=reads) for each in (None, RELEVANCE))
    return [
        Said(_("Newest first"), address=_address(plain), is_now=order == "newest"),
        Said(_("Best first"), address=_address(ranked), is_now=order == RELEVANCE),
    ]


def _address(text: str) -> str:
    return f"{reverse('search')}?{urlencode({'q': text})}"
