"""`nocturne serve` as an administrator meets it: it comes up, says where it is, refuses clearly, and goes cleanly."""

from __future__ import annotations

import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house import House


@pytest.fixture
def bare_house() -> Iterator[House]:
    """A house that nobody has set up yet; it is not started either."""
    house = House()
    yield house
    house.remove()


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
def test_the_first_start_prints_the_address_and_a_link_that_sets_it_up_once(bare_house):
    bare_house.start()
    link = re.search(rf"{re.escape(bare_house.url)}(/setup/[\w-]{{20,}})", bare_house.log)
    assert link, bare_house.log
    assert bare_house.call("GET", link[1], headers={"Accept": "text/html"}).status == 200


def test_stopped_and_started_again_it_is_there_again(bare_house):
    bare_house.start()
    before = processes_of(bare_house)
    bare_house.restart()
    assert all(is_gone(pid) for pid in before)
    assert bare_house.call("GET", "/healthz").status == 200


def test_when_the_supervisor_is_killed_nothing_stays_behind(bare_house):
    bare_house.start()
    left = processes_of(bare_house)
    bare_house.kill("serve")
    wait_until(lambda: all(is_gone(pid) for pid in left))


def test_a_killed_web_answers_again(bare_house):
    bare_house.start()
    killed = bare_house.kill("web")
    wait_until(lambda: bare_house.pids["web"] != killed)
    bare_house.wait_until_answers()


def test_a_killed_web_process_is_replaced(bare_house):
    bare_house.start()
    web = bare_house.pids["web"]
    wait_until(lambda: len(bare_house.children_of(web)) == 2)
    killed = bare_house.children_of(web)[0]
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: killed not in bare_house.children_of(web) and len(bare_house.children_of(web)) == 2)
    bare_house.wait_until_answers()


def test_a_taken_port_is_named_with_the_way_out(bare_house):
    with socket.create_server(("127.0.0.1", bare_house.port)):
        said = bare_house.cli("serve")
    assert said.code == 1
    assert f"port {bare_house.port}" in said.err
    assert "PORT=" in said.err


def test_a_second_start_in_the_same_data_directory_is_refused(bare_house):
    bare_house.start()
    said = bare_house.cli("serve")
    assert said.code == 1
    assert "already runs" in said.err


def test_an_option_that_cannot_be_is_refused_in_one_sentence(bare_house):
    bare_house.options = {"BASE_URL": "noc.example.net"}
    said = bare_house.cli("serve")
    assert said.code == 78
    assert "base_url" in said.err
    assert "Traceback" not in said.err


def test_files_are_for_the_owner_alone(bare_house):
    bare_house.start()
    (bare_house.home / "serve.log").unlink()
    kept = [file for file in bare_house.home.rglob("*") if "person" not in file.parts and file.is_file()]
    assert [str(file) for file in kept if file.stat().st_mode & 0o077] == []


@pytest.mark.req("S9")
@pytest.mark.parametrize(
    ("base", "cookie", "attributes"),
    [
        ("http://127.0.0.1:{port}", "nocturne-csrf", "Path=/;"),
        ("http://127.0.0.1:{port}/noc", "nocturne-csrf", "Path=/noc;"),
        ("https://noc.example.net", "__Host-nocturne-csrf", "Path=/; SameSite=Lax; Secure"),
        ("https://example.net/noc", "__Secure-nocturne-csrf", "Path=/noc; SameSite=Lax; Secure"),
    ],
    ids=["loopback", "loopback under a path", "https", "https under a path"],
)
def test_it_lives_at_a_hosts_root_and_under_a_path(bare_house, base, cookie, attributes):
    address = base.format(port=bare_house.port)
    bare_house.options = {"BASE_URL": address}
    bare_house.start()
    host = address.split("/")[2]
    path = "/noc" if address.endswith("/noc") else ""
    asked = {"Host": host, "X-Forwarded-Proto": address.split(":")[0], "Accept": "text/html"}
    link = re.search(rf"{re.escape(address)}(/setup/\S+)", bare_house.log)
    assert link, bare_house.log
    page = bare_house.call("GET", path + link[1], headers=asked)
    assert page.status == 200
    assert page.headers["set-cookie"].startswith(f"{cookie}=")
    assert attributes in page.headers["set-cookie"]
    static = re.search(rb'href="([^"]+\.css)"', page.body)
    assert static
    style = static[1].decode()
    assert style.startswith(f"{path}/static/")
    sent = bare_house.call("GET", style, headers={**asked, "Accept-Encoding": "br"})
    assert sent.status == 200
    assert sent.headers["content-encoding"] == "br"
    assert "immutable" in sent.headers["cache-control"]


def test_at_https_a_plain_request_is_sent_to_https_and_a_foreign_host_is_refused(bare_house):
    bare_house.options = {"BASE_URL": "https://noc.example.net"}
    bare_house.start()
    plain = bare_house.call("GET", "/", headers={"Host": "noc.example.net"})
    assert plain.status == 301
    assert plain.headers["location"].startswith("https://noc.example.net/")
    foreign = bare_house.call("GET", "/", headers={"Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert foreign.status == 400
    assert b"evil.example" not in foreign.body
    secure = bare_house.call("GET", "/", headers={"Host": "noc.example.net", "X-Forwarded-Proto": "https"})
    assert "max-age=31536000" in secure.headers["strict-transport-security"]
