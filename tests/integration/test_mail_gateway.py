"""The gateway: a mail is on the disk before its sender hears so, and whatever goes wrong, the sender tries again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import nocturne
from nocturne.doors.mail import spool
from tests.post import mail

WRAPPER = Path(nocturne.__file__).parent / "doors" / "mail" / "nocturne-mail"
SPOOLED, EMPTY, TOO_LARGE, TRY_AGAIN = 0, 65, 69, 75

pytestmark = [pytest.mark.req("R15.5", "S11")]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    """A folder as an installation has it: the wrapper beside its interpreter."""
    folder = tmp_path / "bin"
    folder.mkdir()
    shutil.copy(WRAPPER, folder / "nocturne-mail")
    (folder / "python3").symlink_to(sys.executable)
    interpreter(folder, f'exec {sys.executable} "$@"')
    return folder


def interpreter(folder: Path, script: str) -> None:
    """This will put a script in the interpreter's place."""
    (folder / "python3").unlink()
    (folder / "python3").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "python3").chmod(0o755)


def gateway(
    bin_folder: Path, home: Path, raw: bytes, *words: str, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    paths = os.pathsep.join(path for path in sys.path if path)
    settings = {
        "PATH": os.environ["PATH"],
        "NOCTURNE_HOME": str(home),
        "PYTHONPATH": paths,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        [bin_folder / "nocturne-mail", *(words or ("--queue", "general", "--action", "correspond"))],
        input=raw,
        env={**settings, **environment},
        capture_output=True,
        timeout=60,
        check=False,
    )


def spooled(home: Path) -> list[tuple[spool.Spooled, bytes]]:
    found = []
    for path in spool.waiting(spool.folder_in(home)):
        with open(path, "rb") as file:
            known = spool.read(file, path)
            found.append((known, file.read()))
    return found


def test_a_mail_lies_whole_in_the_spool_when_its_sender_hears_that_it_was_taken(
    bin_folder: Path, home: Path
) -> None:
    raw = mail(text="Nothing loads.\n") + b"\0\xff 8 bit \r\n"

    said = gateway(
        bin_folder, home, raw, "--queue", "general", "--action", "comment", SENDER="cleo@college.example"
    )

    assert said.returncode == SPOOLED
    [(known, content)] = spooled(home)
    assert content == raw
    assert (known.envelope.queue, known.envelope.action) == ("general", "comment")
    assert known.envelope.sender == "cleo@college.example"
    assert known.path.name.startswith(known.sha256)
    assert known.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("nothing", [b"", b"\n \r\n"])
def test_an_empty_mail_is_said_to_be_empty(bin_folder: Path, home: Path, nothing: bytes) -> None:
    assert gateway(bin_folder, home, nothing).returncode == EMPTY
    assert list(spool.folder_in(home).iterdir()) == []


def test_a_mail_over_the_limit_is_refused_in_words_that_the_sender_reads(
    bin_folder: Path, home: Path
) -> None:
    (home / "nocturne.toml").write_text('mail_limit = "2 kB"\n')

    said = gateway(bin_folder, home, mail(text="x" * 4000))

    assert said.returncode == TOO_LARGE
    assert said.stderr.startswith(b"5.3.4 ")
    assert list(spool.folder_in(home).iterdir()) == []


def test_options_that_cannot_be_read_leave_the_usual_limit(bin_folder: Path, home: Path) -> None:
    (home / "nocturne.toml").write_text("this is = not [ toml")

    assert gateway(bin_folder, home, mail()).returncode == SPOOLED


def test_the_mail_servers_line_for_rt_works_as_it_stands(bin_folder: Path, home: Path) -> None:
    line = "--queue general --action correspond --url https://rt.example/ --timeout 180 --extension queue --debug"
    more = ["--ca-file", "/etc/ssl/ca.pem", "--no-verify-ssl"]

    said = gateway(bin_folder, home, mail(), *line.split(), *more)

    assert said.returncode == SPOOLED
    assert said.stderr == b""
    assert spooled(home)[0][0].envelope.warnings == ()


def test_an_option_that_nobody_knows_costs_a_warning_and_no_mail(bin_folder: Path, home: Path) -> None:
    said = gateway(
        bin_folder, home, mail(), "--queue=general", "--frobnicate", "yes", "--action", "correspond", "stray"
    )

    assert said.returncode == SPOOLED
    assert b"--frobnicate" in said.stderr
    [(known, _)] = spooled(home)
    assert known.envelope.action == "correspond"
    assert len(known.envelope.warnings) == 2


def test_an_unknown_queue_is_no_matter_for_the_gateway(bin_folder: Path, home: Path) -> None:
    assert (
        gateway(bin_folder, home, mail(), "--queue", "no such queue", "--action", "jump").returncode
        == SPOOLED
    )


def test_the_same_mail_delivered_by_many_at_once_is_one_file(bin_folder: Path, home: Path) -> None:
    raw = mail()

    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(lambda _: gateway(bin_folder, home, raw).returncode, range(12)))

    assert codes == [SPOOLED] * 12
    assert len(spooled(home)) == 1


@pytest.mark.parametrize(
    "broken",
    [
        "exit 1",
        "exit 70",
        "exit 127",
        "exit 255",
        "kill -9 $$",
        "kill -SEGV $$",
        "echo 'ImportError: no module' >&2; exit 1",
        f"exec {sys.executable} -c 'raise SystemExit(67 - 66)'",
        f"exec {sys.executable} -c 'import os; os.abort()'",
    ],
)
def test_an_installation_that_cannot_start_a_program_says_try_again(
    bin_folder: Path, home: Path, broken: str
) -> None:
    interpreter(bin_folder, broken)

    assert gateway(bin_folder, home, mail()).returncode == TRY_AGAIN


