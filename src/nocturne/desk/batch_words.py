"""Words for what is refused about acts on many tickets."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812

REFUSALS: dict[str, str] = {
    "batch_empty": N_("No ticket was named, and none was found. Choose some first."),
    "batch_too_large": N_(
        "These are more than %(limit)s tickets, the most for one act. Ask for fewer of them."
    ),
    "batch_failed": N_(
        "Something broke on this ticket; it is as it was. Your administrator finds it in the log."
    ),
    "batch_cannot_be_undone": N_(
        "This is not done yet, has been taken back, or takes something back itself."
    ),
    "no_such_batch": N_("There is no such act on many tickets, or it is not yours."),
    "batch_does_one_thing": N_("This is done alone, with words at most: not together with other changes."),
    "is_so_already": N_("It is so already."),
    "too_many_batches": N_(
        "%(limit)s large acts of yours are not done yet. Wait until one of them is; smaller ones are done at once."
    ),
    "changed_since_seen": N_("Somebody else has changed this since you looked at it. It was left as it is."),
    "words_taken_away": N_(
        "An administrator has taken the words away while it was being done: it went no further."
    ),
    "no_other_ticket": N_("Say which ticket, by its number."),
    "touched_since": N_("Somebody has touched it since. It was left as it is; look at it yourself."),
    "nothing_to_undo": N_("Nothing of it can be taken back: words stay where they were written."),
    "unknown_load": N_("The workload cannot be looked at by %(given)s. Choose one of %(known)s."),
    "call_needs_words": N_("Say why they are called in: they read it first."),
    "query_or_numbers": N_("Name the tickets either by a question or by their numbers."),
}
