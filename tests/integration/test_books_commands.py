"""Somebody changes rows behind the desk's back; `refold` and `audit verify` find it."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.utils import timezone

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk.terms import Affected, Extra, Outage
from nocturne.store import blobs
from nocturne.store.blobs import File
from nocturne.store.models import Attachment, Ticket, TicketMachine
from nocturne.store.models import Outage as OutageRow
from tests.command import Nocturne


@pytest.fixture
def worked(trouble: int, anna: Actor) -> int:
    """A ticket with a bit of everything on its chart."""
    kept = blobs.keep(io.BytesIO(b"chassisd[1923]: FPC 1 major error"), limit=100)
    file = File("chassis.txt", "text/plain", kept.size, kept.sha256)
    desk.take(trouble, by=anna, door=Door.WEB)
    desk.outage(trouble, Outage(timezone.now()), by=anna, door=Door.WEB)
    desk.affected(trouble, Affected("site", "Chicago", "down"), by=anna, door=Door.WEB)
    desk.update(
        trouble, "Called Norlink.", by=anna, door=Door.WEB, extra=Extra(files=(file,)), tags=["fibre"]
    )
    return trouble


def _without_trigger(name: str, sql: str, *values: object) -> None:
    """Do what an attacker with the database's password can do."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute(
                "SET CONSTRAINTS ALL IMMEDIATE"
            )  # a table with checks still to come cannot be altered
            table = "entry_text" if "text" in name else "entry"
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        cursor.execute(sql, values)


@pytest.mark.req("S5")
def test_books_that_nobody_touched_are_proven(worked: int, nocturne: Nocturne) -> None:
    said = nocturne("refold", "--check")
    assert (said.code, said.out) == (0, "")
    assert "every header is what its entries add up to" in said.err
    assert nocturne("audit", "verify", "--files").code == 0


@pytest.mark.req("S5")
def test_a_header_changed_by_hand_is_found_and_set_right(worked: int, nocturne: Nocturne) -> None:
    Ticket.objects.filter(pk=worked).update(subject="All is well", priority=4, clock="customer")
    OutageRow.objects.filter(ticket=worked).delete()
    TicketMachine.objects.filter(ticket=worked).delete()
    said = nocturne("refold", "--check")
    assert said.code == 1
    assert f"Ticket {worked}: " in said.out
    assert "refold --repair" in said.err

    assert nocturne("refold", "--repair").code == 0
    assert nocturne("refold", "--check", str(worked)).code == 0
    row = Ticket.objects.get(pk=worked)
    assert (row.subject, row.priority, row.clock) == ("Ann Arbor – Chicago 100G down", 2, "noc")
    assert OutageRow.objects.filter(ticket=worked).count() == 1
    assert nocturne("audit", "verify").code == 0


def test_the_first_difference_names_the_column_and_both_values(worked: int, nocturne: Nocturne) -> None:
    Ticket.objects.filter(pk=worked).update(owner=None)
    said = nocturne("refold", str(worked))
    assert said.out.startswith(f"Ticket {worked}: owner is nothing; its entries add up to ")


@pytest.mark.parametrize(
    ("trigger", "sql"),
    [
        ("entry_text_stays", "UPDATE entry_text SET text = 'Nobody called.' WHERE text = 'Called Norlink.'"),
        ("entry_stays", "UPDATE entry SET author_label = 'kofi' WHERE kind = 'taken'"),
        (
            "entry_stays",
            "UPDATE entry SET at = opened_at FROM ticket WHERE kind = 'note' AND ticket_id = number",
        ),
        ("entry_stays", "UPDATE entry SET seq = 99 WHERE kind = 'note'"),
    ],
)
@pytest.mark.req("S5")
def test_an_entry_changed_by_hand_is_found(worked: int, nocturne: Nocturne, trigger: str, sql: str) -> None:
    _without_trigger(trigger, sql)
    said = nocturne("audit", "verify")
    assert said.code == 1
    assert f"Ticket {worked}: " in said.out
    assert "not as they were written" in said.err


def test_an_attachment_exchanged_by_hand_is_found(worked: int, nocturne: Nocturne) -> None:
    other = blobs.keep(io.BytesIO(b"nothing happened"), limit=100)
    Attachment.objects.filter(ticket=worked).update(sha256=other.sha256)
    said = nocturne("audit", "verify")
    assert said.code == 1
    assert "never brought the attachment" in said.out


def test_bytes_that_rot_on_the_disk_are_found_when_files_are_read(worked: int, nocturne: Nocturne) -> None:
    row = Attachment.objects.get(ticket=worked)
    path = blobs.storage().path(blobs.name_of(row.sha256))
    with open(path, "r+b") as file:
        file.write(b"X")
    try:
        assert nocturne("audit", "verify").code == 0
        said = nocturne("audit", "verify", "--files")
        assert said.code == 1
        assert "is not what was stored" in said.out
    finally:
        blobs.forget(row.sha256)


def test_one_ticket_can_be_looked_at_alone(worked: int, complaint: int, nocturne: Nocturne) -> None:
    Ticket.objects.filter(pk=complaint).update(priority=1)
    assert nocturne("refold", str(worked)).code == 0
    assert nocturne("refold", str(complaint)).code == 1
    assert nocturne("refold", "999999").err == "There is no such ticket.\n"
    assert nocturne("refold", "--check", "--repair").code == 2
