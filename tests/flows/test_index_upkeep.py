"""The full-text index is made anew and purged in one process while others write: nothing is missed, nothing is left."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.house import House, ready_made
from tests.killing import in_the_house

PEOPLE = """
from datetime import timedelta
from nocturne import desk
from nocturne.core.entry import Door
from nocturne.desk import Opening, accounts
from nocturne.store.db import writing
from nocturne.store.fulltext import building, taken
from nocturne.store.models import TextIndex, Ticket, User
ada = accounts.actor_of(User.objects.get(name="ada"))
def opened(subject):
    return desk.open(Opening(subject=subject), by=ada, door=Door.CLI).number
"""
AS_THE_BOOKS_SAY = (
    PEOPLE + "print(json.dumps(building.differing(list(Ticket.objects.values_list('pk', flat=True)))))"
)


@pytest.fixture
def still() -> Iterator[House]:
    """A house that is set up and does not run, with six tickets."""
    house = ready_made()
    try:
        in_the_house(house, PEOPLE + "[opened(f'Fibre {each} is dark') for each in range(6)]")
        yield house
    finally:
        house.remove()


def differing(house: House) -> Any:
    return in_the_house(house, AS_THE_BOOKS_SAY)


class Beside:
    """A script in a process of its own, which waits where it says `here()` until it is let go on."""

    def __init__(self, house: House, script: str) -> None:
        waits = "import sys\ndef here():\n    print('here', flush=True)\n    sys.stdin.readline()\n"
        self._running = subprocess.Popen(
            [sys.executable, "-c", f"import django, json\ndjango.setup()\n{waits}{PEOPLE}{script}"],
            env={**house.environ, "DJANGO_SETTINGS_MODULE": "nocturne.config.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._running.stdout
        assert self._running.stdout.readline() == "here\n"

    def goes_on(self) -> None:
        self._running.communicate("\n", timeout=120)
        assert self._running.returncode == 0


@pytest.mark.req("R16.1", "R2.1")
def test_whoever_makes_the_index_anew_is_told_what_it_took_and_whether_it_is_as_the_books_say(
    still: House,
) -> None:
    assert re.search(r"^words: 6 tickets in \d+ s, [\d.]+ MB\.$", still.run("reindex").out, re.MULTILINE)
    assert "words: as the books say." in still.run("reindex", "--check").out
    in_the_house(
        still,
        "from nocturne.store.fulltext.engine import engine\nengine().change(3, ['t2fibre'], ['t2nonsense'])",
    )
    wrong = still.cli("reindex", "words", "--check")
    assert wrong.code == 1
    assert "ticket 3 is not as the books say" in wrong.err
    still.run("reindex", "words")
    assert differing(still) == []
    in_the_house(still, PEOPLE + "building.begin()\nbuilding.step(2)")
    assert "words: 4 tickets" in still.run("reindex", "words", "--continue").out
    assert differing(still) == []
    assert still.cli("reindex", "nonsense").code == 2


@pytest.mark.req("R16.1", "R2.1")
def test_what_is_begun_anew_while_another_makes_it_further_misses_nothing(still: House) -> None:
    in_the_house(still, PEOPLE + "building.begin()\nbuilding.step(2)")
    worker = Beside(
        still,
        """
whole = taken.whole
def slowly(*given, **more):
    here()
    return whole(*given, **more)
taken.whole = slowly
building.step(2)
""",
    )
    again = subprocess.Popen([still.bin / "nocturne", "reindex", "words"], env=still.environ)
    with pytest.raises(subprocess.TimeoutExpired):
        again.wait(5)  # it waits for the step that is being done
    worker.goes_on()
    assert again.wait(60) == 0
    assert differing(still) == []


@pytest.mark.req("R16.1", "R2.1")
def test_a_ticket_that_is_being_opened_while_the_index_is_begun_anew_is_in_it(still: House) -> None:
    writer = Beside(still, "with writing():\n    opened('Lamp is out')\n    here()\n")
    again = subprocess.Popen([still.bin / "nocturne", "reindex", "words"], env=still.environ)
    with pytest.raises(subprocess.TimeoutExpired):
        again.wait(5)  # it waits for whoever writes
    writer.goes_on()
    assert again.wait(60) == 0
    assert differing(still) == []


TAKE_AWAY = (
    PEOPLE
    + """
from nocturne.desk import clock
from nocturne.watch import indexing
words = [letter + "xq" + letter * 6 for letter in "abcdefghijklmnopqrst"]
written = [desk.update(1, each, by=ada, door=Door.CLI).address for each in words]
for each in written[:10]:
    desk.redact(1, each, "private", by=ada, door=Door.CLI)
from nocturne.store.fulltext.engine import engine
from nocturne.store.db import is_sqlite
if is_sqlite():
    from nocturne.store.fulltext import on_sqlite
    on_sqlite.SMALL = 1
TextIndex.objects.update(untidy_at=clock.now() - timedelta(hours=1))
while indexing.turn() < indexing.PAUSE:
    pass
assert TextIndex.objects.get().untidy_at is None
"""
)


@pytest.mark.req("R2.1", "R16.7", "S18")
def test_what_was_taken_away_lies_in_no_file_of_the_index_once_it_is_written_together(still: House) -> None:
    in_the_house(still, TAKE_AWAY)
    lies = files_of_the_index(still)
    assert [each for each in "klmnopqrst" if f"xq{each * 6}".encode() not in lies] == [], "these are there"
    assert [each for each in "abcdefghij" if f"xq{each * 6}".encode() in lies] == []
    assert differing(still) == []


def files_of_the_index(house: House) -> bytes:
    """This will read the bytes of the index as they are on the disk: where words are found by."""
    if not house.database_url:
        import sqlite3

        with sqlite3.connect(house.home / "nocturne.sqlite3") as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            rows = database.execute("SELECT block FROM fulltext_data").fetchall()
        return b"".join(row[0] for row in rows)
    import psycopg

    with psycopg.connect(house.database_url, autocommit=True) as server:
        server.execute("CHECKPOINT")
        found = server.execute(
            "SELECT pg_read_binary_file(pg_relation_filepath(indexrelid::regclass)) FROM pg_index"
            " WHERE indrelid = 'fulltext'::regclass"
        ).fetchall()
    return b"".join(bytes(row[0]) for row in found)