def test_a_missing_interpreter_says_try_again(bin_folder: Path, home: Path) -> None:
    (bin_folder / "python3").unlink()

    assert gateway(bin_folder, home, mail(), PATH=str(bin_folder)).returncode == TRY_AGAIN


def test_an_installation_without_its_modules_says_try_again(
    bin_folder: Path, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "nocturne").mkdir()
    (tmp_path / "nocturne" / "__init__.py").write_text("import a_module_that_is_gone\n")

    assert gateway(bin_folder, home, mail(), PYTHONPATH=str(tmp_path)).returncode == TRY_AGAIN


def test_a_data_directory_that_is_not_there_is_not_made_up(bin_folder: Path, home: Path) -> None:
    """A mail spooled where nobody looks would be lost."""
    said = gateway(bin_folder, home / "typo", mail())

    assert said.returncode == TRY_AGAIN
    assert b"no data directory" in said.stderr
    assert not (home / "typo").exists()


def test_the_console_command_behaves_as_the_wrapper_does(home: Path) -> None:
    def call(raw: bytes, *words: str, **environment: str) -> int:
        command = [sys.executable, "-m", "nocturne", "mail", "in", *words]
        given = {
            **os.environ,
            "NOCTURNE_HOME": str(home),
            "PYTHONPATH": os.pathsep.join(sys.path),
            **environment,
        }
        return subprocess.run(command, input=raw, env=given, capture_output=True, check=False).returncode

    assert call(mail(), "--queue", "general", "--action", "correspond") == SPOOLED
    assert call(b"") == EMPTY
    assert call(mail(), NOCTURNE_HOME=str(home / "typo")) == TRY_AGAIN
    assert call(mail(), NOCTURNE_MAIL_LIMIT="10") == TOO_LARGE


def test_the_gateway_loads_neither_django_nor_the_rest_of_the_house() -> None:
    code = (
        "import sys, nocturne.doors.mail.gateway, nocturne.doors.mail.spool;"
        "print([name for name in sys.modules if name.split('.')[0] in ('django', 'typer', 'nh3', 'email', 'sqlite3')"
        " or name.startswith(('nocturne.store', 'nocturne.desk', 'nocturne.config'))])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    said = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "[]"


FAULTS = [
    ("write", "ENOSPC"),
    ("write", "EIO"),
    ("fsync", "EIO"),
    ("rename", "EIO"),
    ("openat", "EMFILE"),
    ("mkdir", "ENOSPC"),
    ("read", "EIO"),
    ("close", "EIO"),
]


@pytest.mark.parametrize(("call", "error"), FAULTS)
def test_a_failing_disk_never_costs_a_mail(bin_folder: Path, home: Path, call: str, error: str) -> None:
    """Each call of the program fails in its turn: it says try again, or the mail is there."""
    codes = set()
    for fault in turns(call):
        shutil.rmtree(spool.folder_in(home), ignore_errors=True)
        raw = mail()
        inject(bin_folder, f"inject={call}:error={error}:when={fault}")

        code = gateway(bin_folder, home, raw).returncode

        codes.add(code)
        assert code in (SPOOLED, TRY_AGAIN), fault
        if code == SPOOLED:
            assert [content for _, content in spooled(home)] == [raw], fault
        assert all(content == raw for _, content in spooled(home)), "half a mail was to be seen"
    assert TRY_AGAIN in codes, "no call was hit at all"


def test_a_gateway_that_is_killed_anywhere_leaves_a_whole_mail_or_none(bin_folder: Path, home: Path) -> None:
    for call in ("write", "fsync", "rename", "mkdir"):
        for fault in turns(call):
            shutil.rmtree(spool.folder_in(home), ignore_errors=True)
            raw = mail()
            inject(bin_folder, f"inject={call}:signal=SIGKILL:when={fault}")

            code = gateway(bin_folder, home, raw).returncode

            assert code in (SPOOLED, TRY_AGAIN), (call, fault)
            if code == SPOOLED:
                assert spooled(home)
            assert all(content == raw for _, content in spooled(home)), (call, fault)


def test_nothing_is_acknowledged_before_file_and_folder_are_synced(
    bin_folder: Path, home: Path, tmp_path: Path
) -> None:
    assert shutil.which("strace"), "strace is missing: apt-get install strace"
    log = tmp_path / "calls"
    interpreter(
        bin_folder, f'exec strace -qq -o {log} -e trace=fsync,rename,exit_group {sys.executable} "$@"'
    )

    assert gateway(bin_folder, home, mail()).returncode == SPOOLED

    calls = [line.split("(")[0] for line in log.read_text().splitlines() if "(" in line]
    assert calls[-4:] == ["fsync", "rename", "fsync", "exit_group"]


def turns(call: str) -> list[int]:
    """Which of the program's calls are hit: its own are the last few; the first belong to Python's start."""
    return {
        "write": [1, 2, 3],
        "fsync": [1, 2, 3],
        "rename": [1],
        "mkdir": [1],
        "close": [1, 30, 60, 90],
    }.get(call, [1, 5, 20, 45, 60, 75, 90])


def inject(bin_folder: Path, fault: str) -> None:
    assert shutil.which("strace"), "strace is missing: apt-get install strace"
    interpreter(bin_folder, f'exec strace -f -qq -o /dev/null -e {fault} {sys.executable} "$@"')
