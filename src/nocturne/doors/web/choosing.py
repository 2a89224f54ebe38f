"""What a list's menu offers: which columns, and by what tickets stand together. Made here, since every list has it and
there are some sixty of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nocturne.core.permits import Actor
from nocturne.desk import columns as known
from nocturne.desk import wording
from nocturne.desk.columns import Column
from nocturne.doors.web.markup import joined, repeated
from nocturne.store import ordering


def columns(actor: Actor, shown: Sequence[Column], *, can_arrange: bool) -> SafeString:
    """List the columns there are, those shown first and in their order.

    :param can_arrange: whether those shown can be moved to the front and to the end.
    """
    names = {each.name for each in shown}
    rest = [each for each in known.readable(actor).values() if each.name not in names]
    rest.sort(key=lambda each: str(each.title))
    front, end = _("Further to the front"), _("Further to the end")
    chosen = '<li><label><input type=checkbox name=columns value="{0}" checked> {1}</label>'
    if can_arrange:
        chosen += (
            '<button class=link name=front value="{0}" title="{2}">←<span class=unseen> {1}</span></button>'
            '<button class=link name=end value="{0}" title="{3}">→<span class=unseen> {1}</span></button>'
        )
    return joined(
        (
            repeated(chosen, ((each.name, each.title, front, end) for each in shown)),
            repeated(
                '<li><label><input type=checkbox name=columns value="{}"> {}</label>',
                ((each.name, each.title) for each in rest),
            ),
        )
    )


def groupings(actor: Actor, now: str) -> SafeString:
    """List by what tickets can stand together."""
    return options((name, wording.field(name), name == now) for name in ordering.groups(actor))


def options(given: Iterable[tuple[str, str, bool]]) -> SafeString:
    """Spell what can be chosen: of each its value, its title, and whether it is chosen."""
    return repeated(
        '<option value="{}"{}>{}</option>',
        ((value, SafeString(" selected" if is_chosen else ""), title) for value, title, is_chosen in given),
    )
