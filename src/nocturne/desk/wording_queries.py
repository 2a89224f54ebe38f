"""Words for what is wrong with a query: what, where, and what was perhaps meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

REASONS: dict[str, str] = {
    "unknown_key": N_("“%(given)s:” is no word of the search."),
    "written_otherwise": N_("“%(given)s” is written otherwise here."),
    "star_within": N_("“%(given)s”: only a * at the end stands for whatever follows."),
    "range_reversed": N_("“%(given)s” ends before it begins."),
    "unknown_value": N_("%(key)s: cannot be “%(given)s”."),
    "value_missing": N_("Behind “%(given)s:” something is missing: write %(given)s:VALUE, or VALUE,VALUE."),
    "quote_not_closed": N_("A quotation mark is opened and not closed."),
    "bracket_not_closed": N_("A bracket is opened and not closed."),
    "bracket_not_opened": N_("A bracket is closed that was not opened."),
    "term_missing": N_("Beside “or”, “not” or a bracket something is missing."),
    "order_out_of_place": N_("“%(given)s” stands once, and outside of brackets."),
    "too_deep": N_("Brackets stand too deep within each other."),
    "too_long": N_("The question is too long."),
    "strange_character": N_("There is a character that nobody can type."),
    "beside_nothing": N_(
        "“%(given)s” says more of a change: put it right behind changed:STATE, changed:any or the like."
    ),
    "said_twice": N_("“%(given)s” is said twice."),
    "one_value_only": N_("“%(given)s” takes one value."),
    "needs_one_column": N_(
        "“%(given)s” needs to know of what: put it behind changed:owner, changed:state or the like."
    ),
    "past_needs_value": N_("Say what it was: was:owner:NAME, was:state:waiting."),
}
"""By the reason that a query was not understood for."""


def sentence(params: Mapping[str, Any]) -> str:
    """Say what is wrong with a query, at which character (counted from 1), and what would be understood.

    Where nothing looks like what was typed, it is shown how the values of its key are written.

    :param params: the refusal's; `where` is the document that the query stands in, where it stands in one.
    """
    facts = {
        "given": params.get("given", ""),
        "key": params.get("spelling") or str(params.get("key") or "").rpartition("/")[2].rstrip(":") or "tag",
        "place": _place(params) + 1,
        "suggestion": params.get("suggestion"),
    }
    reason = REASONS.get(str(params.get("reason")), N_("The query is not understood."))
    said = _(reason) % facts
    where = _("(Character %(place)s.)") % facts
    meant = _("Is “%(suggestion)s” meant?") % facts if facts["suggestion"] else ""
    shown = "" if meant else _written(params.get("examples"))
    told = " ".join(part for part in (said, meant, shown, where) if part)
    return f"{params['where']}: {told}" if params.get("where") else told


def _place(params: Mapping[str, Any]) -> int:
    """Find where what is wrong begins: the value, where the word around it is right."""
    span = params.get("span")
    return int(span[0] if isinstance(span, list | tuple) and span else params.get("position") or 0)


def _written(examples: Any) -> str:
    """Say how it is written: `Try age:>2h or age:<3d.`"""
    found = [_("“%(example)s”") % {"example": each} for each in examples or ()]
    if len(found) < 2:
        return _("Try %(example)s.") % {"example": found[0]} if found else ""
    return _("Try %(examples)s or %(last)s.") % {"examples": ", ".join(found[:-1]), "last": found[-1]}
