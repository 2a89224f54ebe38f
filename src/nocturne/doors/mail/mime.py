"""The parts of a mail: split within bounds of depth and number, and decoded in spite of what is wrong with them."""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nocturne.doors.mail.charsets import decode
from nocturne.doors.mail.headers import Header, split_off

DEEPEST = 20
MOST_PARTS = 200

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,90}")


@dataclass(slots=True)
class Part:
    """A part and, if it is a multipart, the parts in it. `kind` is its media type in lower case."""

    header: Header
    body: bytes
    kind: str
    parts: list[Part] = field(default_factory=list)

    @property
    def charset(self) -> str:
        return self.parameter("charset")

    @property
    def disposition(self) -> str:
        return self.header.raw("content-disposition").partition(";")[0].strip().lower()

    @property
    def filename(self) -> str:
        """The name that the sender gave it, as it came: with encoded words, paths and all."""
        return self.parameter("filename", "content-disposition") or self.parameter("name")

    def parameter(self, name: str, of: str = "content-type") -> str:
        """This will read a parameter of a field, its parts put together (RFC 2231); empty where it cannot be read."""
        try:
            value = self.header.parameters(of).get_param(name, "", of)
        except Exception:
            return ""
        if isinstance(value, tuple):
            charset, _, text = value
            return decode(text.encode("latin-1", "replace"), charset or "")
        return str(value or "")

    def content(self) -> bytes:
        """This will undo the transfer encoding as far as it can be undone."""
        encoding = self.header.raw("content-transfer-encoding").partition(";")[0].strip().lower()
        if encoding == "base64":
            return _from_base64(self.body)
        if encoding == "quoted-printable":
            return quopri.decodestring(self.body)
        return self.body

    def leaves(self) -> Iterator[Part]:
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


def parse(raw: bytes) -> tuple[Part, set[str]]:
    """This will take a mail apart.

    :return: its outermost part, and what was found wrong on the way.
    """
    flags: set[str] = set()
    whole = _part(raw, "text/plain", 0, [0], flags)
    if not whole.header.fields:
        flags.add("no_header")
        whole.body = raw
    return whole, flags


def _part(raw: bytes, usual: str, depth: int, count: list[int], flags: set[str]) -> Part:
    header, body = split_off(raw)
    flags |= header.flags
    part = Part(header, body, _kind(header, usual))
    if not part.kind.startswith("multipart/"):
        return part
    boundary = part.parameter("boundary").strip()
    if not boundary or len(boundary) > 500:
        flags.add("no_boundary")
        part.kind = "text/plain"
        return part
    if depth >= DEEPEST:
        flags.add("too_deep")
        part.kind = "application/octet-stream"
        return part
    within = "message/rfc822" if part.kind == "multipart/digest" else "text/plain"
    for piece in _pieces(body, boundary.encode("utf-8", "surrogateescape"), flags):
        if count[0] >= MOST_PARTS:
            flags.add("too_many_parts")
            break
        count[0] += 1
        part.parts.append(_part(piece, within, depth + 1, count, flags))
    if not part.parts:
        flags.add("no_parts")
        part.kind = "text/plain"
    return part


def _pieces(body: bytes, boundary: bytes, flags: set[str]) -> Iterator[bytes]:
    """Cut a multipart's body at its boundary lines; one that is never closed ends with the mail."""
    line = re.compile(rb"(?:\A|(?<=\n))--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\Z)")
    start: int | None = None
    for found in line.finditer(body):
        if start is not None:
            yield _without_last_line_end(body[start : found.start()])
        if found[1]:
            return
        start = found.end()
    flags.add("not_closed")
    if start is not None:
        yield body[start:]


def _without_last_line_end(piece: bytes) -> bytes:
    """The line end before a boundary belongs to the boundary."""
    if piece.endswith(b"\r\n"):
        return piece[:-2]
    return piece.removesuffix(b"\n")


def _kind(header: Header, usual: str) -> str:
    said = header.raw("content-type").partition(";")[0].strip().lower()
    if not said:
        return usual
    return said if _TYPE.fullmatch(said) else "text/plain" if said == "text" else "application/octet-stream"


def _from_base64(body: bytes) -> bytes:
    clean = _NOT_BASE64.sub(b"", body).rstrip(b"=")
    # Four letters are three bytes; one letter left over is none.
    clean = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
    try:
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
    except binascii.Error:
        return body
