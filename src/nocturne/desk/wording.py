"""Words for people: refusals and acts are kept as codes and facts, and become sentences here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
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
    signon_words,
    ticket_words,
    titles,
    view_words,
    wording_fields,
    wording_queries,
)
from nocturne.desk.charts import EntryView
from nocturne.desk.ticket_words import ACTS, CLOCKS, FIELDS, STATES_NO

REFUSALS: dict[str, str] = {
    code: words
    for table in (
        configuration_words, wording_fields, outgoing_words, view_words, ticket_words, signon_words, shift_words,
        batch_words, people_words, administration_words, lifecycle_words,
    )
    for code, words in table.REFUSALS.items()
}  # fmt: skip
"""Every code that anything is refused with, and its sentence."""
SMALL = "in small letters"
"""A translation that keeps capitals, as German does, says anything else here."""


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
