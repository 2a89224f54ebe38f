"""How values of a query are written: for each key of the language a few terms that are understood.

A refusal shows them, so that whoever was refused need not look up how a date or a length of time is asked for; a law
holds each of them to what the parser takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from nocturne.core.configuration import current
from nocturne.core.configuration.fields import Field
from nocturne.core.fieldvalues import KINDS, Context
from nocturne.core.fieldvalues.asking import asked
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.query.vocabulary import (
    LINKS,
    MANY_LINKS,
    TAGS,
    THINGS,
    UNLINKED,
    Vocabulary,
    key_of,
    paths,
)
from nocturne.core.refusals import Invalid

MOST = 3
"""Examples in one refusal."""
_PAST, _AHEAD = ("yesterday", "2026-11", ">2d"), ("today", "<2h", "2026-12-01")
_FORMS: Mapping[str, tuple[str, ...]] = {
    "level": ("1", "1..2", "<=2"),
    "ticket": ("4711",),
    "link": ("4711",),
    "age": (">2h", "<3d", "1d..2d"),
    "span": (">2h", "<30m", "1h..2h"),
    "clock": ("vendor", "vendor>4h"),
    "person": ("me", "NAME"),
    "name": ("NAME", "BEGINNING*"),
    "affected": ("NAME", "BEGINNING*"),
    "line": ("WORDS", "BEGINNING*"),
    "words": ("WORDS", '"SOME WORDS"'),
    "has": ("files", "machines>2"),
    "was": ("owner:me", "severity:1"),
    "changed": ("state", "owner", "any"),
}
_NAMES: Mapping[str, tuple[str, ...]] = {
    "is": ("open", "mine", "waiting"),
    "number": ("4711", "4700..4711"),
    "affected": ("NAME", ">5"),
    "order": ("newest", "severity,-opened"),
    "group": ("owner", "state"),
    "limit": ("20",),
    "after": ("yesterday", "2h"),
    "before": ("yesterday", "2h"),
    "by": ("me", "NAME"),
    "from": ("me",),
    "to": ("me",),
}
_LEADS: Mapping[str, str] = {
    "after": "changed:any ",
    "before": "changed:any ",
    "by": "changed:any ",
    "from": "changed:owner ",
    "to": "changed:owner ",
}
"""What must stand before a word that says more of a change."""
_PLAIN = re.compile(r'[^\s",()]+')
_UNITLESS = re.compile(r"(>=|<=|>|<)?([1-9][0-9]{0,2})")


REFUSED = frozenset({
    "unknown_value", "range_reversed", "value_missing", "one_value_only", "past_needs_value", "needs_one_column",
    "beside_nothing",
})  # fmt: skip
"""Reasons of a refusal that examples help against."""


def beside(text: str, facts: Mapping[str, Any], vocabulary: Vocabulary, context: Context) -> dict[str, Any]:
    """Find `examples` that help whoever was refused, and how the key was spelt; nothing where no value was wrong.

    :param text: all of the query.
    :param facts: those of the refusal.
    """
    if facts["reason"] == "unknown_key" and "." in str(facts["given"]) and not facts["suggestion"]:
        return {"examples": list(_paths(str(facts["given"]).lower().partition(".")[0], vocabulary, context))}
    if facts["reason"] == "star_within" and not facts["suggestion"]:
        return {"examples": list(_begun(text, facts, vocabulary))}
    if (
        facts["reason"] == "written_otherwise"
        and not facts["suggestion"]
        and (key := vocabulary.find(str(facts["key"])))
    ):
        return {"examples": list(examples(key, str(facts["key"]), "", context))}
    if facts["reason"] not in REFUSED:
        return {}
    spelling = text[facts["position"] :].partition(":")[0].lower()
    key, column = vocabulary.find(spelling), str(facts["key"])
    if key is None:
        return {}
    name = paths(key)[1]
    while paths(name)[0]:
        name = paths(name)[1]
    of = vocabulary.find(column)
    if facts["reason"] == "unknown_value" and of and name in ("was", "from", "to") and column != name:
        lead = f"{spelling}:{column}:" if name == "was" else f"changed:{column} {spelling}:"
        return {"examples": list(of_the_past(of, lead, context)), "spelling": column}
    if facts["reason"] == "range_reversed" and facts["suggestion"]:
        return {}
    given = str(facts["given"]) if facts["reason"] == "unknown_value" else ""
    return {"examples": list(examples(key, spelling, given, context)), "spelling": spelling}


def _begun(text: str, facts: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[str]:
    """Write a value with a star within by how it begins, and as it stands."""
    place, (start, _) = int(facts["position"]), facts["span"]
    lead = text[place:start]
    name = vocabulary.find(lead.partition(":")[0].lower()) or ""
    if name in ("from", "to"):
        lead = f"changed:{facts['key']} {lead}"
    lead = f"{_LEADS[name]}{lead}" if name == "by" else lead
    given = str(facts["given"])
    begins = re.split(r"[*?]", given)[0]
    if begins and ":" not in begins:
        yield f"{lead}{_quoted(begins)}*"
    if '"' not in lead:
        yield f"{lead}{_quoted(given, always=True)}"


def _paths(first: str, vocabulary: Vocabulary, context: Context) -> Iterator[str]:
    """Write what can be asked behind a word and a point; where nothing can, what is asked of the word itself."""
    known = vocabulary.find(MANY_LINKS.get(first, first)) or ""
    if known in LINKS:
        state = _values("state", "", context)[0]
        yield from (f"{known}.{each}" for each in (f"state:{state}", "is:open"))
        return
    behind = [each for each in THINGS if each.partition(".")[0] == known]
    yield from (f"{each}:NAME" for each in behind[:MOST])
    if known and not behind and key_of(known).form not in UNLINKED:
        yield from examples(known, first, "", context)


def examples(key: str, spelling: str, given: str, context: Context) -> tuple[str, ...]:
    """Write terms of a key that are understood, the likeliest first.

    :param key: its name; of a path all of it.
    :param spelling: as it was typed, without the colon.
    :param given: the value that was refused: a number without a unit is shown with one.
    """
    link, name = paths(key)
    while link:
        link, name = paths(name)
    found = _values(name, given, context)[:MOST]
    return tuple(f"{_LEADS.get(name, '')}{spelling}:{value}" for value in found)


def of_the_past(column: str, lead: str, context: Context) -> tuple[str, ...]:
    """Write what a column was as single values of it; what is asked for as a stretch was never one value.

    :param lead: all that stands before the value.
    """
    single = [each for each in _values(column, "", context) if not re.search(r"[<>]|\.\.", each)]
    return tuple(f"{lead}{value}" for value in single[:MOST])


def _values(name: str, given: str, context: Context) -> tuple[str, ...]:
    if name == TAGS:
        return ("NAME", "none")
    key = key_of(name)
    if key.form == "local":
        return _local(current().fields[name.removeprefix(PREFIX)], given, context)
    if name == "state":
        return tuple(_quoted(each) for each in dict.fromkeys(current().states_called))
    if name == "type":
        return tuple(_quoted(each.lower()) for each in current().types)
    if key.form in ("age", "span", "instant") and (bare := _UNITLESS.fullmatch(given)):
        return tuple(f"{bare[1] or '<'}{bare[2]}{unit}" for unit in "hd")
    if key.form == "instant":
        return _AHEAD if key.ahead else _PAST
    return _NAMES.get(name) or _FORMS[key.form]


def _local(field: Field, given: str, context: Context) -> tuple[str, ...]:
    """Write values of a field of the site: as its kind is typed, and what any field can be asked for."""
    start, one = given.strip("<>=*"), KINDS[field.kind].example
    tried = [*(each.value for each in field.choices[:2]), *([f"{start}*"] if start else [])]
    tried += [one, f">{one}"] if one else []
    return (*(each for each in tried if _is_taken(field, each, context)), "*", "none")


def _quoted(text: str, *, always: bool = False) -> str:
    return (
        text
        if not always and _PLAIN.fullmatch(text)
        else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )


def _is_taken(field: Field, value: str, context: Context) -> bool:
    if not _PLAIN.fullmatch(value):
        return False
    try:
        asked(field, value, context)
    except Invalid:
        return False
    return True
