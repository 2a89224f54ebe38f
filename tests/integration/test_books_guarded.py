"""What is written stays as it was written, whoever tries what with the database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.store import books, guards
from nocturne.store.models import Entry, EntryText, Machine, Ticket
from tests.cast import Cast

POSTGRESQL = connection.vendor == "postgresql"


@contextmanager
def undone() -> Iterator[None]:
    """This will take back whatever happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


NAMES = ", ".join(f'"{field.column}"' for field in Entry._meta.concrete_fields)


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


TAMPERINGS: dict[str, Callable[[int], object]] = {
    "an entry's time": lambda n: Entry.objects.filter(ticket_id=n).update(recorded_at="2001-01-01T00:00:00Z"),
    "an entry's author": lambda n: Entry.objects.filter(ticket_id=n).update(author_label="somebody else"),
    "an entry's hash": lambda n: Entry.objects.filter(ticket_id=n).update(hash=bytes(32)),
    "an entry's changes": lambda n: Entry.objects.filter(ticket_id=n).update(changes=[]),
    "its words": lambda n: EntryText.objects.filter(entry__ticket_id=n).update(text="never said"),
    "its words, as if redacted": lambda n: EntryText.objects.filter(entry__ticket_id=n).update(
        text=None, changes=[], salt=b"", redaction_id=Entry.objects.filter(ticket_id=n).first().pk
    ),
    "the class it is shown for": lambda n: Entry.objects.filter(ticket_id=n).update(shown_class=0),
    "the whole entry": lambda n: Entry.objects.filter(ticket_id=n)._raw_delete(Entry.objects.db),
    **(
        {"everything at once": lambda _: _run("TRUNCATE entry CASCADE")}
        if POSTGRESQL
        else {
            "a row, replaced": lambda _: _run(
                f"INSERT OR REPLACE INTO entry ({NAMES}) SELECT {NAMES} FROM entry"
            )
        }
    ),
    "all its words": lambda n: EntryText.objects.filter(entry__ticket_id=n)._raw_delete(EntryText.objects.db),
}


@pytest.mark.req("R8.1")
@pytest.mark.parametrize("what", TAMPERINGS)
def test_nobody_changes_what_is_written(trouble: int, what: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        TAMPERINGS[what](trouble)
    assert books.broken_link(trouble) is None


def test_an_entry_is_shown_to_others_only_by_an_entry(cast: Cast, trouble: int) -> None:
    note = desk.update(trouble, "Customer rang", by=cast.anna, door=Door.WEB)
    desk.reclassify(trouble, note.address, DataClass.CUSTOMER, by=cast.mei, door=Door.WEB)
    assert Entry.objects.get(pk=note.entry).shown_class == DataClass.CUSTOMER


def test_a_house_without_its_triggers_is_not_opened(db: None) -> None:
    guards.verify()
    with undone():
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER entry_kept" + (" ON entry" if POSTGRESQL else ""))
        with pytest.raises(guards.Unguarded, match="entry_kept"):
            guards.verify()
        guards.install()
        guards.verify()


def test_tampering_behind_the_triggers_back_breaks_the_chain(trouble: int, anna: Actor) -> None:
    desk.update(trouble, "Second", by=anna, door=Door.WEB)
    desk.update(trouble, "Third", by=anna, door=Door.WEB)
    with undone():
        _without_guards()
        Entry.objects.filter(ticket_id=trouble, seq=2).update(author_label="kofi")
        assert books.broken_link(trouble) == "entry 2 is not what was written"
    with undone():
        _without_guards()
        EntryText.objects.filter(entry__ticket_id=trouble, entry__seq=3).update(text="never said")
        assert books.broken_link(trouble) == "the words of entry 3 are not what was written"
    with undone():
        _without_guards()
        last = Entry.objects.filter(ticket_id=trouble, seq=3)
        EntryText.objects.filter(entry__in=last)._raw_delete(EntryText.objects.db)
        last._raw_delete(Entry.objects.db)
        assert books.broken_link(trouble) == "the last entries are missing"


def test_a_header_that_was_changed_by_hand_is_found(trouble: int) -> None:
    Ticket.objects.filter(pk=trouble).update(severity=4)
    assert books.first_difference(trouble) == ("severity", 4, 2)


@pytest.mark.req("R9.5")
def test_renaming_a_machine_changes_no_old_ticket(trouble: int, anna: Actor) -> None:
    Machine.objects.filter(name="cr1.aa").update(name="cr1.annarbor")
    assert books.first_difference(trouble) is None
    desk.update(trouble, "Renamed meanwhile", by=anna, door=Door.WEB)
    assert books.first_difference(trouble) is None


def _without_guards() -> None:
    tables = {
        name: "entry_text" if "text" in name else "entry"
        for name in guards.present()
        if name.startswith("entry")
    }
    with connection.cursor() as cursor:
        for name, table in tables.items():
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if POSTGRESQL else ""))


def test_a_full_disk_is_a_clear_answer_and_nothing_is_half_written() -> None:
    """In a process of its own: SQLite takes the whole transaction back when it is full."""
    told = subprocess.run(
        [sys.executable, "-c", FULL], capture_output=True, text=True, timeout=60, check=False
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == ["disk_full", "1", "None", "2", "None"]


FULL = """
import os, tempfile
home = tempfile.TemporaryDirectory()
os.environ |= {"NOCTURNE_HOME": home.name, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "nocturne.config.settings"}
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import connection
from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.refusals import Unavailable
from nocturne.desk.terms import Opening
from nocturne.store import books
from nocturne.store.models import Entry
from tests.cast import people
anna = people().anna
number = desk.open(Opening(subject="Disk"), by=anna, door=Door.WEB).number
cursor = connection.cursor()
pages = cursor.execute("PRAGMA page_count").fetchone()[0]
cursor.execute(f"PRAGMA max_page_count = {pages}")
try:
    desk.update(number, "x" * 900_000, by=anna, door=Door.WEB)
except Unavailable as refused:
    print(refused.code)
print(Entry.objects.count(), books.first_difference(number))
cursor.execute("PRAGMA max_page_count = 1073741823")
desk.update(number, "There is space again", by=anna, door=Door.WEB)
print(Entry.objects.count(), books.first_difference(number))
"""
