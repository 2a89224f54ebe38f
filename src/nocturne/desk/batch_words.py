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
    "touched_since": N_("Somebody has touched it since. It was left as it is; look at it yourself."),
    "nothing_to_undo": N_("Nothing of it can be taken back: words stay where they were written."),
    "unknown_load": N_("The workload cannot be looked at by %(given)s. Choose one of %(known)s."),
    "call_needs_words": N_("Say why they are called in: they read it first."),
    "query_or_numbers": N_("Name the tickets either by a question or by their numbers."),
}
