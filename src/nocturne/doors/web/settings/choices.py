"""What the controls of the settings offer: other documents, classes of data, states, columns, languages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nocturne.core.chart import COLUMNS, ELEMENTS
from nocturne.core.lifecycle import Meaning
from nocturne.desk import ticket_words, titles
from nocturne.doors.web.fields import Words
from nocturne.doors.web.settings import vocabulary
from nocturne.doors.web.settings.controls import Option, Place

EMPTY = Option("", "—")
LADDER: tuple[tuple[str, Words], ...] = (
    ("public", _("everybody")),
    ("customer", _("customers and staff")),
    ("staff", _("the staff")),
    ("restricted", _("few of the staff")),
)
Offer = Callable[[Place], list[Option]]


def column_label(name: str) -> Words:
    """Give the label of a column, in the language of whoever reads it."""
    return _(ticket_words.FIELDS[name]) if name in ticket_words.FIELDS else name


def words_of(words: Iterable[str], labels: Mapping[str, Words], first: Option | None = None) -> list[Option]:
    made = [Option(each, labels.get(each, each)) for each in words]
    return [first, *made] if first else made


def documents(kind: str, first: Option | None = None, leave_out: Collection[str] = ()) -> Offer:
    """Offer the documents of a kind that are not retired, by title and name."""

    def offer(place: Place) -> list[Option]:
        found = [
            Option(name, named(name, body), "")
            for (each, name), body in sorted(place.configuration.documents.items())
            if each == kind and not body.get("retired") and name not in leave_out
        ]
        return [first, *found] if first else found

    return offer


def named(name: str, body: Mapping[str, Any]) -> str:
    """Say a document's title and name, as far as they differ."""
    title = str(body.get("title") or "")
    said = titles.shipped(title)
    if not title or title.casefold() == name:
        return said if said != title else name
    return f"{said} ({name})"


def classes(*, first: Option | None = None) -> Offer:
    """Offer the rungs of the ladder, and the classes a site has added."""

    def offer(place: Place) -> list[Option]:
        found = [Option(word, says) for word, says in LADDER]
        own = [Option(each.name, each.title or each.name) for each in place.configuration.classes.values()]
        return [*([first] if first else []), *found, *own]

    return offer


def groups_as_members(place: Place) -> list[Option]:
    """Offer the groups, as lists of people name them."""
    return [
        Option(f"@{name}", each.title or name) for name, each in sorted(place.configuration.groups.items())
    ]


def states(place: Place) -> list[Option]:
    """Offer what states mean, and the names of those that have one of their own."""
    meanings = [each.value for each in Meaning]
    own = sorted(name for name in place.configuration.state_names if name not in meanings)
    return words_of((*meanings, *own), vocabulary.MEANINGS)


def own_states(place: Place) -> list[Option]:
    """Offer the states of the life cycle that is being written."""
    rows = place.body.get("states")
    names = [str(each.get("name", "")) for each in rows if isinstance(each, Mapping)] if rows else []
    return words_of(filter(None, names), vocabulary.MEANINGS, EMPTY)


def columns(names: Iterable[str], first: Option) -> Offer:
    """Offer columns of the header, and the fields of the site's own."""

    def offer(place: Place) -> list[Option]:
        found = [Option(name, column_label(name)) for name in names]
        own = [
            Option(f"field/{each.name}", each.title or each.name)
            for each in place.configuration.fields.values()
            if not each.core and not each.retired
        ]
        return [first, *found, *own]

    return offer


def fillable(place: Place) -> list[Option]:
    """Offer what somebody outside may fill in when they open a ticket."""
    names = [name for name in (*COLUMNS, *ELEMENTS) if name in _REPORTED]
    return columns(names, EMPTY)(place)[1:]


_REPORTED = frozenset({
    "severity", "network", "site", "machine", "circuit", "outage", "user_address", "destination_address", "started_at",
    "reported_at", "vendor_reference", "affected",
})  # fmt: skip


def languages(_place: Place) -> list[Option]:
    return [Option(code, label) for code, label in settings.LANGUAGES]


def networks(place: Place) -> list[Option]:
    return [Option(each, each) for each in sorted(place.configuration.network_ids)]
