"""A NOC that holds real tickets is backed up while everybody works, and put back on a machine that never saw it."""

from __future__ import annotations

import fcntl
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from nocturne.store import manifest
from nocturne.store.manifest import BadBackup
from nocturne.store.restore import restore
from tests import database
from tests.house import House, unset

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
TICKET = """\
Ticket Number: LAKE-NOC/20261003-{number}      Ticket Status: CLOSE
Ticket Type:   unscheduled             Resolver:      LAKE-NOC
Ticket Opened: 20261003 11:08 UTC      Problem Start: 20261003 10:50 UTC
Ticket Closed: 20261004 15:48 UTC      Problem End:   20261003 12:03 UTC

Site/line:     Marquette

Problem Description:
Ferry cable number {number} flapped.

Problem History:
20261003 10:53 AB Watching it.
"""
WRITER = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "nocturne.config.settings"
django.setup()
from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk.terms import Opening
by = Actor("name", None, "writer", groups=frozenset({"operators"}))
while True:
    number = desk.open(Opening(subject="Written under load"), by=by, door=Door.API).number
    desk.update(number, "and worked on", by=by, door=Door.API)
    os.write(1, b"%d\\n" % number)  # at once: two write into one file
"""


@pytest.fixture(scope="module")
def noc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with four tickets, their originals attached, and a mail that waits. Nothing of it runs."""
    house = unset()
    texts = tmp_path_factory.mktemp("texts")
    files = [texts / f"{number}.txt" for number in range(4)]
    for number, file in enumerate(files):
        file.write_text(TICKET.format(number=number))
    try:
        house.run("setup", "--admin", "ada", "--password-stdin", given="splice-crew-1040\n")
        house.run("import", "text", *map(str, files))
        (house.home / "spool").mkdir()
        (house.home / "spool" / "waiting.mail").write_bytes(b"nocturne mail 1 {}\nSubject: down\n\nhelp\n")
        yield house
    finally:
        house.remove()


