"""`nocturne serve` as an administrator meets it: it comes up, says where it is, refuses clearly, and goes cleanly."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.house import House, ready_made

pytestmark = pytest.mark.long


@pytest.fixture
def built() -> Iterator[Callable[..., House]]:
    """Gives houses that are set up and not started yet, with options of one's choice."""
    houses: list[House] = []

    def build(**options: str) -> House:
        houses.append(ready_made(**options))
        return houses[-1]

    yield build
    for house in houses:
        house.remove()


BROWSER = {"Accept": "text/html"}


def connection_to(house: House) -> Any:
    if house.database_url:
        return psycopg.connect(house.database_url)
    return closing(sqlite3.connect(house.home / "nocturne.sqlite3"))


def wait_until(happens: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not happens():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def processes_of(house: House) -> list[int]:
    pids = house.pids
    return [pids["web"], pids["worker"], *house.children_of(pids["web"])]


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.req("S10")
def test_the_first_start_prints_the_address_and_a_link_that_sets_it_up_once():
    fresh = House()
    try:
        fresh.start()
        link = re.search(rf"{re.escape(fresh.url)}(/setup/[\w-]{{20,}})", fresh.log)
        assert link, fresh.log
        assert fresh.call("GET", link[1], headers=BROWSER).status == 200
        kept = [file for file in fresh.home.rglob("*") if file.is_file() and file.name != "serve.log"]
        assert [str(file) for file in kept if file.stat().st_mode & 0o077] == []
    finally:
        fresh.remove()


def test_stopped_and_started_again_it_is_there_again(own_house):
    before = processes_of(own_house)
    own_house.restart()
    assert all(is_gone(pid) for pid in before)
    assert own_house.call("GET", "/healthz").status == 200


def test_when_the_supervisor_is_killed_nothing_stays_behind(own_house):
    left = processes_of(own_house)
    own_house.kill("serve")
    wait_until(lambda: all(is_gone(pid) for pid in left))


def test_what_is_killed_is_there_again(own_house):
    web = own_house.pids["web"]
    wait_until(lambda: len(own_house.children_of(web)) == 2)
    killed = own_house.children_of(web)[0]
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: killed not in own_house.children_of(web) and len(own_house.children_of(web)) == 2)
    own_house.wait_until_answers()
    before = {name: own_house.kill(name) for name in ("web", "worker")}
    wait_until(lambda: all(own_house.pids[name] != pid for name, pid in before.items()))
    own_house.wait_until_answers()
    wait_until(lambda: own_house.call("GET", "/readyz").status == 200)


def test_a_second_start_in_the_same_data_directory_is_refused(own_house):
    said = own_house.cli("serve")
    assert said.code == 1
    assert "already runs" in said.err


@pytest.mark.one_database("refused before a database is opened")
def test_a_taken_port_is_named_with_the_way_out(built):
    house = built()
    with socket.create_server(("127.0.0.1", house.port)):
        said = house.cli("serve")
    assert said.code == 1
    assert f"port {house.port}" in said.err
    assert "PORT=" in said.err


@pytest.mark.one_database("refused before a database is opened")
def test_an_option_that_cannot_be_is_refused_in_one_sentence(built):
    said = built(BASE_URL="noc.example.net").cli("serve")
    assert said.code == 78
    assert "base_url" in said.err
    assert "Traceback" not in said.err


def test_a_database_that_is_not_there_is_named_without_its_password(built):
    said = built(DATABASE_URL="postgresql://noc:tops3cret@127.0.0.1:1/books").cli("serve")
    assert said.code == 1
    assert "The database does not do what it is asked to" in said.err
    assert "Traceback" not in said.err
    assert "tops3cret" not in said.out + said.err


def test_books_without_their_guards_are_not_served(built):
    house = built()
    with connection_to(house) as database:
        database.execute("DROP TRIGGER entry_stays" + ("" if not house.database_url else " ON entry"))
        database.commit()
    said = house.cli("serve")
    assert said.code == 1
    assert "entry_stays" in said.err
    assert "nocturne migrate" in said.err


@pytest.mark.one_database("addresses and headers")
@pytest.mark.req("S9")
@pytest.mark.parametrize(
    ("base", "cookie", "attributes"),
    [
        ("http://127.0.0.1/noc", "nocturne-csrf", "Path=/noc;"),
        ("https://noc.example.net", "__Host-nocturne-csrf", "Path=/; SameSite=Lax; Secure"),
        ("https://example.net/noc", "__Secure-nocturne-csrf", "Path=/noc; SameSite=Lax; Secure"),
    ],
    ids=["loopback under a path", "https", "https under a path"],
)
def test_it_lives_at_a_hosts_root_and_under_a_path(built, base, cookie, attributes):
    house = built(BASE_URL=base).start()
    scheme, host, path = urlsplit(base)[:3]
    asked = {**BROWSER, "Host": host, "X-Forwarded-Proto": scheme}
    door = house.call("GET", path + "/", headers=asked)
    assert door.status in {302, 303}
    assert urlsplit(door.headers["location"]).path.startswith(f"{path}/sign-on")
    page = house.call("GET", f"{path}/sign-on", headers=asked)
    assert page.status == 200
    assert page.headers["set-cookie"].startswith(f"{cookie}=")
    assert attributes in page.headers["set-cookie"]
    style = re.search(rb"(/[^\s\"'>]+\.css)", page.body)
    assert style
    assert style[1].decode().startswith(f"{path}/static/")
    sent = house.call("GET", style[1].decode(), headers={**asked, "Accept-Encoding": "br"})
    assert (sent.status, sent.headers["content-encoding"]) == (200, "br")
    assert "immutable" in sent.headers["cache-control"]
    if scheme == "https":
        assert "max-age=31536000" in page.headers["strict-transport-security"]
        plain = house.call("GET", f"{path}/sign-on", headers={"Host": host})
        assert (plain.status, plain.headers["location"]) == (301, f"{base}/sign-on")
    foreign = house.call("GET", f"{path}/", headers={**asked, "Host": "evil.example"})
    assert foreign.status == 400
    assert b"evil.example" not in foreign.body
