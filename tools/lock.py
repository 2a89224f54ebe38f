"""This will write the lock files anew, with hashes and without the address of any index."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".venv" / "uv" / "bin" / "uv"
COMPILE = [
    *("pip", "compile", "--no-config", "--universal", "--python-version", "3.11", "--upgrade", "--quiet"),
    *("--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links"),
]
# The run-time lock comes first: it binds what development adds to the very same versions.
STEPS = [
    ["pyproject.toml", "-o", "requirements.lock"],
    # One more for each extra: what running Nocturne needs, and the extra with it.
    ["pyproject.toml", "--extra", "ldap", "-c", "requirements.lock", "-o", "requirements-ldap.lock"],
    ["pyproject.toml", "--extra", "pdf", "-c", "requirements.lock", "-o", "requirements-pdf.lock"],
    ["pyproject.toml", "--group", "dev", "-c", "requirements.lock", "-o", "requirements-dev.lock"],
]


def main() -> int:
    if not UV.exists():
        print("Locking needs uv: remove .venv and run `make env`.", file=sys.stderr)
        return 1
    # Indexes that one machine happens to know must not decide what everybody installs.
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("UV_INDEX", "UV_FIND_LINKS", "UV_EXTRA"))
    }
    for step in STEPS:
        subprocess.run([UV, *COMPILE, *step], cwd=ROOT, env=environment, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
