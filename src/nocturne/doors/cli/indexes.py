"""What is derived from the books so that it is found quickly, made anew."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer

from nocturne.doors.cli.manners import complain, with_database

app = typer.Typer(rich_markup_mode=None)
WORDS = "words"
TOLD_EVERY = 5.0
"""Seconds between two words on how far it has come."""


@app.command()
@with_database
def reindex(
    what: Annotated[
        str | None, typer.Argument(help="One of them only: `words` is the full text; all without it.")
    ] = None,
    further: Annotated[
        bool, typer.Option("--continue", help="Go on where it was left, what has not been made yet only.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only look whether it is what the books say.")
    ] = False,
) -> None:
    """Make anew what is derived from the books to find tickets by, while everything goes on.

    The worker does this by itself after an upgrade, more slowly; until it is done, old tickets are not found by words.
    """
    from nocturne.store import pasts, projections
    from nocturne.store.fulltext import building

    known = {building.PROJECTION.name: building.PROJECTION, pasts.PROJECTION.name: pasts.PROJECTION}
    known |= projections.known()
    if what is not None and what not in known:
        raise complain(f"There is no index {what}; there are {', '.join(sorted(known))}.", 2)
    for name in [what] if what else sorted(known):
        if check:
            _check(name)
        elif name == WORDS:
            _words(further)
        elif name == pasts.PROJECTION.name and (pasts.below() or further):
            _past()
        elif not further:
            _others(name)


def _words(further: bool) -> None:
    from nocturne.store.fulltext import building

    told = time.monotonic()

    def tell(tickets: int) -> None:
        nonlocal told
        if time.monotonic() - told > TOLD_EVERY:
            told = time.monotonic()
            print(f"{WORDS}: {tickets:,} tickets so far …", file=sys.stderr)

    made = building.run(anew=not further, told=tell)
    print(f"{WORDS}: {made.tickets:,} tickets in {made.seconds:.0f} s, {made.size / 1e6:,.1f} MB.")


def _past() -> None:
    """Make what the worker has left of it; made anew from the other end, entries of that time could be forgotten."""
    from nocturne.store import pastbuilding, pasts

    began = told = time.monotonic()

    def tell(tickets: int) -> None:
        nonlocal told
        if time.monotonic() - told > TOLD_EVERY:
            told = time.monotonic()
            print(f"{pasts.PROJECTION.name}: {tickets:,} tickets so far …", file=sys.stderr)

    made = pastbuilding.run(told=tell)
    print(f"{pasts.PROJECTION.name}: {made:,} tickets in {time.monotonic() - began:.0f} s.")


def _others(name: str) -> None:
    from nocturne.store import projections

    began = told = time.monotonic()
    for number in projections.rebuild(projections.known()[name]):
        if time.monotonic() - told > TOLD_EVERY:
            told = time.monotonic()
            print(f"{name}: up to ticket {number} so far …", file=sys.stderr)
    print(f"{name}: done in {time.monotonic() - began:.0f} s.")


def _check(name: str) -> None:
    from nocturne.store import projections
    from nocturne.store.models import Ticket

    after = 0
    while numbers := list(
        Ticket.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[: projections.STEP]
    ):
        if wrong := projections.known()[name].differing(numbers):
            raise complain(
                f"{name}: ticket {wrong[0]} is not as the books say; `nocturne reindex {name}` sets it right."
            )
        after = numbers[-1]
    print(f"{name}: as the books say.")
