"""Which ticket a mail belongs to."""

from __future__ import annotations

import pytest

from nocturne.core.mailthread import (
    Subject,
    clean_header,
    find_tag,
    looks_like_list,
    message_id,
    message_ids,
    normalise_address,
    our_tokens,
    parse_subject,
    subject_tag,
    tagged,
    without_tags,
)
from nocturne.core.opaque import check_letters, check_letters_fit, sign_mail

KEY = b"k" * 32
NAMES = ["noc", "Old Name"]
TAG = subject_tag("noc", 4711, check_letters(KEY, 4711))


def fits(ticket: int, letters: str) -> bool:
    return check_letters_fit(KEY, ticket, letters)


@pytest.mark.parametrize(
    "subject",
    [
        f"Re: {TAG} Fibre cut",
        f"{TAG} Fibre cut",
        f"AW: Fibre cut {TAG.upper()}",
        "[other #4711-xx] " + TAG.replace(" ", "  "),
        TAG.replace(" ", ""),
        TAG.replace("noc", "old\n name"),
    ],
)
@pytest.mark.req("R15.5")
def test_a_customer_answers_and_the_tag_finds_the_ticket(subject: str) -> None:
    assert find_tag(subject, NAMES, fits) == 4711


@pytest.mark.parametrize(
    "subject",
    [
        "Fibre cut #4711",
        "[noc #4711]",
        "[noc #4711-x1]",
        TAG.replace("noc", "theirs"),
        TAG.replace("4711", "4712"),
        "[noc #0-aa]",
        "[" * 5000 + "noc #",
        "",
    ],
)
def test_somebody_elses_number_finds_nothing(subject: str) -> None:
    assert find_tag(subject, NAMES, fits) is None


def test_a_subject_carries_our_tag_once_and_keeps_those_of_others() -> None:
    assert without_tags(f"Re: {TAG} Fibre cut {TAG}", NAMES, fits) == "Re: Fibre cut"
    assert without_tags("Re: [carrier #99-aa] cut", NAMES, fits) == "Re: [carrier #99-aa] cut"
    assert tagged(f"{TAG} Fibre cut", TAG, NAMES, fits) == f"{TAG} Fibre cut"
    assert tagged("", TAG, NAMES, fits) == TAG


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("Fibre cut", Subject("Fibre cut")),
        ("Re: Fibre cut", Subject("Fibre cut", is_reply=True)),
        ("RE[2]: AW : Fibre cut", Subject("Fibre cut", is_reply=True)),
        ("SV: VS: Antw: Fibre cut", Subject("Fibre cut", is_reply=True)),
        ("回复：Fibre cut", Subject("Fibre cut", is_reply=True)),
        ("Отв: Fibre cut", Subject("Fibre cut", is_reply=True)),
        ("Fwd: Re: Fibre cut", Subject("Fibre cut", is_forward=True)),
        ("WG: Fibre cut", Subject("Fibre cut", is_forward=True)),
        ("TR : Fibre cut", Subject("Fibre cut", is_forward=True)),
        ("İLT: Fibre cut", Subject("Fibre cut", is_forward=True)),
        ("Re: Fwd: Fibre cut", Subject("Fibre cut", is_reply=True)),
        ("[EXTERNAL] Re: Fibre cut", Subject("Fibre cut", is_reply=True)),
        ("cr1: link down", Subject("cr1: link down")),
        ("Kalamazoo: link down", Subject("Kalamazoo: link down")),
        ("Re:", Subject("", is_reply=True)),
        ("", Subject("")),
    ],
)
def test_replies_and_forwards_are_known_in_many_languages(subject: str, found: Subject) -> None:
    assert parse_subject(subject) == found


def test_our_tokens_are_found_in_the_order_of_trust() -> None:
    first, second, third = (sign_mail(KEY, 4711, notice) for notice in (1, 2, 3))
    references = f"<a@b.example> {message_id(first, 'noc.example')}\r\n {message_id(second, 'NOC.example')}"
    answered = message_id(third.upper(), "relay.example")
    assert our_tokens(answered, references) == [third, second, first]
    assert our_tokens(message_id(second, "x"), references) == [second, first]
    assert our_tokens("", "<nt.4711.1.short@noc.example> nt.4711@x") == []
    assert message_ids("junk <a@b> (comment) <c d> <>") == ["a@b"]


def test_a_header_becomes_one_safe_line() -> None:
    assert clean_header("Fibre\r\n cut\tat  B") == "Fibre cut at B"
    assert clean_header("x\r\nBcc: all@example.net") == "x Bcc: all@example.net"
    assert clean_header("a\x00b\x1b[31m\u202eexe.txt\u2066\ufeff\u2028next\x85") == "ab[31mexe.txt next"
    assert clean_header("\udce9t\u00e9") == "\ufffdt\u00e9"
    assert clean_header("क्\u200dष") == "क्\u200dष"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" Cleo@Example.NET ", "cleo@example.net"),
        ("<cleo@example.net>", "cleo@example.net"),
        ("o'neil+noc@a-b.example.", "o'neil+noc@a-b.example"),
        ("josé@münchen.example", "josé@münchen.example"),
        ("root@localhost", "root@localhost"),
        ("cleo", None),
        ("@example.net", None),
        ("cleo@", None),
        ("cleo@exa mple.net", None),
        ("cleo@example..net", None),
        ("cleo@-example.net", None),
        ("a@b@example.net", None),
        ("a,b@example.net", None),
        ("a\nb@example.net", None),
        ("a\u202eb@example.net", None),
        ("x" * 65 + "@example.net", None),
        ("x@" + "y." * 130 + "net", None),
        ("", None),
    ],
)
def test_addresses_are_compared_in_one_form(given: str, kept: str | None) -> None:
    assert normalise_address(given) == kept


@pytest.mark.parametrize(
    "address",
    [
        *("network-list@college.example", "routing-l@college.example", "Outage-Announce@isp.example"),
        *("all@college.example", "all-staff@college.example", "noc-notify@isp.example"),
        *(
            "nanoglist@isp.example",
            "list.of.many@isp.example",
            "listserv@college.example",
            "users@isp.example",
        ),
        *("anybody@lists.college.example", "noc@googlegroups.com", " ALL@College.Example "),
    ],
)
def test_an_address_with_many_people_behind_it_is_known_by_its_name(address: str) -> None:
    assert looks_like_list(address)


@pytest.mark.parametrize(
    "address",
    [
        *("cleo@college.example", "cleo+list@college.example", "allan@college.example", "s.hall@isp.example"),
        *("wallace@all.example", "l@college.example", "anna.l@college.example", "noc@lakenet.example"),
        *("noc@backlist.example", "", "@", "all"),
    ],
)
def test_an_address_of_one_person_or_of_nobody_is_no_list(address: str) -> None:
    assert not looks_like_list(address)
