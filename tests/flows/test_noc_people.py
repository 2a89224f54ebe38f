"""People outside at a running house: a representative with the command line, a reporter with the link in their mail."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.house import BIN, Account, House, ready_made
from tests.post import mail


@pytest.fixture(scope="module")
def silent_house() -> Iterator[House]:
    """A house without a mail server."""
    house = ready_made(NOCTURNE_SMTP_URL="")
    try:
        yield house.start()
    finally:
        house.remove()


def site(house: House, name: str) -> None:
    """This will write a site into the inventory."""
    script = (
        "import django; django.setup()\n"
        f"from nocturne.store.models import Site\nSite.objects.get_or_create(name={name!r})\n"
    )
    environment = {**house.environ, "DJANGO_SETTINGS_MODULE": "nocturne.config.settings"}
    subprocess.run([BIN / "python", "-c", script], env=environment, check=True, timeout=60)


@pytest.mark.one_database("what the shell says; representatives are proven on both")
@pytest.mark.req("R5.2", "R15.8")
def test_a_representative_reads_their_sites_tickets_from_a_shell_and_answers(house: House) -> None:
    site(house, "Ann Arbor")
    anna = house.add_user("anna.people")
    rowe = house.add_user("rowe.people", group="", contact="rowe@site.example")
    house.run("represent", "add", "site", "Ann Arbor", "--account", "rowe.people")
    [line] = json.loads(house.run("represent", "list", "--account", "rowe.people", "--json").out)
    opened = {"subject": "Ann Arbor without power", "site": "Ann Arbor", "next_action": "call the crew"}
    number = str(house.call("POST", "/api/v1/tickets", opened, by=anna).json["number"])
    other = str(
        house.call("POST", "/api/v1/tickets", {"subject": "Chicago is flooded"}, by=anna).json["number"]
    )
    shown = house.noc("show", number, by=rowe)
    assert shown.code == 0, shown
    assert "Ann Arbor without power" in shown.out
    assert "call the crew" not in shown.out
    assert house.noc("show", other, by=rowe).code != 0
    listed = house.noc("ls", by=rowe).out
    assert number in listed
    assert "flooded" not in listed
    said = house.noc(number, "the", "doors", "are", "open", by=rowe)
    assert said.code == 0, said
    newest = house.call("GET", f"/api/v1/tickets/{number}/entries", by=anna).json["entries"][-1]
    assert (newest["kind"], newest["text"]) == ("received", "the doors are open")
    house.run("represent", "remove", str(line["number"]))
    assert house.noc("show", number, by=rowe).code != 0


@pytest.mark.one_database("links are proven on both in tests/integration")
@pytest.mark.req("R5.2", "R15.8")
def test_a_reporter_opens_the_link_in_their_acknowledgement(silent_house: House) -> None:
    raw = mail("Nothing loads.\n")
    silent_house.run("mail", "in", "--queue", "general", "--action", "correspond", given=raw)
    address = wait_for_link(silent_house.home / "outbox")
    with urllib.request.urlopen(address, timeout=30) as answer:
        page = answer.read().decode()
        assert answer.headers["Cache-Control"] == "no-store"
    assert "Nobody has looked at it yet" in page
    assert "Nothing loads." not in page
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{address[:-1]}{'A' if address[-1] != 'A' else 'B'}", timeout=30)
    assert refused.value.code == 404


def wait_for_link(outbox: Path) -> str:
    """This will wait for the acknowledgement, and take the link out of it."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for file in outbox.rglob("*.eml"):
            letter = message_from_bytes(file.read_bytes(), policy=policy.default)
            if "cleo@college.example" in str(letter["To"]):
                body = letter.get_body()
                assert body is not None
                if found := re.search(r"https?://\S+/t/[A-Za-z0-9_-]{56}", body.get_content()):
                    return found[0]
        time.sleep(0.2)
    raise AssertionError("no acknowledgement came")


@pytest.mark.req("R16.5")
@pytest.mark.parametrize("how", ["disabled", "out of the group", "token revoked"])
def test_nothing_that_began_after_somebody_was_shut_out_succeeds(house: House, how: str) -> None:
    """Fifty programs of one account write on while it is shut out: whatever begins afterwards is refused."""
    anna = house.add_user(f"anna.{secrets.token_hex(3)}")
    number = house.call("POST", "/api/v1/tickets", {"subject": "Race"}, by=anna).json["number"]
    admin = admin_of(house)
    token = house.call("GET", f"/api/v1/accounts/{anna.name}/tokens", by=admin).json["tokens"][0]["number"]
    acts = {
        "disabled": ("POST", f"/api/v1/accounts/{anna.name}/disablement", None),
        "out of the group": ("PUT", f"/api/v1/accounts/{anna.name}/groups", {"groups": []}),
        "token revoked": ("DELETE", f"/api/v1/tokens/{token}", None),
    }
    over = threading.Event()
    seen: list[tuple[float, int]] = []

    def write() -> None:
        while not over.is_set():
            began = time.monotonic()
            said = house.call("POST", f"/api/v1/tickets/{number}/entries", {"text": "still here"}, by=anna)
            seen.append((began, said.status))

    with ThreadPoolExecutor(50) as programs:
        running = [programs.submit(write) for _ in range(50)]
        time.sleep(1.0)
        done = house.call(*acts[how], by=admin)
        shut = time.monotonic()
        assert done.status in (200, 204), done.body
        time.sleep(1.5)
        over.set()
        for each in running:
            each.result(timeout=60)
    before = [status for began, status in seen if began < shut]
    after = {status for began, status in seen if began >= shut}
    assert 201 in before
    assert after, "some began afterwards"
    assert after <= {401, 403, 404, 429}, after


def admin_of(house: House) -> Account:
    """This will make an administrator whose token is for administration."""
    boss = house.add_user(f"boss.{secrets.token_hex(3)}", group="administrators")
    made = house.run("token", "create", boss.name, "--label", "all", "--scope", "admin")
    return Account(boss.name, boss.password, made.out.strip().splitlines()[-1])
