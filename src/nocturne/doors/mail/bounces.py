"""What mail servers report of our own mail: it belongs to the notice it is about, and to no ticket's words."""

from __future__ import annotations

from nocturne.doors.mail.letter import Report
from nocturne.store.models import Notice


def mark(report: Report) -> Notice | None:
    """This will note on a notice what became of it; the page shows it beside the recipient.

    :return: None where the report is about no mail of ours.
    """
    if not report.message_id:
        return None
    notice = Notice.objects.filter(message_id=f"<{report.message_id.lower()}>").first()
    if notice is None:
        return None
    reason = " ".join(part for part in (report.status, report.reason) if part)[:300]
    if report.action == "failed":
        Notice.objects.filter(pk=notice.pk).update(state="failed", error=reason or "5.0.0")
    elif report.action == "delayed" and notice.state == "sent":
        Notice.objects.filter(pk=notice.pk).update(error=reason or "4.0.0")
    return notice
