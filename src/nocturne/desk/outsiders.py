"""How much somebody outside may send in: enough for whoever has something to say, too little to drown the others."""

from __future__ import annotations

from datetime import timedelta

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import TooMany
from nocturne.desk import throttle

MOST, WITHIN = 20, timedelta(minutes=10)
"""Messages and new tickets of one account, whichever browsers and programs they come from. Mail has its own limit."""


def count(by: Actor, door: Door) -> None:
    """Count what a customer is about to send in, inside the write: what is refused for another reason does not count.

    :raises TooMany: there was too much; `minutes` says when to try again.
    """
    if by.is_staff or by.kind != "account" or door not in (Door.WEB, Door.API):
        return
    try:
        throttle.count(f"sent in:{by.id}", most=MOST, window=WITHIN)
    except TooMany as refusal:
        seconds = int(refusal.params["seconds"])
        raise TooMany("too_much_sent_in", most=MOST, seconds=seconds, minutes=-(-seconds // 60)) from None
