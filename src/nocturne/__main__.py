"""Starts the command `nocturne`."""

from __future__ import annotations

import sys


def main() -> int:
    from nocturne.config.command import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
