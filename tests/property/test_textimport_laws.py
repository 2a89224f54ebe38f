"""A law of the text import: nothing is lost."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nocturne.core.textimport import ReadTicket, read_ticket

BEGINNINGS = st.sampled_from(
    [
        *(
            "",
            "  ",
            "Ticket Number: ",
            "Ticket Opened: ",
            "Problem End: ",
            "Site/line: x   Resolver: ",
            "Carrier: ",
        ),
        *(
            "Problem Description:",
            "Problem Effects: ",
            "Problem History:",
            "Time to Fix: ",
            "problem history: ",
        ),
        *(
            "20260212 10:53 ANN ",
            "20260212 10:53 ",
            "20261399 10:53 ANN ",
            "20260212 99:53 ",
            "Ticket Status: \t",
        ),
    ]
)


def everything(ticket: ReadTicket) -> str:
    words = [ticket.number, ticket.status, ticket.type, ticket.resolver, ticket.place]
    words += [ticket.description, ticket.effects, ticket.time_to_fix]
    words += [f"{told.initials} {told.text}" for told in ticket.history]
    return "\n".join(words + [line.text for line in ticket.unread])


@settings(max_examples=60, deadline=None)
@given(beginnings=st.lists(BEGINNINGS, max_size=12), blank=st.lists(st.booleans(), min_size=12, max_size=12))
def test_every_line_ends_up_somewhere(beginnings: list[str], blank: list[bool]) -> None:
    lines = [
        f"{begin}word{place}{'.' * place}{chr(10) * b}"
        for place, (begin, b) in enumerate(zip(beginnings, blank, strict=False))
    ]
    found = everything(read_ticket("\n".join(lines))).split()
    assert {f"word{place}{'.' * place}" for place in range(len(lines))} <= set(found)


@settings(max_examples=30, deadline=None)
@given(text=st.text(max_size=80))
def test_any_text_gives_a_ticket(text: str) -> None:
    kept = everything(read_ticket("Problem Description:\n" + text))
    assert "".join(text.split()) in "".join(kept.split()) or ":" in text
