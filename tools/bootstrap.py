"""This will build `.venv` from a hash-locked lock file, with nothing but a standard Python 3.11 or later.

python3 tools/bootstrap.py            what running Nocturne needs  (requirements.lock)
python3 tools/bootstrap.py --ldap     and signing on by LDAP       (requirements-ldap.lock)
python3 tools/bootstrap.py --dev      and what its tests need      (requirements-dev.lock)
python3 tools/bootstrap.py --pip      by plain pip, without uv
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import catalogues  # noqa: E402

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "uv" / "bin" / "uv"
LOCKS = {"run": "requirements.lock", "ldap": "requirements-ldap.lock", "dev": "requirements-dev.lock"}
COMMANDS = {"nocturne": "nocturne.__main__", "noc": "noc.__main__"}
SCRIPTS = {"nocturne-mail": "src/nocturne/doors/mail/nocturne-mail"}
NEWER_PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")


def main(arguments: list[str]) -> int:
    unknown = set(arguments) - {"--dev", "--ldap", "--pip"}
    if unknown:
        return complain(f"bootstrap.py knows --dev, --ldap and --pip, not {' '.join(sorted(unknown))}.")
    if sys.version_info < (3, 11):  # noqa: UP036 — this file is what an older Python gets to read
        return hand_over_to_a_newer_python(arguments)
    with one_at_a_time():
        catalogues.compile_all()
        # What an environment was made for once it stays: `make run` takes nothing away.
        wanted = [each for each in ("dev", "ldap") if f"--{each}" in arguments]
        made = [each for each in ("dev", "ldap") if is_made_for(each)]
        purpose = (wanted or made or ["run"])[0]
        if is_fresh(purpose):
            return 0
        began = time.monotonic()
        if not (is_usable(VENV) or make_venv()):
            return 1
        if not install(ROOT / LOCKS[purpose], with_uv="--pip" not in arguments):
            return complain("The environment could not be built: see the error above.")
        put_the_source_on_the_path()
        stamp(purpose)
        print(
            f"environment ready in {time.monotonic() - began:.1f} s (.venv, from {LOCKS[purpose]})",
            flush=True,
        )
    return 0


def complain(message: str) -> int:
    print(message, file=sys.stderr, flush=True)
    return 1


def hand_over_to_a_newer_python(arguments: list[str]) -> int:
    for name in NEWER_PYTHONS:
        if path := shutil.which(name):
            return subprocess.call([path, str(Path(__file__).resolve()), *arguments])
    return complain(
        f"Nocturne needs Python 3.11 or later; this is {sys.version.split()[0]}. On Debian or Ubuntu:\n"
        "    apt-get install python3 python3-venv"
    )


@contextmanager
def one_at_a_time() -> Iterator[None]:
    with open(ROOT / "tools" / "bootstrap.py", "rb") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


# --- what is there already -------------------------------------------------------------------------------------


def stamp_file(purpose: str) -> Path:
    return VENV / f"made-for-{purpose}"


def is_made_for(purpose: str) -> bool:
    return stamp_file(purpose).exists()


def is_fresh(purpose: str) -> bool:
    return (
        is_usable(VENV) and is_made_for(purpose) and stamp_file(purpose).read_text() == fingerprint(purpose)
    )


def is_usable(venv: Path) -> bool:
    """This will tell whether the environment's interpreter still exists: a moved or upgraded Python breaks it."""
    return (venv / "pyvenv.cfg").exists() and PYTHON.exists()


def fingerprint(purpose: str) -> str:
    # The folder counts too: the launchers hold its absolute path, so a moved tree needs new ones.
    parts = [(ROOT / LOCKS[purpose]).read_bytes(), Path(__file__).read_bytes(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def stamp(purpose: str) -> None:
    for other in LOCKS:
        stamp_file(other).unlink(missing_ok=True)
    stamp_file(purpose).write_text(fingerprint(purpose))


# --- making it -------------------------------------------------------------------------------------------------


def make_venv() -> bool:
    if not has_venv() and not install_venv():
        return False
    shutil.rmtree(VENV, ignore_errors=True)
    return run([sys.executable, "-m", "venv", str(VENV)])


def has_venv() -> bool:
    # Debian ships the module venv without ensurepip, and so fails only half way through.
    return run([sys.executable, "-c", "import ensurepip, venv"], quiet=True)


def install_venv() -> bool:
    packages = ["python3-venv", f"python3.{sys.version_info.minor}-venv"]
    line = ["apt-get", "install", "--yes", "--no-install-recommends", *packages[:1]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Python has no venv; installing Debian's python3-venv …", flush=True)
        update = ["apt-get", "update", "--quiet=2"]
        if run(update) and run(line) and (has_venv() or run([*line[:-1], packages[1]])) and has_venv():
            return True
    complain(
        f"Python's venv is missing. On Debian or Ubuntu, as root:\n    apt-get update && {' '.join(line)}"
    )
    return False


def install(lock: Path, *, with_uv: bool) -> bool:
    if with_uv and (UV.exists() or fetch_uv()):
        environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(VENV)}
        sync = [str(UV), "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), str(lock)]
        if run(sync, environment=environment):
            return True
        print("uv did not succeed; trying plain pip …", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return run([*pip, "--require-hashes", "--requirement", str(lock)])


def fetch_uv() -> bool:
    """This will put uv beside the environment, not in it, so that a sync never removes the tool that is running."""
    lock = ROOT / "requirements-uv.lock"
    pip = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--only-binary",
        ":all:",
    ]
    got = run(
        [*pip, "--require-hashes", "--target", str(VENV / "uv"), "--requirement", str(lock)], quiet=True
    )
    if not got:
        shutil.rmtree(VENV / "uv", ignore_errors=True)
        print("uv cannot be had for this machine; using plain pip …", flush=True)
    return got


def put_the_source_on_the_path() -> None:
    """This will make `nocturne` and `noc` run from the tree, as an installed package would from its wheel."""
    [packages] = (VENV / "lib").glob("python3*/site-packages")
    (packages / "nocturne-source.pth").write_text(f"{ROOT / 'src'}\n")
    for command, module in COMMANDS.items():
        launcher = VENV / "bin" / command
        launcher.write_text(f"#!{PYTHON}\nimport sys\n\nfrom {module} import main\n\nsys.exit(main())\n")
        launcher.chmod(0o755)
    for script, source in SCRIPTS.items():
        link = VENV / "bin" / script
        link.unlink(missing_ok=True)
        link.symlink_to(ROOT / source)


def run(command: list[str], *, quiet: bool = False, environment: dict[str, str] | None = None) -> bool:
    silence = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run(command, env=environment, stdout=silence, stderr=silence).returncode == 0
    except OSError as problem:
        complain(f"{command[0]}: {problem.strerror}")
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
