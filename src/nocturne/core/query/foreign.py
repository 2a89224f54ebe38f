"""Questions in the manner of other systems: `severity=1`, `opened > 2026-11-20`, `a && b`, `!is:open`, TicketSQL.

As words of texts these are found nowhere. So they are refused, and shown as they are written here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nocturne.core.query import synonyms
from nocturne.core.query.choices import choices
from nocturne.core.query.counted import COUNTED, counted_types
from nocturne.core.query.values import spelt
from nocturne.core.query.vocabulary import Vocabulary
from nocturne.core.query.words import bad_query
from nocturne.core.refusals import Invalid

_ODD = re.compile(r"[=<>~!&|*%]|\b(?:like|null)\b", re.IGNORECASE)
"""Without one of these a question has nothing of the kind."""
_PIECE = re.compile(
    r"""(?P<quoted>(?:"(?:[^"\\]|\\.)*"\*?|'[^']*')(?=[\s()]|$))|(?P<bracket>[()])|(?P<plain>(?:"(?:[^"\\]|\\.)*"|[^\s()"])+)""",
    re.DOTALL,
)
_SIGN = r"==|!=|<>|<=|>=|=~|!~|=|<|>|~"
_COMPARED = re.compile(
    rf"(?P<turned>[-!]?)(?P<name>[A-Za-z][\w.-]*)(?P<sign>{_SIGN})(?P<value>.*)", re.DOTALL
)
_NAME = re.compile(r"(?P<turned>[-!]?)(?P<name>[A-Za-z][\w.-]*)")
_SIGNED = re.compile(rf"(?P<sign>{_SIGN})(?P<value>.*)", re.DOTALL)
_SPOKEN = {"like": "=", "contains": "=", "matches": "=", "is": "="}
"""Signs that are words: such only before a value in quotation marks, or `null`."""
_LEAD = re.compile(r"-?([\w.-]+):")
_JOINED = {"&&": "and", "&": "and", "||": "or", "|": "or"}
_EITHER = re.compile(r"[\w.-]+(?:\|[\w.-]+)+")
_TURNS = ("!=", "<>", "!~")
_KEPT = ("<", ">", "<=", ">=")
_SPECIAL = {"__currentuser__": "me", "nobody": "none", "null": "none"}
_STATES = {"__active__": "is:open", "__inactive__": "-is:open"}


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    start: int
    end: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class _Fix:
    """What stands between two places, and how it is written here."""

    start: int
    end: int
    written: str


def refusal(text: str, keys: Vocabulary) -> Invalid | None:
    """Refuse a question in another system's manner, with all of it as it is written here; nothing for one of ours."""
    if _ODD.search(text) is None:
        return None
    pieces = [
        _Piece(match[0], match.start(), match.end(), quoted=match["quoted"] is not None)
        for match in _PIECE.finditer(text)
    ]
    fixes = list(_fixes(pieces, keys))
    if not fixes:
        return None
    start, end, written = fixes[0].start, fixes[-1].end, ""
    place = start
    for fix in fixes:
        written += text[place : fix.start] + fix.written
        place = fix.end
    if not written.strip():  # a lone star beside something else: that stays
        beside = [each for each in pieces if each.start >= end][:1] or [
            each for each in pieces if each.end <= start
        ][-1:]
        start, end = min(start, beside[0].start), max(end, beside[0].end)
        written = beside[0].text
    key = _LEAD.match(fixes[0].written)
    named = key[1] if key else None
    return bad_query("written_otherwise", start, given=text[start:end], suggestion=written, key=named)


def _fixes(pieces: Sequence[_Piece], keys: Vocabulary) -> Iterator[_Fix]:
    place = 0
    while place < len(pieces):
        fix, used = _fix(pieces, place, keys)
        if fix is not None:
            yield fix
        place += used


def _fix(pieces: Sequence[_Piece], place: int, keys: Vocabulary) -> tuple[_Fix | None, int]:
    """Give how the piece here, with what belongs to it, is written; and how many pieces that are."""
    here = pieces[place]
    if here.quoted:
        return None, 1
    if here.text in _JOINED:
        return _Fix(here.start, here.end, _JOINED[here.text]), 1
    if here.text in ("*", "%"):
        return _all(pieces, place)
    compared = _compared(pieces, place, keys)
    if compared is not None:
        return compared
    if here.text[:1] == "!" and _is_turned(pieces, place):
        return _Fix(here.start, here.start + 1, "-"), 1
    if _EITHER.fullmatch(here.text):
        return _Fix(here.start, here.end, f"({' or '.join(here.text.split('|'))})"), 1
    return None, 1


def _is_turned(pieces: Sequence[_Piece], place: int) -> bool:
    """Tell whether a `!` stands right before a word, a phrase or a bracket."""
    behind = pieces[place].text[1:2]
    if behind:
        return behind.isalnum() or behind == '"'
    following = pieces[place + 1] if place + 1 < len(pieces) else None
    return following is not None and following.text == "(" and following.start == pieces[place].end


def _all(pieces: Sequence[_Piece], place: int) -> tuple[_Fix | None, int]:
    """A lone star is every ticket; beside something else it says nothing."""
    here = pieces[place]
    following = pieces[place + 1] if place + 1 < len(pieces) else None
    if following is not None and following.text not in (")", "*", "%"):
        return _Fix(here.start, following.start, ""), 1
    before = pieces[place - 1] if place else None
    if before is not None and before.text.lower() not in ("(", "or", "and", "not", "*", "%"):
        return _Fix(before.end, here.end, ""), 1
    return _Fix(here.start, here.end, "number:1.."), 1


def _compared(pieces: Sequence[_Piece], place: int, keys: Vocabulary) -> tuple[_Fix, int] | None:
    """Read `name=value` in one piece, two or three; nothing where it is none, or the name is none of ours."""
    here = pieces[place]
    used = 1
    match = _COMPARED.fullmatch(here.text)
    if match is not None:
        turned, name, sign, value = match["turned"], match["name"], match["sign"], match["value"]
    else:
        said, following = _NAME.fullmatch(here.text), pieces[place + 1 : place + 4]
        if said is None or not following or following[0].quoted:
            return None
        turned, name = said["turned"], said["name"]
        signed = _SIGNED.fullmatch(following[0].text)
        if signed is not None:
            sign, value, used = signed["sign"], signed["value"], 2
        else:
            spoken = _spoken(following)
            if spoken is None:
                return None
            sign, value, used = spoken[0], "", spoken[1] + 1
    if not value:
        if place + used >= len(pieces) or pieces[place + used].text in "()":
            return None
        value, used = pieces[place + used].text, used + 1
    written = _written(name.lower(), sign, value, keys)
    if written is None:
        return None
    if turned or sign in _TURNS:
        written = written[1:] if written[0] == "-" else f"-{written}"
    return _Fix(here.start, pieces[place + used - 1].end, written), used


def _spoken(pieces: Sequence[_Piece]) -> tuple[str, int] | None:
    """Read a sign that is a word, `LIKE`, `NOT LIKE`, `IS NOT`: before a value in quotation marks, or NULL."""
    said = [each.text.lower() for each in pieces]
    for count in (1, 2):
        sign = [each for each in said[:count] if each != "not"]
        if len(sign) == 1 and sign[0] in _SPOKEN and len(pieces) > count:
            value = pieces[count]
            if value.quoted or said[count] == "null":
                return ("!=" if "not" in said[:count] else "="), count
    return None


def _written(name: str, sign: str, value: str, keys: Vocabulary) -> str | None:
    """Write a comparison in our way; nothing where it is of nothing that we know."""
    bare = value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value
    kept = sign if sign in _KEPT else ""
    if kept and (name in COUNTED or name in counted_types()):
        return f"has:{name}{kept}{bare}"
    key = name if keys.find(name) else synonyms.KEYS.get(name)
    if key is None:
        return None
    if key == "state":
        return _state(bare)
    asked = _SPECIAL.get(bare.lower(), bare)
    if asked[:1] == "%":  # LIKE '%fibre%': a part of a text is what our keys of texts ask for
        asked = asked.strip("%")
    elif asked[-1:] == "%":
        asked = f"{asked[:-1]}*"
    lead = key if ":" in key else f"{key}:"
    return f"{lead}{kept}{asked if _is_plain(asked) else spelt(asked)}" if asked else None


def _is_plain(text: str) -> bool:
    return not re.search(r'[\s()"]', text)


def _state(value: str) -> str:
    given = value.lower()
    if given in _STATES:
        return _STATES[given]
    if given not in choices("state") and (given in choices("is") or given in synonyms.IS):
        return f"is:{synonyms.IS.get(given, given)}"
    return f"state:{spelt(value)}"
