"""A tree of configuration files in a folder: read and written, with what else lies there left alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from nocturne.core.configuration.body import wrong
from nocturne.core.configuration.tree import SUFFIX, Wrong, document_at
from nocturne.doors.cli.manners import complain

LARGEST = 1_000_000
MOST = 10_000


def read(folder: Path) -> tuple[dict[str, str], list[Wrong]]:
    """Read all TOML files of a folder, and list those that are no text. Hidden files and folders are somebody else's.

    :raises typer.Exit: there is no such folder, or it holds no configuration.
    """
    if not folder.is_dir():
        raise complain(f"There is no folder {folder}.")
    files, wrongs = {}, []
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            if path.stat().st_size > LARGEST:
                wrongs.append(Wrong(name, 0, wrong("file_too_big", name, limit=LARGEST)))
                continue
            files[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            wrongs.append(Wrong(name, 0, wrong("not_utf8", name)))
        except OSError as problem:
            raise complain(f"{path} cannot be read: {problem.strerror}.") from problem
    if not files and not wrongs:
        raise complain(f"{folder} holds no configuration: there is no file {SUFFIX} in it.")
    return files, wrongs


def write(files: dict[str, str], folder: Path, *, force: bool) -> None:
    """Write a tree into a folder.

    :param force: into one that holds something already: a file of a document that is gone is taken away, whatever is
        no document's stays.
    :raises typer.Exit: the folder is not empty, or cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise complain(f"{folder} is no folder.")
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise complain(
            f"{folder} is not empty. With --force its configuration is replaced, and other files stay."
        )
    try:
        for path in [*_files(folder)] if folder.is_dir() else []:
            name = path.relative_to(folder).as_posix()
            if document_at(name) and name not in files:
                path.unlink()
        for name, text in files.items():
            _put(folder / name, text)
    except OSError as problem:
        raise complain(f"{folder} cannot be written: {problem.strerror}.") from problem


def _files(folder: Path) -> Iterator[Path]:
    seen = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            if name.endswith(SUFFIX) and not name.startswith("."):
                seen += 1
                if seen > MOST:
                    raise complain(f"{folder} holds more than {MOST} files: that is no configuration.")
                yield Path(place) / name


def _put(path: Path, text: str) -> None:
    """Replace a file whole: whoever reads it meanwhile sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(path)
