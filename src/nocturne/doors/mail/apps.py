"""Tells Django of this door, and the worker of its lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from nocturne.watch.lanes import Lane


class MailConfig(AppConfig):
    name = "nocturne.doors.mail"
    label = "mail"

    def ready(self) -> None:
        """Add the lane for incoming mail to every worker that is started."""
        from nocturne.watch import lanes

        lanes.makers.append(_make_lane)


def _make_lane() -> Lane:
    from nocturne.doors.mail.intake import Intake
    from nocturne.watch.lanes import Lane

    intake = Intake()
    return Lane("mail in", intake.turn, watches=False, close=intake.close)
