"""What `noc` does by itself: addresses, answers, files, what it prints. It understands nothing of what was typed."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc import keeping, ls, places, quoting, say, show, timeline, wire
from noc.__main__ import main
from noc.ends import Ended
from noc.places import Server, taken_apart
from noc.times import Zone

HEAVY = ("json", "ssl", "http.client", "email.parser", "pathlib", "argparse", "urllib.parse", "typer", "django",
         "nocturne", "typing", "uuid", "secrets", "hashlib", "datetime", "subprocess", "logging")  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "NOC_URL", "NOC_TOKEN", "NOC_PLAIN_HTTP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.req("R16.2")
def test_one_line_loads_nothing_heavy() -> None:
    code = f"import noc.__main__, noc.say, sys; print(sorted(set({HEAVY!r}) & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://noc.example.net", (True, "noc.example.net", 443, "")),
        ("https://example.net:8443/noc/", (True, "example.net", 8443, "/noc")),
        ("http://127.0.0.1:8000", (False, "127.0.0.1", 8000, "")),
        ("http://[::1]:8000/a/b", (False, "::1", 8000, "/a/b")),
        ("http://localhost", (False, "localhost", 80, "")),
    ],
)
def test_an_address_is_taken_apart(url: str, parts: tuple[bool, str, int, str]) -> None:
    assert taken_apart(url) == parts


@pytest.mark.parametrize(
    "url",
    ["noc.example.net", "ftp://x", "https://", "https://a b", "https://a:b", "https://me:secret@host", "http://noc.example.net",
     "https://h\r\nX: y"],
)  # fmt: skip
def test_an_address_that_is_none_or_would_show_the_token_is_refused(url: str, home: Path) -> None:
    with pytest.raises(Ended) as refused:
        taken_apart(url)
    assert refused.value.code == 2


def test_whoever_knows_better_may_do_without_encryption(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOC_PLAIN_HTTP", "1")
    assert taken_apart("http://noc.example.net")[1] == "noc.example.net"


def test_each_server_has_a_token_file_that_only_its_owner_reads(home: Path) -> None:
    places.remember(Server("https://noc.example.net", "noct_one", "anna"))
    places.remember(Server("https://example.net/noc", "noct_two", "anna.k"))
    files = sorted((home / ".config/noc/tokens").iterdir())
    assert [stat.S_IMODE(each.stat().st_mode) for each in files] == [0o600, 0o600]
    assert stat.S_IMODE((home / ".config/noc/tokens").stat().st_mode) == 0o700
    now = places.present()
    assert (now.url, now.token, now.name) == ("https://example.net/noc", "noct_two", "anna.k")
    os.environ["NOC_URL"] = "https://noc.example.net/"
    try:
        assert places.present().token == "noct_one"
    finally:
        del os.environ["NOC_URL"]
    places.forget("https://example.net/noc")
    with pytest.raises(Ended, match=r"noc login https://example\.net/noc"):
        places.present()


def test_nobody_signed_on_is_told_how(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ls"]) == 2
    assert "noc login" in capsys.readouterr().err


@given(st.lists(st.text(), min_size=1), st.text())
def test_what_was_typed_arrives_as_it_is(words: list[str], piped: str) -> None:
    clean = [say.clean(word) if not any("\ud800" <= c <= "\udfff" for c in word) else "x" for word in words]
    body = json.loads(say.spelt("reply", clean, piped))
    assert body["words"] == clean
    assert body.get("text", "") == piped


def test_an_argument_that_is_no_utf8_is_still_sent() -> None:
    word = b"St\xf6rung".decode("utf-8", "surrogateescape")
    assert say.clean(word) == "St�rung"


@given(st.text())
def test_nothing_from_a_server_moves_the_cursor(text: str) -> None:
    assert all(char.isprintable() or char in "\n\t�" for char in say.shown(text))


RAW = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (RAW + b"Content-Length: 5\r\n\r\nhello", b"hello"),
        (RAW + b"Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n", b"hello"),
        (RAW + b"\r\nhello", b"hello"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    ],
)
def test_an_answer_is_read_however_it_is_framed(raw: bytes, body: bytes) -> None:
    assert wire._read(raw).body == body


@pytest.mark.parametrize(
    "raw",
    [b"", b"SSH-2.0-OpenSSH_9.2\r\n", RAW + b"Content-Length: 9\r\n\r\nhello", RAW[:20],
     RAW + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel", RAW + b"Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n",
     RAW + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"HTTP/1.1 abc\r\n\r\n", RAW + b"Content-Length: x\r\n\r\n"],
)  # fmt: skip
def test_an_answer_that_is_cut_short_is_no_answer(raw: bytes) -> None:
    with pytest.raises(wire.Unreachable):
        wire._read(raw)


def serve_once(raw: bytes) -> int:
    """This will answer one request with these bytes, and give the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        asker, _ = listener.accept()
        with asker, listener:
            asker.recv(65536)
            asker.sendall(raw)

    threading.Thread(target=answer, daemon=True).start()
    return int(listener.getsockname()[1])


