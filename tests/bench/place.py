"""Where the measurements' data lies: one home for each database and size, made once and used again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache as cache_once
from pathlib import Path
from typing import Any

import psycopg

from tools import debian, postgres

ROOT = Path(__file__).resolve().parents[2]
SQLITE, POSTGRESQL = "sqlite", "postgresql"


def cache() -> Path:
    """This will name the folder for data and results. PostgreSQL, when root runs it as somebody else, must get in."""
    given = os.environ.get("NOCTURNE_BENCH_CACHE")
    usual = Path("/var/cache") if os.geteuid() == 0 else Path.home() / ".cache"
    folder = Path(given) if given else usual / "nocturne-bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache_once
def fingerprint() -> str:
    """This will name the first tables and the recipe: data that was made by others is made anew. Later migrations
    bring it forward, as they do in life."""
    files = (ROOT / "src/nocturne/store/migrations/0001_books.py", ROOT / "tests/bench/recipe.py")
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


@dataclass(frozen=True)
class Place:
    """One database of one size, and the home of a Nocturne beside it."""

    database: str
    tickets: int
    server: str = ""

    @property
    def name(self) -> str:
        return f"{self.database}-{self.tickets}"

    @property
    def home(self) -> Path:
        return cache() / f"{self.name}-{fingerprint()}"

    @property
    def database_url(self) -> str:
        if self.database == SQLITE:
            return ""
        return self.server.replace("/postgres?", f"/bench_{self.tickets}_{fingerprint()}?")

    @property
    def long_ticket(self) -> int:
        return self.tickets

    @property
    def usual_ticket(self) -> int:
        return self.tickets - 1

    def environ(self, *, port: int = 8000) -> dict[str, str]:
        """The environment of everything that runs in this place."""
        foreign = ("NOCTURNE_", "DJANGO_", "BASE_URL", "DATABASE_URL", "PORT", "NOC_")
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(foreign)},
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "HOME": str(self.home / "person"),
            "NOCTURNE_HOME": str(self.home),
            "DATABASE_URL": self.database_url,
            "PORT": str(port),
            "BASE_URL": f"http://127.0.0.1:{port}",
        }

    def build(self) -> None:
        """This will make the database, or finish making it; one that is there is brought forward."""
        if (self.home / "built").exists():
            self.inside("forward")
            return
        self._remove_outdated()
        (self.home / "person").mkdir(parents=True, exist_ok=True)
        if self.server:
            with psycopg.connect(self.server, autocommit=True) as server:
                name = _name(self.database_url)
                if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                    server.execute(f'CREATE DATABASE "{name}"'.encode())
        print(f"Making {self.tickets:,} tickets on {self.database} …", flush=True)
        self.inside("build", str(self.tickets))
        (self.home / "built").touch()

    def _remove_outdated(self) -> None:
        for old in cache().glob(f"{self.name}-*"):
            if old != self.home:
                shutil.rmtree(old)
        if self.server:
            with psycopg.connect(self.server, autocommit=True) as server:
                current = _name(self.database_url)
                for (name,) in server.execute("SELECT datname FROM pg_database").fetchall():
                    if name.startswith(f"bench_{self.tickets}_") and name != current:
                        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())

    def inside(self, what: str, *words: str) -> Any:
        """This will run a step in this place's own settings, and give what it found."""
        command = [sys.executable, "-m", "tests.bench.inside", what, *words]
        done = subprocess.run(
            command, env=self.environ(), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
        *said, last = done.stdout.strip().splitlines() or ["null"]
        for line in said:
            print(f"  {line}", flush=True)
        return json.loads(last)


def _name(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2]


@contextmanager
def cluster() -> Iterator[str]:
    """This will run a PostgreSQL that keeps its data from run to run, and syncs to the disk as in life."""
    programs = debian.postgresql()
    folder = cache() / "postgresql"
    folder.mkdir(exist_ok=True)
    owner = postgres._unprivileged(folder)
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        initdb = [programs / "initdb", "--pgdata", data, "--username", "nocturne", "--auth", "trust"]
        settled = ["--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions"]
        subprocess.run([*initdb, *settled], check=True, stdout=subprocess.DEVNULL, **owner)
    with open(folder / "log", "wb") as log:
        command = [programs / "postgres", "-D", data, *postgres._settings(folder, durable=True)]
        # A bulk load fills the log of changes faster than any NOC does.
        command += ["-c", "max_wal_size=4GB", "-c", "checkpoint_timeout=15min"]
        server = subprocess.Popen(command, stdout=log, stderr=log, process_group=0, **owner)
    try:
        postgres._wait(server, programs, folder)
        assert server.poll() is None, f"another run uses the PostgreSQL in {folder}"
        yield f"postgresql://nocturne@/postgres?host={folder}&port={postgres.SOCKET_NUMBER}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)
