"""Naming somebody as owner dispatches the ticket: it is in their list, and they are told."""

from __future__ import annotations

import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.store import lists
from nocturne.store.models import Entry, Notice
from nocturne.watch import notices
from tests.cast import Cast


@pytest.mark.req("R3.1")
def test_whom_a_ticket_is_given_to_finds_it_in_their_list_and_is_told(cast: Cast, trouble: int) -> None:
    assert lists.counts(cast.kofi, ["mine"]) == {"mine": 0}
    given = desk.give(trouble, "kofi", by=cast.anna, door=Door.WEB)
    notices.follow(Entry.objects.get(pk=given.entry))
    assert lists.counts(cast.kofi, ["mine"]) == {"mine": 1}
    [notice] = Notice.objects.filter(entry_id=given.entry)
    assert (notice.purpose, notice.address) == ("owner", "kofi@lakenet.example")


@pytest.mark.req("R3.1")
def test_whoever_takes_a_ticket_is_not_told_what_they_did_themselves(cast: Cast, trouble: int) -> None:
    taken = desk.take(trouble, by=cast.anna, door=Door.WEB)
    notices.follow(Entry.objects.get(pk=taken.entry))
    assert not Notice.objects.filter(entry_id=taken.entry).exists()
    assert lists.counts(cast.anna, ["mine"]) == {"mine": 1}
