"""Serves the web: granian in front of the application, in as many processes and threads as the options say."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from nocturne.config import logs
from nocturne.config.lifeline import end_with_parent
from nocturne.config.options import Options

STOPS_WITHIN = 6
MOST_CONNECTIONS = 4_096
"""At once, in each process: a stream holds one for as long as its page is open."""
FILES = 8_192


def serve(options: Options) -> None:
    """This will answer web requests until SIGTERM or SIGINT."""
    # Loaded before the processes part, so that they share its memory; it opens no connection while loading.
    from django.urls import get_resolver

    from nocturne.config import streams
    from nocturne.config.bridge import Bridge
    from nocturne.config.wsgi import MOST_AT_ONCE, application

    _open_many_files()
    get_resolver().url_patterns  # noqa: B018 — reading it loads every door

    parent = os.getpid()

    def load() -> Callable[..., Any]:
        end_with_parent(parent, signal.SIGKILL)
        threads = options.web_threads
        return Bridge(application, threads=threads, most=MOST_AT_ONCE, hold=streams.hold, live=streams.live)

    Server(
        "nocturne.config.web:serve",
        address=options.host,
        port=options.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=options.web_processes,
        backpressure=MOST_CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPS_WITHIN,
        log_level=LogLevels.warning,
        log_dictconfig=logs.settings(options.log_level),
    ).serve(target_loader=load, wrap_loader=False)


def _open_many_files() -> None:
    """Let the processes hold as many connections as the system allows them; a shell often begins with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
