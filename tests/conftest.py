"""What every test has at hand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from nocturne.core import configuration
from tests import database, tables

pytest_plugins = ["tests.house", "tests.command"]

# Playwright keeps an event loop in the main thread, and Django would refuse plain queries beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Chromium must look up nothing and call nobody, and as root it has no sandbox.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files with long tests begin first, so that nobody waits for them at the end; some tests are run once."""
    long = {item.path for item in items if item.get_closest_marker("long")}
    items.sort(key=lambda item: item.path not in long)
    if database.SERVER and (once := [item for item in items if _is_proven_by_one(item)]):
        config.hook.pytest_deselected(items=once)
        items[:] = [item for item in items if not _is_proven_by_one(item)]


def _is_proven_by_one(item: pytest.Item) -> bool:
    """Tell whether a test says nothing new on another database: it says so itself, or is a law that asks none."""
    if item.get_closest_marker("one_database"):
        return True
    asks = item.get_closest_marker("django_db") or "db" in getattr(item, "fixturenames", ())
    return item.path.parent.name == "property" and not asks


@pytest.fixture(autouse=True)
def standard_again() -> Iterator[None]:
    """Every test begins with what a new site begins with; whatever it configures is gone with it from this process."""
    configuration.use(None)
    yield
    configuration.use(None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The tables come ready made where the runner of all suites keeps some."""
    if tables.KEPT:
        tables.lend()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """A copied file is used as it is; PostgreSQL copies its model itself."""
    return bool(tables.KEPT) and not database.SERVER


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Which fields were asked for is written when a test says so: a thread would write it outside of every test."""
    from nocturne.desk import fielduse

    fielduse.EVERY = float("inf")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    names = (
        os.environ.get("CHROMIUM"),
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    )
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    assert path, "Chromium is missing: `make test` installs it or names the command that does"
    return {**browser_type_launch_args, "executable_path": path, "args": CHROMIUM_FLAGS}
