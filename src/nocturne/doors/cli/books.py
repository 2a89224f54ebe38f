"""Proving the books: that headers are what their entries add up to, and that no entry was touched."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer

from nocturne.doors.cli.manners import complain, with_database

app = typer.Typer(rich_markup_mode=None)
audits = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="For auditors: who changed what, and proofs."
)
app.add_typer(audits, name="audit")

Number = Annotated[int | None, typer.Argument(help="One ticket only; all of them without it.")]
TOLD_EVERY = 10.0
"""Seconds between two words on how far a long walk has come."""


@app.command()
@with_database
def refold(
    number: Number = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only look, and stop at the first difference.")
    ] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Set every header that differs to what its entries add up to.")
    ] = False,
) -> None:
    """Prove that every ticket's header is what its entries add up to, while everything goes on."""
    from nocturne.store import repair as books

    if check and repair:
        raise complain("Give --check or --repair, not both.", 2)
    done = repaired = 0
    for each in _walk(number):
        done += 1
        found = books.difference(each)
        if found is None:
            continue
        column, header, folded = found
        print(f"Ticket {each}: {column} is {_shown(header)}; its entries add up to {_shown(folded)}.")
        if not repair:
            raise complain(
                "`nocturne refold --repair` sets it right; `nocturne audit verify` says if entries were touched."
            )
        repaired += 1
        print(f"Ticket {each}: {', '.join(books.repair(each))} set right.")
    print(f"{done} tickets: every header is what its entries add up to.", file=sys.stderr)
    if repaired:
        print(f"{repaired} of them were set right.", file=sys.stderr)


@audits.command("verify")
@with_database
def verify(
    number: Number = None,
    files: Annotated[
        bool, typer.Option("--files", help="Read every attachment, too, and compare its hash.")
    ] = False,
) -> None:
    """Walk every ticket's chain of hashes, and the audit's: what is changed or removed by hand breaks it."""
    from nocturne.store import repair as books

    done = broken = 0
    for each in _walk(number):
        done += 1
        for wrong in _wrongs(books.broken_link(each), each, files=files):
            broken += 1
            print(f"Ticket {each}: {wrong}.")
    if number is None:
        broken += _audit_is_broken()
    if broken:
        raise complain(f"{done} tickets walked, {broken} things are not as they were written.")
    print(f"{done} tickets: every entry is as it was written.", file=sys.stderr)


def _audit_is_broken() -> int:
    """This will walk the audit, and say the hash of its last row: kept elsewhere, it proves that none was cut off."""
    from nocturne.desk import trail
    from nocturne.desk.alarms import MACHINERY

    walked = trail.check(by=MACHINERY, seconds=None)
    if walked.broken is None:
        last = f"; the last, {walked.last}, has the hash {walked.seal}" if walked.rows else ""
        print(f"Audit: {walked.rows} rows, every one as it was written{last}.", file=sys.stderr)
        return 0
    reason = "a row before it is missing or changed" if walked.broken.reason == "gap" else "it was changed"
    print(f"Audit: the chain breaks at row {walked.broken.row}: {reason}.")
    return 1


def _wrongs(link: str | None, number: int, *, files: bool) -> Iterator[str]:
    if link is not None:
        yield link
    yield from _wrong_files(number, read=files)


def _wrong_files(number: int, *, read: bool) -> Iterator[str]:
    """This will compare a ticket's attachments with the entries that brought them."""
    from nocturne.core.refusals import NotFound
    from nocturne.store import blobs
    from nocturne.store.models import Attachment

    rows = Attachment.objects.filter(ticket_id=number).order_by("pk")
    for row in rows.values_list("sha256", "size", "redacted", "entry__seq", "entry__facts"):
        sha256, size, redacted, seq, facts = row
        if [sha256, size] not in facts.get("files", []):
            yield f"entry {seq} never brought the attachment {sha256[:12]}…"
        if not read or redacted:
            continue
        try:
            with blobs.open_blob(sha256) as stored:
                same = hashlib.file_digest(stored, "sha256").hexdigest() == sha256  # type: ignore[arg-type]
        except NotFound:
            yield f"the attachment {sha256[:12]}… of entry {seq} is gone"
            continue
        if not same:
            yield f"the attachment {sha256[:12]}… of entry {seq} is not what was stored"


def _walk(number: int | None) -> Iterator[int]:
    """This will give the numbers to look at, and say now and then how far it has come."""
    from nocturne.core.refusals import NotFound
    from nocturne.store.books import numbers
    from nocturne.store.models import Ticket

    if number is not None:
        if not Ticket.objects.filter(pk=number).exists():
            raise NotFound("no_such_ticket", number=number)
        yield number
        return
    yield from _told(numbers())


def _told(walked: Iterable[int]) -> Iterator[int]:
    last = time.monotonic()
    for done, number in enumerate(walked):
        if time.monotonic() - last > TOLD_EVERY:
            last = time.monotonic()
            print(f"{done} tickets so far, at number {number} …", file=sys.stderr)
        yield number


def _shown(value: Any) -> str:
    return "nothing" if value is None else repr(value)
