"""The terms of a subscription: what is mailed, when and how, and that whoever asks for it may have it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from nocturne.core import rhythm, rhythmreading
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid
from nocturne.desk import (
    administering,
    dashboards,
    desks,
    finding,
    savedviews,
)
from nocturne.desk.subscription_slots import HANDOVER
from nocturne.store.models import Group, Subscription

KINDS = ("view", "dashboard", "query", HANDOVER)
FORMS = ("both", "text")
AT_TAKEOVERS = "takeover"
"""How the rhythm of a handover is spelt."""
ONLY = ("always", "filled", "changed")
TO_GROUPS = "administer-people"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A subscription as somebody asks for it. Without a group it is for themselves.

    :param what: the key of a view or a dashboard, or a desk's name (that of all tickets is empty).
    :param rhythm: in words; none where takeovers set it, and every day at seven otherwise.
    """

    kind: str
    what: str = ""
    query: str = ""
    rhythm: str = ""
    only: str = "always"
    group: str = ""
    title: str = ""
    form: str = "both"


def kept(row: Subscription) -> Wanted:
    """Say what a subscription was asked for, as far as that can be changed."""
    return Wanted(row.kind, row.what, row.query, spelt(row), row.only, form=row.form)


def spelt(row: Subscription) -> str:
    """Spell when a subscription is mailed, so that it is understood again."""
    return AT_TAKEOVERS if row.kind == HANDOVER else rhythm.spelt(rhythm.kept(row.rhythm))


def described(row: Subscription) -> dict[str, Any]:
    """Spell a subscription for the audit."""
    return {
        "title": row.title,
        "kind": row.kind,
        "what": row.what,
        "query": row.query,
        "rhythm": spelt(row),
        "only": row.only,
        "form": row.form,
        "rests": row.paused_at is not None,
    }


def titled(wanted: Wanted, by: Actor, now: datetime) -> str:
    """Prove that there is what is wanted, and say what it is called.

    :raises NotFound: there is no such view, dashboard or desk.
    :raises Forbidden: it asks for what they may not read.
    :raises Invalid: it is no kind of thing that is mailed, or not the group's to read.
    """
    if wanted.kind == "view":
        view = savedviews.named(wanted.what, by)
        savedviews.question(view, by, now=now)
        if wanted.group and view.kind not in ("built-in", "site") and view.group != wanted.group:
            raise Invalid("not_theirs_to_read", field="what", group=wanted.group[:60])
        return str(view.title)
    if wanted.kind == "dashboard":
        board = dashboards.named(wanted.what, by)
        if wanted.group and board.kind not in ("built-in", "site") and board.group != wanted.group:
            raise Invalid("not_theirs_to_read", field="what", group=wanted.group[:60])
        return str(board.title)
    if wanted.kind == HANDOVER:
        if not by.is_staff:
            raise Forbidden("not_permitted")
        return _("Handover: %(desk)s") % {"desk": desks.title(desks.find(wanted.what))}
    if wanted.kind != "query":
        raise Invalid("unknown_choice", field="kind", given=wanted.kind[:20], known=list(KINDS))
    if len(wanted.query) > 2_000:
        raise Invalid("view_text_too_long", field="query", limit=2_000, length=len(wanted.query))
    finding.ask(wanted.query, by, now=now)
    return wanted.query.strip() or "is:open"


def rhythm_of(wanted: Wanted, by: Actor) -> rhythm.Rhythm | None:
    """Read when something is mailed, and how; nothing where takeovers say when.

    :raises Invalid: one of it is not understood.
    """
    if wanted.only not in ONLY:
        raise Invalid("unknown_choice", field="only", given=wanted.only[:20], known=list(ONLY))
    if wanted.form not in FORMS:
        raise Invalid("unknown_choice", field="form", given=wanted.form[:20], known=list(FORMS))
    if wanted.kind != HANDOVER:
        return rhythmreading.read("" if wanted.rhythm.strip() == AT_TAKEOVERS else wanted.rhythm, by.zone)
    if wanted.rhythm.strip() not in ("", AT_TAKEOVERS):
        raise Invalid("takeovers_set_the_rhythm", field="rhythm", given=wanted.rhythm[:40])
    return None


def group_of(wanted: Wanted, by: Actor) -> Group:
    """Find the group that is to be mailed.

    :raises Forbidden: they may not have others mailed.
    :raises Invalid: there is none of that name.
    """
    administering.demand(by, TO_GROUPS)
    found = Group.objects.filter(name=wanted.group).first()
    if found is None:
        raise Invalid("no_such_group", field="group", given=wanted.group[:60])
    return found
