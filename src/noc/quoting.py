"""Gives questions back the quotes that the shell has eaten, and hands them to the shell again."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

_KEY = re.compile(r"(-?(?:was:)?)([a-z][a-z_.]*(?:/[\w-]+)?):([<>]?=?)(.+)")
_WITHOUT_BLANKS = frozenset(
    {
        "is", "has", "changed", "priority", "severity", "number", "parent", "child", "blocks", "clock", "age",
        "idle", "due", "opened", "updated", "started", "detected", "reported", "restored", "resolved", "closed",
        "checked", "starts", "ends", "worked", "depends", "refers", "merged",
        "order", "group", "limit",
    }
)  # fmt: skip
"""Keys that no value with a blank belongs to, unless it is a date with its time."""
_TIME = re.compile(r"\S+ \d{1,2}:\d\d")


def requoted(word: str) -> str:
    """Give a value back the quotes that the shell has eaten: `"site:Ann Arbor"` was one word there.

    What can be no value is a whole question in the shell's quotes, and stays as it is: `"is:open fibre"`.
    """
    if " " not in word or '"' in word:
        return word
    found = _KEY.fullmatch(word)
    if found and _TIME.fullmatch(found[4]):
        return f'{found[1]}{found[2]}:{found[3]}"{found[4]}"'
    if any(":" in each or each in ("or", "not", "OR", "NOT") for each in word.split()[1:]) or word[0] == "(":
        return word
    if found is None:
        return word if word[0] == "-" else f'"{word}"'
    return word if found[2] in _WITHOUT_BLANKS else f'{found[1]}{found[2]}:{found[3]}"{found[4]}"'


def as_question(words: Sequence[str]) -> str:
    """Spell the command line's words as a question, where one of them was taken for a value with blanks.

    :return: what to type instead, or nothing where no word was.
    """
    taken = any(_KEY.fullmatch(word) and requoted(word) != word and not _TIME.search(word) for word in words)
    return " ".join(words) if taken else ""


def for_shell(words: Sequence[str]) -> str:
    """Spell words so that a shell takes them as they were."""
    return " ".join(shlex.quote(word) if re.search(r"[^\w@%+=:,./-]", word) else word for word in words)
