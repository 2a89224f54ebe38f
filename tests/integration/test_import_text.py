"""Tickets that another NOC has published as text become charts with their own times and people."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nocturne.core.permits import Actor
from nocturne.desk import charts, entries, importing
from nocturne.store import blobs, books
from nocturne.store.models import Attachment, Entry, FieldValue, Notice, Site, Ticket
from nocturne.watch import followers
from tests.cast import Cast
from tests.command import Nocturne

CLOSED = """\
Ticket Number: LAKE-NOC/20261003-5      Ticket Status: CLOSE
Ticket Type:   unscheduled             Resolver:      LAKE-NOC
Ticket Opened: 20261003 11:08 UTC      Problem Start: 20261003 10:50 UTC
Ticket Closed: 20261004 15:48 UTC      Problem End:   20261003 12:03 UTC

Site/line:     Ann Arbor

Problem Description:
Ferry cable to the island flapped and recovered in 4 seconds.
The lighthouse may have lost its primary path.

Problem Effects:
No traffic loss.

Problem History:
20261003 10:53 AB Watching it
for an hour.

20261003 13:00 CD Harbour master says a buoy
was moved over it.

20261004 15:47 AB Not seen again. Will close.

Time to Fix:
0h

This ticket can be seen at the harbour.
"""
PLANNED = """\
Ticket Number: LAKE-NOC/20261107-12     Ticket Status: UPDATE
Ticket Type:   scheduled               Resolver:      ISLENET
Ticket Opened: 20261107 17:13 UTC      Problem Start: {start} UTC
Ticket Update: 20261113 12:38 UTC      Problem End:   {end} UTC

Problem Description:
A second ferry cable is brought into service.

