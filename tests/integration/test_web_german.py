"""Kofi works in German: the pages say so of themselves, and a word that means two things is the right one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.utils import translation

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.store.models import User
from tests.cast import Cast
from tests.visitor import Visitor


@pytest.fixture
def kofi(cast: Cast) -> Iterator[Visitor]:
    User.objects.filter(name="kofi").update(language="de")
    yield Visitor("kofi")
    translation.deactivate()  # what a page was asked in stays with its thread, which is that of the next test


@pytest.mark.req("S3")
@pytest.mark.parametrize("address", ["/", "/search?q=is:opne", "/handover", "/tickets/999999", "/account"])
def test_a_page_in_german_says_that_it_is(kofi: Visitor, address: str) -> None:
    """Screen readers choose their voice by it, browsers their quotation marks, and the columns their width."""
    assert re.search(r"<html lang=\"?de\b", kofi.get(address).content.decode())


@pytest.mark.req("S3")
def test_words_of_two_meanings_are_the_right_one_in_german(kofi: Visitor, anna: Actor) -> None:
    reporter = desk.Reporter(name="Cleo", email="cleo@college.example")
    number = desk.open(desk.Opening(subject="Slow", reporter=reporter), by=anna, door=Door.WEB).number
    reply = kofi.text(f"/tickets/{number}/replies")
    assert re.search(r"<legend[^>]*>\s*An\s*<", reply), "who gets a reply"
    assert "<h1>Tasten</h1>" in kofi.text("/keys")
    assert ">Strg<" in kofi.text("/keys")
    opening = kofi.text("/tickets/open")
    assert re.search(r"<option value=\"?customer\"?[^>]*>Kunde<", opening), "who is affected"
    assert re.search(r"<label[^>]*>\s*Bis\b", opening), "until when planned work goes on"
    assert re.search(r"<button>Suchen</button>", kofi.text("/search"))


@pytest.mark.req("S3")
def test_what_would_become_of_many_tickets_is_said_in_german_words(kofi: Visitor, anna: Actor) -> None:
    number = desk.open(desk.Opening(subject="Slow"), by=anna, door=Door.WEB).number
    looked = kofi.send(f"/batches/new?q={number}", "/batches/new", owner="kofi", step="preview")
    shown = re.sub(r"<[^>]*>", "", looked.content.decode())
    assert "Status neu → offen" in shown
