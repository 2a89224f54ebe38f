"""The sentences of this door: what it alone says no to, and what helps against each no."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812

DETAILS: dict[str, str] = {
    "bad_json": N_("The body is not JSON: %(reason)s."),
    "json_too_deep": N_("The body is nested too deeply."),
    "bad_characters": N_("The body holds characters that are none (lone surrogates)."),
    "body_too_large": N_("The body is larger than %(limit)s bytes, the most that is taken here."),
    "body_cut_short": N_("The body ended before it was complete."),
    "length_needed": N_("The request does not say how long its body is."),
    "not_json": N_("The body is %(given)s; application/json is what is understood here."),
    "unknown_key": N_("There is no key “%(given)s” here."),
    "unknown_parameter": N_("There is no parameter “%(given)s” here."),
    "missing_key": N_("The key “%(given)s” is missing."),
    "bad_value": N_("The value of “%(given)s” cannot be right: %(reason)s."),
    "bad_cursor": N_("This list cannot be continued from there."),
    "bad_order": N_("There is no order “%(given)s”. Choose one of %(known)s."),
    "alarm_needs_one": N_("Say when the timer goes off either in `when` or in `at`."),
    "line_or_words": N_("Send either `line` or `words`."),
    "unknown_act": N_("There is no act “%(given)s”. Known are %(known)s."),
    "no_file": N_("There is no file in the request."),
    "entries_stay": N_("What stands on a ticket stays there."),
    "key_not_here": N_("The key “%(given)s” has no meaning with this act."),
    "no_such_address": N_("There is nothing at this address."),
    "method_not_allowed": N_("%(given)s does nothing here."),
    "sign_on_needed": N_("Nobody is signed on."),
    "token_unknown": N_("This token is not known, has expired or was revoked."),
    "scope_too_narrow": N_("This token may only %(scopes)s."),
    "not_from_here": N_("The request does not prove that it comes from a page of Nocturne."),
    "failed": N_("Something went wrong in Nocturne. It is logged under %(id)s."),
}
"""What only this door says no to, by code; all else is worded at the desk."""

REMEDIES: dict[str, str] = {
    "bad_json": N_("Send one JSON object in UTF-8."),
    "json_too_deep": N_("Send a plain object; nothing here needs more than a few levels."),
    "bad_characters": N_("Send UTF-8, and no half of a surrogate pair."),
    "body_too_large": N_("Send long output as an attachment: POST /tickets/NUMBER/attachments."),
    "text_too_long": N_("Send it as an attachment: POST /tickets/NUMBER/attachments."),
    "attachment_too_large": N_("Make the file smaller, or put it elsewhere and write where it is."),
    "length_needed": N_("Send a Content-Length."),
    "not_json": N_("Set Content-Type: application/json."),
    "unknown_key": N_("Leave it out, or look its spelling up at /api/v1/docs."),
    "unknown_parameter": N_("Leave it out, or look its spelling up at /api/v1/docs."),
    "missing_key": N_("Add it."),
    "bad_query": N_("Put that right and ask again."),
    "bad_cursor": N_("Take the value of `after` or `earlier` from the page before, with the same order."),
    "no_such_address": N_("All addresses are listed at /api/v1/docs."),
    "method_not_allowed": N_("The header Allow lists what can be done here."),
    "sign_on_needed": N_(
        "Send a token as “Authorization: Bearer …”. Tokens are made on the page My account."
    ),
    "token_unknown": N_("Make a new token on the page My account, or run `noc login`."),
    "scope_too_narrow": N_("Use a token that may write."),
    "no_file": N_("Send the file as the body, or as a form with a part called “file”."),
    "entries_stay": N_("Put it right with POST …/correction: the new words stand beside the old ones."),
    "not_from_here": N_("Send the page's token as X-CSRFToken, or use a bearer token instead of the cookie."),
    "changed_meanwhile": N_("Read the ticket again, decide, and send the change with its new version."),
    "configuration_changed_meanwhile": N_("Read it again, decide, and send the change with its new version."),
    "version_unknown": N_("Read the ticket again and send the ETag it has then."),
    "key_reused": N_("Make a new Idempotency-Key for every new act."),
    "open_dependencies": N_("Close those first, or send “over_open”: true."),
    "disk_full": N_("Send it again later with the same Idempotency-Key."),
    "database_unavailable": N_("Send it again in a moment with the same Idempotency-Key."),
    "failed": N_("Send it again with the same Idempotency-Key; tell your administrator if it stays."),
}
BY_STATUS: dict[int, tuple[str, str]] = {
    400: (N_("The request cannot be read"), N_("Mend the request and send it again.")),
    401: (N_("Who are you?"), N_("Sign on and send it again.")),
    403: (N_("Not permitted"), N_("Ask somebody who may, or an administrator for the right.")),
    404: (N_("Not found"), N_("Check the number or the address; you may not know of everything there is.")),
    405: (N_("Not possible here"), N_("Use another method.")),
    409: (N_("Not in this state"), N_("Read the ticket again: its state decides what can be done.")),
    411: (N_("How long is it?"), N_("Send a Content-Length.")),
    412: (
        N_("Changed meanwhile"),
        N_("Read the ticket again, decide, and send the change with its new version."),
    ),
    413: (N_("Too large"), N_("Send less in one piece.")),
    415: (N_("Not understood"), N_("Send another kind of content.")),
    422: (N_("Not accepted"), N_("Mend “%(field)s” and send it again.")),
    429: (N_("Too many"), N_("Wait as long as the header Retry-After says.")),
    500: (N_("Nocturne failed"), N_("Send it again with the same Idempotency-Key.")),
    503: (N_("Not just now"), N_("Send it again later with the same Idempotency-Key.")),
}
