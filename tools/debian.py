"""Finds the programs that tests need, and installs Debian's packages for them where that is permitted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Sequence
from pathlib import Path

NO_DIRECTORY_OF_ITS_OWN = "slapd slapd/no_configuration boolean true\n"
"""An answer for Debian, which otherwise starts a directory that listens on the network."""
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Missing(Exception):
    """A program that could not be had; the message holds the command that would help."""


def chromium() -> Path:
    """This will find Chromium, or install Debian's.

    :raises Missing: it is not there and may not be installed by us.
    """
    return _find_chromium() or _installed(["chromium", "fonts-dejavu-core"], _find_chromium, "Chromium")


def postgresql() -> Path:
    """This will find the folder of PostgreSQL's programs (15 or later), or install Debian's.

    :raises Missing: it is not there and may not be installed by us.
    """
    return _find_postgresql() or _installed(["postgresql"], _find_postgresql, "PostgreSQL 15 or later")


def directory() -> Path:
    """This will find OpenLDAP's server and what building python-ldap takes, or install Debian's.

    :raises Missing: they are not there and may not be installed by us.
    """
    packages = ["slapd", "libldap-dev", "libsasl2-dev", "gcc", "python3-dev"]
    return _find_directory() or _installed(
        packages, _find_directory, "OpenLDAP with its headers", NO_DIRECTORY_OF_ITS_OWN
    )


def _find_directory() -> Path | None:
    headers = [Path("/usr/include") / name for name in ("ldap.h", "sasl/sasl.h")]
    python = Path(sysconfig.get_path("include")) / "Python.h"
    there = all(each.exists() for each in [*headers, python]) and shutil.which("gcc")
    server = shutil.which("slapd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/libexec")
    return Path(server) if there and server else None


def _find_chromium() -> Path | None:
    names = [name for name in (os.environ.get("CHROMIUM"), *CHROMIUM_NAMES) if name]
    return next((Path(path) for name in names if (path := shutil.which(name))), None)


def _find_postgresql() -> Path | None:
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr/local").glob("pgsql*/bin")]
    folders += [
        Path(path).resolve().parent for program in ("initdb", "postgres") if (path := shutil.which(program))
    ]
    usable = {version: folder for folder in folders if (version := _version(folder)) >= 15}
    return usable[max(usable)] if usable else None


def _version(folder: Path) -> int:
    if not ((folder / "initdb").exists() and (folder / "postgres").exists()):
        return 0
    said = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False
    ).stdout
    number = said.rpartition("(PostgreSQL) ")[2].partition(".")[0]
    return int(number) if number.isdigit() else 0


def _installed(
    packages: Sequence[str], find: Callable[[], Path | None], what: str, answers: str = ""
) -> Path:
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {what} (Debian's {' and '.join(packages)}) …", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        if answers:
            subprocess.run(["debconf-set-selections"], input=answers, text=True, check=False)
        for step in (["apt-get", "update"], command):
            done = subprocess.run(
                [*step, "--quiet=2"], env=environment, stdout=subprocess.DEVNULL, check=False
            )
            if done.returncode:
                break
        if path := find():
            return path
    raise Missing(f"{what} is missing. As root: apt-get update && {' '.join(command)}")
