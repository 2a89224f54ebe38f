"""Checks what no test runs: lint, formatting, types, floors, templates, security, migrations, deployment."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
DJANGO = [sys.executable, "-m", "django"]
HTTPS = {"BASE_URL": "https://noc.example.net"}
UNDER_A_PATH = {"BASE_URL": "https://example.net/noc"}
TEMPLATES = "src/nocturne/doors/web/templates"


@dataclass(frozen=True)
class Check:
    """One check: what it proves, the command that does, and words in its output that mean failure all the same."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=dict)
    bad_words: str = ""


CHECKS = (
    Check("lint", [BIN / "ruff", "check", "--quiet", "--output-format", "concise", "."]),
    Check("formatting", [BIN / "ruff", "format", "--check", "--quiet", "."]),
    Check("floors", [BIN / "lint-imports", "--no-logo"]),
    Check("templates", [BIN / "djlint", "--lint", "--quiet", TEMPLATES]),
    Check("texts", [sys.executable, "tools/texts.py", "--check"]),
    Check(
        "security",
        [
            BIN / "bandit",
            "--quiet",
            "--recursive",
            "--severity-level",
            "medium",
            "-c",
            "pyproject.toml",
            "src",
        ],
    ),
    Check("slow patterns", [BIN / "regexploit-py", "--glob", "src/**/*.py"], bad_words="Vulnerable"),
    Check("migrations", [*DJANGO, "makemigrations", "--check", "--dry-run"]),
    Check("deployment", [*DJANGO, "check", "--deploy", "--fail-level", "WARNING"], HTTPS),
    Check("deployment under a path", [*DJANGO, "check", "--deploy", "--fail-level", "WARNING"], UNDER_A_PATH),
    Check("types", [BIN / "mypy"]),
)


def run_all() -> tuple[int, int]:
    """This will run every check, print how each went, and return how many passed and failed."""
    with tempfile.TemporaryDirectory(prefix="nocturne-check-") as home:
        results = [_run(check, home) for check in CHECKS]
    return results.count(True), results.count(False)


def _run(check: Check, home: str) -> bool:
    clean = {k: v for k, v in os.environ.items() if k not in {"BASE_URL", "DATABASE_URL", "PORT"}}
    environment = {
        **clean,
        "NOCTURNE_HOME": home,
        "DJANGO_SETTINGS_MODULE": "nocturne.config.settings",
        "PYTHONPATH": "src",
        **check.environment,
    }
    began = time.monotonic()
    done = subprocess.run(
        check.command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    is_good = done.returncode == 0 and not (check.bad_words and check.bad_words in said)
    print(
        f"  {check.name:26} {'ok' if is_good else 'FAILED':7} {time.monotonic() - began:5.1f} s", flush=True
    )
    if not is_good:
        print("\n".join(f"      {line}" for line in said.splitlines()), flush=True)
    return is_good


def main() -> int:
    passed, failed = run_all()
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
