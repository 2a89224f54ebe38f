"""Keeps hashed and compressed copies of the static files in the data directory, ready for the web to send."""

from __future__ import annotations

import hashlib
from pathlib import Path

# django_htmx brings both generations of htmx; ours is the second.
UNUSED = ["*-4.js", "*-4.min.js"]


def collect_when_stale(root: Path) -> bool:
    """This will collect the static files anew if any has changed since the last time, and tell whether it did.

    What an earlier version left stays there: pages that are still open in browsers name those files.
    """
    from django.core.management import call_command

    mark, current = root / ".collected", _fingerprint()
    if mark.exists() and mark.read_text() == current:
        return False
    mark.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED)
    # The mark comes last: a start that is killed before collects again.
    mark.write_text(current)
    return True


def _fingerprint() -> str:
    from django.contrib.staticfiles.finders import get_finders

    from nocturne import __version__

    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
