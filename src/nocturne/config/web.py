"""Serves the web: granian in front of the application, in as many processes and threads as the options say."""

from __future__ import annotations

import os
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


def serve(options: Options) -> None:
    """This will answer web requests until SIGTERM or SIGINT."""
    # Loaded before the processes part, so that they share its memory; it opens no connection while loading.
    from django.urls import get_resolver

    from nocturne.config import streams
    from nocturne.config.bridge import Bridge
    from nocturne.config.wsgi import MOST_AT_ONCE, application

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
        respawn_failed_workers=True,
        workers_kill_timeout=STOPS_WITHIN,
        log_level=LogLevels.warning,
        log_dictconfig=logs.settings(options.log_level),
    ).serve(target_loader=load, wrap_loader=False)
