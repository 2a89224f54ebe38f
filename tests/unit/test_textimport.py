"""A ticket that another NOC published as text becomes readable facts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nocturne.core.textimport import Told, Unread, read_ticket

TICKET = """\
Ticket Number: NREN-NOC/20260212-7     Ticket Status: CLOSE
Ticket Type:   unscheduled             Resolver:      NREN-NOC
Ticket Opened: 20260212 11:08 UTC      Problem Start: 20260212 10:50 UTC
Ticket Closed: 20260321 15:48 UTC      Problem End:   20260214 10:03 UTC

Site/line:     Harbour Inst

Problem Description:
The line to Westport flapped. The harbour institute
may have lost its primary connection.

Problem Effects:
No loss of traffic.

Problem History:
20260212 10:53 ANN Created ticket to track. Will watch for 24 hours to
see if this recurs.

20260212 11:47 ANN Recurs twice more.

Called Norlink: no planned works.

20260214 09:52 KO Further flaps at 05:38 and 09:24.
   traceroute to 192.0.2.1

Time to Fix:
0h

This ticket can be monitored at
"""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.req("R10.1")
def test_both_columns_of_the_header_are_read() -> None:
    ticket = read_ticket(TICKET)
    assert (ticket.number, ticket.status, ticket.type) == ("NREN-NOC/20260212-7", "CLOSE", "unscheduled")
    assert (ticket.resolver, ticket.place, ticket.time_to_fix) == ("NREN-NOC", "Harbour Inst", "0h")
    assert (ticket.opened, ticket.closed) == (at("2026-02-12 11:08"), at("2026-03-21 15:48"))
    assert (ticket.start, ticket.end) == (at("2026-02-12 10:50"), at("2026-02-14 10:03"))
    assert (ticket.our_type, ticket.meaning) == ("trouble", "closed")
    assert ticket.subject == "Harbour Inst: The line to Westport flapped"


def test_every_update_keeps_its_time_its_initials_and_its_paragraphs() -> None:
    assert read_ticket(TICKET).history == [
        Told(
            at("2026-02-12 10:53"),
            "ANN",
            "Created ticket to track. Will watch for 24 hours to\nsee if this recurs.",
        ),
        Told(at("2026-02-12 11:47"), "ANN", "Recurs twice more.\n\nCalled Norlink: no planned works."),
        Told(at("2026-02-14 09:52"), "KO", "Further flaps at 05:38 and 09:24.\n   traceroute to 192.0.2.1"),
    ]


def test_a_line_that_is_not_understood_is_kept_with_its_number() -> None:
    assert read_ticket(TICKET).unread == [Unread(29, "This ticket can be monitored at")]


def test_planned_work_that_still_runs_is_known_as_such() -> None:
    planned = (
        TICKET.replace("unscheduled", "scheduled  ")
        .replace("CLOSE", "UPDATE")
        .replace("Ticket Closed", "Ticket Update")
    )
    ticket = read_ticket(planned)
    assert (ticket.our_type, ticket.meaning) == ("planned", "open")
    assert (ticket.closed, ticket.updated) == (None, at("2026-03-21 15:48"))


def test_a_time_that_cannot_be_is_not_guessed() -> None:
    ticket = read_ticket(
        TICKET.replace("20260214 10:03 UTC", "soon").replace("20260212 11:08", "20260231 11:08")
    )
    assert (ticket.end, ticket.opened) == (None, None)
    assert Unread(4, "Problem End:   soon") in ticket.unread
    assert Unread(3, "Ticket Opened: 20260231 11:08 UTC") in ticket.unread


def test_an_update_with_an_impossible_time_is_not_given_to_the_one_before() -> None:
    ticket = read_ticket(TICKET.replace("20260212 11:47 ANN", "20261312 11:47 ANN"))
    assert len(ticket.history) == 2
    assert "Norlink" not in ticket.history[0].text
    assert [each.text for each in ticket.unread[:2]] == [
        "20261312 11:47 ANN Recurs twice more.",
        "Called Norlink: no planned works.",
    ]


def test_an_update_without_initials_is_an_update_all_the_same() -> None:
    ticket = read_ticket(
        "Problem History:\n20260212 10:53 Seen in the log.\n20260212 10:54 UTC ANN\nOn the next line.\n"
    )
    assert ticket.history == [
        Told(at("2026-02-12 10:53"), "", "Seen in the log."),
        Told(at("2026-02-12 10:54"), "ANN", "On the next line."),
    ]


def test_a_label_that_comes_twice_does_not_replace_the_first() -> None:
    ticket = read_ticket("stray Ticket Number: A-1\nTicket Number: A-2\nCarrier: none\nProblem End:\n")
    assert ticket.number == "A-1"
    assert [each.text for each in ticket.unread] == ["stray", "Ticket Number: A-2", "Carrier: none"]
    assert ticket.subject == "A-1"


def test_something_else_altogether_is_all_unread() -> None:
    ticket = read_ticket("Weekly report\n\nAll quiet.\n")
    assert [each.text for each in ticket.unread] == ["Weekly report", "All quiet."]
    assert read_ticket("").unread == []
