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
    "no_such_dashboard": N_("There is no such dashboard, or it is not for you."),
    "built_in_dashboard": N_(
        "This dashboard comes with Nocturne and stays as it is. Make a copy and change that."
    ),
    "too_many_dashboards": N_("There are %(limit)s dashboards already; delete some that nobody uses."),
    "too_many_tiles": N_("A dashboard has at most %(limit)s tiles."),
    "dashboard_changed_meanwhile": N_("Somebody else has changed this dashboard since you opened it."),
    "unknown_choice": N_("%(given)s is no choice here. Choose one of %(known)s."),
    "number_out_of_range": N_("%(given)s does not fit here: give %(least)s to %(most)s."),
    "bad_rhythm": N_(
        "“%(given)s” is no rhythm. Try “weekdays 06:45”, “mon,thu 07:00,19:00”, “every 4 hours”, “first monday 08:00” "
        "or “monthly 1,15 08:00”."
    ),
    "takeovers_set_the_rhythm": N_(
        "The handover is mailed at each takeover: leave the rhythm empty, not %(given)s."
    ),
    "too_many_displays": N_("You have put up %(limit)s screens; take down those that hang nowhere any more."),
    "too_many_places": N_("A screen takes at most %(limit)s in turns."),
    "no_such_place": N_("There is no view or dashboard %(given)s for you."),
    "no_such_subscription": N_("There is no such subscription, or it has ended."),
    "subscription_of_nothing": N_(
        "What this was of is gone, or is not for you: nothing can be mailed. Change what it is of, or end it."
    ),
    "too_many_subscriptions": N_("You have %(limit)s subscriptions; end those that nobody reads first."),
    "no_address_to_mail_to": N_("Your account has no mail address. Ask your administrator to add one."),
    "not_theirs_to_read": N_(
        "Not everybody in %(group)s sees this. Give it to the group or to the site first, or choose another."
    ),
    "too_many_files": N_(
        "You take %(limit)s files away at once already. Wait until one of them is done, or end one, and try again."
    ),
    "exports_busy": N_("Several files are being made just now. Try again in a minute."),
}
