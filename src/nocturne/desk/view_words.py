"""Words for what is refused about views that people keep."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812

REFUSALS: dict[str, str] = {
    "no_such_view": N_("There is no such view, or it is not for you."),
    "empty_title": N_("Give the view a name; it stands in the rail."),
    "view_text_too_long": N_("This is %(length)s characters long; at most %(limit)s fit here."),
    "unknown_column": N_("There is no column %(given)s here."),
    "too_many_columns": N_("A view has at most %(limit)s columns."),
    "unknown_group": N_("Tickets cannot stand together by %(given)s here."),
    "unknown_order": N_("A list cannot have the order %(given)s here."),
    "unknown_density": N_("%(given)s is no density. Choose one of %(known)s."),
    "unknown_owner_kind": N_("A view belongs to one of %(known)s."),
    "view_needs_group": N_("Say which group the view is for."),
    "too_many_views": N_("There are %(limit)s views already; delete some that nobody uses."),
    "built_in_view": N_("This view comes with Nocturne and stays as it is. Make a copy and change that."),
    "view_changed_meanwhile": N_("Somebody else has changed this view since you opened it."),
    "view_asks_hidden": N_(
        "“%(title)s” asks for something that you may not read, so its tickets are not shown to you. "
        "Ask %(maker)s for a view without it, or an administrator for the right."
    ),
}
