"""The views that come with Nocturne."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A view that comes with Nocturne. `asks` is a column that it tells of by what is in it."""

    key: str
    title: Promise
    query: str
    order: str = "priority"
    empty: str | Promise = _("Nothing here. That is good news.")
    staff: bool = True
    asks: str = ""
    is_pinned: bool = False


BUILT_IN: dict[str, BuiltIn] = {
    each.key: each
    for each in (
        BuiltIn("board", _("Board"), "is:open", empty=_("No open ticket. Quiet night."), staff=False),
        BuiltIn(
            "mine", _("My work"), "is:open owner:me", asks="owner", empty=_("Nothing is yours just now.")
        ),
        BuiltIn(
            "untaken",
            _("Not taken"),
            "is:untaken",
            asks="owner",
            empty=_("Everything has an owner."),
            is_pinned=True,
        ),
        BuiltIn(
            "noalarm",
            _("Waiting, no timer"),
            "is:noalarm",
            asks="alarm_at",
            empty=_("Every ticket that waits has a timer."),
            is_pinned=True,
        ),
        BuiltIn("ringing", _("Timers due"), "is:ringing", asks="ringing_since", empty=_("No timer is due.")),
        BuiltIn(
            "signoff",
            _("Sign-off"),
            "is:signoff",
            order="oldest",
            asks="checked_by",
            empty=_("Everything that is resolved has been signed off."),
            is_pinned=True,
        ),
        BuiltIn(
            "ended", _("Ended"), "is:resolved,closed,rejected", order="newest", asks="state", staff=False
        ),
        BuiltIn("all", _("All"), "-is:merged", order="newest", staff=False),
    )
}
"""By key, which is a word and stands in the address. What is asked stands in the language of `core.query`."""
