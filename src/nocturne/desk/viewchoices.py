"""How one person has a view shown: their own columns, groups and order, whoever keeps the view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid
from nocturne.desk import columns as known
from nocturne.desk import savedviews
from nocturne.desk.looks import Look
from nocturne.desk.savedviews import View
from nocturne.store import ordering
from nocturne.store.db import writing
from nocturne.store.models import SeenView

MOST_COLUMNS = 40


def applied(view: View, look: Look | None) -> tuple[View, bool]:
    """Give a view as its reader has it shown, and whether that is a choice of their own."""
    choice = look.choice if look is not None else None
    if choice is None:
        return view, False
    told = {
        "columns": tuple(choice.get("columns", ())) or view.columns,
        "grouped": choice.get("grouped", ""),
        "order": choice.get("order") or view.order,
    }
    return replace(view, **told), True


def choose(key: str, columns: Sequence[str], grouped: str, order: str, *, by: Actor) -> None:
    """Remember how somebody wants a view shown.

    :raises NotFound: there is no such view for them.
    :raises Invalid: there is no such column, group or order for them.
    :raises Forbidden: they are no account.
    """
    if by.kind != "account" or by.id is None:
        raise Forbidden("not_permitted")
    savedviews.named(key, by)
    mine = known.readable(by)
    strange = [name for name in columns if name not in mine]
    if strange or len(columns) > MOST_COLUMNS:
        raise Invalid("unknown_column", field="columns", given=(strange or [""])[0][:60])
    if grouped and ordering.grouped(grouped, by) is None:
        raise Invalid("unknown_group", field="grouped", given=grouped[:60])
    if order and not ordering.is_known(order, by):
        raise Invalid("unknown_order", field="order", given=order[:60])
    with writing():
        choice = {"columns": list(dict.fromkeys(columns)), "grouped": grouped, "order": order}
        SeenView.objects.update_or_create(user_id=by.id, view=key, defaults={"choice": choice})


def forget(key: str, *, by: Actor) -> None:
    """Let a view be shown again as whoever keeps it wants it."""
    with writing():
        SeenView.objects.filter(user_id=by.id or 0, view=key).update(choice=None)
