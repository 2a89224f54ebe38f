"""Words for what is wrong with a local field's value, or with a field as it was configured."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812

VALUES: dict[str, str] = {
    "field_too_long": N_("%(title)s: this is %(length)s characters long; at most %(limit)s fit."),
    "field_too_many_values": N_("%(title)s: %(count)s values are too many; at most %(limit)s fit."),
    "field_only_one": N_("%(title)s has one value, and several were given: %(given)s."),
    "field_not_a_value": N_("%(title)s: %(given)s is no value. Give a text, a number, yes or no."),
    "field_not_among": N_("%(title)s: %(given)s is not one of the choices. Known are %(known)s."),
    "field_retired": N_("%(title)s: %(value)s is retired. Choose another."),
    "field_pattern": N_("%(title)s: %(given)s does not look right. %(help)s"),
    "field_not_yes_or_no": N_("%(title)s: %(given)s is neither yes nor no."),
    "field_not_a_number": N_("%(title)s: %(given)s is no number."),
    "field_ambiguous_number": N_(
        "%(title)s: %(given)s can be read in two ways. Write it without a comma, or with a point."
    ),
    "field_number_out_of_range": N_("%(title)s: %(given)s is too large, or has too many decimals."),
    "field_other_unit": N_("%(title)s is measured in %(unit)s; %(given)s is no unit of it."),
    "field_not_a_duration": N_("%(title)s: %(given)s does not say how long. Write 90m, 1h30 or 2 days."),
    "field_not_as_number": N_("%(title)s: %(given)s is no AS number. Write AS6939, or 6939."),
    "field_not_a_date": N_("%(title)s: %(given)s is no date. Write 2026-11-26, 26.11.2026 or tomorrow."),
    "field_not_a_time": N_("%(title)s: %(given)s is no time of day. Write 14:05."),
    "field_unknown_person": N_("%(title)s: there is no active account %(given)s."),
    "field_unknown_contact": N_("%(title)s: there is no contact %(given)s."),
    "field_unknown_machine": N_("%(title)s: there is no machine %(given)s in the inventory."),
    "field_unknown_circuit": N_("%(title)s: there is no circuit %(given)s in the inventory."),
    "field_unknown_site": N_("%(title)s: there is no site %(given)s in the inventory."),
    "field_unknown_network": N_("%(title)s: there is no network %(given)s in the inventory."),
    "field_unknown_ticket": N_("%(title)s: there is no ticket %(given)s."),
    "field_not_a_ticket": N_("%(title)s: %(given)s is no ticket number."),
    "field_not_ip_address": N_("%(title)s: %(given)s is no IP address."),
    "field_not_ip_prefix": N_("%(title)s: %(given)s is no IP prefix. Write 192.0.2.0/24."),
    "field_host_bits": N_("%(title)s: %(given)s is an address within a prefix. Is %(suggestion)s meant?"),
    "field_prefix_without_length": N_("%(title)s: %(given)s says no length. Is %(suggestion)s meant?"),
    "field_not_mac_address": N_("%(title)s: %(given)s is no MAC address: twelve digits, 0 to 9 and a to f."),
    "field_not_a_phone": N_("%(title)s: %(given)s cannot be a telephone number."),
    "field_phone_without_country": N_(
        "%(title)s: %(given)s says no country. Begin with + and the country’s number."
    ),
    "field_not_mail_address": N_("%(title)s: %(given)s is not a mail address."),
    "field_not_a_url": N_("%(title)s: %(given)s is no address of a page."),
    "field_url_with_password": N_(
        "%(title)s: the address holds a password. Passwords do not belong on a chart."
    ),
    "field_has_no_order": N_("%(given)s: values of %(title)s have no order to compare them by."),
    "field_needed": N_("%(title)s is needed when a ticket is %(state)s. Fill it in."),
    "retired_field": N_("%(given)s is retired and takes no new values."),
}
"""What may be wrong with a value; the same sentence refuses it, or warns beside the field."""
CONFIGURED: dict[str, str] = {
    "configuration_name_reserved": N_(
        "%(where)s: %(given)s is a word of Nocturne’s own. Choose another name."
    ),
    "configuration_no_such_fact": N_("%(where)s: there is no fact {%(given)s} to put in."),
    "configuration_bad_pattern": N_("%(where)s: the pattern cannot be used: %(said)s"),
    "configuration_pattern_for_other_kind": N_("%(where)s: a field of kind %(kind)s takes no pattern."),
    "configuration_unit_for_other_kind": N_("%(where)s: only a number has a unit; this is of kind %(kind)s."),
    "configuration_choices_for_other_kind": N_(
        "%(where)s: only a choice has choices; this is of kind %(kind)s."
    ),
    "configuration_choice_twice": N_("%(where)s: the choice %(given)s stands there twice."),
    "configuration_choice_circle": N_("%(where)s: %(given)s hangs below itself."),
    "configuration_bad_default": N_("%(where)s: %(given)s cannot stand in this field."),
    "configuration_not_region": N_("%(where)s: give a country as two letters, such as NL."),
}
"""What may be wrong with a field's document."""
REFUSALS = VALUES | CONFIGURED
