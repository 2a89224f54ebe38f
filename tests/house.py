"""A real Nocturne for tests: `nocturne serve` with its own data directory, database, port and mail server."""

from __future__ import annotations

import atexit
import fcntl
import http.client
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from tests import database, tables
from tests.sink import Sink, free_port

BIN = Path(sys.executable).parent
PATIENCE = 100.0
ADMINISTRATOR = "ada"
BOTH = """
import json, sys
from nocturne.config.command import app
for words in json.loads(sys.argv[1]):
    app(words, standalone_mode=False)
"""
"""Runs several commands in one process: a second Python costs a second of every test that needs somebody."""


class Account(NamedTuple):
    """Somebody who can sign on: name and password for the browser, a token for the API."""

    name: str
    password: str
    token: str


class Said(NamedTuple):
    """What a command said, and the code it ended with."""

    code: int
    out: str
    err: str


class Answer(NamedTuple):
    """What the web answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class House:
    """One running installation."""

    base_path: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    home: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="nocturne-house-")))
    port: int = field(default_factory=free_port)
    smtp: Sink = field(default_factory=lambda: Sink().start())
    database_url: str = field(default_factory=database.fresh)
    administrator: Account | None = None
    bin: Path = BIN
    """Where its programs are: an environment with an extra has others than the tests'."""
    _process: subprocess.Popen[bytes] | None = None

    # --- where it is -------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.base_path}"

    @property
    def environ(self) -> dict[str, str]:
        """The environment of every command of this house; nothing of the tests' own settings leaks into it."""
        foreign = ("NOCTURNE_", "DJANGO_", "BASE_URL", "DATABASE_URL", "PORT", "NOC_")
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(foreign)},
            "HOME": str(self.home / "person"),
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "NOCTURNE_HOME": str(self.home),
            "PORT": str(self.port),
            "BASE_URL": self.url,
            "DATABASE_URL": self.database_url,
            "NOCTURNE_SMTP_URL": self.smtp.url,
            **self.options,
        }

    @property
    def log(self) -> str:
        """All that the house has printed so far."""
        file = self.home / "serve.log"
        return file.read_text(errors="replace") if file.exists() else ""

    # --- its life ----------------------------------------------------------------------------------------------

    def start(self) -> House:
        """This will start it and wait until it answers.

        :raises AssertionError: it does not come up; the message holds its log.
        """
        (self.home / "person").mkdir(exist_ok=True)
        seen = len(self.log)
        with open(self.home / "serve.log", "ab") as log:
            command = [self.bin / "nocturne", "serve"]
            self._process = subprocess.Popen(
                command, env=self.environ, cwd=self.home, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + PATIENCE
        while "Nocturne is at" not in self.log[seen:]:
            alive = self._process.poll() is None
            assert alive and time.monotonic() < deadline, f"the house did not come up:\n{self.log[-8000:]}"
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        """This will stop it as Ctrl-C would, cleanly."""
        if self._process:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(PATIENCE)
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def set_up(self) -> House:
        """This will set it up from the command line, with an administrator."""
        password = secrets.token_urlsafe(12)
        self.run(
            "setup",
            "--admin",
            ADMINISTRATOR,
            "--email",
            "ada@noc.example",
            "--password-stdin",
            given=f"{password}\n",
        )
        token = self._token(ADMINISTRATOR)
        self.administrator = Account(ADMINISTRATOR, password, token)
        return self

    def remove(self) -> None:
        """This will stop it and leave nothing behind."""
        self.stop()
        self.smtp.stop()
        database.drop(self.database_url)
        shutil.rmtree(self.home, ignore_errors=True)

    # --- its people --------------------------------------------------------------------------------------------

    def add_user(self, name: str, group: str = "operators", **more: str) -> Account:
        """This will add somebody to a group (or to none), with a password and a token; `more` are further options."""
        password = secrets.token_urlsafe(12)
        options = [word for key, value in more.items() for word in (f"--{key.replace('_', '-')}", value)]
        if group:
            options = ["--group", group, *options]
        adding = ["user", "add", name, "--password-stdin", *options]
        words = json.dumps([adding, ["token", "create", name, "--label", "tests"]])
        said = self._say(
            [self.bin / "python", "-c", BOTH, words],
            {**self.environ, "DJANGO_SETTINGS_MODULE": "nocturne.config.settings"},
            f"{password}\n",
        )
        assert said.code == 0, f"{name} could not be added:\n{said.out}{said.err}"
        return Account(name, password, said.out.strip().splitlines()[-1])

    def _token(self, name: str) -> str:
        return self.run("token", "create", name, "--label", "tests").out.strip().splitlines()[-1]

    # --- its doors ---------------------------------------------------------------------------------------------

    def cli(self, *words: str, given: str | bytes = "") -> Said:
        """This will run `nocturne …` for this house, whatever it says."""
        return self._say([self.bin / "nocturne", *words], self.environ, given)

    def run(self, *words: str, given: str | bytes = "") -> Said:
        """This will run `nocturne …` for this house.

        :raises AssertionError: it fails.
        """
        said = self.cli(*words, given=given)
        assert said.code == 0, f"nocturne {' '.join(words)} ended with {said.code}:\n{said.out}{said.err}"
        return said

    def noc(self, *words: str, by: Account | None = None, given: str | bytes = "") -> Said:
        """This will run `noc …` as somebody, signed on by their token in a file of their own."""
        person = by or self.administrator
        name = person.name if person else "nobody"
        place = self.home / "person" / name
        environment = {**self.environ, "HOME": str(place), "NOC_URL": self.url}
        environment = {k: v for k, v in environment.items() if not k.startswith("XDG_")}
        if not place.exists():
            place.mkdir(parents=True)
            if person:
                signed = self._say(
                    [BIN / "noc", "login", self.url, "--token-stdin"], environment, f"{person.token}\n"
                )
                assert signed.code == 0, f"noc login: {signed}"
        return self._say([BIN / "noc", *words], environment, given)

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        by: Account | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """This will make one request; `body` is sent as JSON, or as it is when it is bytes."""
        sent = {"Accept": "application/json", **(headers or {})}
        if by:
            sent.setdefault("Authorization", f"Bearer {by.token}")
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, self.base_path + path, body=body, headers=sent)  # type: ignore[arg-type]
            reply = connection.getresponse()
            return Answer(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
        finally:
            connection.close()

    @staticmethod
    def _say(command: Sequence[str | Path], environment: Mapping[str, str], given: str | bytes) -> Said:
        fed = given if isinstance(given, bytes) else given.encode()
        done = subprocess.run(
            command, env=environment, input=fed, capture_output=True, timeout=PATIENCE, check=False
        )
        return Said(
            done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        )

    # --- its processes -----------------------------------------------------------------------------------------

    @property
    def pids(self) -> dict[str, int]:
        """The processes under the supervisor: `web` and `worker`, each by the number it has now."""
        found = {}
        for name in ("serve", "web", "worker"):
            file = self.home / "run" / f"{name}.pid"
            if file.exists() and (number := file.read_text().strip()):
                found[name] = int(number)
        return found

    def children_of(self, pid: int) -> list[int]:
        """The processes that a process has started, such as the web's own."""
        listed = Path(f"/proc/{pid}/task/{pid}/children")
        return [int(child) for child in listed.read_text().split()] if listed.exists() else []

    def kill(self, name: str) -> int:
        """This will kill -9 the web or the worker, and return the number it had."""
        pid = self.pids[name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_until_answers(self, path: str = "/healthz") -> None:
        """This will wait until the web answers again, as after a kill."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                if self.call("GET", path).status < 500:
                    return
            except (OSError, http.client.HTTPException):
                pass
            assert time.monotonic() < deadline, (
                f"the web does not answer:\n{urlsplit(self.url)}\n{self.log[-4000:]}"
            )
            time.sleep(0.05)


@cache
def _model() -> House:
    """A house that is set up and was never started; others are copies of it, which saves each of them seconds.

    The runner of all suites names a folder in which the first one is kept for those that come after it.
    """
    if not (kept := os.environ.get("NOCTURNE_TEST_MODELS")):
        model = _built()
        atexit.register(model.remove)
        return model
    place = Path(kept) / ("postgres" if database.SERVER else "sqlite")
    with open(f"{place}.lock", "wb") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        if not (place / "model.json").exists():
            model = _built(place)
            (place / "model.json").write_text(json.dumps([model.database_url, model.administrator]))
    address, administrator = json.loads((place / "model.json").read_text())
    model = House(home=place, database_url=address, administrator=Account(*administrator))
    model.smtp.stop()
    return model


def _built(place: Path | None = None) -> House:
    if place:
        place.mkdir(parents=True)
    model = unset(home=place) if place else unset()
    model.smtp.stop()
    model.set_up()
    model.run("prepare")
    return model


def unset(**more: Any) -> House:
    """This will give a house that has its tables, and that nobody has set up yet. `House()` makes them by itself."""
    house = House(database_url=tables.copied(), **more)
    if not house.database_url:
        tables.put(house.home / "nocturne.sqlite3")
    (house.home / "person").mkdir()
    return house


def ready_made(**options: str) -> House:
    """This will give a house that is set up and not yet started, with further options as environment variables."""
    model = _model()
    house = House(
        database_url=database.copy(model.database_url), administrator=model.administrator, options=options
    )
    shutil.copytree(model.home, house.home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("model.json"))
    return house


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """A running Nocturne, set up, shared by all tests of the session: they must not kill or stop it."""
    shared = ready_made()
    try:
        yield shared.start()
    finally:
        shared.remove()


@pytest.fixture
def own_house() -> Iterator[House]:
    """A running Nocturne, set up, of this test alone: it may be killed, stopped and broken."""
    own = ready_made()
    try:
        yield own.start()
    finally:
        own.remove()
