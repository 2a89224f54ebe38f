"""A mail's header fields, read in spite of what is wrong with them."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from email.utils import getaddresses

from nocturne.core.mailthread import clean_header, normalise_address
from nocturne.doors.mail.charsets import codec_for, decode

LONGEST_FIELD = 64 * 1024
LONGEST_HEADER = 256 * 1024
MOST_FIELDS = 1000
MOST_ADDRESSES = 500

_NAME = re.compile(rb"[!-9;-~]{1,100}")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,4000})\?=")
_GAP = re.compile(r"(=\?[^?\s]{1,60}\?[bBqQ]\?[^?]{0,4000}\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address out of a header; the address is empty where none could be read."""

    name: str
    address: str


@dataclass(slots=True)
class Header:
    """All fields of a header in their order, names in lower case, values as text that still has its encoded words."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.fields if known == name]

    def raw(self, name: str) -> str:
        return next((value for known, value in self.fields if known == name), "")

    def text(self, name: str) -> str:
        """This will give a field as one clean line in which the encoded words are decoded."""
        return clean_header(decode_words(self.raw(name)))

    def parameters(self, name: str) -> Message:
        """This will hand a field to the standard library, which knows RFC 2231; each question to it may fail."""
        found = Message()
        if value := self.raw(name):
            found[name] = value
        return found


def split_off(raw: bytes) -> tuple[Header, bytes]:
    """This will separate a header from what follows it. A line that is no field is passed over, and flagged."""
    header = Header()
    place, size, last = 0, 0, ""
    while place < len(raw):
        end = raw.find(b"\n", place)
        end = len(raw) if end < 0 else end + 1
        line = raw[place : min(end, place + LONGEST_FIELD)].rstrip(b"\r\n")
        if not line:
            return header, raw[end:]
        size += end - place
        if size > LONGEST_HEADER or len(header.fields) >= MOST_FIELDS:
            header.flags.add("huge_header")
            return header, raw[_after_blank_line(raw, place) :]
        if end - place > LONGEST_FIELD:
            header.flags.add("huge_header")
        last = _take_line(header, line, last, is_first=place == 0)
        place = end
    return header, b""


def _take_line(header: Header, line: bytes, last: str, *, is_first: bool) -> str:
    if line[:1] in (b" ", b"\t"):
        if last and header.fields:
            name, value = header.fields[-1]
            if len(value) < LONGEST_FIELD:
                header.fields[-1] = (name, f"{value} {_plain(line.strip())}")
            else:
                header.flags.add("huge_header")
        return last
    label, colon, content = line.partition(b":")
    label = label.rstrip()
    if not colon or not _NAME.fullmatch(label):
        if not (is_first and line.startswith(b"From ")):
            header.flags.add("broken_header")
        return ""
    header.fields.append((label.decode("ascii").lower(), _plain(content.strip())))
    return header.fields[-1][0]


def _after_blank_line(raw: bytes, place: int) -> int:
    found = re.compile(rb"\r?\n\r?\n").search(raw, place)
    return found.end() if found else len(raw)


def _plain(value: bytes) -> str:
    """Read a field's bytes; raw UTF-8 is allowed by now (RFC 6532)."""
    return decode(value, "utf-8").replace("\0", "")


def decode_words(value: str) -> str:
    """This will decode encoded words (RFC 2047), once; what is broken stays as it is.

    Bytes of neighbours in one charset are joined first: some programs cut a letter in two.
    """
    with suppress(RecursionError):
        return "".join(_pieces(_GAP.sub(r"\1", value)))
    return value


def _pieces(value: str) -> Iterator[str]:
    waiting, charset, place = b"", "", 0
    for match in _WORD.finditer(value):
        data = _word_bytes(match[2], match[3])
        word_charset = match[1].partition("*")[0]
        if codec_for(word_charset) is None or data is None:
            continue
        if match.start() > place or word_charset.lower() != charset:
            yield decode(waiting, charset) if waiting else ""
            yield value[place : match.start()]
            waiting, charset = b"", word_charset.lower()
        waiting += data
        place = match.end()
    yield decode(waiting, charset) if waiting else ""
    yield value[place:]


def _word_bytes(encoding: str, text: str) -> bytes | None:
    try:
        if encoding in "bB":
            return base64.b64decode(text + "=" * (-len(text) % 4))
        return quopri.decodestring(text.encode("utf-8", "replace"), header=True)
    except (binascii.Error, ValueError):
        return None


def mailboxes(header: Header, name: str) -> list[Mailbox]:
    """This will read the addresses of a field: split first and then decoded, as an encoded comma parts nobody."""
    try:
        found = getaddresses([value[:LONGEST_FIELD] for value in header.all(name)[:10]])[:MOST_ADDRESSES]
    except Exception:
        header.flags.add("broken_header")
        return []
    boxes = []
    for label, address in found:
        known = normalise_address(address) or ""
        if label or known:
            boxes.append(Mailbox(clean_header(decode_words(label))[:160], known))
    return boxes
