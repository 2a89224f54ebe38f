"""Words for what is refused about accounts, groups, tokens and links."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_  # noqa: N812

REFUSALS: dict[str, str] = {
    "unknown_scope": N_("%(given)s is nothing that a token can be made for. Choose from %(known)s."),
    "token_lasts_too_long": N_("A token may last %(most)s days here, and must end."),
    "token_wider_than_yours": N_("A token made with a token reaches no more queues than that one."),
    "service_has_no_password": N_("%(given)s is a machine’s account: it signs on by tokens alone."),
    "no_password_here": N_("%(given)s has no password that is kept here."),
    "not_in_group": N_("%(name)s is not in the group %(given)s."),
    "no_such_group": N_("There is no group %(given)s."),
    "group_exists": N_("There is a group %(given)s already."),
    "not_printable": N_("This has characters in it that cannot be printed. It is one line of text."),
    "unknown_keys": N_("Keys cannot be had as %(given)s. Choose one of %(known)s."),
    "unknown_language": N_("There is no language %(given)s here. Choose one of %(known)s."),
    "unknown_way": N_("%(given)s is no way to reach anybody. Choose one of %(known)s."),
    "empty_way": N_("Give the address or the number, on one line."),
    "bad_phone": N_("%(given)s is no telephone number. Write it with its country, such as +1 734 555 0119."),
    "way_there_already": N_("%(given)s is there already."),
    "too_many_ways": N_("Nobody is reached in more than %(limit)s ways."),
    "no_such_way": N_("There is no such way to reach them."),
    "unknown_purpose": N_("Nobody is told of %(given)s. Choose one of %(known)s."),
    "unknown_telling": N_("%(given)s is no choice here. Choose one of %(known)s."),
    "bad_hours": N_("%(given)s are no hours. Write 22:00 and 06:30, or leave both empty."),
    "unknown_represented": N_("Nobody speaks for a %(given)s. Choose one of %(known)s."),
    "account_or_contact": N_("Name either an account or a contact."),
    "speaks_already": N_("They speak for %(given)s already."),
    "no_such_representative": N_("There is no such line."),
    "no_such_contact": N_("There is no such contact."),
    "no_such_session": N_("There is no such browser."),
    "password_must_change": N_("Choose a new password first, on your account’s page."),
}
