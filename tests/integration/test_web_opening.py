"""A ticket is opened by its form with all that is known, and what was typed survives a refusal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from nocturne.store.models import Ticket
from tests.visitor import Visitor, said


@pytest.mark.req("R10.1", "R10.2")
def test_a_ticket_is_opened_with_all_that_is_known(anna_at_her_desk: Visitor) -> None:
    answer = anna_at_her_desk.send(
        "/tickets/open",
        subject="No light on NL-IC-3321",
        text="Since ten.",
        type="trouble",
        severity="2",
        machines="cr1.aa, cr2.chi",
        site="Ann Arbor",
        started_at="20 min ago",
        next_action="Call Norlink",
        timer="30 min",
        reporter_name="Rowe",
        reporter_email="rowe@site.example",
        affected_name="Lansing College",
        circuit="NL-IC-3321",
        files=SimpleUploadedFile("trace.txt", b"1 cr1.aa", "text/plain"),
    )
    assert answer.status_code == 302, said(answer)
    row = Ticket.objects.latest("pk")
    assert (row.subject, row.severity, row.next_action) == ("No light on NL-IC-3321", 2, "Call Norlink")
    assert row.started_at is not None
    assert timezone.now() - row.started_at > timedelta(minutes=19)
    page = anna_at_her_desk.text(f"/tickets/{row.pk}")
    for word in ("Lansing College", "cr2.chi", "Rowe", "trace.txt"):
        assert word in page


def test_a_ticket_without_a_subject_is_not_opened_and_its_text_is_kept(anna_at_her_desk: Visitor) -> None:
    answer = anna_at_her_desk.send("/tickets/open", text="A long description.", machines="nowhere")
    assert answer.status_code == 422
    assert "A long description." in answer.content.decode()
    assert not Ticket.objects.exists()
