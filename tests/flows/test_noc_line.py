"""Operators work tickets from a shell, against a running house."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house import BIN, Account, House, Said, ready_made

pytestmark = pytest.mark.one_database(
    "what the shell says to the house; the answers are proven on both in tests/integration"
)


@pytest.fixture(scope="module")
def anna(house: House) -> Account:
    return house.add_user("anna.noc")


@pytest.fixture(scope="module")
def kofi(house: House) -> Account:
    return house.add_user("kofi.noc")


@pytest.fixture
def number(house: House, anna: Account) -> str:
    done = house.call("POST", "/api/v1/tickets", {"subject": "Ann Arbor – Chicago 100G down"}, by=anna)
    assert done.status == 201, done.body
    return str(done.json["number"])


def ticket(house: House, number: str, by: Account) -> Any:
    return house.call("GET", f"/api/v1/tickets/{number}", by=by).json


def entries(house: House, number: str, by: Account) -> Any:
    return house.call("GET", f"/api/v1/tickets/{number}/entries", by=by).json["entries"]


@pytest.mark.req("R16.2", "S3", "R4.1", "R11.3")
def test_one_line_says_what_was_done_what_comes_next_and_when(
    house: House, anna: Account, number: str
) -> None:
    said = house.noc(
        number, "called", "site,", "no", "answer", "next:call again", "timer:2h remind site", by=anna
    )
    assert said.code == 0, said
    assert said.out.startswith(f"{number}  noted · Ann Arbor – Chicago 100G down\n")
    assert "next    call again" in said.out
    assert "UTC" in said.out
    assert "remind site" in said.out
    newest = entries(house, number, anna)[-1]
    assert (newest["text"], newest["door"], newest["author"]) == ("called site, no answer", "cli", "anna.noc")


@pytest.mark.req("R11.2")
def test_a_traceroute_from_a_pipe_is_kept_verbatim_and_never_parsed(
    house: House, anna: Account, number: str
) -> None:
    trace = "traceroute to 192.0.2.1\n 1  10.0.0.1  0.4 ms\n\n 2  * * *   state:closed owner:kofi.noc --\n"
    said = house.noc(number, "from cr1", "next:call Norlink", by=anna, given=trace)
    assert said.code == 0, said
    assert entries(house, number, anna)[-1]["text"] == "from cr1\n\n" + trace.rstrip("\n")
    assert ticket(house, number, anna)["state"] == "new"
    said = house.noc("note", number, "-", by=anna, given="Störung\n".encode("latin-1"))
    assert said.code == 0, said
    assert entries(house, number, anna)[-1]["text"] == "Störung"
    assert house.noc(number, by=anna, given="only piped").code == 0
    assert entries(house, number, anna)[-1]["text"] == "only piped"


@pytest.mark.req("S3", "R15.9")
def test_a_ticket_is_opened_worked_and_ended_from_the_shell(
    house: House, anna: Account, kofi: Account
) -> None:
    said = house.noc(
        "open", "Power", "lost", "at", "Lansing", "severity:2", by=anna, given="UPS on battery since 04:10."
    )
    assert said.code == 0, said
    number = said.out.split()[0]
    assert f"{house.url}/tickets/{number}" in said.out
    assert entries(house, number, anna)[0]["text"] == "UPS on battery since 04:10."
    steps = (
        (anna, "take", number),
        (anna, "refer", number, "Lansing Power & Light", "TT-77", "next:ask for ETA", "timer:2h ask"),
        (anna, "give", number, "kofi.noc"),
        (kofi, "resume", number),
        (kofi, "suspend", number, "clock:customer", "site is locked"),
        (kofi, "resume", number),
        (kofi, "restore", number, "at:1 min ago"),
        (kofi, "resolve", number, "Power", "is", "back"),
        (kofi, "close", number),
        (kofi, "reopen", number, "went", "out", "again"),
    )
    for who, *words in steps:
        said = house.noc(*words, by=who)
        assert said.code == 0, (words, said)
        assert said.out.startswith(f"{number}  ")
    found = ticket(house, number, kofi)
    assert (found["state"], found["owner"], found["vendor_reference"]) == ("open", "kofi.noc", "TT-77")


@pytest.mark.req("R5.2")
def test_a_ticket_is_shown_in_the_order_a_caller_asks(house: House, anna: Account, number: str) -> None:
    house.noc(number, "called site", "next:call again", "owner:me", by=anna)
    said = house.noc("show", number, by=anna)
    lines = said.out.splitlines()
    assert lines[0] == f"{number}  Ann Arbor – Chicago 100G down"
    assert lines[1].startswith("Trouble · ")
    assert lines[2] == f"{house.url}/tickets/{number}"
    assert "next       call again" in lines
    assert "owner      anna.noc" in lines
    assert "    called site" in lines
    assert "\x1b" not in said.out, "no colours outside a terminal"
    raw = json.loads(house.noc("show", number, "--json", by=anna).out)
    assert raw["number"] == int(number)
    missing = house.noc("show", "999999", by=anna)
    assert (missing.code, missing.out) == (1, "")
    assert "There is no such ticket." in missing.err


def test_a_list_is_aligned_and_can_be_asked_for_in_words(house: House, anna: Account, number: str) -> None:
    house.noc("take", number, by=anna)
    said = house.noc("ls", "is:mine", by=anna)
    assert said.code == 0, said
    head, *rows = said.out.splitlines()
    columns = head.split()
    assert columns[:4] == ["number", "P", "state", "owner"]
    assert columns[-1] == "problem"
    assert set(columns[4:-1]) <= {"since", "age", "timer"}, "what none of the tickets has takes no room"
    assert any(row.startswith(number) for row in rows)
    assert len({row.index("anna.noc") for row in rows}) == 1, "columns are aligned"
    found = json.loads(house.noc("ls", "is:mine", "--json", by=anna).out)
    assert int(number) in [each["number"] for each in found["tickets"]]
    wrong = house.noc("ls", "is:mein", by=anna)
    assert wrong.code == 1
    assert house.noc("ls", "Ann Arbor", by=anna).code == 0


def test_what_is_refused_is_given_back_with_its_reason(house: House, anna: Account, number: str) -> None:
    said = house.noc(number, "called site", "priority:9", by=anna)
    assert (said.code, said.out) == (1, "")
    assert "9 is no level here" in said.err
    assert f"noc {number} called site priority:9" in said.err
    assert house.noc("resolve", number, by=anna).code == 1
    assert house.noc("explode", number, by=anna).code == 2
    assert house.noc("show", "x", by=anna).code == 2
    assert house.noc("take", by=anna).code == 2
    assert house.noc("--version").out.startswith("noc ")
    assert "noc open" in house.noc("help").out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_its_words(house: House, shell: str) -> None:
    script = house.noc("completion", shell).out
    assert "resolve" in script
    assert "timer:" in script
    if shell == "bash":
        asked = f"{script}\nCOMP_WORDS=(noc res) COMP_CWORD=1; _noc; echo ${{COMPREPLY[*]}}"
        done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)
        assert set(done.stdout.split()) == {"resolve", "restore", "resume"}


@pytest.mark.req("S3")
def test_signing_on_over_a_browser_and_off_again(house: House, anna: Account, tmp_path: Path) -> None:
    environment = {**house.environ, "HOME": str(tmp_path)}
    waiting = subprocess.Popen(
        [BIN / "noc", "login", house.url],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert waiting.stdout is not None
    address, code = (waiting.stdout.readline().split()[1] for _ in range(2))
    assert address.startswith(f"{house.url}/device?code=")
    confirm(house, anna, code)
    out, err = waiting.communicate(timeout=30)
    assert waiting.returncode == 0, err
    assert f"Signed on at {house.url} as anna.noc." in out
    [kept] = (tmp_path / ".config/noc/tokens").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    token = kept.read_text().splitlines()[0]
    run = lambda *words: house._say([BIN / "noc", *words], environment, "")  # noqa: E731
    assert run("ls").code == 0
    assert run("logout").code == 0
    assert not kept.exists()
    assert house.call("GET", "/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status == 401
    said = run("ls")
    assert said.code == 2
    assert "noc login" in said.err


def confirm(house: House, who: Account, code: str) -> None:
    """This will confirm a code as somebody whose browser is signed on."""
    script = (
        "import django; django.setup()\n"
        "from nocturne.desk import tokens\nfrom nocturne.store.models import User\n"
        f"tokens.confirm_code({code!r}, User.objects.get(name={who.name!r}))\n"
    )
    environment = {**house.environ, "DJANGO_SETTINGS_MODULE": "nocturne.config.settings"}
    subprocess.run([BIN / "python", "-c", script], env=environment, check=True, timeout=60)


def test_a_token_comes_on_standard_input_and_a_wrong_one_is_refused(
    house: House, anna: Account, tmp_path: Path
) -> None:
    environment = {**house.environ, "HOME": str(tmp_path)}
    wrong = house._say([BIN / "noc", "login", house.url, "--token-stdin"], environment, "noct_wrong\n")
    assert wrong.code == 1
    assert not (tmp_path / ".config/noc/tokens").exists()
    said = house._say([BIN / "noc", "login", house.url, "--token-stdin"], environment, f"{anna.token}\n")
    assert (said.code, said.out) == (0, f"Signed on at {house.url} as anna.noc.\n")
    plain = house._say([BIN / "noc", "login", "http://noc.example.net"], environment, "")
    assert plain.code == 2
    assert "not encrypted" in plain.err


def test_a_token_from_the_environment_comes_first(
    house: House, kofi: Account, number: str, tmp_path: Path
) -> None:
    environment = {
        **house.environ,
        "HOME": str(tmp_path),
        "NOC_URL": house.url + "/",
        "NOC_TOKEN": kofi.token,
    }
    said = house._say([BIN / "noc", number, "from a script"], environment, "")
    assert said.code == 0, said
    assert entries(house, number, kofi)[-1]["author"] == "kofi.noc"


# --- what could not be sent --------------------------------------------------------------------------------------


class Person:
    """Somebody with a shell of their own, whose `noc` talks to a server that comes and goes."""

    def __init__(self, house: House, account: Account, home: Path) -> None:
        self.house, self.home = house, home
        self.environment = {**house.environ, "HOME": str(home)}
        said = self.noc("login", house.url, "--token-stdin", given=f"{account.token}\n")
        assert said.code == 0, said

    def noc(self, *words: str, given: str = "", url: str = "") -> Said:
        environment = self.environment | ({"NOC_URL": url} if url else {})
        return self.house._say([BIN / "noc", *words], environment, given)

    @property
    def kept(self) -> list[Path]:
        folder = self.home / ".local/state/noc/kept"
        return sorted(folder.glob("*.json")) if folder.exists() else []


@pytest.fixture(scope="module")
def away() -> Iterator[House]:
    """A house that lives under a path, and is away now and then."""
    own = ready_made()
    own.base_path = "/noc"
    try:
        yield own.start()
    finally:
        own.remove()


@pytest.fixture
def dana(away: House, tmp_path: Path) -> Person:
    assert away.administrator is not None
    return Person(away, away.administrator, tmp_path)


@pytest.mark.req("R16.2")
def test_what_cannot_be_sent_is_kept_and_sent_with_the_next_call(away: House, dana: Person) -> None:
    number = dana.noc("open", "Down").out.split()[0]
    away.stop()
    said = dana.noc(number, "called site", "timer:2h ask again", given="a trace\n")
    assert said.code == 75, said
    assert "kept" in said.err
    assert "next call" in said.err
    second = dana.noc("reply", number, "We are on it.")
    assert second.code == 75
    assert [stat.S_IMODE(each.stat().st_mode) for each in dana.kept] == [0o600, 0o600]
    assert "called site" in dana.noc("kept").out
    assert dana.noc("ls").code == 69
    away.start()
    said = dana.noc(number, "third")
    assert said.code == 0, said
    assert "sent what was kept" in said.err
    assert not dana.kept
    shown = json.loads(dana.noc("show", number, "--json").out)
    assert shown["alarm_text"] == "ask again"
    administrator = away.administrator
    assert administrator is not None
    words = [each["text"] for each in entries(away, number, administrator)]
    assert words[1:] == ["called site\n\na trace", "We are on it.", "third"], (
        "in the order in which they were typed"
    )
    first = entries(away, number, administrator)[1]
    assert first["at"] < first["recorded_at"], "it happened when it was typed"


def test_what_is_kept_and_then_refused_stops_nothing_and_is_not_lost(away: House, dana: Person) -> None:
    number = dana.noc("open", "Down").out.split()[0]
    away.stop()
    dana.noc(number, "bad", "priority:9")
    dana.noc(number, "good")
    away.start()
    said = dana.noc("show", number)
    assert said.code == 0
    assert "was refused" in said.err
    assert f"noc {number} bad priority:9" in said.err
    assert "    good" in said.out
    assert not dana.kept
    [aside] = (dana.home / ".local/state/noc/refused").iterdir()
    assert "priority:9" in aside.read_text()


class Forgetful(threading.Thread):
    """A way to the server on which the first answer is lost: it arrives there and never comes back."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        import socket

        self.to, self.listener, self.requests = port, socket.create_server(("127.0.0.1", 0)), 0
        self.port = self.listener.getsockname()[1]

    def run(self) -> None:
        import socket

        while True:
            try:
                asker, _ = self.listener.accept()
            except OSError:
                return
            with asker, socket.create_connection(("127.0.0.1", self.to)) as server:
                request = b""
                while b"\r\n\r\n" not in request or len(request.partition(b"\r\n\r\n")[2]) < self._length(
                    request
                ):
                    request += asker.recv(65536)
                server.sendall(request.replace(f":{self.port}".encode(), f":{self.to}".encode()))
                answer = b""
                while piece := server.recv(65536):
                    answer += piece
                self.requests += 1
                asker.sendall(answer[: len(answer) // 2] if self.requests == 1 else answer)

    @staticmethod
    def _length(request: bytes) -> int:
        for line in request.partition(b"\r\n\r\n")[0].lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                return int(line.partition(b":")[2])
        return 0


def test_an_update_whose_answer_was_lost_is_there_once(
    house: House, anna: Account, number: str, tmp_path: Path
) -> None:
    way = Forgetful(house.port)
    way.start()
    url = f"http://127.0.0.1:{way.port}"
    environment = {**house.environ, "HOME": str(tmp_path), "NOC_URL": url, "NOC_TOKEN": anna.token}
    lost = house._say([BIN / "noc", number, "called site"], environment, "")
    assert lost.code == 75, lost
    again = house._say([BIN / "noc", "kept", "send"], environment, "")
    assert again.code == 0, again
    way.listener.close()
    assert [each["text"] for each in entries(house, number, anna)].count("called site") == 1


@pytest.mark.req("R16.1")
def test_fifty_parallel_repeats_do_it_once_and_get_one_answer(
    house: House, anna: Account, number: str
) -> None:
    answers: list[bytes] = []

    def send() -> None:
        said = house.call(
            "POST",
            f"/api/v1/tickets/{number}/entries",
            {"text": "called site", "alarm": "2h call again"},
            by=anna,
            headers={"Idempotency-Key": "fifty"},
        )
        answers.append(str(said.status).encode() + said.body)

    threads = [threading.Thread(target=send) for _ in range(50)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(answers) == 50
    assert len(set(answers)) == 1, set(answers)
    assert answers[0].startswith(b"201")
    assert [each["text"] for each in entries(house, number, anna)].count("called site") == 1


@pytest.mark.req("R16.2")
def test_a_page_that_is_open_learns_of_a_line_from_the_shell(
    house: House, anna: Account, number: str
) -> None:
    before = house.call("GET", f"/api/v1/tickets/{number}", by=anna)
    house.noc(number, "called site", by=anna)
    newer = house.call(
        "GET", f"/api/v1/tickets/{number}/entries?after={before.json['version']}", by=anna
    ).json
    assert [each["text"] for each in newer["entries"]] == ["called site"]
    assert house.call("GET", f"/api/v1/tickets/{number}", by=anna).headers["etag"] != before.headers["etag"]


def test_a_chunked_body_is_told_to_say_its_length(house: House, anna: Account, number: str) -> None:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=30)
    connection.request(
        "POST",
        f"/api/v1/tickets/{number}/entries",
        body=iter([b'{"text": "x"}']),
        headers={"Authorization": f"Bearer {anna.token}", "Content-Type": "application/json"},
        encode_chunked=True,
    )
    assert connection.getresponse().status == 411
    connection.close()


def test_a_large_file_is_streamed_both_ways(house: House, anna: Account, number: str) -> None:
    content = os.urandom(12_000_000)
    sent = house.call(
        "POST",
        f"/api/v1/tickets/{number}/attachments?name=capture.pcap",
        content,
        by=anna,
        headers={"Content-Type": "application/vnd.tcpdump.pcap"},
    )
    assert sent.status == 201, sent.body[:300]
    [file] = house.call("GET", f"/api/v1/tickets/{number}/entries/{sent.json['entry']}", by=anna).json[
        "files"
    ]
    got = house.call("GET", file["url"].removeprefix(house.url), by=anna)
    assert got.body == content
    too_large = house.call("POST", f"/api/v1/tickets/{number}/attachments", b"x" * 25_000_001, by=anna)
    assert too_large.status == 413, too_large.body[:300]


@pytest.mark.req("S9")
def test_a_house_under_a_path_is_reached_there(away: House, dana: Person) -> None:
    said = dana.noc("open", "Down")
    assert said.code == 0, said
    number = said.out.split()[0]
    assert f"{away.url}/tickets/{number}" in said.out
    done = away.call("POST", "/api/v1/tickets", {"subject": "Down"}, by=away.administrator)
    assert done.headers["location"].startswith(f"{away.url}/api/v1/tickets/")
    assert b'href="docs.css"' in away.call("GET", "/api/v1/docs").body
    assert away.call("GET", "/api/v1/openapi.json").json["servers"] == [{"url": f"{away.url}/api/v1"}]
