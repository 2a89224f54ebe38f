"""Every act that a ticket's page offers, as a table: where it is posted, what its form asks, what it does."""

from __future__ import annotations

from nocturne.doors.web.acts import ending, facts, links, questions, words, work
from nocturne.doors.web.acts.table import Act

ALL: tuple[Act, ...] = (*words.ACTS, *work.ACTS, *questions.ACTS, *ending.ACTS, *links.ACTS, *facts.ACTS)
"""In the order in which the page offers them."""
BY_NOUN: dict[str, Act] = {act.noun: act for act in ALL}

__all__ = ["ALL", "BY_NOUN", "Act"]
