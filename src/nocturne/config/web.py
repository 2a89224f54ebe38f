"""Serves the web: granian in front of the WSGI application, in as many processes and threads as the options say."""

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

# Threads keep a database connection open; the longest that granian lets an idle one live.
IDLE_THREAD_SECONDS = 600
STOPS_WITHIN = 6


def serve(options: Options) -> None:
    """This will answer web requests until SIGTERM or SIGINT."""
    # Loaded before the processes part, so that they share its memory; it opens no connection while loading.
    from django.urls import get_resolver

    from nocturne.config.wsgi import application

    get_resolver().url_patterns  # noqa: B018 — reading it loads every door

    parent = os.getpid()

    def load() -> Callable[..., Any]:
        end_with_parent(parent, signal.SIGKILL)
        return application

    Server(
        "nocturne.config.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=options.web_processes,
        blocking_threads=options.web_threads,
        blocking_threads_idle_timeout=IDLE_THREAD_SECONDS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPS_WITHIN,
        log_level=LogLevels.warning,
        log_dictconfig=logs.settings(options.log_level),
    ).serve(target_loader=load, wrap_loader=False)
