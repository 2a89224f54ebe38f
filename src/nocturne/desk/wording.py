"""Words for people: refusals and acts are kept as codes and facts, and become sentences here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812
from django.utils.translation import pgettext

from nocturne.core.refusals import Refusal
from nocturne.desk import (
    administration_words,
    batch_words,
    configuration_words,
    lifecycle_words,
    localfields,
    outgoing_words,
    people_words,
    shift_words,
    titles,
    view_words,
    wording_fields,
    wording_queries,
)
from nocturne.desk.charts import EntryView

_OF_CONFIGURATIONS = (
    configuration_words.REFUSALS | wording_fields.REFUSALS | outgoing_words.REFUSALS | view_words.REFUSALS
)
SMALL = "in small letters"
"""A translation that keeps capitals, as German does, says anything else here."""
REFUSALS: dict[str, str] = _OF_CONFIGURATIONS | {
    "empty_subject": N_("A ticket needs a one-line description of the problem. Say what is wrong."),
    "empty_type": N_("A ticket needs a type."),
    "empty_queue": N_("A ticket needs a queue."),
    "survivor_ended": N_("%(into)s has ended already; open it again first, or merge the other way round."),
    "survivor_merged": N_("%(into)s has itself been merged into another since. Take that merge back first."),
    "empty_severity": N_("A ticket needs a severity, 1 to 4."),
    "empty_priority": N_("A ticket needs a priority, 1 to 4."),
    "empty_reply": N_("The reply has no words. Write what the customer is to read."),
    "empty_resolution": N_("Say in one line what happened; the reports are made of it."),
    "empty_reason": N_("Give a reason."),
    "empty_correction": N_("Write how it should read."),
    "empty_affected": N_("Name who is affected."),
    "nothing_to_explain": N_(
        "%(given)s is nothing that can be explained: give a field, change:FIELD, a data class, or an act."
    ),
    "nothing_said": N_("There is nothing to save: write a note or change something."),
    "nobody_named": N_("Name who it goes to."),
    "line_too_long": N_(
        "This line is %(length)s characters long; at most %(limit)s fit. Put the rest into the text."
    ),
    "text_too_long": N_(
        "This text is too long for one update (%(length)s characters; at most %(limit)s). "
        "Attach it as a file instead; it is still here."
    ),
    "attachment_too_large": N_(
        "The file is larger than %(limit)s bytes, the most that is taken. Nothing was saved."
    ),
    "bad_level": N_("%(given)s is no level here: give 1 (the most) to %(most)s (the least)."),
    "unknown_type": N_("There is no ticket type %(given)s. Known are %(known)s."),
    "unknown_queue": N_("There is no queue %(given)s."),
    "bad_silence_days": N_(
        "%(given)s days of silence cannot be: give 1 to %(most)s, after which a resolved complaint is closed."
    ),
    "retired_queue": N_("The queue %(given)s is retired. Choose another."),
    "unknown_person": N_("There is no active account %(given)s."),
    "unknown_machine": N_("There is no machine %(given)s in the inventory."),
    "unknown_network": N_("There is no network %(given)s in the inventory."),
    "unknown_site": N_("There is no site %(given)s in the inventory."),
    "unknown_circuit": N_("There is no circuit %(given)s in the inventory."),
    "unknown_vendor": N_("There is no vendor %(given)s in the inventory."),
    "retired_machine": N_("The machine %(given)s is retired."),
    "retired_network": N_("The network %(given)s is retired."),
    "retired_site": N_("The site %(given)s is retired."),
    "retired_circuit": N_("The circuit %(given)s is retired."),
    "retired_vendor": N_("The vendor %(given)s is retired."),
    "unknown_effect": N_("%(given)s is no effect. Choose one of %(known)s."),
    "unknown_affected": N_("%(given)s cannot be affected. Choose one of %(known)s."),
    "unknown_relation": N_("%(given)s is no relation. Choose one of %(known)s."),
    "unknown_field": N_("A ticket has no field of this name that can be set."),
    "bad_address": N_("%(given)s is not a mail address."),
    "bad_tag": N_("%(given)s cannot be a tag: one short word, please."),
    "bad_clock": N_("%(given)s is no clock to wait on. Choose one of %(known)s."),
    "bad_time": N_(
        "%(given)s is not a time that is understood. Try “in 2h”, “mon 08:00” or “2026-12-01 14:00”."
    ),
    "bad_span": N_("%(given)s is not a span of time. Try 30m, 2h or 3d."),
    "bad_zone": N_(
        "%(given)s does not say which time zone is meant. Write UTC or a name such as Europe/Paris."
    ),
    "bad_worked": N_("%(given)s is not a time worked. Write 45, 90m or 1h30."),
    "bad_number": N_("%(given)s is not a ticket number."),
    "empty_value": N_("The word %(field)s: has no value behind it. Give one, or “none” to take it away."),
    "unclosed_quote": N_("A quote was opened and not closed: %(given)s"),
    "key_twice": N_("The word %(field)s: stands there twice. Which one is meant?"),
    "bad_query": N_("The query is not understood at position %(position)s."),
    "takes_too_long": N_(
        "This question takes too long, and was given up after %(seconds)s seconds. Narrow it: by a queue, by dates "
        "such as opened:<30d, or to the open ones with is:open."
    ),
    "bad_key": N_("The idempotency key is too long or has characters that cannot be printed."),
    "bad_name": N_("%(given)s cannot be a sign-on name: letters, digits and . _ - @ only."),
    "bad_site_name": N_("%(given)s cannot be the short name: letters, digits and . _ - only."),
    "bad_queue_name": N_("%(given)s cannot be a queue's name: letters, digits and - _ only."),
    "unknown_profile": N_("There is no profile %(given)s. Known are %(known)s."),
    "bad_base_url": N_("%(given)s is no web address. It begins with http:// or https://."),
    "time_past": N_("That time has passed already. Give one that is still to come."),
    "time_in_future": N_("%(given)s lies in the future. Give the time when it happened, or leave it out."),
    "time_impossible": N_("%(given)s cannot be right: it lies before 1980."),
    "time_without_zone": N_("%(given)s has no time zone."),
    "calendar_never_opens": N_("The calendar %(calendar)s never opens again: it has no working hours left."),
    "alarm_in_past": N_("The timer %(given)s lies in the past. Give a time that is still to come."),
    "restored_before_started": N_("Service cannot be back before the problem started (%(first)s)."),
    "resolved_before_started": N_("It cannot be resolved before the problem started (%(first)s)."),
    "resolved_before_restored": N_("It cannot be resolved before service was restored (%(first)s)."),
    "closed_before_resolved": N_("It cannot be closed before it was resolved (%(first)s)."),
    "planned_end_before_start": N_("The planned window ends before it starts."),
    "planned_needs_both": N_("Planned work needs a start and an end."),
    "outage_ends_before_start": N_("The outage ends before it starts."),
    "switch_before_opening": N_("The ticket did not exist yet: it was opened at %(opened)s."),
    "resolved_before_switch": N_(
        "The ticket’s clock was switched after that time, at %(switched)s. Give a later time."
    ),
    "relation_to_itself": N_("A ticket cannot point to itself."),
    "relation_circle": N_("That would close a circle: %(other)s already leads to %(number)s."),
    "related_already": N_("It points to %(other)s already."),
    "parent_of_wrong_type": N_("A %(type)s points to a %(wanted)s, and to no other type."),
    "open_dependencies": N_(
        "Open tickets hang on this one: %(numbers)s. Close them first, or say that they may stay."
    ),
    "nobody_to_tell": N_("No open complaint hangs on this ticket."),
    "merge_with_itself": N_("A ticket cannot be merged with itself."),
    "merged_already": N_("%(number)s has been merged into %(into)s already. Take that merge back first."),
    "not_merged": N_("This ticket is not merged into another."),
    "entry_without_words": N_("An update without words cannot be split off."),
    "redacted_already": N_("That has been redacted before."),
    "class_already": N_("It is for %(data_class)s readers already."),
    "sent_already": N_("It has been sent and cannot be taken back."),
    "withdrawn_already": N_("It has been withdrawn before."),
    "cannot_correct": N_("Only what the staff wrote can be corrected. Add a note instead."),
    "already_yours": N_("The ticket is yours already."),
    "already_theirs": N_("The ticket is %(owner)s’s already."),
    "waits_already": N_("The ticket waits already, on %(clock)s time."),
    "checked_already": N_("It has been checked before."),
    "nothing_rings": N_("No timer has gone off on this ticket, or somebody has answered it."),
    "only_accounts_own": N_("Only an account can own a ticket."),
    "check_needs_another": N_("Another supervisor has to check this: you resolved it yourself."),
    "not_permitted": N_("You may not do this here."),
    "not_yours": N_("Only its writer can do this."),
    "class_not_permitted": N_("You may not write for %(data_class)s readers."),
    "field_not_permitted": N_("This field is not yours to use here."),
    "changed_meanwhile": N_(
        "%(who)s has changed this meanwhile: it is now “%(theirs)s”, you wrote “%(yours)s”. Save again to replace it."
    ),
    "version_unknown": N_("The form is too old to tell what has changed since. Load the ticket again."),
    "key_reused": N_("This idempotency key was used for something else. Choose a new key."),
    "no_such_ticket": N_("There is no such ticket."),
    "no_such_entry": N_("There is no such update."),
    "no_such_element": N_("There is no such line."),
    "no_such_relation": N_("There is no such relation."),
    "no_such_file": N_("There is no such file."),
    "no_such_mail": N_("No mail number %(number)s has come in."),
    "mail_filed_already": N_("Mail %(number)s is on its ticket already."),
    "mail_came_for_both": N_("The same mail came for that queue as well and stands in the list by itself."),
    "no_such_token": N_("There is no such token."),
    "no_such_code": N_("There is no such code, or it has expired. Ask for a new one."),
    "no_number": N_("Begin the line with the ticket’s number."),
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
    "too_much_sent_in": N_(
        "You have sent in %(most)s messages within a few minutes, as many as are taken at once. What you wrote is "
        "still here: send it again in %(minutes)s minutes, or ring us up if it cannot wait."
    ),
    "too_many_streams": N_("Too many of your windows and programs listen at once. Close some of them."),
    "no_such_account": N_("There is no account %(given)s."),
    "disabled_already": N_("The account %(name)s is disabled."),
    "not_disabled": N_("The account %(name)s is not disabled."),
    "last_administrator": N_("%(name)s is the last administrator. Make another one first."),
    "name_taken": N_("There is an account %(given)s already."),
    "unknown_group": N_("There is no group %(given)s."),
    "queue_exists": N_("There is a queue %(given)s already."),
    "no_ticket_in_text": N_("There is no ticket in it: neither a number, a description nor a history."),
    "demo_already": N_("The demonstration NOC has been loaded already."),
    "set_up_already": N_("Nocturne has been set up already. Sign on instead."),
    "setup_link_unknown": N_("This set-up link is not the latest one. Use the one that the console shows."),
    "disk_full": N_(
        "The disk is full. Nothing was saved; what you wrote is still here. Free space and save again."
    ),
    "database_unavailable": N_("The database does not answer. Nothing was saved; try again in a moment."),
}

REFUSALS |= shift_words.REFUSALS
REFUSALS |= (
    batch_words.REFUSALS | people_words.REFUSALS | administration_words.REFUSALS | lifecycle_words.REFUSALS
)
STATES_NO = N_("That cannot be done with a ticket that is %(state)s.")

ACTS: dict[str, str] = {
    "opened": N_("opened the ticket"),
    "note": N_("noted"),
    "reply": N_("replied"),
    "received": N_("wrote"),
    "taken": N_("took it"),
    "given": N_("gave it to %(to)s"),
    "referred": N_("referred it to %(to)s"),
    "dispatched": N_("dispatched %(to)s"),
    "escalated": N_("escalated it to %(to)s"),
    "changed": N_("changed it"),
    "moved": N_("moved it on"),
    "suspended": N_("suspended it: %(clock)s time"),
    "resumed": N_("resumed it"),
    "restored": N_("service restored"),
    "resolved": N_("resolved it"),
    "checked": N_("checked it"),
    "closed": N_("closed it"),
    "reopened": N_("reopened it"),
    "rejected": N_("rejected it"),
    "related": N_("related it to %(other)s"),
    "unrelated": N_("took the relation to %(other)s away"),
    "merged": N_("merged %(ticket)s into it"),
    "absorbed": N_("merged it into %(into)s"),
    "unmerged": N_("took the merge back"),
    "split": N_("split %(to)s off"),
    "corrected": N_("corrected an update"),
    "redacted": N_("redacted an update: %(reason)s"),
    "reclassified": N_("opened an update to other readers: %(from)s → %(to)s"),
    "rang": N_("timer went off"),
    "acknowledged": N_("answered the timer"),
    "told": N_("told %(count)s complainers"),
    "objected": N_("complaint %(complaint)s says that it is not over"),
    "withdrawn": N_("took a reply back before it was sent"),
    "outage": N_("noted an outage"),
    "affected": N_("noted who is affected"),
}

FIELDS: dict[str, str] = {
    "type": N_("Type"),
    "queue": N_("Queue"),
    "subject": N_("Subject"),
    "state": N_("State"),
    "clock": N_("Clock"),
    "severity": N_("Severity"),
    "priority": N_("Priority"),
    "owner": N_("Owner"),
    "opened_by": N_("Opened by"),
    "reporter": N_("Reporter"),
    "dispatched_to": N_("Dispatched to"),
    "referred_to": N_("Referred to"),
    "escalated_to": N_("Escalated to"),
    "network": N_("Network"),
    "site": N_("Site"),
    "circuit": N_("Circuit"),
    "vendor": N_("Vendor"),
    "vendor_reference": N_("Their number"),
    "user_address": N_("User’s address"),
    "destination_address": N_("Destination address"),
    "next_action": N_("Next action"),
    "alarm_at": N_("Timer"),
    "alarm_text": N_("Timer text"),
    "ringing_since": N_("Ringing since"),
    "started_at": N_("Started"),
    "detected_at": N_("Detected"),
    "reported_at": N_("Reported"),
    "opened_at": N_("Opened"),
    "restored_at": N_("Restored"),
    "resolved_at": N_("Resolved"),
    "closed_at": N_("Closed"),
    "planned_start": N_("Planned start"),
    "planned_end": N_("Planned end"),
    "resolution": N_("Resolution"),
    "key_component": N_("Key component"),
    "cause": N_("Cause"),
    "checked_by": N_("Checked by"),
    "checked_at": N_("Checked"),
    "self_checked": N_("Checked own work"),
    "check_marks": N_("Check marks"),
    "objected": N_("Objection"),
    "worked": N_("Time worked"),
    "parent": N_("Parent"),
    "merged_into": N_("Merged into"),
    "machine": N_("Machine"),
    "party": N_("Watcher"),
    "relation": N_("Relation"),
    "outage": N_("Outage"),
    "affected": N_("Affected"),
    "field": N_("Field"),
}


CLOCKS = {
    "noc": N_("NOC"),
    "customer": N_("Customer"),
    "vendor": N_("Vendor"),
    "scheduled": N_("Scheduled"),
    "stopped": N_("Stopped"),
}
"""Whose time runs."""


class _Facts(dict[str, Any]):
    """Facts for a sentence; one that is not there leaves a gap rather than an error."""

    def __missing__(self, key: str) -> str:
        return "…"


def refusal(refused: Refusal) -> str:
    """Say in a sentence why something was not done, and what would help."""
    if refused.code == "bad_query":
        return wording_queries.sentence(refused.params)
    template = REFUSALS.get(refused.code)
    if template is None and "_when_" in refused.code:
        template = STATES_NO
    if template is None:
        return _("That cannot be done (%(code)s).") % {"code": refused.code}
    facts = {"field": refused.field or "", "state": refused.params.get("meaning", "")} | refused.params
    if refused.code == "waits_already":
        facts |= _with_clock(facts)
    if refused.code == "move_requires":
        facts["fields"] = [field(name) for name in refused.params["fields"]]
    if facts.get("title") == "":
        facts["title"] = field(refused.field or "")
    return _(template) % _Facts({name: _plain(value) for name, value in facts.items()})


def beside(refused: Refusal) -> str:
    """Say what is not quite right with a value, beside the field itself: its name stands there already."""
    whole, title = refusal(refused), refused.params.get("title") or field(refused.field or "")
    words = whole.removeprefix(f"{title}: ")
    return words[:1].upper() + words[1:]


def act(kind: str, facts: Mapping[str, Any]) -> str:
    """Say in a few words what an entry did; its author stands before them."""
    if kind == "given" and not facts.get("to", "-"):
        return _("put it back into the queue")
    if kind == "note" and "also_to" in facts:
        return _("got the same mail for the queue %(also_to)s") % _Facts(facts)
    if said := shift_words.sentence(facts):
        return (
            said if kind == "note" or "asks" not in facts else f"{act(kind, {**facts, 'asks': None})}, {said}"
        )
    if kind == "received" and facts.get("pending"):
        return _("wrote, and is not known on this ticket")
    if kind == "moved" and facts.get("back"):
        return _("put it back to “%(to)s”") % {"to": titles.state(str(facts["to"]))}
    if kind == "moved" and facts.get("to"):
        return _("moved it to “%(to)s”") % {"to": titles.state(str(facts["to"]))}
    template = ACTS.get(kind)
    return _(template) % _Facts(_with_clock(facts)) if template else kind


def clock_within(name: str) -> str:
    """Say whose time it is, as it stands within a sentence."""
    return within(_(CLOCKS[name])) if name in CLOCKS else name


def _with_clock(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {**facts, "clock": clock_within(str(facts["clock"]))} if facts.get("clock") else dict(facts)


def entry(view: EntryView) -> str:
    """Say in a few words what an entry as a reader sees it did."""
    return act(view.kind, view.facts)


def field(name: str) -> str:
    """Give a column's label: what the site calls it, or what we do."""
    return localfields.title(name) or _(FIELDS.get(name.partition("/")[0], name))


def field_within(name: str) -> str:
    """Give a column's label as it stands within a sentence; what the site calls it stays as the site writes it."""
    return localfields.title(name) or within(field(name))


def within(label: str) -> str:
    """Put a label into a sentence: in small letters, unless the language writes its nouns with capitals."""
    return label.lower() if pgettext("labels inside of a sentence", "in small letters") == SMALL else label


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M UTC")
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    if isinstance(value, dict) and "label" in value:
        return value["label"]
    return value