Problem History:
20261107 17:09 EF Divers are booked.
"""


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "20261003-5.txt"
    file.write_text(CLOSED, encoding="utf-8")
    return file


def _head(number: int, reader: Actor) -> dict:
    return charts.header(number, reader).header


@pytest.mark.req("S22")
def test_a_closed_trouble_keeps_all_its_times_and_people(cast: Cast, nocturne: Nocturne, text: Path) -> None:
    said = nocturne("import", "text", str(text))
    assert said.code == 0
    number = Ticket.objects.get().pk
    assert f"LAKE-NOC/20261003-5 is ticket {number}, closed, 3 updates" in said.out

    head = _head(number, cast.anna)
    assert head["subject"] == "Ann Arbor: Ferry cable to the island flapped and recovered in 4 seconds"
    assert (head["type"], head["state"], head["site"]) == ("trouble", "closed", "Ann Arbor")
    assert head["vendor_reference"] == "LAKE-NOC/20261003-5"
    assert head["opened_at"] == datetime(2026, 10, 3, 11, 8, tzinfo=UTC)
    assert head["started_at"] == datetime(2026, 10, 3, 10, 50, tzinfo=UTC)
    assert head["restored_at"] == datetime(2026, 10, 3, 12, 3, tzinfo=UTC)
    assert head["resolved_at"] == head["closed_at"] == datetime(2026, 10, 4, 15, 48, tzinfo=UTC)
    assert head["resolution"] == "Not seen again. Will close."

    notes = [each for each in entries.entries(number, cast.anna).entries if each.kind == "note"]
    assert [(each.author, each.author_kind, f"{each.at:%d %H:%M}") for each in notes[:3]] == [
        ("AB", "name", "03 10:53"),
        ("CD", "name", "03 13:00"),
        ("AB", "name", "04 15:47"),
    ]
    assert notes[0].text == "Watching it\nfor an hour."
    assert all(each.door == "import" for each in notes)
    assert books.first_difference(number) is None


@pytest.mark.req("S22")
def test_lines_that_are_not_understood_are_kept_and_told(cast: Cast, nocturne: Nocturne, text: Path) -> None:
    said = nocturne("import", "text", str(text))
    line = CLOSED.splitlines().index("This ticket can be seen at the harbour.") + 1
    assert f":{line}: not understood, kept as it stands: This ticket can be seen at the harbour." in said.err
    last = entries.entries(Ticket.objects.get().pk, cast.anna).entries[-1]
    assert last.text == f"{line}: This ticket can be seen at the harbour."


def test_the_original_stays_attached_to_the_byte(cast: Cast, nocturne: Nocturne, text: Path) -> None:
    nocturne("import", "text", str(text))
    original = Attachment.objects.get()
    assert (original.name, original.purpose) == ("20261003-5.txt", "original")
    with blobs.open_blob(original.sha256) as file:
        assert file.read().decode() == CLOSED


@pytest.mark.req("S22")
def test_a_ticket_is_imported_once(cast: Cast, nocturne: Nocturne, text: Path) -> None:
    nocturne("import", "text", str(text))
    before = Entry.objects.count()
    said = nocturne("import", "text", str(text))
    assert said.code == 0
    assert said.out.endswith(f"is ticket {Ticket.objects.get().pk} already\n")
    assert Entry.objects.count() == before
    assert FieldValue.objects.get(key=importing.KEY).value == "LAKE-NOC/20261003-5"


def test_a_dry_run_writes_nothing(cast: Cast, nocturne: Nocturne, text: Path) -> None:
    said = nocturne("import", "text", "--dry-run", str(text))
    assert (said.code, "would be imported" in said.out) == (0, True)
    assert not Ticket.objects.exists()
    assert not Attachment.objects.exists()


@pytest.mark.req("S21")
def test_planned_work_keeps_its_window_and_a_future_end_restores_nothing(cast: Cast) -> None:
    window = PLANNED.format(start="20991112 06:00", end="20991113 18:30")
    imported = importing.take_over(window)
    assert imported.number is not None
    head = _head(imported.number, cast.anna)
    assert (head["type"], head["state"], head["clock"]) == ("planned", "new", "scheduled")
    assert head["planned_start"] == datetime(2099, 11, 12, 6, tzinfo=UTC)
    assert head["planned_end"] == datetime(2099, 11, 13, 18, 30, tzinfo=UTC)
    assert (head["started_at"], head["restored_at"]) == (None, None)


def test_times_that_contradict_each_other_are_kept_as_words(cast: Cast) -> None:
    backwards = CLOSED.replace("Problem End:   20261003 12:03", "Problem End:   20261002 12:03")
    imported = importing.take_over(backwards)
    assert imported.number is not None
    head = _head(imported.number, cast.anna)
    assert (head["state"], head["restored_at"]) == ("closed", None)
    assert "Problem End: 20261002 12:03 UTC" in (
        entries.entries(imported.number, cast.anna).entries[-1].text or ""
    )


@pytest.mark.parametrize("start", ["Problem Start: 20261003 10:50 UTC", ""])
def test_a_ticket_without_its_opening_time_is_opened_with_the_first_thing_known(
    cast: Cast, start: str
) -> None:
    bare = CLOSED.replace("Ticket Opened: 20261003 11:08 UTC      Problem Start: 20261003 10:50 UTC", start)
    bare = bare.replace("Ticket Closed: 20261004 15:48 UTC      ", "")
    imported = importing.take_over(bare)
    assert imported.number is not None
    head = _head(imported.number, cast.anna)
    assert head["opened_at"] == datetime(2026, 10, 3, 10, 53, tzinfo=UTC)
    assert head["closed_at"] == datetime(2026, 10, 4, 15, 47, tzinfo=UTC)
    assert books.first_difference(imported.number) is None


def test_what_is_no_ticket_is_refused_and_the_others_go_on(
    cast: Cast, nocturne: Nocturne, text: Path, tmp_path: Path
) -> None:
    other = tmp_path / "menu.txt"
    other.write_text("Soup\nFish\n")
    said = nocturne("import", "text", str(other), str(tmp_path / "absent.txt"), str(text))
    assert said.code == 1
    assert "menu.txt: There is no ticket in it" in said.err
    assert "absent.txt: it cannot be read" in said.err
    assert "2 of 3 were not imported." in said.err
    assert Ticket.objects.count() == 1


def test_an_unknown_queue_is_refused_and_nothing_is_written(
    cast: Cast, nocturne: Nocturne, text: Path
) -> None:
    said = nocturne("import", "text", "--queue", "harbour", str(text))
    assert said.code == 1
    assert "There is no queue harbour." in said.err
    assert not Ticket.objects.exists()


def test_letters_of_old_files_are_read(cast: Cast, nocturne: Nocturne, text: Path) -> None:
    text.write_bytes(CLOSED.replace("lighthouse", "fyrtårn").encode("latin-1"))
    assert nocturne("import", "text", str(text)).code == 0
    opened = entries.entries(Ticket.objects.get().pk, cast.anna).entries[0]
    assert "fyrtårn" in (opened.text or "")


def test_a_place_that_is_not_in_the_inventory_stays_words(cast: Cast) -> None:
    assert not Site.objects.filter(name="Old pier").exists()
    imported = importing.take_over(CLOSED.replace("Ann Arbor", "Old pier"))
    assert imported.number is not None
    head = _head(imported.number, cast.anna)
    assert head["site"] is None
    assert head["subject"].startswith("Old pier: ")


def test_nobody_is_mailed_for_what_is_imported(cast: Cast) -> None:
    importing.take_over(CLOSED)
    while followers.turn() == 0.0:
        pass
    assert not Notice.objects.exists()
