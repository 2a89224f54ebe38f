"""Reads a document's body key by key, and refuses what does not belong there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from nocturne.core.refusals import Invalid

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
"""What anything configured is called inside: in queries, in addresses, in file names. People see its title."""
LONGEST = 2_000
MOST = 500
Read = TypeVar("Read")


def wrong(reason: str, where: str, **facts: Any) -> Invalid:
    """Make the refusal of a document: where it is wrong (`field`), why, and the facts of the reason."""
    return Invalid(f"configuration_{reason}", field=where, where=where, **facts)


DEEPEST = 12


def cannot_be_kept(value: Any, depth: int = 0) -> bool:
    """Tell whether there is a NUL anywhere in a value, which no database keeps, or more tables in tables than anybody
    writes."""
    if isinstance(value, str):
        return "\0" in value
    if depth > DEEPEST:
        return True
    if isinstance(value, Mapping):
        return any(cannot_be_kept(each, depth + 1) for pair in value.items() for each in pair)
    return isinstance(value, list | tuple) and any(cannot_be_kept(each, depth + 1) for each in value)


class Body:
    """A document being read. Each key is asked for by its name; :meth:`done` refuses those nobody asked for."""

    def __init__(self, where: str, body: Mapping[str, Any]) -> None:
        self.where = where
        self.body = body
        self.asked: set[str] = set()

    def at(self, key: str) -> str:
        return f"{self.where}.{key}"

    def _given(self, key: str) -> Any:
        self.asked.add(key)
        return self.body.get(key)

    def text(self, key: str, default: str = "", *, longest: int = LONGEST, needed: bool = False) -> str:
        """Take a text.

        :raises Invalid: it is none, too long, or empty where it is needed.
        """
        value = self._given(key)
        if value is None:
            value = default
        if not isinstance(value, str):
            raise wrong("not_text", self.at(key), given=str(value)[:80])
        value = value.strip() if "\n" not in value else value
        if len(value) > longest:
            raise wrong("too_long", self.at(key), limit=longest, length=len(value))
        if needed and not value:
            raise wrong("missing", self.at(key))
        if "\0" in value:
            raise wrong("not_text", self.at(key), given="NUL")
        return value

    def name(self, key: str, default: str = "") -> str:
        """Take the name of something configured.

        :raises Invalid: it cannot be one.
        """
        value = self.text(key, default, longest=40)
        if value and not NAME.fullmatch(value):
            raise wrong("bad_name", self.at(key), given=value)
        return value

    def choice(self, key: str, among: Iterable[str], default: str = "") -> str:
        """Take one of some words.

        :raises Invalid: it is none of them.
        """
        value, known = self.text(key, default, longest=80), list(among)
        if value not in known and not (value == "" and default == ""):
            raise wrong("not_among", self.at(key), given=value, known=known)
        return value

    def number(
        self, key: str, default: int | None = None, *, least: int = 0, most: int = 10**9
    ) -> int | None:
        """Take a whole number.

        :raises Invalid: it is none, or out of bounds.
        """
        value = self._given(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise wrong("not_number", self.at(key), given=str(value)[:80], least=least, most=most)
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """Take a yes or no.

        :raises Invalid: it is neither.
        """
        value = self._given(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise wrong("not_flag", self.at(key), given=str(value)[:80])
        return value

    def texts(self, key: str, *, longest: int = 200, most: int = MOST) -> tuple[str, ...]:
        """Take a list of texts, each once.

        :raises Invalid: it is no list, one is no text or too long, or there are too many.
        """
        value = self._given(key)
        if value is None:
            return ()
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise wrong("not_list", self.at(key), given=str(value)[:80])
        if len(value) > most:
            raise wrong("too_many", self.at(key), limit=most)
        found = []
        for each in value:
            if not isinstance(each, str) or len(each) > longest or "\0" in each:
                raise wrong("not_text", self.at(key), given=str(each)[:80])
            found.append(each.strip())
        return tuple(dict.fromkeys(each for each in found if each))

    def names(self, key: str) -> tuple[str, ...]:
        """Take a list of names of things configured.

        :raises Invalid: one of them cannot be a name.
        """
        found = self.texts(key, longest=40)
        for each in found:
            if not NAME.fullmatch(each):
                raise wrong("bad_name", self.at(key), given=each)
        return found

    def table(self, key: str) -> Body:
        """Take a table within; an empty one where there is none."""
        value = self._given(key)
        if value is None:
            value = {}
        if not isinstance(value, Mapping):
            raise wrong("not_table", self.at(key), given=str(value)[:80])
        return Body(self.at(key), value)

    def tables(self, key: str, read: Callable[[Body], Read], *, most: int = MOST) -> tuple[Read, ...]:
        """Read a list of tables, each by `read`; what one of them leaves unread is refused."""
        value = self._given(key)
        if value is None:
            return ()
        if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
            raise wrong("not_list", self.at(key), given=str(value)[:80])
        if len(value) > most:
            raise wrong("too_many", self.at(key), limit=most)
        found = []
        for place, each in enumerate(value, start=1):
            if not isinstance(each, Mapping):
                raise wrong("not_table", f"{self.at(key)}.{place}", given=str(each)[:80])
            part = Body(f"{self.at(key)}.{place}", each)
            found.append(read(part))
            part.done()
        return tuple(found)

    def value(self, key: str) -> Any:
        """Take a value as it is: a field's default, whose form the field's kind knows."""
        return self._given(key)

    def done(self) -> None:
        """Refuse keys that nobody asked for: a slip of the fingers must not vanish.

        :raises Invalid: there is one.
        """
        for key in self.body:
            if key not in self.asked:
                raise wrong("unknown_key", self.at(str(key)), given=str(key)[:80], known=sorted(self.asked))
