"""Two NOCs run from one installation, side by side, and nothing of the one is ever found in the other."""

from __future__ import annotations

import http.client
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests import database, tables
from tests.house import House
from tests.post import mail
from tests.sink import free_port

SECRET = "zirconium-splice-enclosure"
"""A word that is said in the north only."""


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[str, House]]:
    """Two sites, made, set up and running."""
    roof = Path(tempfile.mkdtemp(prefix="nocturne-sites-"))
    made = {}
    try:
        for name in ("north", "south"):
            port = free_port()
            house = House(
                home=roof / "sites" / name,
                port=port,
                database_url=tables.copied(),
                options={
                    "HOME": str(roof),
                    "NOCTURNE_HOME": str(roof),
                    "DATABASE_URL": "",
                    "BASE_URL": "",
                    "PORT": "",
                },
            )
            said = house.cli("site", "create", name, "--port", str(port))
            assert said.code == 0, said
            if not house.database_url:
                tables.put(house.home / "nocturne.sqlite3")
            else:
                with open(house.home / "nocturne.toml", "a") as file:
                    file.write(f'database_url = "{house.database_url}"\n')
            house.options = {**house.options, "NOCTURNE_SITE": name}
            (house.home / "person").mkdir()
            made[name] = house.set_up().start()
        yield made
    finally:
        for house in made.values():
            house.stop()
            house.smtp.stop()
            database.drop(house.database_url)
        shutil.rmtree(roof, ignore_errors=True)


@pytest.fixture
def north(sites: dict[str, House]) -> House:
    return sites["north"]


@pytest.fixture
def south(sites: dict[str, House]) -> House:
    return sites["south"]


def sign_on(house: House) -> str:
    """Sign ada on with a browser, and give the cookies that it has from then on."""
    assert house.administrator
    cookies: SimpleCookie = SimpleCookie()
    page = browse(house, cookies, "GET", "/sign-on")[1]
    token = re.search(r'name="?csrfmiddlewaretoken"? value="?([^">]+)', page)
    assert token, page
    form = {"name": house.administrator.name, "password": house.administrator.password}
    status, _ = browse(
        house, cookies, "POST", "/sign-on", urlencode({**form, "csrfmiddlewaretoken": token[1]}).encode()
    )
    assert status in (302, 303)
    return spelt(cookies)


def spelt(cookies: SimpleCookie) -> str:
    return "; ".join(f"{each.key}={each.value}" for each in cookies.values())


def browse(
    house: House, cookies: SimpleCookie, method: str, path: str, body: bytes | None = None
) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=30)
    headers = {"Accept": "text/html", "Cookie": spelt(cookies), "Origin": house.url}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    for value in answer.headers.get_all("Set-Cookie") or []:
        cookies.load(value)
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def until_filed(house: House, how_many: int) -> None:
    deadline = time.monotonic() + 40
    while house.run("mail", "list", "--json").out.count('"filed"') < how_many:
        assert time.monotonic() < deadline, house.log[-3000:]
        time.sleep(0.2)


@pytest.mark.req("S19")
def test_each_site_has_its_own_books_secret_and_port(north: House, south: House) -> None:
    for name in ("secret", "nocturne.toml", "run", "static"):
        assert (north.home / name).exists()
        assert (south.home / name).exists()
    assert (north.home / "secret").read_bytes() != (south.home / "secret").read_bytes()
    assert not (north.home.parent.parent / "secret").exists()
    listed = north.run("site", "list").out
    assert re.search(rf"north +http://127\.0\.0\.1:{north.port} +yes", listed)
    assert re.search(rf"south +http://127\.0\.0\.1:{south.port} +yes", listed)


@pytest.mark.req("S19")
def test_what_one_site_says_is_not_found_in_the_other(north: House, south: House) -> None:
    opened = north.call(
        "POST", "/api/v1/tickets", {"subject": f"Mend the {SECRET}", "text": SECRET}, by=north.administrator
    )
    assert opened.status == 201, opened
    number = opened.json["number"]
    file = f"/api/v1/tickets/{number}/attachments?name=trace.txt"
    assert north.call("POST", file, SECRET.encode() * 9, by=north.administrator).status == 201
    raw = mail(f"The {SECRET} is loose.\n")
    said = north.cli("mail", "in", "--site", "north", "--queue", "general", given=raw)
    assert said.code == 0, said
    until_filed(north, 1)

    assert south.call("GET", f"/api/v1/tickets/{number}", by=south.administrator).status == 404
    assert north.noc("ls", SECRET).out.count(SECRET) >= 1
    assert SECRET not in south.noc("ls", SECRET).out
    assert south.run("mail", "list", "--json").out.strip() == "[]"
    kept = [each for each in south.home.rglob("*") if each.is_file() and SECRET.encode() in each.read_bytes()]
    assert kept == []
    assert any(SECRET.encode() in each.read_bytes() for each in north.home.rglob("*") if each.is_file())


@pytest.mark.req("S19")
def test_what_signs_on_in_one_site_is_worth_nothing_in_the_other(north: House, south: House) -> None:
    assert north.administrator and south.administrator
    assert north.call("GET", "/api/v1/tickets", by=north.administrator).status == 200
    assert south.call("GET", "/api/v1/tickets", by=north.administrator).status == 401

    cookies = sign_on(north)
    assert north.call("GET", "/", headers={"Cookie": cookies, "Accept": "text/html"}).status == 200
    assert "nocturne-north-session" in cookies
    renamed = cookies.replace("nocturne-north-", "nocturne-south-")
    for stolen in (cookies, renamed):
        answer = south.call("GET", "/", headers={"Cookie": stolen, "Accept": "text/html"})
        assert answer.status in (302, 303)
        assert "/sign-on" in answer.headers["location"]


@pytest.mark.req("S19")
def test_a_name_on_the_command_line_goes_before_the_one_in_the_environment(
    north: House, south: House
) -> None:
    shown = north.run("--site", "south", "options", "--json").out
    assert f'"{south.port}"' in shown
    assert f'"{north.port}"' not in shown
    unknown = north.cli("--site", "nroth", "check")
    assert unknown.code == 78
    assert "nocturne site create nroth" in unknown.err
    again = north.cli("site", "create", "south")
    assert (again.code, "already" in again.err) == (1, True)
    taken = north.cli("site", "create", "east", "--port", str(south.port))
    assert (taken.code, "is the site south's" in taken.err) == (78, True)
    assert not (north.home.parent / "east").exists()
