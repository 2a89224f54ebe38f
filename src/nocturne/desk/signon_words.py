"""Words for what is refused about signing on and about accounts: proofs, links, browsers, tokens."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812

REFUSALS: dict[str, str] = {
    "bad_name": N_("%(given)s cannot be a sign-on name: letters, digits and . _ - @ only."),
    "no_such_token": N_("There is no such token."),
    "no_such_code": N_("There is no such code, or it has expired. Ask for a new one."),
    "sign_on_failed": N_("Name and password do not fit. Check both and try again."),
    "wrong_password": N_("The present password is not right."),
    "weak_password": N_("This password is too easy to guess: %(reasons)s"),
    "wrong_code": N_(
        "This code is not right, or has been used. Wait for the next one, or use a recovery code."
    ),
    "offer_too_old": N_("This page was too old. Scan the new code and try again."),
    "passkey_wrong": N_("The passkey was not accepted. Try again, or use a code."),
    "passkey_too_old": N_("That took too long, or was sent twice. Try again."),
    "too_many_passkeys": N_("You have %(most)s passkeys, as many as fit. Remove one first."),
    "no_such_factor": N_("There is no such second factor."),
    "factor_needed": N_("Your NOC asks for a second factor. Add another one before you remove this one."),
    "outside_silent": N_(
        "%(whom)s does not answer. Try again in a moment; whoever has a password here can use it meanwhile."
    ),
    "outside_busy": N_("Too many ask %(whom)s at once. Try again in a moment."),
    "unknown_provider": N_("There is no provider %(given)s in the options."),
    "bad_subject": N_("%(given)s cannot be the name of a person at a provider."),
    "linked_already": N_("%(given)s is linked to an account already."),
    "no_such_link": N_("The account is not linked to %(given)s."),
    "not_linked": N_(
        "%(provider)s knows you, but no account here is linked to you. "
        "Ask your administrator, and tell them: %(subject)s"
    ),
    "provider_state_unknown": N_(
        "This sign-on was not begun in this browser, or took too long. Begin again."
    ),
    "provider_said_no": N_("%(provider)s did not sign you on."),
    "provider_wrong": N_("What %(provider)s answers is not sound. Tell your administrator."),
    "somebody_else": N_("That is somebody else. Sign off first."),
    "prove_again": N_(
        "Your last proof is a while ago: confirm at /sure in this browser that it is you, or use a token."
    ),
    "reset_unknown": N_("This link has been used, is older than an hour, or was never one of ours."),
    "no_such_display": N_("There is no such screen, or it has been taken down."),
    "too_many_attempts": N_("Too many attempts. Try again in %(seconds)s seconds."),
    "too_many_streams": N_("Too many of your windows and programs listen at once. Close some of them."),
    "no_such_account": N_("There is no account %(given)s."),
    "disabled_already": N_("The account %(name)s is disabled."),
    "not_disabled": N_("The account %(name)s is not disabled."),
    "last_administrator": N_("%(name)s is the last administrator. Make another one first."),
    "name_taken": N_("There is an account %(given)s already."),
    "unknown_group": N_("There is no group %(given)s."),
    "set_up_already": N_("Nocturne has been set up already. Sign on instead."),
    "setup_link_unknown": N_("This set-up link is not the latest one. Use the one that the console shows."),
}