@pytest.fixture(scope="module")
def backup(noc: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of that house. Tests that spoil it take a copy."""
    folder = tmp_path_factory.mktemp("backups") / "first"
    noc.run("backup", str(folder))
    return folder


@pytest.fixture
def copy(backup: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(backup, tmp_path / "copy"))


@pytest.fixture
def other() -> Iterator[House]:
    """Another machine, on which there is nothing yet."""
    house = House()
    try:
        yield house
    finally:
        house.remove()


@pytest.mark.req("R16.3")
def test_a_backup_says_what_it_holds(noc: House, backup: Path) -> None:
    found = json.loads((backup / "manifest.json").read_text())
    assert (found["counts"]["ticket"], found["counts"]["attachment"]) == (4, 4)
    assert found["last_entry"] > 0
    assert "store.0001_books" in found["migrations"]
    assert sum(name.startswith("attachments/") for name in found["files"]) == 4
    assert {"secret", "spool/waiting.mail"} < set(found["files"])
    present = {str(path.relative_to(backup)) for path in backup.rglob("*") if path.is_file()}
    assert present == {*found["files"], "manifest.json"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in backup.rglob("*"))
    assert noc.run("restore", str(backup), "--check").code == 0


@pytest.mark.req("R16.3")
def test_it_is_put_back_on_a_machine_that_never_saw_the_original(backup: Path, other: House) -> None:
    shutil.rmtree(other.home)
    said = other.run("restore", str(backup), "--into", str(other.home))
    assert "4 tickets" in said.err
    assert (other.home / "secret").read_bytes() == (backup / "secret").read_bytes()
    assert (other.home / "spool" / "waiting.mail").exists()
    assert other.run("check").out == "Nocturne is ready to start.\n"
    assert other.run("refold", "--check").code == 0
    assert other.run("audit", "verify", "--files").code == 0


@pytest.mark.req("R16.3")
def test_one_byte_that_rots_is_found_and_nothing_is_restored(copy: Path, other: House) -> None:
    _rot(next(path for path in (copy / "attachments").rglob("*") if path.is_file()))
    said = other.cli("restore", str(copy), "--into", str(other.home / "new"))
    assert said.code == 1
    assert "is not what was written. Nothing was restored" in said.err
    assert not (other.home / "new").exists()


@pytest.mark.parametrize("name", ["database", "secret", "manifest.json"])
def test_a_changed_byte_anywhere_spoils_a_backup(copy: Path, name: str) -> None:
    databases = [copy / each for each in manifest.DATABASES.values() if (copy / each).exists()]
    _rot(databases[0] if name == "database" else copy / name)
    with pytest.raises(BadBackup, match="ake another backup"):
        manifest.verify(copy, manifest.load(copy))


def _rot(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)


def test_half_a_backup_is_none(copy: Path) -> None:
    (copy / "manifest.json").unlink()
    with pytest.raises(BadBackup, match="holds no whole backup"):
        manifest.load(copy)


def test_a_backup_is_never_written_over_another(noc: House, backup: Path) -> None:
    said = noc.cli("backup", str(backup))
    assert said.code == 1
    assert "holds something already" in said.err


def test_a_house_that_holds_something_is_not_overwritten(backup: Path, other: House) -> None:
    (other.home / "precious").write_text("do not lose me")
    said = other.cli("restore", str(backup), "--into", str(other.home))
    assert said.code == 1
    assert "holds something already" in said.err
    other.run("restore", str(backup), "--into", str(other.home), "--force")
    [aside] = other.home.glob("before-restore-*")
    assert (aside / "precious").read_text() == "do not lose me"
    assert other.run("check").code == 0


def test_an_older_nocturne_refuses_what_it_cannot_read(copy: Path, tmp_path: Path) -> None:
    found = manifest.load(copy)
    found.migrations.append("store.9999_from_the_future")
    (copy / "manifest.json").unlink()
    found.save(copy)
    with pytest.raises(BadBackup, match="9999_from_the_future"):
        restore(copy, tmp_path / "new", now=NOW)


def test_a_file_that_would_lie_elsewhere_is_refused(copy: Path) -> None:
    (copy.parent / "elsewhere").write_text("x")
    found = manifest.load(copy)
    found.files["../elsewhere"] = [manifest.hash_of(copy.parent / "elsewhere"), 1]
    with pytest.raises(BadBackup, match="outside the backup"):
        manifest.verify(copy, found)


def test_a_house_in_which_nocturne_runs_is_left_alone(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with open(tmp_path / "run" / "serve.pid", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BadBackup, match="Stop it first"):
            restore(backup, tmp_path, now=NOW, database_url=_address(backup), replace=True)


def test_a_backup_of_one_kind_of_database_says_so_to_the_other(backup: Path, tmp_path: Path) -> None:
    other_kind = "" if database.SERVER else "postgresql://noc@db.example/noc"
    with pytest.raises(BadBackup, match="DATABASE_URL"):
        restore(backup, tmp_path / "new", now=NOW, database_url=other_kind)


def _address(backup: Path) -> str:
    return "postgresql://noc@db.example/noc" if (backup / manifest.DATABASES["postgresql"]).exists() else ""


@pytest.mark.req("R16.3")
def test_attachments_that_were_lost_before_are_told(noc: House, tmp_path: Path) -> None:
    blob = next(path for path in (noc.home / "attachments").rglob("*") if path.is_file())
    content = blob.read_bytes()
    blob.unlink()
    try:
        said = noc.cli("backup", str(tmp_path / "lacking"))
        assert said.code == 1
        assert f"the first is {blob.name}" in said.err
        assert manifest.load(tmp_path / "lacking").missing == [blob.name]
    finally:
        blob.write_bytes(content)


@pytest.mark.req("R16.3")
def test_everybody_goes_on_writing_while_it_is_made(noc: House, other: House, tmp_path: Path) -> None:
    """What was acknowledged before the backup began is in it; its books are whole, however much went on."""
    written = tmp_path / "written"
    with open(written, "w") as out:
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER], env=noc.environ, cwd=noc.home, stdout=out, stderr=out
            )
            for _ in range(2)
        ]
        try:
            while len(written.read_text().split()) < 20:
                assert all(writer.poll() is None for writer in writers), written.read_text()[-2000:]
            before = {int(number) for number in written.read_text().split()[:-1]}
            noc.run("backup", str(tmp_path / "loaded"))
            after = {int(number) for number in written.read_text().split()[:-1]}
        finally:
            for writer in writers:
                writer.kill()
                writer.wait()
    assert after > before
    found = manifest.load(tmp_path / "loaded")
    shutil.rmtree(other.home)
    other.run("restore", str(tmp_path / "loaded"), "--into", str(other.home))
    assert other.run("refold", "--check").code == 0
    assert other.run("audit", "verify").code == 0
    assert len(before) + 4 <= found.counts["ticket"] <= len(after) + 4 + 2
    assert before <= {row[0] for row in _rows(other, "SELECT number FROM ticket")}


def test_followers_of_the_journal_go_on_on_another_server(backup: Path, other: House) -> None:
    """Another server counts its transactions anew: old entries must not lie in its future, nor new ones in its past."""
    other.run("restore", str(backup), "--into", str(other.home / "new"))
    other.home = other.home / "new"
    assert _rows(other, "SELECT max(xid) FROM entry") == [(0,)]
    assert other.run("check").code == 0


def _rows(house: House, query: str) -> list[tuple[int, ...]]:
    if house.database_url:
        with psycopg.connect(house.database_url) as server:
            return server.execute(query).fetchall()  # type: ignore[arg-type]
    with closing(sqlite3.connect(house.home / "nocturne.sqlite3")) as file:
        return file.execute(query).fetchall()
