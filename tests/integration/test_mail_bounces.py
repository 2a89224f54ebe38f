"""Bounces, reports and receipts: what comes back of what was sent marks the notice and says nothing on the ticket."""

from __future__ import annotations

import pytest

from nocturne.core.permits import Actor
from nocturne.desk import charts
from nocturne.store.models import Entry, Notice
from tests.post import PostOffice, ours

pytestmark = [pytest.mark.req("R15.5", "R8.1", "S3"), pytest.mark.usefixtures("as_if_committed")]


def bounce(message_id: str, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    lines = [
        "From: MAILER-DAEMON@mx.college.example",
        "To: noc@lakenet.example",
        "Subject: Undelivered Mail Returned to Sender",
        "Message-ID: <bounce@mx.college.example>",
        "Auto-Submitted: auto-replied",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "I'm sorry to have to inform you …",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.college.example",
        "",
        "Final-Recipient: rfc822; cleo@college.example",
        f"Action: {action}",
        f"Status: {status}",
        "Diagnostic-Code: smtp; 550 5.1.1 no such user",
        "",
        "--b",
        "Content-Type: text/rfc822-headers",
        "",
        "From: noc@lakenet.example",
        f"Message-ID: {message_id}",
        "",
        "--b--",
        "",
    ]
    return "\n".join(lines).encode()


def test_a_bounce_marks_the_notice_and_says_nothing_on_the_ticket(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    row = office.receive(bounce(ours(complaint, purpose="reply")))

    assert (row.state, row.ticket_id) == ("bounce", complaint)
    assert Entry.objects.filter(ticket=complaint).count() == 1
    [notice] = charts.entries(complaint, anna).entries[0].notices
    assert notice.state == "failed"
    assert "no such user" in notice.error


def test_a_report_of_a_delay_is_no_failure(office: PostOffice, complaint: int) -> None:
    token = ours(complaint)

    office.receive(bounce(token, action="delayed", status="4.4.1"))

    notice = Notice.objects.get(message_id=token)
    assert notice.state == "sent"
    assert notice.error.startswith("4.4.1")


def test_a_bounce_of_somebody_elses_mail_waits_for_somebody_to_look(office: PostOffice) -> None:
    row = office.receive(bounce("<nt.1.2.aaaaaaaaaaaaaaaa@lakenet.example>"))

    assert (row.state, row.reason) == ("quarantine", "stray_bounce")


def test_a_receipt_is_no_update(office: PostOffice, complaint: int) -> None:
    raw = bounce(ours(complaint)).replace(b"message/delivery-status", b"message/disposition-notification")

    row = office.receive(raw.replace(b"delivery-status;", b"disposition-notification;"))

    assert (row.state, row.reason) == ("dropped", "receipt")
