"""Words for what is refused about files, feeds, dashboards and subscriptions."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812

REFUSALS: dict[str, str] = {
    "export_not_permitted": N_(
        "Taking lists away as files is not among your rights. Read the list here, or ask an administrator for a "
        "clearance with the right “export”."
    ),
    "unknown_file_column": N_("There is no column %(given)s. Known are %(known)s."),
    "no_such_feed": N_("There is no such feed, or it can be read no more."),
    "too_many_feeds": N_("You have %(limit)s feeds; revoke those that nobody reads first."),
    "exports_busy": N_("Several files are being made just now. Try again in a minute."),
}
