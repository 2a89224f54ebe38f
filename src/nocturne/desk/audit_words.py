"""What stands in the audit, in words: the acts, and what they are done to."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

ACTS: dict[str, str] = {
    "configuration_changed": N_("changed the configuration"),
    "account_added": N_("made an account"),
    "account_changed": N_("changed an account"),
    "account_disabled": N_("disabled an account"),
    "account_enabled": N_("enabled an account"),
    "groups_changed": N_("changed the groups of an account"),
    "password_set": N_("set a password"),
    "password_changed": N_("changed their password"),
    "password_change_demanded": N_("demanded a new password"),
    "password_taken_away": N_("took a password away"),
    "password_reset": N_("reset their password"),
    "password_link_sent": N_("sent a link for a new password"),
    "sessions_ended": N_("signed browsers off"),
    "session_ended": N_("signed a browser off"),
    "signed_on_locally": N_("signed on locally"),
    "account_made": N_("got an account with their first sign-on"),
    "groups_followed": N_("got the groups that their directory says"),
    "groups_not_followed": N_("kept their groups: nobody else would be left to administer"),
    "linked": N_("was linked to a login elsewhere"),
    "unlinked": N_("was unlinked from a login elsewhere"),
    "local_sign_on_allowed": N_("was allowed to sign on locally"),
    "local_sign_on_ended": N_("may no longer sign on locally"),
    "factor_added": N_("added a second factor"),
    "factor_removed": N_("removed a second factor"),
    "factors_taken": N_("took the second factors away"),
    "recovery_codes_made": N_("made recovery codes"),
    "token_made": N_("made a token"),
    "token_revoked": N_("revoked a token"),
    "display_made": N_("put up a wall display"),
    "display_changed": N_("changed what a wall display shows"),
    "display_revoked": N_("took a wall display down"),
    "way_added": N_("added a way to reach somebody"),
    "way_verified": N_("vouched for a way to reach somebody"),
    "way_removed": N_("removed a way to reach somebody"),
    "notices_chosen": N_("chose when to be told"),
    "representative_named": N_("named a representative"),
    "representative_ended": N_("ended a representation"),
    "links_revoked": N_("made links to tickets worthless"),
    "audit_exported": N_("exported the audit"),
    "feed_made": N_("made a feed"),
    "feed_revoked": N_("revoked a feed"),
    "dashboard_made": N_("made a dashboard for the site"),
    "dashboard_changed": N_("changed a dashboard of the site"),
    "dashboard_removed": N_("deleted a dashboard of the site"),
    "subscription_made": N_("had a group mailed at a rhythm"),
    "subscription_changed": N_("changed what a group is mailed at a rhythm"),
    "subscription_ended": N_("ended what a group is mailed at a rhythm"),
    "tickets_exported": N_("took a list of tickets away"),
    "tickets_export_ended": N_("had a list of tickets sent"),
    "mail_replayed": N_("took a mail in again"),
    "mail_dropped": N_("left a mail unfiled"),
    "notice_sent_again": N_("sent a notice again"),
    "site_view_made": N_("made a view for the site"),
    "site_view_changed": N_("changed a view of the site"),
    "site_view_removed": N_("deleted a view of the site"),
    "shift_taken_over": N_("took a desk over"),
    "shift_words_redacted": N_("took words of a shift away for good"),
    "job_put_back": N_("put a job back"),
}
SUBJECTS: dict[str, str] = {
    "account": N_("account"),
    "contact": N_("contact"),
    "group": N_("group"),
    "queue": N_("queue"),
    "type": N_("type"),
    "field": N_("field"),
    "lifecycle": N_("life cycle"),
    "calendar": N_("calendar"),
    "class": N_("data class"),
    "clearance": N_("clearance"),
    "template": N_("template"),
    "desk": N_("desk"),
    "shift": N_("shift"),
    "site": N_("site settings"),
    "audit": N_("audit"),
    "mail": N_("mail"),
    "notice": N_("notice"),
    "job": N_("job"),
    "ticket": N_("ticket"),
    "list": N_("list"),
    "dashboard": N_("dashboard"),
    "view": N_("view"),
}


def act(code: str) -> str:
    """Say an act in the reader's language; one that has no words here is said by its code."""
    return _(ACTS[code]) if code in ACTS else code.replace("_", " ")


def kind(code: str) -> str:
    """Say what sort of thing an act was done to."""
    return _(SUBJECTS[code]) if code in SUBJECTS else code
