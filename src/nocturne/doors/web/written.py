"""How values are written, key by key: what stands beside a search that has no list to show."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from nocturne.core import permits, query
from nocturne.core.configuration import current
from nocturne.core.fieldvalues import Context
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.permits import Actor
from nocturne.core.query import examples as queryexamples
from nocturne.core.query.vocabulary import key_of

GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("What"), ("is", "state", "type", "severity", "priority", "has", "clock")),
    (gettext_lazy("Who"), ("owner", "reporter", "watcher", "opened_by", "affected")),
    (gettext_lazy("Where"), ("queue", "node", "site", "circuit", "vendor", "network")),
    (gettext_lazy("When"), ("opened", "updated", "closed", "due", "age", "idle", "worked")),
    (gettext_lazy("What has been"), ("was", "changed")),
    (gettext_lazy("How it is shown"), ("order", "group", "limit")),
)
OWN = gettext_lazy("Your own fields")
MOST_OWN = 12
"""Fields of the site that are shown; completion offers the others."""


def of(actor: Actor) -> list[tuple[Any, list[tuple[str, list[str]]]]]:
    """Give groups of keys that somebody may ask for, each key with some of its values."""
    reads = partial(permits.sees_column, actor)
    known = query.keys(reads)
    context = Context(timezone.now(), actor.zone, current().site.region)
    own = sorted(
        each.name for each in current().fields.values() if known.get(each.name) == PREFIX + each.name
    )
    found = []
    for title, spellings in (*GROUPS, (OWN, tuple(own[:MOST_OWN]))):
        keys = []
        for spelling in spellings:
            name = known.find(spelling)
            if name and (not key_of(name).column or reads(key_of(name).column)):
                shown = queryexamples.examples(name, spelling, "", context)
                keys.append((spelling, [each.removeprefix(f"{spelling}:") for each in shown]))
        if keys:
            found.append((title, keys))
    return found
