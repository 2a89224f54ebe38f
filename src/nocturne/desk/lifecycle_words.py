"""Why a ticket is not moved, and why a life cycle is refused, in words; `wording` has the other refusals."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812

REFUSALS: dict[str, str] = {
    "unknown_state": N_("%(given)s is no state of this ticket. Known are %(known)s."),
    "no_state_named": N_("Name the state it shall be in."),
    "no_such_move": N_("From here (%(state)s) this does not lead to %(given)s, only to %(known)s."),
    "in_state_already": N_("The ticket is %(state)s already."),
    "move_requires": N_("“%(label)s” needs this to be filled: %(fields)s."),
    "move_needs_note": N_("“%(label)s” needs a note: say why, or what was done."),
    "timer_needed": N_("Nothing waits here (%(state)s) without a timer. Say when somebody looks again."),
    "waits_without_timer": N_("It waits (%(state)s), and no timer reminds anybody of it."),
    "clock_of_state": N_("Here (%(state)s) %(clock)s time runs, not %(given)s time."),
    "no_calendar": N_("%(given)s: the ticket’s queue has no calendar, so nobody’s working hours are known."),
    "retired_type": N_("The ticket type %(given)s is retired. Known are %(known)s."),
    "configuration_no_such_state": N_("%(where)s: there is no state %(given)s. Known are %(known)s."),
    "configuration_first_not_new": N_(
        "%(where)s: tickets are opened in a state that means new; %(given)s means %(meaning)s."
    ),
    "configuration_clock_unfit": N_(
        "%(where)s: in a state that means %(meaning)s %(given)s time cannot run, only %(known)s."
    ),
    "configuration_timer_unfit": N_("%(where)s: only a waiting state says what becomes of missing timers."),
    "configuration_bad_timer": N_(
        "%(where)s: %(given)s is none of %(known)s, nor how long the timer is (4h, 2 working hours)."
    ),
    "configuration_move_nowhere": N_("%(where)s: “%(act)s” leads to a state. Say which."),
    "configuration_move_from_unfit": N_(
        "%(where)s: “%(act)s” makes no sense from %(given)s, which means %(meaning)s."
    ),
    "configuration_move_from_nowhere": N_(
        "%(where)s: there is no state from which “%(act)s” could lead to %(given)s."
    ),
    "configuration_move_to_unfit": N_(
        "%(where)s: “%(act)s” cannot lead to %(given)s, which means %(meaning)s; it can to what means %(known)s."
    ),
    "configuration_no_such_column": N_("%(where)s: there is no field %(given)s. Known are %(known)s."),
    "configuration_state_unreachable": N_("%(where)s: no move leads to %(given)s."),
    "configuration_no_end": N_(
        "%(where)s: from %(given)s no way leads to an end (resolved, closed or rejected). Add a move."
    ),
    "configuration_state_in_use": N_(
        "%(where)s: live tickets are in the state %(given)s now. Say where they belong: give the state that takes "
        "their place the name %(given)s among its former ones, with the same meaning."
    ),
}
