"""Attachments' bytes: outside the database, under the hash of their content, written before they are referenced."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.core.files import File as Content
from django.core.files.storage import FileSystemStorage, Storage, storages

from nocturne.core.refusals import NotFound, TooLarge, Unavailable

PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that lie safe in the store: their SHA-256 in hexadecimal, and how many they are."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class File:
    """A file whose bytes lie in the store already; `purpose` is file, original (a mail) or html."""

    name: str
    media_type: str
    size: int
    sha256: str
    purpose: str = "file"


class DurableStorage(FileSystemStorage):
    """A directory in which a file appears whole and synced to the disk, or not at all."""

    def _save(self, name: str, content: Content[bytes]) -> str:
        path = Path(self.path(name))
        folder = path.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".part-")
        try:
            with os.fdopen(descriptor, "wb") as out:
                for piece in content.chunks(PIECE):
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            Path(temporary).chmod(0o600)
            Path(temporary).rename(path)
        except BaseException:
            Path(temporary).unlink()
            raise
        directory = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
        return name


def storage() -> Storage:
    return storages["attachments"]


def name_of(sha256: str) -> str:
    """Say under which name the storage keeps the bytes of this hash."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def keep(stream: IO[bytes] | Iterator[bytes], *, limit: int) -> Kept:
    """Store a stream of bytes durably under its hash, at most `limit` bytes.

    :raises TooLarge: there is more than the limit.
    :raises Unavailable: the disk is full.
    """
    pieces: Any = stream if not hasattr(stream, "read") else iter(lambda: stream.read(PIECE), b"")
    digest, size = hashlib.sha256(), 0
    with tempfile.SpooledTemporaryFile(max_size=1024 * 1024) as spool:
        for piece in pieces:
            size += len(piece)
            if size > limit:
                raise TooLarge("attachment_too_large", field="attachments", limit=limit)
            digest.update(piece)
            _spool(spool, piece)
        name = name_of(digest.hexdigest())
        try:
            spool.seek(0)
            if not storage().exists(name):
                storage().save(name, Content(spool))
        except OSError as error:
            raise Unavailable("disk_full") from error
    return Kept(digest.hexdigest(), size)


def _spool(spool: IO[bytes], piece: bytes) -> None:
    try:
        spool.write(piece)
    except OSError as error:
        raise Unavailable("disk_full") from error


def open_blob(sha256: str) -> IO[bytes]:
    """Open stored bytes for reading.

    :raises NotFound: they are not there.
    """
    try:
        return storage().open(name_of(sha256), "rb")
    except FileNotFoundError as error:
        raise NotFound("no_such_file") from error


def forget(sha256: str) -> None:
    """Delete stored bytes: only a redaction does this, when nothing else refers to them."""
    storage().delete(name_of(sha256))
