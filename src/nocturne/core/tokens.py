"""What words a text is found by, and whether it is among what somebody asked for.

People type an interface, an address or a circuit as they read it, in any case, with or without accents. So each text
is folded, and what is written with punctuation (`et-0/1/0`, `CIR-123456`, `cr1.aa.example.net`) is kept whole, by its
parts, and by what stands before and behind each of its marks. The same words feed the indexes of both databases;
:func:`matches` is their twin in memory.

Pure, and without configuration: whoever changes what comes out here raises :data:`EDITION`, and all is indexed anew.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network

from nocturne.core.folding import bigrams, folded, is_unspaced, spelt_out

EDITION = 1
LONGEST_TEXT = 200_000
"""Characters of one text that words are taken from; what stands behind them is not found."""
LONGEST_WORD = 80
MOST_PARTS = 12
"""Parts up to which an identifier is also found by what stands before and behind each of its marks."""

_WORD = re.compile(r"(?:::)?[^\W_]+(?:(?:::|[-._/:@+#&])[^\W_]+)*(?:::(?:/[0-9]+)?)?")
_GOES_ON = re.compile(r"::|[-._/:@+#&]")
_PART = re.compile(r"[^\W_]+")
_MAC = re.compile(
    r"[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{4}([.:-])[0-9a-f]{4}\2[0-9a-f]{4}"
)
_NUMBERED = re.compile(r"[a-z]{1,4}([0-9]{3,})")
"""`AS6939`, `PO12345`: found by the number alone, too."""
_DIGITS = "0123456789abcdefghijklmnopqrstuv"


@dataclass(frozen=True, slots=True)
class Needle:
    """One way in which a text may hold what was asked.

    :param tokens: all of them must be there, in whichever texts of a ticket.
    :param sequence: words that must stand one behind the other in one text; of fewer than two, none.
    :param prefix: how a word must begin; with a sequence, the word behind it.
    """

    tokens: tuple[str, ...]
    sequence: tuple[str, ...] = ()
    prefix: str = ""

    @property
    def needs_reading(self) -> bool:
        """Tell whether the index alone cannot say it: the order of words is in the texts."""
        return len(self.sequence) > 1 or bool(self.sequence and self.prefix)


@lru_cache(maxsize=2_000)
def asked(value: str, *, begins: bool = False) -> tuple[Needle, ...]:
    """Read what somebody looks for: a word, or several that stand one behind the other; any of what is given will do.

    A value without a single letter or digit gives nothing, and finds nothing.

    :param begins: whether the last word may go on.
    """
    given = value.strip()
    spellings = dict.fromkeys((folded(given), spelt_out(given)))
    return tuple(dict.fromkeys(each for text in spellings for each in _needles(text, begins)))


def _needles(text: str, begins: bool) -> Iterator[Needle]:
    found = list(_words(text))
    if not found:
        return
    sequence = tuple(part for _, parts in found for part in parts)
    if begins and not text[-1:].isalnum():
        begins = len(found) == 1  # `et-0/1/*` is asked by what stands before the mark
    if len(found) == 1 and not is_unspaced(sequence[-1][-1]):
        whole = _begun(text, found[0][0]) if begins else found[0][0]
        yield Needle((), prefix=whole[:LONGEST_WORD]) if begins else Needle((found[0][0],))
    elif is_unspaced(sequence[-1][-1]):
        yield from _unspaced(sequence)
    elif begins:
        yield Needle(_known(sequence[:-1]), sequence[:-1], sequence[-1])
    elif len(sequence) == 1:
        yield Needle(sequence)
    else:
        yield Needle(_known(sequence), sequence)


def _begun(text: str, word: str) -> str:
    """Give a word with the marks behind it that an identifier goes on with: `et-0/1/` begins `et-0/1/3`."""
    place = text.find(word)
    if place < 0:
        return word
    further = _GOES_ON.match(text, place + len(word))
    return word + further[0] if further is not None else word


def _unspaced(sequence: tuple[str, ...]) -> Iterator[Needle]:
    """Ask for a run of a script that is written without spaces: more of it may follow behind its last letter."""
    if len(sequence[-1]) == 1 and len(sequence) > 1 and is_unspaced(sequence[-2][-1]):
        sequence = sequence[:-1]
    if len(sequence[-1]) > 1:
        yield Needle(_known(sequence), sequence)
    else:
        yield Needle(_known(sequence[:-1]), sequence[:-1], sequence[-1])


def _known(sequence: Sequence[str]) -> tuple[str, ...]:
    """Keep the words of a sequence that stand in the index alone, too: not the single letters of identifiers."""
    return tuple(dict.fromkeys(part for part in sequence if not _is_crumb(part)))


def _is_crumb(part: str) -> bool:
    return len(part) == 1 and part.isascii()


def tokens(text: str) -> set[str]:
    """Give all the words under which a text is found."""
    return marks(text)[0]


def marks(text: str) -> tuple[set[str], set[str]]:
    """Give the words under which a text is found, and a short mark for each two that stand one behind the other.

    Different pairs seldom share their mark: what the index finds by it is read once more (:func:`stands_in`).
    """
    words: set[str] = set()
    pairs: set[str] = set()
    for spelling in _spellings(text):
        sequence: list[str] = []
        for match in _WORD.finditer(spelling):
            found, parts = _known_by(match[0])
            words.update(found)
            sequence += parts
        pairs.update(map(pair, sequence, sequence[1:]))
    return words, pairs


@lru_cache(maxsize=50_000)
def _known_by(word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the words by which one word of a folded text is known, and its parts."""
    found: set[str] = set()
    sequence: list[str] = []
    for whole, parts in _words(word):
        found.add(whole)
        sequence += parts
        if len(parts) > 1:
            found.update(_by_parts(whole, parts))
        elif (numbered := _NUMBERED.fullmatch(whole)) is not None:
            found.add(numbered[1])
    return tuple(found), tuple(sequence)


