"""The supervisor: what dies is started again, and nothing outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PROGRAM = """
import os, sys
from pathlib import Path
from nocturne.config.supervisor import Child, Supervisor
run = Path(sys.argv[1])
child = [sys.executable, "-c", sys.argv[2]]
Supervisor([Child("web", child), Child("worker", child)], run=run, environment=os.environ).run(when_up=lambda: True)
"""
STEADY = """
import os, time
from nocturne.config.lifeline import end_with_parent
end_with_parent(int(os.environ["NOCTURNE_SUPERVISOR"]))
time.sleep(600)
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
BROKEN = "raise SystemExit(3)"
PATIENCE = 30.0


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(child: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PROGRAM, str(tmp_path), child]
        started.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
    for pid in (pid_of(tmp_path, "web"), pid_of(tmp_path, "worker")):
        if pid and is_alive(pid):
            os.kill(pid, signal.SIGKILL)


def pid_of(run: Path, name: str) -> int:
    file = run / f"{name}.pid"
    text = file.read_text().strip() if file.exists() else ""
    return int(text) if text else 0


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(happens: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_a_killed_web_is_started_again_while_the_worker_works_on(supervise, tmp_path):
    supervise(STEADY)
    wait_until(lambda: pid_of(tmp_path, "web") and pid_of(tmp_path, "worker"))
    web, worker = pid_of(tmp_path, "web"), pid_of(tmp_path, "worker")
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: pid_of(tmp_path, "web") not in {0, web} and is_alive(pid_of(tmp_path, "web")))
    assert pid_of(tmp_path, "worker") == worker and is_alive(worker)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_told_to_stop_it_stops_both_and_then_itself(supervise, tmp_path, sign):
    supervisor = supervise(STEADY)
    wait_until(lambda: pid_of(tmp_path, "web") and pid_of(tmp_path, "worker"))
    children = [pid_of(tmp_path, "web"), pid_of(tmp_path, "worker")]
    supervisor.send_signal(sign)
    assert supervisor.wait(PATIENCE) == 0
    assert not any(is_alive(child) for child in children)
    assert not list(tmp_path.glob("w*.pid"))


def test_killed_itself_it_takes_its_children_along(supervise, tmp_path):
    supervisor = supervise(STEADY)
    wait_until(lambda: pid_of(tmp_path, "web") and pid_of(tmp_path, "worker"))
    children = [pid_of(tmp_path, "web"), pid_of(tmp_path, "worker")]
    supervisor.kill()
    supervisor.wait()
    wait_until(lambda: not any(is_alive(child) for child in children))


def test_told_twice_it_stops_even_what_does_not_listen(supervise, tmp_path):
    supervisor = supervise(STUBBORN)
    wait_until(lambda: pid_of(tmp_path, "web") and pid_of(tmp_path, "worker"))
    children = [pid_of(tmp_path, "web"), pid_of(tmp_path, "worker")]
    supervisor.send_signal(signal.SIGTERM)
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(PATIENCE) == 0
    assert not any(is_alive(child) for child in children)


def test_what_dies_at_once_is_started_ever_more_rarely(supervise):
    supervisor = supervise(BROKEN)
    assert supervisor.stderr
    lines = [supervisor.stderr.readline() for _ in range(6)]
    waits = [float(line.rsplit("in ", 1)[1].split()[0]) for line in lines if line.startswith("web")]
    assert waits == sorted(waits) and waits[-1] > waits[0]
    assert all("ended with code 3" in line for line in lines)
