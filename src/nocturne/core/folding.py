"""Letters as they are compared: without case and accents, in the languages that networks are run in.

`Ærø`, `STRASSE` and `Łódź` are found by `aero`, `straße` and `lodz`. Where people write two letters for one
(`Mueller` for `Müller`), :func:`spelt_out` has that other way. Scripts without spaces are cut into pairs of letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_OWN = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h",
    "ŋ": "n", "ŧ": "t", "ĸ": "k", "ſ": "s",
}  # fmt: skip
_SPELT_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
_UNSPACED = "฀-໿က-႟ក-៿぀-ヿㇰ-ㇿ㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese: scripts whose words no space parts."""
_RUNS = re.compile(f"([{_UNSPACED}]+)|[^{_UNSPACED}]+")
_MARKED = ((0x00C0, 0x058F), (0x0590, 0x06FF), (0x1E00, 0x1FFF))
"""Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic: scripts in which a mark on a letter may be left away."""


class _Folding(dict[int, str]):
    """A table for `str.translate` that works a letter out when it first comes up."""

    def __init__(self, own: dict[str, str]) -> None:
        super().__init__()
        self.own = own

    def __missing__(self, number: int) -> str:
        found = self[number] = _letter(chr(number), self.own)
        return found


def _letter(letter: str, own: dict[str, str]) -> str:
    small = letter.casefold() if letter != "İ" else "i"
    if small in own:
        return own[small]
    marked = any(low <= ord(letter) <= high for low, high in _MARKED)
    plain = unicodedata.normalize("NFKD" if marked else "NFKC", small).casefold()
    bare = (
        each
        for each in plain
        if not (0x0300 <= ord(each) <= 0x036F or (marked and unicodedata.combining(each)))
    )
    return "".join(own.get(each, each) for each in bare)


_FOLDING = _Folding(_OWN)
_SPELLING_OUT = _Folding(_OWN | _SPELT_OUT)


def folded(text: str) -> str:
    """Fold a text to the letters it is compared by."""
    return text.lower() if text.isascii() else _settled(text, _FOLDING)


def spelt_out(text: str) -> str:
    """Fold a text as people write it who have no such letters: `mueller`, `aaland`."""
    return text.lower() if text.isascii() else _settled(text, _SPELLING_OUT)


def _settled(text: str, table: _Folding) -> str:
    """Fold until nothing changes any more: what one letter becomes may join with the next."""
    for _ in range(4):
        text, before = unicodedata.normalize("NFKC", text).translate(table), text
        if text == before:
            break
    return text


def is_unspaced(letter: str) -> bool:
    """Tell whether a letter belongs to a script without spaces."""
    return not letter.isascii() and _RUNS.match(letter)[1] is not None  # type: ignore[index]


def bigrams(word: str) -> Iterator[tuple[list[str], bool]]:
    """Cut a word where its script changes; a run without spaces becomes pairs of its letters, and its last letter."""
    for match in _RUNS.finditer(word):
        run = match[0]
        if match[1] is None:
            yield [run], False
        else:
            yield [*(run[place : place + 2] for place in range(len(run) - 1)), run[-1]], True
