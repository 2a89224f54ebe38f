"""The whole configuration as a tree of files: given, compared, and brought in, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from nocturne.core.configuration import Documents, tree
from nocturne.core.configuration.difference import Change, differences
from nocturne.core.configuration.toml import plain
from nocturne.core.configuration.tree import Files, Wrong
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid
from nocturne.desk import configuring
from nocturne.store import configured
from nocturne.store.db import writing


class Faulty(Invalid):
    """A tree cannot be brought in: `wrongs` are all that is wrong with it, each with its file and line."""

    def __init__(self, wrongs: Sequence[Wrong]) -> None:
        super().__init__("configuration_faulty", count=len(wrongs))
        self.wrongs = wrongs


def in_force() -> Documents:
    """Give the documents in force, as the database has them."""
    return configured.load().documents


def exported() -> dict[str, str]:
    """Give the configuration in force as files."""
    return tree.write(in_force())


def check(files: Files) -> None:
    """Refuse a tree that could not be in force anywhere.

    :raises Faulty: something is wrong with it.
    """
    if wrongs := tree.problems(files):
        raise Faulty(wrongs)


def compare(files: Files) -> list[Change]:
    """List what bringing a tree in would change.

    :raises Faulty: a file cannot be read.
    """
    documents, wrongs = tree.documents_in(files)
    if wrongs:
        raise Faulty(wrongs)
    return differences(in_force(), documents)


def bring_in(
    files: Files, *, by: Actor, door: Door, reason: str = "", only_try: bool = False
) -> list[Change]:
    """Put a tree in force: what it does not hold is taken away. All or nothing.

    :param only_try: take everything back at the end: what would be refused is refused, and nothing is changed.
    :return: what has changed, or would.
    :raises Faulty: something is wrong with the tree, or with bringing it in here.
    :raises Forbidden: this is not for the actor to change.
    """
    check(files)
    documents, _ = tree.documents_in(files)
    with writing():
        # Both read behind the same lock: what is told is what is done.
        before = {document: plain(body) for document, body in configuring.locked().documents.items()}
        try:
            configuring.replace_all(documents, by=by, door=door, reason=reason)
        except Invalid as refusal:
            raise Faulty([tree.located(files, refusal)]) from refusal
        if only_try:
            transaction.set_rollback(True)
    return differences(before, documents)
