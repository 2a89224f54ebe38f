"""This will write docs/operators/permissions.md: whom each page and each operation of the API is for.

python tools/permissions.py
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "operators" / "permissions.md"
HEAD = """# Whom each address is for

Made by `make requirements` from what stands beside the addresses themselves; do not edit it by hand. It is the first
question only: what somebody may see and do on the very ticket is asked of the [clearances](clearances.md) each time,
and what is not theirs to know of answers as if it were not there. `nocturne explain` says why.
"""


def render() -> str:
    """Lay out the page."""
    return "\n".join([HEAD, "## Pages", "", *_pages(), "", "## The API", "", *_operations()]) + "\n"


def _pages() -> Iterator[str]:
    from nocturne.doors.web.permissions import NEEDS
    from nocturne.doors.web.urls import urlpatterns

    yield "| address | for |"
    yield "|---|---|"
    for each in urlpatterns:
        yield f"| `/{_plain(str(each.pattern))}` | {_said(NEEDS[str(each.name)])} |"


def _plain(pattern: str) -> str:
    return "/".join(
        f"{{{part[1:-1].partition(':')[2]}}}" if part.startswith("<") else part for part in pattern.split("/")
    )


def _said(needs: str) -> str:
    from nocturne.doors.web.permissions import SAYS

    return (
        str(SAYS[needs])
        if needs in SAYS
        else "whoever holds " + " or ".join(f"`{each}`" for each in needs.split())
    )


def _operations() -> Iterator[str]:
    from nocturne.doors.api.api import api

    yield "| operation | for |"
    yield "|---|---|"
    for prefix, router in api._routers:  # noqa: SLF001 — ninja has no other list of them
        for path, view in router.path_operations.items():
            for operation in view.operations:
                asked = operation.auth_callbacks[0]
                for method in sorted(operation.methods):
                    yield f"| `{method} {prefix}{path.replace('{int:', '{')}` | {_asked(asked)} |"


def _asked(asked: Any) -> str:
    if not hasattr(asked, "rights"):
        return "everybody, each address only so often"
    if asked.guests and not asked.rights:
        return "whoever a clearance shows something, signed on or not"
    if asked.rights:
        return "whoever holds " + " or ".join(f"`{each}`" for each in asked.rights)
    return "the staff" if asked.staff else "whoever is signed on"


def main() -> int:
    PAGE.write_text(render(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "src"))
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"NOCTURNE_HOME": home, "DJANGO_SETTINGS_MODULE": "nocturne.config.settings"}
        import django

        django.setup()
        raise SystemExit(main())
