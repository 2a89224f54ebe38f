"""The settings for tests in one process: the real ones, in a throw-away home, with quick passwords."""

from __future__ import annotations

import os
import tempfile

_HOME = tempfile.TemporaryDirectory(prefix="nocturne-test-", ignore_cleanup_errors=True)
for _name in ("BASE_URL", "PORT", "NOCTURNE_SMTP_URL"):
    os.environ.pop(_name, None)
os.environ["NOCTURNE_HOME"] = _HOME.name
# The runner hands over the address of a throw-away PostgreSQL; by hand it is SQLite, unless one is given.
os.environ["DATABASE_URL"] = os.environ.get("NOCTURNE_TEST_DATABASE_URL", "")

from nocturne.config.settings import *  # noqa: F403, E402
from nocturne.config.settings import DATABASES, NOCTURNE, STATIC_ROOT, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir()  # the middleware wants it, even when nothing was collected
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]

if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, as in life: threads share it, and WAL and the writers' queue are what they are.
    DATABASES["default"]["TEST"] = {"NAME": str(NOCTURNE.home / "test.sqlite3")}
else:
    # Two suites may run on one server at the same time.
    DATABASES["default"]["TEST"] = {"NAME": f"test_{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"}