@pytest.mark.parametrize("status", ["500 x", "502 Bad Gateway", "503 x", "429 x"])
def test_a_server_that_cannot_now_gets_it_later(
    home: Path, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = serve_once(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
    places.remember(Server(f"http://127.0.0.1:{port}", "noct_x", "anna"))
    monkeypatch.setattr(say, "is_piped", lambda: False)
    with pytest.raises(Ended) as ended:
        say.line("", ["4711", "called", "site"])
    assert ended.value.code == 75
    [(_, record)] = keeping.kept()
    assert json.loads(record["body"]) == {"words": ["4711", "called", "site"]}
    assert (record["who"], record["typed"]) == ("anna", "noc 4711 called site")
    assert datetime.fromisoformat(record["at"]).tzinfo is not None


def test_what_one_person_typed_is_never_sent_as_another(home: Path) -> None:
    anna, kofi = (Server("https://noc.example.net", f"noct_{name}", name) for name in ("anna", "kofi"))
    keeping.keep(anna, b'{"words":["1","x"]}', "k", "noc 1 x")
    assert len(keeping.kept(anna)) == 1
    assert not keeping.kept(kofi)
    assert not keeping.kept(Server("https://other.example.net", "noct_anna", "anna"))
    by_token = Server("https://noc.example.net", "noct_anna", "")
    keeping.keep(by_token, b'{"words":["1","x"]}', "k", "noc 1 x")
    assert len(keeping.kept(by_token)) == 1
    assert "noct_anna" not in "".join(each.read_text() for each in (home / ".local/state/noc/kept").iterdir())


def test_a_line_over_which_the_server_always_fails_stops_the_others_not_for_ever(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = Server("http://127.0.0.1:1", "noct_x", "anna")
    keeping.keep(server, b'{"words":["1","poison"]}', "a", "noc 1 poison")
    keeping.keep(server, b'{"words":["1","fine"]}', "b", "noc 1 fine")
    sent: list[str] = []

    def call(_: Server, __: str, ___: str, body: bytes, **more: object) -> wire.Answer:
        is_poison = b"poison" in body
        sent.append(str(more["key"]))
        return wire.Answer(500 if is_poison else 200, {}, b"{}" if is_poison else b"1  noted")

    monkeypatch.setattr(wire, "call", call)
    for _ in range(keeping.MOST_TRIES - 1):
        with pytest.raises(wire.Unreachable):
            keeping.send(server)
    keeping.send(server)
    assert sent == ["a"] * keeping.MOST_TRIES + ["b"]
    assert not keeping.kept()
    assert "noc 1 poison" in capsys.readouterr().err
    assert len(list((home / ".local/state/noc/refused").iterdir())) == 1


def test_a_list_is_aligned_and_cut_only_on_a_terminal() -> None:
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    row = {
        "number": 4711, "priority": 1, "severity": 2, "state": "waiting", "clock": "vendor", "owner": "anna",
        "opened_at": "2026-12-01T10:48:00.000Z", "alarm_at": "2026-12-01T12:20:00.000Z", "ringing_since": None,
        "subject": "Ann Arbor – Chicago 100G down", "next_action": "Splice ETA",
    }  # fmt: skip
    other = row | {
        "number": 9,
        "owner": None,
        "alarm_at": None,
        "clock": "noc",
        "state": "new",
        "next_action": None,
    }
    head, first, second = ls.table([row, other], now=now, width=None)
    assert head == "number  P  state           owner  age       timer   problem"
    assert (
        first
        == "4711    1  waiting vendor  anna   1 h 12 m  20 min  Ann Arbor – Chicago 100G down → Splice ETA"
    )
    assert second == "9       1  new             –      1 h 12 m          Ann Arbor – Chicago 100G down"
    assert all(len(line) <= 60 for line in ls.table([row, other], now=now, width=60))


def test_a_query_gets_back_the_quotes_that_the_shell_has_eaten() -> None:
    asked = ls.read(["is:open", "site:Ann Arbor", "fibre cut", "-owner:me"])
    assert (asked.form, asked.count, asked.query) == (
        "",
        None,
        'is:open site:"Ann Arbor" "fibre cut" -owner:me',
    )
    assert (
        ls.read(["-site:Ann Arbor", "next_action:call them"]).query
        == '-site:"Ann Arbor" next_action:"call them"'
    )
    assert ls.read(["was:site:Ann Arbor"]).query == 'was:site:"Ann Arbor"'
    assert ls.read(["opened:>2026-11-20 10:00"]).query == 'opened:>"2026-11-20 10:00"'


@pytest.mark.parametrize(
    "typed",
    [
        "is:open -owner:me or fibre",
        "is:open fibre",
        "is:open limit:3",
        "priority:1 fibre cut",
        "(fibre or cut) is:open",
    ],
)
def test_a_whole_question_in_the_shells_quotes_stays_one(typed: str) -> None:
    assert ls.read([typed]).query == typed


def test_what_was_taken_for_a_value_with_blanks_is_told_as_words_apart() -> None:
    assert quoting.as_question(["node:cr1.aa fibre cut"]) == "node:cr1.aa fibre cut"
    assert not quoting.as_question(["node:cr1.aa", "fibre cut", "is:open fibre"])


def test_more_of_a_list_is_asked_for_by_the_same_call() -> None:
    assert (
        ls._again(["-n", "3", "fibre", "--order", "relevance"], 12) == "noc ls -n 12 fibre --order relevance"
    )
    assert ls._again(["--limit=3", "site:Ann Arbor"], 12) == "noc ls -n 12 'site:Ann Arbor'"
    assert timeline._besides(["--since", "yesterday", "-n", "3", "queue:backbone"]) == (
        "--since yesterday queue:backbone"
    )


def test_a_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ls", "--help"]) == 0
    ls_help = capsys.readouterr().out
    assert "--columns" in ls_help
    assert "noc watch" not in ls_help
    assert main(["take", "-h"]) == 0
    assert "noc take NUMBER" in capsys.readouterr().out


def test_what_is_asked_of_the_server_is_escaped() -> None:
    assert ls.escaped("a b&c=ü") == "a%20b%26c%3D%C3%BC"


def test_times_are_spelt_in_utc_and_in_the_accounts_zone() -> None:
    assert (
        Zone("Europe/Paris").both("2026-12-01T23:30:00.000Z")
        == "2026-12-01 23:30 UTC (2026-12-02 00:30 Europe/Paris)"
    )
    assert Zone("UTC").both("2026-12-01T23:30:00.000Z") == "2026-12-01 23:30 UTC"
    assert "UTC (" in Zone("Nowhere/Atall").both("2026-12-01T23:30:00.000Z")


def test_an_entry_written_later_shows_both_times() -> None:
    entry = {
        "at": "2026-12-01T10:00:00.000Z", "recorded_at": "2026-12-01T10:20:00.000Z", "author": "anna", "says": "noted",
        "kind": "note", "data_class": "customer", "text": "called\n\x1b[31mred", "changes": [], "files": [],
        "corrections": [],
    }  # fmt: skip
    first, *words = show.entry(entry, Zone("UTC"))
    assert first == "2026-12-01 10:00 UTC, written 2026-12-01 10:20 UTC  anna noted  [customer]"
    assert words == ["    called", "    �[31mred"]
