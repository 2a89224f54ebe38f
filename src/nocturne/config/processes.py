"""The commands that start, prepare and inspect Nocturne itself."""

from __future__ import annotations

import fcntl
import http.client
import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn
from urllib.parse import urlsplit

import typer

from nocturne.config.lifeline import end_with_parent
from nocturne.config.options import Found, Options, read, remembered_base_url
from nocturne.config.supervisor import Child, Supervisor
from nocturne.config.values import BadValue, as_seen_here, is_loopback, web_address
from nocturne.core import houses

app = typer.Typer(rich_markup_mode=None)
PROGRAM = [sys.executable, "-m", "nocturne"]


@app.command()
def serve() -> None:
    """Bring the database up to date, then run web and worker, restarting what dies, until Ctrl-C or SIGTERM."""
    options = read(os.environ).options
    run = options.home / "run"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Children must find the same data directory wherever they are started from.
    place = {
        houses.SITES if options.site else houses.HOME: str(
            options.home.parent if options.site else options.home
        )
    }
    environment = {**os.environ, **place}
    with _alone_in(run):
        _refuse_taken_port(options)
        prepared = subprocess.run([*PROGRAM, "prepare"], env=environment, stdout=subprocess.PIPE, text=True)
        if prepared.returncode:
            sys.stdout.write(prepared.stdout)
            raise typer.Exit(prepared.returncode)
        children = [Child(name, [*PROGRAM, name]) for name in ("web", "worker")]

        def say_once_it_answers() -> bool:
            if not _answers(options):
                return False
            print(f"Nocturne is at {read(os.environ).options.address}\n{prepared.stdout}", end="", flush=True)
            return True

        Supervisor(children, run=run, environment=environment).run(when_up=say_once_it_answers)


@app.command()
def web() -> None:
    """Answer web requests (what `serve` runs; for hosts where another supervisor does its work)."""
    from nocturne.config.static import collect_when_stale
    from nocturne.config.web import serve as serve_web

    _follow_the_supervisor()
    options = read(os.environ).options
    _refuse_taken_port(options)
    _start_django()
    _prove_guarded()
    collect_when_stale(options.home / "static")
    _close_connections()
    serve_web(options)
    _leave()


@app.command()
def worker() -> None:
    """Do the follow-up work: alarms, notices, mail in and out (what `serve` runs beside the web)."""
    _follow_the_supervisor()
    _start_django()
    from nocturne.watch.worker import run

    _prove_guarded()
    run()
    _leave()


@app.command()
def migrate() -> None:
    """Bring the database's tables and triggers up to date, and prove that the books are guarded."""
    _start_django()
    from django.core.management import call_command

    from nocturne.store import guards

    call_command("migrate", interactive=False, verbosity=0)
    guards.install()
    _prove_guarded()


@app.command(hidden=True)
def prepare() -> None:
    """Do all that must be done before web and worker start, and say what a person should know."""
    _start_django()
    from django.conf import settings

    from nocturne.config.static import collect_when_stale
    from nocturne.desk import setup

    if _unapplied_migrations():
        migrate()
    _prove_guarded()
    collect_when_stale(Path(settings.STATIC_ROOT))
    _remember_base_url(settings.NOCTURNE.home, setup.installation().base_url)
    if link := setup.link():
        print(f"It is not set up yet. This link sets it up, once: {link}")
    if not settings.NOCTURNE.smtp_url:
        print(f"No mail server is configured: mail is written to {settings.NOCTURNE.home / 'outbox'}")
    if sys.stdin.isatty():
        print("Ctrl-C stops it.")


@app.command()
def check() -> None:
    """Prove that Nocturne could start: options, settings, database, triggers, migrations."""
    _start_django()
    from django.core.checks import WARNING, run_checks

    complaints = [found for found in run_checks(databases=["default"]) if found.level >= WARNING]
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    unapplied = _unapplied_migrations()
    if unapplied:
        print("The database is behind this version: run `nocturne migrate`.", file=sys.stderr)
    if complaints or unapplied:
        raise typer.Exit(1)
    _prove_guarded()
    print("Nocturne is ready to start.")


@app.command()
def options(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a text for people.")] = False,
) -> None:
    """List every option with its type, default, meaning, present value, and where that value comes from."""
    found = read(os.environ)
    if as_json:
        print(json.dumps([vars(row) for row in found.rows()], indent=2))
        return
    _print_options(found)


def _print_options(found: Found) -> None:
    print(f"Set them in {found.options.home / 'nocturne.toml'}, or as NOCTURNE_NAME in the environment.\n")
    for row in found.rows():
        default = f", default {row.default}" if row.default else ""
        print(f"{row.name} = {row.value or '(empty)'}    from {row.source}")
        print(f"    {row.help} ({row.kind}{default})")


def _start_django() -> None:
    import django

    django.setup()


def _unapplied_migrations() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _remember_base_url(home: Path, address: str) -> None:
    try:
        usable = web_address(address)
    except BadValue as problem:
        print(f"The base URL from the set-up page, {address}, {problem}. It is not used.", file=sys.stderr)
        usable = ""
    parts = urlsplit(usable)
    if is_loopback(parts.hostname or "") and not parts.path:
        usable = ""  # the form's own suggestion: host and port say it, and PORT may say otherwise tomorrow
    file = remembered_base_url(home)
    if usable:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(usable, encoding="utf-8")
    else:
        file.unlink(missing_ok=True)


def _prove_guarded() -> None:
    from nocturne.store import guards

    try:
        guards.verify()
    except guards.Unguarded as gap:
        print(f"Nocturne does not start, because its books would not be safe: {gap}.", file=sys.stderr)
        raise typer.Exit(1) from gap


def _follow_the_supervisor() -> None:
    if supervisor := os.environ.get("NOCTURNE_SUPERVISOR"):
        end_with_parent(int(supervisor))
        if os.getppid() != int(supervisor):  # it was gone before we could say that we follow it
            raise typer.Exit(1)


def _leave() -> NoReturn:
    """End now, all work done: taking what is in memory apart takes longer than all the rest of stopping, on a busy
    machine by seconds, and on PostgreSQL it may wait five for each thread of the pool."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _close_connections() -> None:
    """This will leave nothing open that processes forked from this one would share."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


@contextmanager
def _alone_in(run: Path) -> Iterator[None]:
    """This will keep a second supervisor out of the same data directory: two would fight over everything."""
    with open(run / "serve.pid", "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            file.seek(0)
            print(
                f"Nocturne already runs with this data directory ({run.parent}), as process {file.read().strip()}.",
                file=sys.stderr,
            )
            raise typer.Exit(1) from taken
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
        file.truncate(0)


def _refuse_taken_port(options: Options) -> None:
    with socket.socket(socket.AF_INET6 if ":" in options.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.host, options.port))
        except OSError as problem:
            print(
                f"Nocturne cannot listen at {options.host}, port {options.port}: {problem.strerror}.\n"
                f"Another port is chosen by PORT, for example: PORT={options.port + 1} nocturne serve",
                file=sys.stderr,
            )
            raise typer.Exit(1) from problem


def _answers(options: Options) -> bool:
    asked = http.client.HTTPConnection(as_seen_here(options.host), options.port, timeout=1.0)
    try:
        asked.request("GET", f"{options.path}/healthz")
        return asked.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()
