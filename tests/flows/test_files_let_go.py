"""Whoever goes away while a file is made ends it, in whatever process; and nobody takes more than two at once."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest

from tests.house import Account, House, ready_made
from tests.killing import in_the_house, until

FILL = """
from nocturne import desk
from nocturne.core.entry import Door
from nocturne.desk import Opening, accounts
from nocturne.store.models import Ticket, User
by = accounts.actor_of(User.objects.get(name="ada"))
for number in range(300):
    desk.open(Opening(subject=f"{number} fan"), by=by, door=Door.CLI)
Ticket.objects.update(resolution="spliced " * 4_000)
print("null")
"""
SEEN = """
from nocturne.store.models import FileSlot
print(FileSlot.objects.count())
"""


@pytest.fixture
def full() -> Iterator[House]:
    """A house with two processes, each of five threads, and a list that is longer than what a network holds."""
    house = ready_made(NOCTURNE_WEB_PROCESSES="2", NOCTURNE_WEB_THREADS="5")
    try:
        yield house.start()
    finally:
        house.remove()


@contextmanager
def taking(house: House, by: Account) -> Iterator[tuple[int, socket.socket]]:
    """Somebody whose network is so slow that the server waits for them; and what it answered at first."""
    where = urlsplit(house.url)
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.settimeout(30)
        slow.connect((where.hostname, where.port))
        slow.sendall(
            f"GET /api/v1/tickets.csv HTTP/1.1\r\nHost: {where.netloc}\r\nAuthorization: Bearer {by.token}\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        yield int(slow.recv(64).split()[1]), slow


@pytest.mark.one_database(
    "lines as long as fill a network are taken by SQLite alone; places are proven on both"
)
@pytest.mark.timeout(240)
@pytest.mark.req("R16.1", "R15.11")
def test_whoever_goes_away_ends_their_file_and_leaves_the_place_to_the_next(full: House) -> None:
    ada = full.add_user("ada.files", group="administrators")
    in_the_house(full, FILL.replace('"ada"', '"ada.files"'))
    with ExitStack() as stack:
        answers = [stack.enter_context(taking(full, ada))[0] for _ in range(6)]
        assert sorted(answers) == [200, 200, 429, 429, 429, 429], "two in all, whichever process was asked"
        assert in_the_house(full, SEEN) == 2, "they wait for their reader"
        begun = time.monotonic()
        assert full.call("GET", "/api/v1/tickets?limit=1", by=ada).status == 200
        assert time.monotonic() - begun < 10, "pages are answered meanwhile"
    assert until(lambda: bool(in_the_house(full, SEEN) == 0), 60), "the places are free again"
    whole = full.call("GET", "/api/v1/tickets.csv?columns=number,resolution", by=ada)
    assert whole.status == 200
    assert len(whole.body.splitlines()) == 301
    assert in_the_house(full, SEEN) == 0
