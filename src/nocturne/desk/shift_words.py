"""Words for shifts: why something was not passed on, asked or answered, and what an entry says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

REFUSALS: dict[str, str] = {
    "cannot_be_asked": N_(
        "%(given)s may not read this here and would never see the question. Ask somebody else, or write @@%(given)s "
        "if nobody is meant."
    ),
    "question_to_customers": N_(
        "%(given)s cannot be asked in words that customers read. Choose another reader, or leave the @ away."
    ),
    "nobody_called": N_("Nobody is called %(given)s here, so nobody was asked."),
    "nobody_asked": N_("Name who is asked."),
    "empty_question": N_("Write what is asked."),
    "empty_answer": N_("Write the answer."),
    "empty_pin": N_("Say what the next shift must know."),
    "no_such_question": N_("There is no such question."),
    "several_questions": N_(
        "%(count)s questions are open there. Answer on the page of the ticket, one by one."
    ),
    "question_answered": N_(
        "%(who)s has answered it already. Read the ticket; add a note if more is to be said."
    ),
    "question_withdrawn": N_("%(who)s has taken the question back."),
    "question_lapsed": N_("The question ended with the ticket."),
    "not_pinned": N_("This ticket is not on the handover."),
    "shift_taken_meanwhile": N_(
        "%(who)s has taken the desk over meanwhile, at %(at)s. Look at the handover again before you take it from them."
    ),
    "bad_kind": N_("%(given)s is no kind of update. Choose one of %(known)s."),
    "no_such_desk": N_("There is no desk %(given)s."),
    "timeline_has_its_order": N_(
        "The timeline stands in its own order and has an end of its own: leave %(given)s out of the question."
    ),
    "no_such_takeover": N_("There is no such takeover."),
    "no_such_shift_note": N_("There is no such note."),
    "empty_shift_note": N_("Write what the next shift should know."),
    "no_words_to_redact": N_("Nothing was said there, so there is nothing to take away."),
    "only_accounts_take_over": N_("Only an account of the staff can take a desk over."),
}

SAYS: dict[str, str] = {
    "asks": N_("asked %(names)s"),
    "answers": N_("answered %(to)s"),
    "unasks": N_("took the question to %(to)s back"),
    "pins": N_("put it on the handover"),
    "unpins": N_("took it off the handover"),
}


def sentence(facts: Mapping[str, Any]) -> str | None:
    """Say what a note does besides what it says; nothing for a plain note."""
    if asks := facts.get("asks"):
        names = ", ".join(str(each.get("name", "")) for each in asks)
        return _(SAYS["asks"]) % {"names": names}
    for name in ("answers", "unasks", "pins", "unpins"):
        if facts.get(name):
            return _(SAYS[name]) % {"to": facts.get("to", "")}
    return None


__all__ = ["REFUSALS", "sentence"]
