"""Runs every suite from nothing, on SQLite and on a real PostgreSQL, and ends with one clear summary.

python tools/suites.py [--without "browser postgres"]

Suites that look at the time run one after another. What only computes is done beside them, with what they leave of the
processors: they come first whenever they have something to do.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import debian, postgres  # noqa: E402

PROCESSES = 2


@dataclass(frozen=True)
class Suite:
    """A folder of tests, and what it is run with. The order of `SUITES` is the order of running.

    :param processes: how many run it side by side; more than there are processors where tests mostly wait for a house.
    :param is_patient: nothing in it looks at the time, so that it is run beside the others.
    """

    name: str
    folder: str
    needs: frozenset[str] = frozenset()
    processes: int = PROCESSES
    is_patient: bool = False


SUITES = (
    Suite("unit", "unit"),
    Suite("property", "property", is_patient=True),
    Suite("integration", "integration"),
    Suite("noninterference", "noninterference", is_patient=True),
    Suite("flows", "flows", processes=3),
    Suite("directory", "directory", frozenset({"openldap"})),
    Suite("integration on PostgreSQL", "integration", frozenset({"postgres"})),
    Suite("property on PostgreSQL", "property", frozenset({"postgres"}), is_patient=True),
    Suite("noninterference on PostgreSQL", "noninterference", frozenset({"postgres"}), is_patient=True),
    Suite("flows on PostgreSQL", "flows", frozenset({"postgres"}), processes=3),
    Suite("browser", "browser", frozenset({"browser"})),
    Suite("check", "check", is_patient=True),
)
CHECKS = "check"
CAN_BE_LEFT_OUT = sorted({suite.folder for suite in SUITES} | {need for s in SUITES for need in s.needs})
PATIENTLY = ("nice", "-n", "10")
BESIDE = "NOCTURNE_TEST_POSTGRES_BESIDE"
"""Where the server of the patient suites is named. On one server a transaction that runs long, as a test is one, keeps
what was written meanwhile from being told by others, in whichever databases they are."""
PATIENCE = 900
"""Seconds for a test that waits for the suites that it is run beside."""


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
        outcomes = _run_all(lambda suite: _run_or_explain(suite, left_out, missing, environment))
    return _summary(outcomes, time.monotonic() - began)


def _run_all(run: Callable[[Suite], Outcome]) -> list[Outcome]:
    """This will run the suites one after another, and the patient ones one after another beside them."""
    with ThreadPoolExecutor(1) as beside:
        patient = {suite.name: beside.submit(run, suite) for suite in SUITES if suite.is_patient}
        try:
            found = {suite.name: run(suite) for suite in SUITES if not suite.is_patient}
            found |= {name: each.result() for name, each in patient.items()}
        except BaseException:
            beside.shutdown(wait=False, cancel_futures=True)
            for process in _running.copy():
                process.terminate()
            raise
    return [found[suite.name] for suite in SUITES]


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
            environment[BESIDE] = stack.enter_context(postgres.throw_away())
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
    return _check(suite, environment) if suite.folder == CHECKS else _run(suite, environment)


_running: list[subprocess.Popen[str]] = []


def _said(suite: Suite, command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """This will run a suite's command, and return its code; what a patient one says is shown when it has ended."""
    title = f"\n=== {suite.name} ==="
    if not suite.is_patient:
        print(title, flush=True)
    kept = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} if suite.is_patient else {}
    first = PATIENTLY if suite.is_patient else ()
    with subprocess.Popen([*first, *command], cwd=ROOT, env=environment, text=True, **kept) as process:
        _running.append(process)
        said = process.communicate()[0] or ""
        _running.remove(process)
    if suite.is_patient:
        print(f"{title} (beside the others)\n{said}", flush=True)
    return process.returncode, said


def _run(suite: Suite, environment: Mapping[str, str]) -> Outcome:
    folder = ROOT / "tests" / suite.folder
    if not any(folder.rglob("test_*.py")):
        return Outcome(suite.name, failed=1, remark=f"there are no tests in {folder.relative_to(ROOT)}")
    server = environment.get(BESIDE if suite.is_patient else "NOCTURNE_TEST_POSTGRES", "")
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
        patience = [f"--timeout={PATIENCE}"] if suite.is_patient else []
        code, _ = _said(
            suite,
            [*command, *spread, *quiet, *patience, f"--junitxml={report}"],
            {
                **environment,
                "NOCTURNE_TEST_POSTGRES": server,
                "NOCTURNE_TEST_DATABASE_URL": server if "postgres" in suite.needs else "",
            },
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


def _check(suite: Suite, environment: Mapping[str, str]) -> Outcome:
    began = time.monotonic()
    _, said = _said(suite, [sys.executable, "-u", "tools/check.py"], environment)
    counts = re.search(r"^(\d+) passed, (\d+) failed$", said, re.MULTILINE)
    passed, failed = map(int, counts.groups()) if counts else (0, 1)
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
