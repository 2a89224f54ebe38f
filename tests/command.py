"""Runs `nocturne …` inside the test's own process, on the test's own database: all of it but the start of Python."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from nocturne.config.command import main


class Said(NamedTuple):
    """What a command said, and the code it ended with."""

    code: int
    out: str
    err: str


Nocturne = Callable[..., Said]


@pytest.fixture
def nocturne(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Nocturne:
    """The command, to be called with its words; `given` is what stands on standard input."""

    def run(*words: str, given: str = "") -> Said:
        monkeypatch.setattr(sys, "argv", ["nocturne", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        capsys.readouterr()
        try:
            code = main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return run
