"""What `pip install` brings: commands and everything they need, with no source tree near."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house import House

pytestmark = pytest.mark.one_database("what is in the package")

ROOT = Path(__file__).resolve().parents[2]
NEEDED = (
    "nocturne/doors/web/templates/",
    "nocturne/doors/web/static/",
    "nocturne/locale/de/LC_MESSAGES/django.mo",
    "nocturne/store/migrations/0001_books.py",
    "nocturne/desk/profiles/nren/queues/security.toml",
    "nocturne/doors/mail/nocturne-mail",
    "noc/__main__.py",
    "data/scripts/nocturne-mail",
    "dist-info/licenses/LICENSE",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Path:
    """A folder that holds the installed package, and nothing of the source tree."""
    folder = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_the_package_holds_all_that_is_needed_and_no_tests(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        entry_points = archive.read(next(n for n in names if n.endswith("entry_points.txt"))).decode()
    assert [part for part in NEEDED if not any(part in name for name in names)] == []
    assert [name for name in names if "tests" in name.split("/") or name.endswith(".pyc")] == []
    assert "nocturne = nocturne.__main__:main" in entry_points
    assert "noc = noc.__main__:main" in entry_points


def test_an_installed_house_serves_its_pages_without_the_source_tree(installed):
    house = House(options={"PYTHONPATH": str(installed)})
    try:
        where = subprocess.run(
            [sys.executable, "-c", "import nocturne; print(nocturne.__file__)"],
            env=os.environ | {"PYTHONPATH": str(installed)},
            cwd=house.home,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert where.startswith(str(installed))
        house.start().set_up()
        page = house.call("GET", "/", headers={"Accept": "text/html"})
        assert page.status in {200, 302, 303}
        assert house.call("GET", "/healthz").status == 200
    finally:
        house.remove()
