"""Reads a mail: whatever is wrong with it, something comes out, and the mail itself is kept beside it."""

from __future__ import annotations

import hashlib
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from nocturne.core.mailthread import clean_header, message_ids, normalise_address
from nocturne.core.quoting import fold_quotes
from nocturne.doors.mail import hypertext, mime
from nocturne.doors.mail.charsets import decode
from nocturne.doors.mail.filenames import safe_name
from nocturne.doors.mail.flowed import joined
from nocturne.doors.mail.headers import Header, decode_words, mailboxes, split_off
from nocturne.doors.mail.letter import Letter, Piece, Report

LONGEST_TEXT = 1_000_000
LONGEST_SUBJECT = 10_000
SECONDS_FOR_HTML = 1.5
MOST_HEADERS_SHOWN = 200
T = TypeVar("T")

_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(13, 32), *range(127, 160)])
"""What no page and no database shows; the place where the tail begins is counted without them."""
_ADDRESS_LIKE = re.compile(r"[^\s<>\"',;:]{1,64}@[^\s<>\"',;:]{1,253}")


def read(raw: bytes, folder: Path) -> Letter:
    """This will read a mail; its parts that are kept as files are written into a folder."""
    outermost, flags = mime.parse(raw)
    header = outermost.header
    letter = Letter(
        message_id=_message_id(header),
        in_reply_to=header.raw("in-reply-to"),
        references=" ".join(header.all("references")),
        to=_people(header, "to"),
        cc=_people(header, "cc"),
        subject=header.text("subject")[:LONGEST_SUBJECT],
        claimed_at=header.text("date")[:100],
        headers=[
            [name, clean_header(decode_words(value))[:2000]]
            for name, value in header.fields[:MOST_HEADERS_SHOWN]
        ],
        body_hash=_body_hash(raw),
    )
    _read_sender(letter, header, flags)
    for name in ("subject", "message-id", "from"):
        if len(header.all(name)) > 1:
            flags.add(f"several_{name.replace('-', '_')}")
    letter.report = _guarded(_report, outermost, flags)
    _Body(letter, folder, flags).read(outermost)
    letter.flags = sorted(flags | header.flags)
    return letter


def _guarded(act: Callable[[mime.Part], T], part: mime.Part, flags: set[str]) -> T | None:
    """Do one thing to one part; a part that breaks it costs only that."""
    try:
        return act(part)
    except (Exception, RecursionError):
        flags.add("broken_part")
        return None


def _message_id(header: Header) -> str:
    found = message_ids(header.raw("message-id"))
    return clean_header(found[0])[:500] if found else ""


def _people(header: Header, name: str) -> list[list[str]]:
    return [[box.name, box.address] for box in mailboxes(header, name)][:100]


def _read_sender(letter: Letter, header: Header, flags: set[str]) -> None:
    """Settle who wrote it. Of several nobody is chosen: an identity is never guessed."""
    letter.senders = [each for each in _people(header, "from") if each[1]]
    if not letter.senders and (alone := _ADDRESS_LIKE.findall(header.raw("from"))):
        known = {normalise_address(each) for each in alone} - {None}
        letter.senders = [["", str(each)] for each in sorted(known, key=str)]
    addresses = {address for _, address in letter.senders}
    if len(addresses) == 1:
        letter.senders = letter.senders[:1]
    elif not addresses:
        flags.add("no_sender")
    else:
        flags.add("several_senders")


def _body_hash(raw: bytes) -> str:
    """Hash what stays the same between copies of a mail: its body, line ends apart."""
    header, body = split_off(raw)
    body = body if header.fields else raw
    return hashlib.sha256(body.replace(b"\r\n", b"\n").strip(b"\n")).hexdigest()


