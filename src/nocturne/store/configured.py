"""Reads the configuration that is in force from the database, and notices when it has changed there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Subquery

from nocturne.core import configuration
from nocturne.core.configuration import Configuration, Document
from nocturne.core.configuration.standard import STANDARD_DOCUMENTS
from nocturne.core.configuration.whole import numbered as numbers_given
from nocturne.core.configuration.whole import read
from nocturne.store.models import ConfigurationDocument, Installation, Network, Queue
from nocturne.store.readings import Reading

EDITION = Subquery(Installation.objects.filter(pk=1).values("edition"))
"""The edition in force as a column beside another query's: who reads that asks no second time."""
_EDITION = Reading(lambda number: Installation.objects.filter(pk=number).values("edition"))


def refresh(edition: str | None = None) -> Configuration:
    """Put in force what the database holds, if that has changed since it was read.

    :param edition: the database's present one, where it is known already.
    """
    if edition is None:
        rows = _EDITION.rows(1)
        edition = rows[0]["edition"] if rows else "standard"
    if configuration.current().edition != edition:
        configuration.use(load())
    return configuration.current()


def refresh_after_commit() -> None:
    transaction.on_commit(refresh)


def load() -> Configuration:
    """Read the configuration. What a later version of the program cannot read any more is left out, so that it starts
    all the same; `nocturne config check` names it."""
    edition = Installation.objects.filter(pk=1).values_list("edition", flat=True).first() or "standard"
    rows = ConfigurationDocument.objects.values_list("kind", "name", "body")
    documents = {(kind, name): body for kind, name, body in rows} or dict(STANDARD_DOCUMENTS)
    found, _wrongs = read(documents)
    return configuration.Configuration(
        **{name: getattr(found, name) for name in _PARTS},
        edition=edition,
        queue_ids=dict(Queue.objects.values_list("name", "pk")),
        network_ids=dict(Network.objects.values_list("name", "pk")),
    )


_PARTS = (
    "documents", "site", "classes", "groups", "calendars", "lifecycles", "fields", "types", "queues", "clearances",
    "templates", "desks",
)  # fmt: skip


def numbered(found: Configuration, like: Configuration) -> Configuration:
    """Give a configuration that is not in force the numbers of the rows that another one has."""
    return numbers_given(found, like.queue_ids, like.network_ids)


def store(changed: Mapping[Document, Mapping[str, Any] | None], *, at: datetime) -> None:
    """Write documents as they are to be in force; only the desk calls this, inside its transaction."""
    for (kind, name), body in changed.items():
        if body is None:
            ConfigurationDocument.objects.filter(kind=kind, name=name).delete()
        else:
            ConfigurationDocument.objects.update_or_create(
                kind=kind, name=name, defaults={"body": dict(body), "changed_at": at}
            )
