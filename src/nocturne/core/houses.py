"""Where an installation's data lies, and where that of each of its sites where there are several.

One installed program can serve several NOCs that have nothing in common: each site has a data directory of its own
under one roof, and with it its own database, secret, files and port. Doors that start before anything else do ask here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

HOME, SITE, SITES = "NOCTURNE_HOME", "NOCTURNE_SITE", "NOCTURNE_SITES"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
"""What a site can be called: it becomes a folder, part of a cookie's name, and an instance of a service."""


def home_in(environment: Mapping[str, str]) -> Path:
    """Say which data directory an environment means.

    :raises ValueError: it names a site that cannot be one.
    """
    site = site_in(environment)
    return roof_in(environment) / site if site else _folder(environment, HOME, "var")


def site_in(environment: Mapping[str, str]) -> str:
    """Say which of several sites an environment means; empty where there is only one.

    :raises ValueError: it can be none.
    """
    site = environment.get(SITE, "").strip()
    if site and not NAME.fullmatch(site):
        raise ValueError(f"{site!r} cannot be a site's name: small letters, digits and - only")
    return site


def roof_in(environment: Mapping[str, str]) -> Path:
    """Say under which folder the sites' data directories lie."""
    if environment.get(SITES, "").strip():
        return _folder(environment, SITES, "")
    return _folder(environment, HOME, "var") / "sites"


def _folder(environment: Mapping[str, str], name: str, default: str) -> Path:
    return Path(environment.get(name, "").strip() or default).expanduser().absolute()
