"""Runs a throw-away PostgreSQL: its own directory, its own user, a socket instead of a port, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools import debian

SOCKET_NUMBER = 5432  # only names the socket; nothing listens on the network
STARTS_WITHIN = 60.0
HASTY = {"fsync": "off", "full_page_writes": "off"}


@contextmanager
def throw_away(*, durable: bool = False) -> Iterator[str]:
    """This will run a fresh PostgreSQL and give its address for `DATABASE_URL`.

    :param durable: keep fsync on, for measurements; tests do without.
    :raises debian.Missing: there is no PostgreSQL on this machine.
    """
    programs = debian.postgresql()
    folder = Path(tempfile.mkdtemp(prefix="nocturne-pg-"))
    owner = _unprivileged(folder)
    data = folder / "data"
    try:
        initdb = [programs / "initdb", "--pgdata", data, "--username", "nocturne", "--auth", "trust"]
        settled = ["--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"]
        subprocess.run([*initdb, *settled], check=True, stdout=subprocess.DEVNULL, **owner)
        with open(folder / "log", "wb") as log:
            command = [programs / "postgres", "-D", data, *_settings(folder, durable=durable)]
            server = subprocess.Popen(command, stdout=log, stderr=log, process_group=0, **owner)
        try:
            _wait(server, programs, folder)
            yield f"postgresql://nocturne@/postgres?host={folder}&port={SOCKET_NUMBER}"
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settings(folder: Path, *, durable: bool) -> list[str]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "port": str(SOCKET_NUMBER),
        "max_connections": "200",
        "shared_buffers": "256MB",
        **({} if durable else HASTY),
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _unprivileged(folder: Path) -> dict[str, Any]:
    """This will choose the user that PostgreSQL runs as: it refuses to be root."""
    if os.geteuid() != 0:
        return {"cwd": folder}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, user.pw_uid, user.pw_gid)
        return {"cwd": folder, "user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise debian.Missing(
        "PostgreSQL cannot run as root, and there is no user postgres or nobody: adduser postgres"
    )


def _wait(server: subprocess.Popen[bytes], programs: Path, folder: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    asks = [programs / "pg_isready", "--quiet", "--host", folder, "--port", str(SOCKET_NUMBER)]
    while subprocess.run(asks, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise debian.Missing(f"PostgreSQL does not start:\n{(folder / 'log').read_text()[-2000:]}")
        time.sleep(0.05)
