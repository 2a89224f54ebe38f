"""Which version this is."""

from __future__ import annotations


def version() -> str:
    """Give the version of the distribution that brought `noc` along."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as found

    try:
        return found("nocturne")
    except PackageNotFoundError:
        return "of an unknown version"
