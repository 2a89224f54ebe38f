"""Laws of mail: nothing is lost, nothing takes long, nothing is forged."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nocturne.core.machinemail import classify
from nocturne.core.mailthread import (
    clean_header,
    find_tag,
    message_ids,
    normalise_address,
    our_tokens,
    parse_subject,
    subject_tag,
    tagged,
    without_tags,
)
from nocturne.core.quoting import fold_quotes

LINES = st.sampled_from(
    [
        *(
            "> quoted",
            ">",
            "",
            " ",
            "-- ",
            "--",
            "Yes.",
            "On Monday NOC wrote:",
            "On Monday",
            "-----Original Message-----",
        ),
        *("From: x", "Sent: y", "To: z", "Subject: s", "__________", "Sent from my x", "\u2028", "\x0c"),
    ]
)
TEXTS = st.lists(LINES, max_size=14).map("\n".join) | st.text(max_size=60)


def fits(ticket: int, letters: str) -> bool:
    return letters == f"{ticket % 8 + 2}a"


@settings(max_examples=80, deadline=None)
@given(text=TEXTS)
def test_folding_takes_nothing_away_and_leaves_something_to_read(text: str) -> None:
    new, tail = fold_quotes(text)
    assert new + tail == text
    assert new.strip() or not tail


@settings(max_examples=30, deadline=None)
@given(value=st.text(max_size=60))
def test_a_cleaned_header_is_one_printable_line_and_stays_as_it_is(value: str) -> None:
    clean = clean_header(value)
    assert not any(char in clean for char in "\r\n\0\t\u202e\u2066\u2028")
    assert clean_header(clean) == clean


@settings(max_examples=30, deadline=None)
@given(value=st.text(max_size=40) | st.emails())
def test_an_address_in_its_form_stays_as_it_is(value: str) -> None:
    kept = normalise_address(value)
    assert kept is None or normalise_address(kept) == kept


@settings(max_examples=30, deadline=None)
@given(subject=st.text(alphabet="Re: [noc#47-a]Fwd", max_size=40), ticket=st.integers(1, 10**17))
def test_every_tagged_subject_finds_its_ticket(subject: str, ticket: int) -> None:
    tag = subject_tag("noc", ticket, f"{ticket % 8 + 2}a")
    whole = tagged(subject, tag, ["noc"], fits)
    assert find_tag(whole, ["noc"], fits) == ticket
    assert without_tags(whole, ["noc"], fits) == without_tags(subject, ["noc"], fits)


@pytest.mark.parametrize(
    "piece",
    [
        "> ",
        "-- \n",
        ">\n\n",
        "\n",
        "On x wrote:\n> q\n",
        "From: a\n",
        "<",
        "<a",
        "[noc #1-",
        "[ ",
        "Re: ",
        "re[1",
        "a ",
        "@",
        "-----Original Message-----\n",
        "-",
        "_",
        "*:",
        " \u00a0",
        "\u202e",
        "a@a.",
        "--\r",
    ],
)
def test_a_long_mail_of_anything_is_read_line_by_line(piece: str) -> None:
    hostile = piece * (60_000 // len(piece))
    new, tail = fold_quotes(hostile)
    assert len(new) + len(tail) == len(hostile)
    message_ids(hostile)
    our_tokens(hostile, hostile)
    find_tag(hostile[:65_536], ["noc"], fits)
    parse_subject(hostile[:65_536])
    normalise_address(hostile)
    classify([("Subject", hostile), ("From", hostile)])


def test_a_megabyte_of_quotes_is_folded() -> None:
    new, tail = fold_quotes("Yes.\n" + "> No.\n\n" * 130_000)
    assert (new, len(tail)) == ("Yes.\n", 910_000)
