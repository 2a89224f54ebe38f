"""Who reads an update: the data classes that a writer may choose from on a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from nocturne.core import permits
from nocturne.core.configuration import current
from nocturne.core.entry import DataClass
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden

LADDER = {
    "public": N_("everybody reads this"),
    "customer": N_("customer reads this"),
    "staff": N_("staff only"),
    "restricted": N_("restricted"),
}


def offered(actor: Actor, place: Mapping[str, Any], *, least: DataClass = DataClass.PUBLIC) -> list[str]:
    """List the words of the classes that an actor may write in on a ticket, the ladder's first.

    :param place: what the permits ask of the ticket (`Chart.place`).
    :param least: the lowest rung to offer.
    """
    writes = permits.appends(actor, place)
    return [
        word
        for number, word in sorted(current().class_words.items())
        if number in writes and number >= int(least)
    ]


def choices(actor: Actor, place: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give the classes that a note may be written in with what they are called, the usual one first; nothing where
    there is nothing to choose: what customers read is a reply, not a note."""
    words = offered(actor, place, least=DataClass.STAFF)
    usual = current().site.note_class
    words.sort(key=lambda word: word != usual)
    return [(word, title(word)) for word in words] if len(words) > 1 else []


def chosen(word: str) -> DataClass:
    """Take the class that somebody chose. One that is not there is refused like one that is not theirs.

    :raises Forbidden: there is no such class.
    """
    try:
        return DataClass.named(word)
    except KeyError:
        raise Forbidden("class_not_permitted", field="data_class", data_class=word[:40]) from None


def title(word: str) -> str:
    """Say who reads what is of a class."""
    if word in LADDER:
        return _(LADDER[word])
    local = current().classes.get(word)
    return local.title or local.name if local else word