class _Body:
    """Gathers a mail's words from its parts in their order, and makes files of the rest."""

    def __init__(self, letter: Letter, folder: Path, flags: set[str]) -> None:
        self.letter = letter
        self.folder = folder
        self.flags = flags
        self.words: list[str] = []
        self.pages: list[str] = []

    def read(self, part: mime.Part) -> None:
        self._walk(part)
        text = "\n".join(each.strip("\n") + "\n" for each in self.words if each.strip()).translate(_CONTROLS)
        if len(text) > LONGEST_TEXT:
            text = text[:LONGEST_TEXT]
            self.flags.add("text_cut")
        new, tail = fold_quotes(text)
        self.letter.text = text
        self.letter.tail = len(new) if tail.strip() else None
        if self.pages:
            page = "\n<hr>\n".join(self.pages).encode("utf-8", "replace")
            self._keep("message.html", "text/html", page, purpose="html")

    def _walk(self, part: mime.Part) -> None:
        if part.kind == "multipart/alternative":
            self._alternatives(part)
        elif part.parts:
            for each in part.parts:
                self._walk(each)
        elif not _guarded(self._take_words, part, self.flags):
            _guarded(self._take_file, part, self.flags)

    def _alternatives(self, part: mime.Part) -> None:
        """Of several ways to say one thing, take the plain one for the words and the HTML one as the page."""
        plain = [each for each in part.parts if each.kind == "text/plain" and not _is_file(each)]
        if not any(each.content().strip() for each in plain):
            plain = []
        has_page = False
        for each in part.parts:
            inner = next(
                (leaf for leaf in each.leaves() if leaf.kind == "text/html" and not _is_file(leaf)), None
            )
            if each in plain[:1]:
                self.words.append(self._plain(each))
            elif inner is not None and not has_page:
                has_page = True
                source = decode(inner.content(), inner.charset)
                self._take_page(source)
                if not plain:
                    self.words.append(self._as_text(source))
                for leaf in each.leaves():
                    if leaf is not inner:
                        self._walk(leaf)
            else:
                self._walk(each)

    def _take_words(self, part: mime.Part) -> bool:
        if part.kind not in ("text/plain", "text/html") or _is_file(part):
            return False
        if part.kind == "text/plain":
            self.words.append(self._plain(part))
        else:
            source = decode(part.content(), part.charset)
            self._take_page(source)
            self.words.append(self._as_text(source))
        return True

    def _plain(self, part: mime.Part) -> str:
        text = decode(part.content(), part.charset).replace("\r\n", "\n").replace("\r", "\n")
        if part.parameter("format").lower() == "flowed":
            text = joined(text, delete_space=part.parameter("delsp").lower() == "yes")
        return text

    def _take_page(self, source: str) -> None:
        try:
            with _at_most(SECONDS_FOR_HTML):
                self.pages.append(hypertext.sanitise(source))
        except (hypertext.TooComplex, RecursionError):
            self.flags.add("html_not_shown")

    def _as_text(self, source: str) -> str:
        try:
            with _at_most(SECONDS_FOR_HTML):
                return hypertext.as_text(source)
        except (hypertext.TooComplex, RecursionError):
            self.flags.add("html_not_shown")
            return ""

    def _take_file(self, part: mime.Part) -> None:
        content = part.content()
        if not content and not part.filename:
            return
        name = safe_name(clean_header(decode_words(part.filename)), part.kind, len(self.letter.pieces) + 1)
        self._keep(name, part.kind, content)

    def _keep(self, name: str, media_type: str, content: bytes, *, purpose: str = "file") -> None:
        place = f"{len(self.letter.pieces) + 1}"
        (self.folder / place).write_bytes(content)
        self.letter.pieces.append(Piece(name, media_type[:100], place, len(content), purpose))


def _is_file(part: mime.Part) -> bool:
    return part.disposition == "attachment" or (bool(part.filename) and part.disposition != "inline")


def _report(part: mime.Part) -> Report | None:
    """Read a delivery report or a receipt, if the mail is one."""
    if part.kind != "multipart/report":
        return None
    leaves = list(part.leaves())
    kind = next(
        (
            each.kind.partition("/")[2]
            for each in leaves
            if each.kind in ("message/delivery-status", "message/disposition-notification")
        ),
        "",
    )
    if not kind:
        return None
    report = Report(kind)
    for each in leaves:
        if each.kind in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"):
            report.message_id = _message_id(split_off(each.content())[0])
        elif each.kind == "message/delivery-status":
            _read_recipients(report, each.content())
    return report


def _read_recipients(report: Report, content: bytes) -> None:
    """Read the first recipient that it failed for, else the first of all: our mails have one each."""
    for block in re.split(rb"\r?\n\r?\n", content.strip())[1:50] or [content]:
        fields, _ = split_off(block + b"\n\n")
        action = fields.text("action").lower()
        if report.action and action != "failed":
            continue
        report.action = action
        report.status = fields.text("status")[:20]
        report.address = fields.text("final-recipient").rpartition(";")[2].strip()[:254]
        report.reason = fields.text("diagnostic-code").partition(";")[2].strip()[:200]
        if action == "failed":
            return


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Give up on HTML that eats time; the process as a whole has a limit besides."""

    def too_long(_sign: int, _frame: object) -> None:
        raise hypertext.TooComplex

    before = signal.signal(signal.SIGVTALRM, too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
