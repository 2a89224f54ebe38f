"""Lists in a shell: as a table, as a file that comes as it is made, counted, and watched while the night goes on."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable

import pytest

from tests.house import Account, House

PATIENCE = 20.0


@pytest.mark.req("S18", "R15.8", "R15.11")
def test_a_list_is_counted_and_taken_away_in_a_shell(house: House) -> None:
    anna = house.add_user("anna")
    for each in range(3):
        assert house.noc("open", f"Fibre problem {each}", by=anna).code == 0
    assert house.noc("count", "fibre", by=anna).out.strip() == "3"
    assert json.loads(house.noc("--json", "count", "fibre", by=anna).out) == {"count": 3, "is_exact": True}
    said = house.noc("ls", "--csv", "-n", "2", "--columns", "subject", "fibre", by=anna).out
    assert said.splitlines() == ["subject", "Fibre problem 2", "Fibre problem 1"]
    lines = house.noc("ls", "--jsonl", "--columns", "subject,owner", "fibre", by=anna).out.splitlines()
    assert json.loads(lines[0]) == {"subject": "Fibre problem 2", "owner": None}
    refused = house.noc("ls", "--csv", "ownr:anna", by=anna)
    assert refused.code == 1
    assert "Is “owner” meant?" in refused.err
    bare = house.noc("ls", "is:open", "age:>2", by=anna)
    assert bare.code == 1
    assert bare.err.strip() == "noc: age: cannot be “>2”. Try “age:>2h” or “age:>2d”. (Character 13.)"
    assert "again" not in house.noc("ls", "--order", "nothing", by=anna).err
    assert house.noc("open", "Slow", "priority:1", by=anna).code == 0
    grouped = house.noc("ls", "is:open", "group:severity", by=anna).out.splitlines()
    assert grouped[0].split()[:2] == ["S", "number"]
    unheard = house.noc("ls", "owner:anan", by=anna).out.splitlines()
    assert unheard == ["No tickets.", "owner: nothing here is called “anan”. Is “anna” meant?"]
    assert house.noc("open", "Peering with 64499 is down", by=anna).code == 0
    number = house.noc("ls", "is:open", "64499", by=anna).out.splitlines()
    assert number == ["No tickets.", "No ticket 64499; in texts: noc ls 'is:open \"64499\"'"]
    assert house.noc("count", 'is:open "64499"', by=anna).out.strip() == "1"
    apart = house.noc("ls", "AS-64499", by=anna).out.splitlines()
    assert apart == ["No tickets.", "“AS-64499” is looked for as it is written. Is “AS64499” meant?"]
    assert "anna is a colleague: noc ls owner:anna" in house.noc("ls", "anna", "unheard", by=anna).out


@pytest.mark.req("R2.1", "R15.8", "S18")
def test_a_shell_shows_takes_away_and_acts_on_the_same_tickets(house: House) -> None:
    owen = house.add_user("owen")
    for priority in (2, 1, 4, 3):
        assert (
            house.noc(
                "open", f"Owen’s problem {priority}", f"priority:{priority}", "owner:owen", by=owen
            ).code
            == 0
        )
    asked = ("is:open", "owner:owen", "limit:2")
    wanted = ["Owen’s problem 1", "Owen’s problem 2"]

    def shown(*words: str) -> list[str]:
        return [each["subject"] for each in json.loads(house.noc("--json", *words, by=owen).out)["tickets"]]

    assert shown("ls", *asked) == wanted
    assert shown("ls", "-n", "2", *asked[:2]) == wanted
    for form in ("--csv", "--jsonl"):
        for words in (asked, ("-n", "2", *asked[:2])):
            said = house.noc("ls", form, "--columns", "subject", *words, by=owen).out.splitlines()
            rows = said[1:] if form == "--csv" else [json.loads(line)["subject"] for line in said]
            assert rows == wanted, (form, words)
    tried = json.loads(house.noc("--json", "batch", *asked, "--dry-run", "--", "priority:1", by=owen).out)
    assert [each["subject"] for each in tried["outcomes"]] == wanted
    assert shown("ls", "problem", "owner:owen", "limit:2") == ["Owen’s problem 3", "Owen’s problem 4"], (
        "looked up"
    )


def watching(house: House, who: Account, *words: str) -> tuple[int, int]:
    """This will watch on a terminal of 100 × 20, and give its process and where it is read and typed into."""
    process, terminal = pty.fork()
    if not process:
        environment = {**house.environ, "NOC_URL": house.url, "NOC_TOKEN": who.token, "TERM": "xterm"}
        os.execve(house.bin / "noc", ["noc", "watch", *words], environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 100, 0, 0))
    return process, terminal


def read_until(terminal: int, found: Callable[[str], bool]) -> str:
    seen, ends = "", time.monotonic() + PATIENCE
    while not found(seen):
        assert time.monotonic() < ends, f"it does not come: {seen[-2000:]!r}"
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 65_536).decode("utf-8", "replace")
    return seen


@pytest.mark.req("R2.1", "S18")
def test_a_terminal_shows_what_comes_and_is_left_as_it_was(house: House) -> None:
    anna = house.add_user("wanda")
    process, terminal = watching(house, anna, "watched")
    read_until(terminal, lambda seen: "No ticket fits" in seen)
    house.noc("open", "To be watched", by=anna)
    seen = read_until(terminal, lambda seen: "To be watched" in seen)
    assert "new" in seen
    assert seen.count("\x1b[2J") <= 1, "nothing is cleared to be drawn again"
    os.write(terminal, b"q")
    left = read_until(terminal, lambda seen: "\x1b[?1049l" in seen)
    assert "\x1b[?25h" in left, "the cursor is back"
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    os.close(terminal)


@pytest.mark.req("R2.1", "S18")
def test_through_a_pipe_each_change_is_a_line(house: House) -> None:
    anna = house.add_user("willa")
    environment = {**house.environ, "NOC_URL": house.url, "NOC_TOKEN": anna.token}
    number = json.loads(house.noc("--json", "open", "Conduits flooded", by=anna).out)["number"]
    reader = subprocess.Popen(
        [house.bin / "noc", "--json", "watch", "conduits"], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert reader.stdout is not None
        first = json.loads(reader.stdout.readline())
        assert (first["what"], first["ticket"]["number"]) == ("there", number)
        house.noc("take", str(number), by=anna)
        second = json.loads(reader.stdout.readline())
        assert (second["what"], second["ticket"]["owner"]) == ("changed", "willa")
    finally:
        reader.terminate()
        reader.wait(PATIENCE)


@pytest.mark.req("R15.8", "S18")
def test_a_name_that_was_mistyped_is_no_question(house: House) -> None:
    subs = house.add_user("suri", email="suri@lakenet.example")
    refused = house.noc("subscribe", "untakn", "daily", by=subs)
    assert (refused.code, refused.out) == (1, "")
    assert "no view or dashboard “untakn”. Is “untaken” meant?" in refused.err
    assert house.noc("subscribe", "view:nosuch", "daily", by=subs).code == 1
    assert house.noc("subscribe", "untaken", "daily", by=subs).code == 0
    for what, asked in (("query:fibre", "fibre"), ("is:open severity:1", "is:open severity:1")):
        made = house.noc("subscribe", what, "daily", by=subs)
        assert made.code == 0, made.err
        assert made.out.rstrip().endswith(f"the question {asked}"), "that it is one is said"
