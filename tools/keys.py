"""This will write docs/operators/keys.md: every key of the console, from the table that the console itself reads.

python tools/keys.py
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "operators" / "keys.md"
HEAD = """# Keys

Bare letters, off while you type. They open forms; none acts at once. `?` lists them over whatever is on the screen,
`/keys` is the same as a page: there you say whether you want them bare, with `Alt`, or not at all. This page is made by
`python tools/keys.py`.
"""


def render() -> str:
    """Write the page."""
    from nocturne.doors.web import keymap

    parts = [HEAD]
    for group in keymap.GROUPS:
        parts.append(f"\n## {group.title}\n| key | |\n|---|---|\n")
        for key in group.keys:
            chords = ", ".join(" ".join(f"`{_spelt(each)}`" for each in chord) for chord in key.chords)
            parts.append(f"| {chords} | {key.does} |\n")
    return "".join(parts)


def _spelt(key: str) -> str:
    """Write a key so that a table does not take it for its own bar."""
    return key.replace("|", "\\|")


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
