"""Words for what is refused in administration: the audit, the rights inspector, and the health of the house."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812

REFUSALS: dict[str, str] = {
    "no_such_audit_row": N_("The audit has no row of this number."),
    "unknown_form": N_("%(given)s is no form here. Choose one of %(known)s."),
}