@lru_cache(maxsize=100_000)
def pair(one: str, other: str) -> str:
    """Mark two words that stand one behind the other: twenty bits of their sum, in four letters."""
    number = zlib.crc32(f"{one} {other}".encode("utf-8", "replace"))
    return "=" + "".join(_DIGITS[number >> shift & 31] for shift in (15, 10, 5, 0))


def matches(texts: Iterable[str], needles: Iterable[Needle]) -> bool:
    """Tell whether the texts of one ticket hold what :func:`asked` gave: what the index answers, without an index."""
    given = list(texts)
    known: set[str] | None = None
    for needle in needles:
        if needle.needs_reading:
            if any(stands_in(text, needle) for text in given):
                return True
            continue
        if known is None:
            known = set().union(*map(tokens, given))
        if all(each in known for each in needle.tokens) and (
            not needle.prefix or any(each.startswith(needle.prefix) for each in known)
        ):
            return True
    return False


def stands_in(text: str, needle: Needle) -> bool:
    """Tell whether the words of a needle stand in this one text one behind the other."""
    wanted, length = list(needle.sequence), len(needle.sequence)
    plain = [part for part in wanted if part.isalpha()]
    for spelling in _spellings(text):
        if not all(part in spelling for part in plain):
            continue
        words = [part for _, parts in _words(spelling) for part in parts]
        for place in range(len(words) - length - bool(needle.prefix) + 1):
            if words[place : place + length] == wanted and (
                not needle.prefix or words[place + length].startswith(needle.prefix)
            ):
                return True
    return False


def spans(text: str, needles: Iterable[Needle]) -> list[tuple[int, int]]:
    """Find where in a text stands what was asked, to mark it: pairs of places, in order, none within another."""
    wanted = list(needles)
    words = {each for needle in wanted if not needle.needs_reading for each in needle.tokens}
    begins = tuple(needle.prefix for needle in wanted if needle.prefix and not needle.needs_reading)
    phrases = [needle for needle in wanted if needle.needs_reading]
    places = [(match.start(), match.end()) for match in _WORD.finditer(text[:LONGEST_TEXT])]
    found: list[tuple[int, int]] = []
    for start, end in places:
        known = tokens(text[start:end])
        if not known.isdisjoint(words) or (begins and any(each.startswith(begins) for each in known)):
            found.append((start, end))
    for needle in phrases:
        found += _phrase_spans(text, places, needle)
    return _joined(found)


def _phrase_spans(text: str, places: Sequence[tuple[int, int]], needle: Needle) -> Iterator[tuple[int, int]]:
    length = len(needle.sequence) + bool(needle.prefix)
    for first in range(len(places)):
        for last in range(first, min(first + length, len(places))):
            piece = text[places[first][0] : places[last][1]]
            if stands_in(piece, needle):
                yield places[first][0], places[last][1]
                break


def _joined(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start < joined[-1][1]:
            # A wider one may only come up because its beginning did not fit: the narrower says it better.
            if end - start < joined[-1][1] - joined[-1][0]:
                joined[-1] = (start, end)
            continue
        joined.append((start, end))
    return joined


def _spellings(text: str) -> tuple[str, ...]:
    text = text[:LONGEST_TEXT]
    if text.isascii():
        return (text.lower(),)
    first, second = folded(text), spelt_out(text)
    return (first,) if first == second else (first, second)


def _words(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Cut folded text into words: each whole, and in its parts."""
    for match in _WORD.finditer(text):
        word = match[0]
        if word.isalnum():
            if word.isascii():
                word = word[:LONGEST_WORD]
                yield word, (word,)
            else:
                yield from _plain(word)
            continue
        if _MAC.fullmatch(word):
            word = re.sub("[^0-9a-f]", "", word)
            yield word, (word,)
            continue
        if "::" in word or word.count(":") == 7:
            address = _address(word)
            if address:
                yield address, (address,)
                continue
            word = word.strip(":").partition("::/")[0]
        parts = tuple(part for each in _PART.findall(word) for part in _parts(each))
        yield word[:LONGEST_WORD], parts


def _plain(word: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give a word without marks, or a run of a script without spaces in pairs of its letters."""
    for part in _parts(word):
        yield part, (part,)


def _parts(word: str) -> Iterator[str]:
    if word.isascii():
        yield word[:LONGEST_WORD]
        return
    for run, unspaced in bigrams(word):
        yield from run if unspaced else (run[0][:LONGEST_WORD],)


def _address(word: str) -> str:
    """Spell an IPv6 address or network as everybody's; nothing where it is none."""
    try:
        if "/" in word:
            return str(IPv6Network(word, strict=False))
        return str(IPv6Address(word))
    except ValueError:
        return ""


def _by_parts(whole: str, parts: Sequence[str]) -> Iterator[str]:
    """Give an identifier's parts, and what stands before and behind each of its marks."""
    for part in parts:
        if not _is_crumb(part):
            yield part
        if (numbered := _NUMBERED.fullmatch(part)) is not None:
            yield numbered[1]
    if len(parts) <= MOST_PARTS:
        named = whole[0].isalpha()  # of numbers alone, such as an address, nobody looks for the end
        for match in _PART.finditer(whole):
            if match.end() < len(whole) and match.end() > 1:
                yield whole[: match.end()]
            if match.start() and len(whole) - match.start() > 1 and (named or match[0][0].isalpha()):
                yield whole[match.start() :]
