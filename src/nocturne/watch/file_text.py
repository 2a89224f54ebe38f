"""Reads what files say: plain text, HTML, and PDF where the extra `pdf` is installed.

Files come from strangers. What is taken from one is bounded in length, and a PDF is read by a process of its own that
is bounded in time and memory: where it cannot be read, it says nothing.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from html.parser import HTMLParser

from nocturne.core.tokens import LONGEST_TEXT

LARGEST = 20 * 1024 * 1024
"""Bytes of a file that are looked at; a larger PDF is not read."""
PDF_SECONDS = 20
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript"})


def text_of(media_type: str, name: str, content: bytes) -> str:
    """Give what a file says, nothing where it cannot be read."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        return _clean(_of_html(_decoded(content)))
    if kind.startswith("text/") or kind in ("application/json", "application/xml"):
        return _clean(_decoded(content))
    if kind == "application/pdf" or name.lower().endswith(".pdf"):
        return _clean(_of_pdf(content))
    return ""


def is_readable(media_type: str, name: str) -> bool:
    """Tell whether there is any use in opening a file."""
    kind = media_type.partition(";")[0].strip().lower()
    is_pdf = kind == "application/pdf" or name.lower().endswith(".pdf")
    return (
        kind.startswith("text/")
        or kind in ("application/json", "application/xml", "application/xhtml+xml")
        or is_pdf
    )


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _clean(text: str) -> str:
    """Leave out what no database keeps in a text."""
    return text.replace("\x00", " ").encode("utf-8", "replace").decode()[:LONGEST_TEXT]


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.silent += tag in _SILENT
        self.found.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= bool(tag in _SILENT and self.silent)
        self.found.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def _of_html(source: str) -> str:
    words = _Words()
    words.feed(source[: 10 * LONGEST_TEXT])
    return "".join(words.found)


def _of_pdf(content: bytes) -> str:
    if len(content) > LARGEST or importlib.util.find_spec("pypdf") is None:
        return ""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "nocturne.watch.pdf"],
            input=content,
            capture_output=True,
            timeout=PDF_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
