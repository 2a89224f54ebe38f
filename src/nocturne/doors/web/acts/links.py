"""Acts that bind tickets together and part them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from nocturne import desk
from nocturne.core.entry import Door, Kind
from nocturne.desk.charts import Chart
from nocturne.doors.web.acts.table import NOTE, Act
from nocturne.doors.web.fields import Field
from nocturne.doors.web.given import Given

WEB = Door.WEB
_OTHER = Field("other", _("Ticket"), "number", needed=True, help=_("Its number."))
KINDS = [("parent", _("Parent")), ("depends_on", _("Depends on")), ("refers_to", _("Refers to"))]


def relate(given: Given) -> desk.Written:
    other = given.number_in("other")
    return desk.relate(given.number, given.line("kind"), other, by=given.by, door=WEB, extra=given.extra())


def unrelate(given: Given) -> desk.Written:
    other = given.number_in("other")
    return desk.unrelate(given.number, given.line("kind"), other, by=given.by, door=WEB, extra=given.extra())


def merge(given: Given) -> desk.Written:
    return desk.merge(given.number, given.number_in("into"), by=given.by, door=WEB, extra=given.extra())


def unmerge(given: Given) -> desk.Written:
    return desk.unmerge(given.number_in("gone"), by=given.by, door=WEB, extra=given.extra())


def split(given: Given) -> desk.Written:
    entries = given.words("entries")
    return desk.split(
        given.number, entries, given.line("subject"), by=given.by, door=WEB, extra=given.extra()
    )


def _absorbed(chart: Chart) -> dict[str, str]:
    gone = chart.asked if chart.asked in chart.absorbed else next(reversed(chart.absorbed), "")
    return {"gone": str(gone)}


ACTS = (
    Act("relations", Kind.RELATED, _("Relate"), _("Relate"), relate, "link", key="l", along=(NOTE,),
        fields=(Field("kind", _("How"), "choice", choices=KINDS), _OTHER)),
    Act("severance", Kind.UNRELATED, _("Take a relation away"), _("Take away"), unrelate, "link", along=(), menu=False,
        fields=(Field("kind", _("How"), "choice", choices=KINDS), _OTHER)),
    Act(
        "merge", Kind.MERGED, _("Merge into …"), _("Merge"), merge, "link", key="m", along=(NOTE,),
        fields=(Field("into", _("The ticket that stays"), "number", needed=True, help=_("Its number.")),),
        hint=_("This ticket’s number will lead there; its updates stay its own. It can be undone."),
    ),
    Act(
        "unmerge", Kind.UNMERGED, _("Undo a merge"), _("Part them"), unmerge, "link", along=(NOTE,),
        fields=(Field("gone", _("The ticket that was merged into this one"), "number", needed=True),),
        starts=_absorbed, when=lambda chart: bool(chart.absorbed),
        hint=_("What was written since the merge stays here."),
    ),
    Act(
        "split", Kind.SPLIT, _("Split"), _("Open the new ticket"), split, "link", along=(NOTE,),
        fields=(
            Field("subject", _("Subject of the new ticket"), needed=True, wide=True, longest=300),
            Field("entries", _("Updates to copy"), "choices"),
        ),
        starts=lambda chart: {"subject": chart.header.get("subject", "")},
        hint=_("The originals stay where they are; the copies cite them."),
    ),
)  # fmt: skip
