"""The power goes while a whole configuration is brought in: what stood before stands, and never a part of the new."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import House, ready_made

IMPORT = """
import os, signal, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "nocturne.config.settings"
import django
django.setup()
from nocturne.desk import audit, projection
module = {{"audit": audit, "projection": projection}}["{module}"]
real, left = module.{name}, [{calls}]
def until_the_power_goes(*given, **more):
    found = real(*given, **more)
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return found
module.{name} = until_the_power_goes
from nocturne.config.command import main
sys.argv = ["nocturne", "config", "import", {folder!r}]
sys.exit(main())
"""


@pytest.fixture
def still_house() -> Iterator[House]:
    """A house that is set up and does not run."""
    house = ready_made()
    try:
        yield house
    finally:
        house.remove()


@pytest.mark.req("R9.5")
def test_a_killed_import_has_changed_nothing_and_the_next_one_all_of_it(
    still_house: House, tmp_path: Path
) -> None:
    folder = tmp_path / "nren"
    still_house.run("config", "export", str(folder), "--profile", "nren")
    before = still_house.run("config", "show").out
    for module, name, calls in (("audit", "note", 9), ("projection", "bring_up_to_date", 1)):
        script = IMPORT.format(module=module, name=name, calls=calls, folder=str(folder))
        command = [sys.executable, "-c", script]
        killed = subprocess.run(
            command, env=still_house.environ, capture_output=True, timeout=60, check=False
        )
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
        assert still_house.run("config", "show").out == before
    assert "queue/security" not in before
    still_house.run("config", "import", str(folder))
    assert "queue/security" in still_house.run("config", "show").out
    still_house.run("audit", "verify")
