"""Reads a PDF from standard input and writes its words to standard output: a process that may be ended at any time."""

from __future__ import annotations

import io
import resource
import sys

SECONDS, BYTES = 15, 768 * 1024 * 1024
LONGEST = 200_000


def main() -> int:
    """Write the words of the first pages, as far as they are allowed for."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    from pypdf import PdfReader

    length = 0
    for page in PdfReader(io.BytesIO(sys.stdin.buffer.read())).pages:
        text = page.extract_text()
        sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
        length += len(text)
        if length > LONGEST:
            break
    return 0


if __name__ == "__main__":
    sys.exit(main())
