"""Runs every suite from nothing, on SQLite and on a real PostgreSQL, and ends with one clear summary.

python tools/suites.py [--without "browser postgres"]
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import debian, postgres  # noqa: E402

PROCESSES = 2


@dataclass(frozen=True)
class Suite:
    """A folder of tests, and what it is run with. The order of `SUITES` is the order of running: fast ones first.

    :param processes: how many run it side by side; more than there are processors where tests mostly wait for a house.
    """

    name: str
    folder: str
    needs: frozenset[str] = frozenset()
    processes: int = PROCESSES


SUITES = (
    Suite("unit", "unit"),
    Suite("property", "property"),
    Suite("integration", "integration"),
    Suite("noninterference", "noninterference"),
    Suite("flows", "flows", processes=3),
    Suite("directory", "directory", frozenset({"openldap"})),
    Suite("integration on PostgreSQL", "integration", frozenset({"postgres"})),
    Suite("property on PostgreSQL", "property", frozenset({"postgres"})),
    Suite("noninterference on PostgreSQL", "noninterference", frozenset({"postgres"})),
    Suite("flows on PostgreSQL", "flows", frozenset({"postgres"}), processes=3),
    Suite("browser", "browser", frozenset({"browser"})),
)
CHECKS = "check"
CAN_BE_LEFT_OUT = sorted(
    {suite.folder for suite in SUITES} | {need for s in SUITES for need in s.needs} | {CHECKS}
)


@dataclass
class Outcome:
    """How one suite went; `remark` says why it did not run, if it did not."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    remark: str = ""
    was_left_out: bool = False

    @property
    def is_bad(self) -> bool:
        return not self.was_left_out and (self.failed > 0 or bool(self.remark))


def main() -> int:
    left_out = _left_out()
    # A terminated run cleans up after itself as an interrupted one does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    with ExitStack() as stack:
        models = stack.enter_context(tempfile.TemporaryDirectory(prefix="nocturne-models-"))
        environment = _surroundings(Path(models))
        missing = _provide(left_out, environment, stack)
        outcomes = [_run_or_explain(suite, left_out, missing, environment) for suite in SUITES]
    outcomes.append(_check(left_out))
    return _summary(outcomes, time.monotonic() - began)


def _surroundings(kept: Path) -> dict[str, str]:
    """This will give the environment of all suites; what they make once for all of them is kept in a folder.

    The tree stays clean, but what Python compiles is kept: hundreds of houses and commands are started, and compiling
    the source anew is more than half of such a start.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return environment | {"PYTHONPYCACHEPREFIX": str(kept / "compiled"), "NOCTURNE_TEST_MODELS": str(kept)}


def _left_out() -> frozenset[str]:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--without", default="", help=f"what to leave out: {' '.join(CAN_BE_LEFT_OUT)}")
    names = frozenset(parser.parse_args().without.replace(",", " ").split())
    if unknown := names - set(CAN_BE_LEFT_OUT):
        parser.error(
            f"cannot leave out {' '.join(sorted(unknown))}; these can be: {' '.join(CAN_BE_LEFT_OUT)}"
        )
    return names


def _provide(left_out: frozenset[str], environment: dict[str, str], stack: ExitStack) -> dict[str, str]:
    """This will start or find what suites need, and return for each thing that is missing the command that helps."""
    missing = {}
    if "browser" not in left_out:
        try:
            environment["CHROMIUM"] = str(debian.chromium())
        except debian.Missing as what:
            missing["browser"] = str(what)
    if not left_out & {"openldap", "directory"}:
        try:
            debian.directory()
        except debian.Missing as what:
            missing["openldap"] = str(what)
    if "postgres" not in left_out:
        try:
            environment["NOCTURNE_TEST_POSTGRES"] = stack.enter_context(postgres.throw_away())
        except debian.Missing as what:
            missing["postgres"] = str(what)
    return missing


def _run_or_explain(
    suite: Suite, left_out: frozenset[str], missing: Mapping[str, str], environment: Mapping[str, str]
) -> Outcome:
    if out := left_out & (suite.needs | {suite.folder}):
        return Outcome(suite.name, was_left_out=True, remark=f"left out by WITHOUT={' '.join(sorted(out))}")
    for need in suite.needs:
        if need in missing:
            return Outcome(suite.name, failed=1, remark=missing[need])
    return _run(suite, environment)


def _run(suite: Suite, environment: Mapping[str, str]) -> Outcome:
    folder = ROOT / "tests" / suite.folder
    if not any(folder.rglob("test_*.py")):
        return Outcome(suite.name, failed=1, remark=f"there are no tests in {folder.relative_to(ROOT)}")
    address = environment["NOCTURNE_TEST_POSTGRES"] if "postgres" in suite.needs else ""
    print(f"\n=== {suite.name} ===", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.xml"
        command = [sys.executable, "-m", "pytest", str(folder), "-q", "-n", str(suite.processes)]
        spread = ["--dist", "loadfile", "--no-loadscope-reorder"]
        quiet = [
            "--no-header",
            "--show-capture=all",
            "--durations=5",
            "--durations-min=2",
            "-p",
            "no:cacheprovider",
        ]
        code = subprocess.call(
            [*command, *spread, *quiet, f"--junitxml={report}"],
            cwd=ROOT,
            env={**environment, "NOCTURNE_TEST_DATABASE_URL": address},
        )
        outcome = Outcome(suite.name, *_counted(report), seconds=time.monotonic() - began)
    if code and not outcome.failed:
        outcome.failed, outcome.remark = 1, f"pytest ended with code {code}"
    return outcome


def _counted(report: Path) -> tuple[int, int, int]:
    """This will read from a suite's report how many tests passed, failed and were skipped."""
    if not report.exists():
        return 0, 0, 0
    counts = [
        (
            int(s.get("tests", 0)),
            int(s.get("failures", 0)) + int(s.get("errors", 0)),
            int(s.get("skipped", 0)),
        )
        for s in ElementTree.parse(report).getroot().iter("testsuite")
    ]
    tests, failed, skipped = (sum(column) for column in zip(*counts, strict=True))
    return max(0, tests - failed - skipped), failed, skipped


def _check(left_out: frozenset[str]) -> Outcome:
    if CHECKS in left_out:
        return Outcome(CHECKS, was_left_out=True, remark="left out by WITHOUT=check")
    from tools import check

    print(f"\n=== {CHECKS} ===", flush=True)
    began = time.monotonic()
    passed, failed = check.run_all()
    return Outcome(CHECKS, passed, failed, seconds=time.monotonic() - began)


def _summary(outcomes: list[Outcome], seconds: float) -> int:
    print("\n=== summary ===")
    for line in _lines(outcomes):
        print(line)
    passed, failed = sum(o.passed for o in outcomes), sum(o.failed for o in outcomes)
    skipped = sum(o.skipped for o in outcomes)
    end = f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")
    print(f"{seconds:.0f} s in all\n\n{end}", flush=True)
    return int(any(outcome.is_bad for outcome in outcomes) or not passed)


def _lines(outcomes: list[Outcome]) -> Iterator[str]:
    width = max(len(outcome.name) for outcome in outcomes)
    for outcome in outcomes:
        counts = f"{outcome.passed:5} passed {outcome.failed:4} failed {outcome.seconds:6.0f} s"
        if outcome.skipped:
            counts += f"  {outcome.skipped} skipped"
        yield f"  {outcome.name:{width}}  {outcome.remark if outcome.was_left_out else counts}".rstrip()
        if outcome.remark and not outcome.was_left_out:
            yield f"      {outcome.remark}"


if __name__ == "__main__":
    sys.exit(main())
