"""The new part of a mail and the quoted tail under it."""

from __future__ import annotations

import pytest

from nocturne.core.quoting import fold_quotes

OUTLOOK = (
    "From: NOC <noc@example.net>\nSent: Monday\nTo: Cleo\nSubject: [noc #4711-k7] cut\n\nWe work on it.\n"
)
QUOTE = "> We work on it.\n>\n> > It is down.\n"


@pytest.mark.parametrize(
    ("new", "tail"),
    [
        ("It works again.\n\n", f"On Mon, 23 Nov 2026 at 08:00, NOC <noc@example.net> wrote:\n{QUOTE}"),
        ("It works again.\n\n", f"On Mon, 23 Nov 2026 at 08:00, NOC\n<noc@example.net> wrote:\n\n{QUOTE}"),
        ("Geht wieder.\n\n", f"Am 23.11.26 um 08:00 schrieb NOC:\n{QUOTE}"),
        (
            "Ça marche.\n",
            f"Le lun. 23 nov. 2026 à 08:00, NOC <noc@example.net> a écrit :\n{QUOTE}",
        ),
        ("It works again.\n\n", f"2026-11-23 8:00 GMT+01:00 NOC <noc@example.net>:\n{QUOTE}"),
        ("It works again.\n", QUOTE),
        ("It works again.\r\n", QUOTE.replace("\n", "\r\n") + "\r\n"),
        ("It works again.\n", f"-- \nCleo\n+1 555 0100\n\nOn Monday NOC wrote:\n{QUOTE}"),
        ("It works again.\n\n", f"On Monday NOC wrote:\n{QUOTE}\n-- \nCleo\n"),
        ("It works again.\n", "-- \nCleo\n"),
        ("It works again.\n\n", "Sent from my telephone"),
        ("It works again.\n\n", f"-----Original Message-----\n{OUTLOOK}"),
        ("Geht wieder.\n\n", f"-----Ursprüngliche Nachricht-----\n{OUTLOOK}"),
        ("It works again.\n\n", f"________________________________\n{OUTLOOK}"),
        ("It works again.\n\n", OUTLOOK),
        ("Geht.\n", "*Von:* NOC\n*Gesendet:* Montag\n*An:* Cleo\n*Betreff:* cut\n\nText\n"),
        ("It works again.\n\n", f"-----Original Message-----\n{QUOTE}"),
        ("Down since 10:55.\n", ""),
        ("", ""),
    ],
)
@pytest.mark.req("R15.5")
def test_quotes_and_signatures_under_the_new_text_are_folded(new: str, tail: str) -> None:
    assert fold_quotes(new + tail) == (new, tail)


@pytest.mark.parametrize(
    "text",
    [
        "> Is it up?\nYes.\n> Since when?\nSince ten.\n",
        f"On Monday NOC wrote:\n{QUOTE}\nIt works again.\n",
        f"On Monday NOC wrote:\n{QUOTE}",
        f"-----Original Message-----\n{QUOTE}\nIt works again.\n",
        f"-----Original Message-----\n{OUTLOOK}",
        "The window:\nFrom: 02:00 UTC\nTo: 06:00 UTC\nAll sites.\n",
        "traceroute\n-- \n" + "hop\n" * 30,
        "traceroute\n--\n" + "hop\n" * 9,
    ],
)
def test_answers_between_quotes_and_mails_that_only_quote_stay_in_sight(text: str) -> None:
    assert fold_quotes(text) == (text, "")


def test_only_the_last_quote_is_folded_under_answers_in_between() -> None:
    new = "> Is it up?\nYes.\n\n"
    assert fold_quotes(new + QUOTE) == (new, QUOTE)
