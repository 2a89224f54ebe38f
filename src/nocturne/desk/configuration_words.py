"""Why a configuration is refused, in words; `wording` has the other refusals."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812

REFUSALS: dict[str, str] = {
    "configuration_unknown_key": N_("%(where)s: %(given)s is not known here. Known are %(known)s."),
    "configuration_missing": N_("%(where)s is missing."),
    "configuration_not_text": N_("%(where)s must be a text, not %(given)s."),
    "configuration_cannot_be_kept": N_("%(where)s holds a NUL, or tables nested too deeply."),
    "configuration_too_long": N_("%(where)s is %(length)s characters long; at most %(limit)s fit."),
    "configuration_bad_name": N_(
        "%(where)s: %(given)s cannot be a name. Small letters, digits, - and _ can, up to 40 of them."
    ),
    "configuration_not_among": N_("%(where)s: %(given)s is none of %(known)s."),
    "configuration_not_number": N_("%(where)s must be a whole number from %(least)s to %(most)s."),
    "configuration_not_flag": N_("%(where)s must be true or false, not %(given)s."),
    "configuration_not_list": N_("%(where)s must be a list."),
    "configuration_not_table": N_("%(where)s must be a table."),
    "configuration_too_many": N_("%(where)s holds more than %(limit)s."),
    "configuration_no_such": N_("%(where)s: there is no %(kind)s %(given)s."),
    "configuration_faulty": N_("The configuration has faults (%(count)s). Nothing was changed."),
    "configuration_file_too_big": N_(
        "%(where)s is larger than %(limit)s bytes, the most that a file here can be."
    ),
    "configuration_not_utf8": N_("%(where)s is not written in UTF-8."),
    "configuration_bad_toml": N_("%(where)s cannot be read as TOML: %(problem)s."),
    "configuration_unknown_file": N_("%(where)s is no file of a configuration."),
    "configuration_no_such_kind": N_("There is no kind of configuration %(given)s. Known are %(known)s."),
    "configuration_name_taken": N_("%(where)s: the name %(given)s is taken, now or in old tickets."),
    "configuration_number_taken": N_("%(where)s: the number %(given)s belongs to another class."),
    "configuration_number_kept": N_(
        "%(where)s: a class keeps its number for good, for it stands in the updates that were written in it."
    ),
    "configuration_in_use": N_(
        "%(where)s is in use: tickets, updates or accounts point to it. Retire it instead; then nothing new can."
    ),
    "configuration_built_in_missing": N_("%(where)s belongs to Nocturne itself and cannot be taken away."),
    "configuration_built_in_type": N_("%(where)s: %(name)s is a type of RFC 1297's and behaves as itself."),
    "configuration_core_field": N_(
        "%(where)s cannot be said of %(given)s, a field of every ticket; its title, help, class and requirement can."
    ),
    "configuration_core_class": N_("%(where)s: who may read %(given)s is fixed."),
    "configuration_choice_without_choices": N_("%(where)s: a choice needs something to choose from."),
    "configuration_ladder_class": N_("%(where)s: %(given)s is a rung of the ladder that every site has."),
    "configuration_group_circle": N_("%(where)s: a group cannot include itself, not over others either."),
    "configuration_group_or_party": N_("%(where)s is for a group or for a party: give one of the two."),
    "configuration_anybody_writes": N_(
        "%(where)s: whoever is not signed on reads at most. Take the rights to write away."
    ),
    "configuration_nobody_administers": N_(
        "Nobody could administer any more: the administrators need %(missing)s, everywhere."
    ),
    "configuration_changes_unseen": N_(
        "%(where)s lets somebody change what they do not see. Let them see it, or take it away."
    ),
    "configuration_not_address": N_("%(where)s: %(given)s is no mail address."),
    "configuration_not_url": N_("%(where)s: %(given)s is no address; it begins with http:// or https://."),
    "configuration_no_zone": N_("%(where)s: there is no time zone %(given)s."),
    "configuration_bad_desk_time": N_(
        "%(where)s: %(given)s is no time of day at which a shift begins. Write 22:00."
    ),
    "configuration_no_hours": N_("%(where)s: a calendar needs working hours on one day at least."),
    "configuration_bad_window": N_("%(where)s: %(given)s is no span of hours such as 09:00-17:00."),
    "configuration_bad_day": N_(
        "%(where)s: %(given)s is no day such as 2026-12-25, or 12-25 for every year."
    ),
    "configuration_not_region": N_("%(where)s: %(given)s is no country in two letters, such as DE."),
    "configuration_name_reserved": N_("%(where)s: %(given)s means something else in a query or a line."),
    "configuration_no_such_placeholder": N_(
        "%(where)s: {%(given)s} is no placeholder of this text. There are %(known)s."
    ),
    "configuration_placeholder_needed": N_(
        "%(where)s must hold {%(given)s}: without it the text says nothing."
    ),
    "configuration_template_twice": N_("%(where)s is for the same purpose, language and queue as %(other)s."),
    "configuration_not_one_line": N_("%(where)s must be one line."),
    "no_such_template": N_("There is no text %(given)s."),
    "configuration_no_such_fact": N_("%(where)s: there is no fact {%(given)s} to put in."),
    "configuration_fact_of_class": N_(
        "%(where)s: {%(given)s} is for %(data_class)s readers; the field would show it to others. "
        "Give the field that class."
    ),
    "configuration_pattern_for_other_kind": N_("%(where)s: a pattern is for texts, not for %(kind)s."),
    "configuration_bad_pattern": N_("%(where)s: the pattern cannot be used: %(said)s."),
    "configuration_unit_for_other_kind": N_("%(where)s: a unit is for numbers, not for %(kind)s."),
    "configuration_choices_for_other_kind": N_("%(where)s: choices are for a choice, not for %(kind)s."),
    "configuration_choice_twice": N_("%(where)s: %(given)s is among the choices already, or was."),
    "configuration_choice_circle": N_("%(where)s: %(given)s would stand below itself."),
    "configuration_bad_default": N_("%(where)s: %(given)s cannot be the default of this field."),
    "configuration_changed_meanwhile": N_("Somebody else has changed %(where)s since you looked at it."),
    "granting_unheld_right": N_(
        "You do not hold the right %(right)s yourself, so you cannot give it to others (%(clearance)s)."
    ),
    "granting_unheld_class": N_(
        "You are not cleared for %(data_class)s yourself, so you cannot clear others for it (%(clearance)s)."
    ),
    "no_such_settings": N_("There is no such setting."),
    "no_such_change": N_("There is no such change of the configuration."),
}
