"""One line of the table of acts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from nocturne.core.entry import Kind
from nocturne.core.lifecycle import RULES
from nocturne.desk.charts import Chart
from nocturne.doors.web.fields import Field, Words
from nocturne.doors.web.given import Do

NOTE = Field("text", _("Note"), "text", help=_("Only the staff reads it."), wide=True)
NEXT = Field(
    "next_action", _("Next action"), help=_("What has to happen next. “none” takes it away."), wide=True
)
TIMER = Field("timer", _("Timer"), help=_("2h call again"))
AT = Field("at", _("Happened"), "when", help=_("10:25, 20 min ago"))
WORKED = Field("worked", _("Time worked"), help=_("45, 1h30"))
READERS = Field("data_class", _("Who reads it"), "choice")
"""Offered where somebody may choose: what is for the staff usually is for all of them."""
ALONG: tuple[Field, ...] = (NOTE, NEXT, TIMER, AT, WORKED)
"""What may come along with any act."""

Starts = Callable[[Chart], dict[str, Any]]


def nothing(_chart: Chart) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the noun in its address, its right and place in the life cycle, its form, and the desk's verb.

    `starts` gives the values its form begins with; with `keep_was` only what was changed is sent on.
    `when` says whether it makes sense on a chart at all; `also` is a second act that the same form can do.
    """

    noun: str
    kind: Kind
    title: Words
    button: Words
    do: Do
    group: str
    fields: Sequence[Field] = ()
    along: Sequence[Field] = ALONG
    key: str = ""
    hint: Words = ""
    starts: Starts = nothing
    keep_was: bool = False
    when: Callable[[Chart], bool] = lambda chart: True  # noqa: ARG005
    menu: bool = True
    also: Kind | None = None

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return (self.kind,) if self.also is None else (self.kind, self.also)

    @property
    def is_moving(self) -> bool:
        """Whether a life cycle decides where and when it can be done."""
        return self.kind in RULES
