"""Words for what is refused in administration: the audit, the rights inspector, and the health of the house."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812

REFUSALS: dict[str, str] = {
    "no_such_audit_row": N_("The audit has no row of this number."),
    "unknown_form": N_("%(given)s is no form here. Choose one of %(known)s."),
    "no_link_for": N_(
        "No link can be sent to %(name)s: there is no mail address, or the password is not kept here."
    ),
    "group_in_use": N_("The group %(given)s is in use: %(used)s. Take it out there first."),
    "no_such_queue_here": N_("There is no queue %(given)s."),
    "no_such_notice": N_("There is no such mail that could not be sent."),
    "no_such_job": N_("There is no such job that failed."),
}
