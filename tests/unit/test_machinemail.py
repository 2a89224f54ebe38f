"""Whether a person or a machine wrote a mail."""

from __future__ import annotations

import pytest

from nocturne.core.machinemail import Sign, Writer, classify

PERSON = {"From": "Cleo <cleo@example.net>", "Subject": "Link is down", "Return-Path": "<cleo@example.net>"}


@pytest.mark.parametrize(
    ("more", "writer", "signal"),
    [
        ({}, Writer.HUMAN, ""),
        ({"Auto-Submitted": "auto-generated"}, Writer.HARD, "auto-submitted"),
        ({"Auto-Submitted": "Auto-Notified; owner-email=x"}, Writer.HARD, "auto-submitted"),
        ({"Auto-Submitted": "auto-replied (vacation)"}, Writer.SOFT, "auto-submitted"),
        ({"Auto-Submitted": "auto-something"}, Writer.SOFT, "auto-submitted"),
        ({"Auto-Submitted": "no"}, Writer.HUMAN, "auto-submitted"),
        ({"Auto-Submitted": "no", "X-Auto-Response-Suppress": "All"}, Writer.HUMAN, "auto-submitted"),
        ({"Precedence": "Bulk"}, Writer.SOFT, "precedence"),
        ({"Precedence": "list"}, Writer.SOFT, "precedence"),
        ({"Precedence": "junk"}, Writer.SOFT, "precedence"),
        ({"Precedence": "auto_reply"}, Writer.HARD, "precedence"),
        ({"Precedence": "first-class"}, Writer.HUMAN, ""),
        ({"X-Auto-Response-Suppress": "DR, OOF"}, Writer.SOFT, "x-auto-response-suppress"),
        ({"X-Auto-Response-Suppress": "None"}, Writer.HUMAN, ""),
        ({"List-Id": "<noc.lists.example>", "Precedence": "list"}, Writer.LIST, "list-id"),
        ({"List-Unsubscribe": "<mailto:x@example>"}, Writer.LIST, "list-unsubscribe"),
        ({"Mailing-List": "x"}, Writer.LIST, "mailing-list"),
        ({"X-Loop": "tracker@example.org"}, Writer.HARD, "x-loop"),
        ({"X-Autoreply": "yes"}, Writer.SOFT, "x-autoreply"),
        ({"X-Autoreply": "no"}, Writer.HUMAN, ""),
        ({"X-Mail-Autoreply": "x"}, Writer.SOFT, "x-mail-autoreply"),
        ({"Return-Path": "<>"}, Writer.HARD, "return-path"),
        ({"Return-Path": "<MAILER-DAEMON@example.net>"}, Writer.HARD, "return-path"),
        ({"Content-Type": "multipart/report; report-type=delivery-status"}, Writer.BOUNCE, "content-type"),
        (
            {"Content-Type": 'multipart/report; report-type="disposition-notification"'},
            Writer.BOUNCE,
            "content-type",
        ),
        (
            {"Content-Type": "Multipart/Report; boundary=x", "Return-Path": "<>"},
            Writer.BOUNCE,
            "content-type",
        ),
        ({"Content-Type": "multipart/report; report-type=feedback-report"}, Writer.HARD, "content-type"),
        ({"From": "Mail Delivery <MAILER-DAEMON@example.net>"}, Writer.HARD, "from"),
        ({"From": "postmaster@example.net"}, Writer.HARD, "from"),
        ({"From": "Carrier <no-reply@carrier.example>"}, Writer.SOFT, "from"),
        ({"From": "noreply-noc@carrier.example"}, Writer.SOFT, "from"),
        ({"Subject": "Out of Office: Link is down"}, Writer.SOFT, "subject"),
        ({"Subject": "Re: Automatische Antwort: x"}, Writer.SOFT, "subject"),
        ({"Subject": "Réponse automatique : x"}, Writer.SOFT, "subject"),
        ({"Subject": "Frånvaro: x"}, Writer.SOFT, "subject"),
        ({"Subject": "自动回复: x"}, Writer.SOFT, "subject"),
        ({"Subject": "The line is out of office hours only"}, Writer.HUMAN, ""),
        ({"X-Nocturne-Ticket": "99", "Message-ID": "<a@peer.example>"}, Writer.HUMAN, ""),
        ({"X-Nocturne-Ticket": "99", "Message-ID": "<a@NOC.example>"}, Writer.HARD, "own"),
    ],
)
@pytest.mark.req("R15.5")
def test_every_sign_of_machine_mail_is_known(more: dict[str, str], writer: Writer, signal: str) -> None:
    found = classify(PERSON | more, own_names=["noc.example"])
    assert found == Sign(writer, signal)
    assert found.writer.may_be_answered == found.writer.may_move_states == (writer is Writer.HUMAN)


def test_headers_may_come_as_pairs_in_any_case_and_more_than_once() -> None:
    pairs = [
        ("FROM", "cleo@example.net"),
        ("x-auto-response-suppress", "x"),
        ("X-Auto-Response-Suppress", "oof"),
    ]
    assert classify(pairs).writer is Writer.SOFT
    assert classify([]).writer is Writer.HUMAN


def test_the_envelope_sender_is_believed_before_a_return_path() -> None:
    assert classify(PERSON, envelope_sender="").writer is Writer.HARD
    assert classify(PERSON | {"Return-Path": "<>"}, envelope_sender="cleo@example.net").writer is Writer.HUMAN
