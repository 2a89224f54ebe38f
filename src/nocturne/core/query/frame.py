"""How a query says to show what it finds: `order:`, `group:` and `limit:`, each once at most and in no bracket."""

from __future__ import annotations

from collections.abc import Sequence

from nocturne.core.configuration import current
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.query.values import near
from nocturne.core.query.vocabulary import TAGS, Vocabulary
from nocturne.core.query.words import Given, Word, bad_query

ORDERS = ("priority", "newest", "oldest", "updated", "relevance")
"""Orders by one word; `nocturne.store.lists` knows the columns of each."""
RELEVANCE = "relevance"
"""The order of how well tickets fit the words that are looked for: no column of theirs, so nothing stands beside it."""
_ONE_WAY = ("newest", "oldest", RELEVANCE)
SORTED = (
    "number", "opened", "age", "idle", "severity", "state", "clock", "owner", "queue", "type", "network", "site",
    "circuit", "vendor", "affected", "due", "started", "restored", "resolved", "closed", "starts", "ends",
)  # fmt: skip
"""What else lists can be sorted by, the least first; a minus before it turns it round."""
GROUPS = (
    "severity", "priority", "state", "clock", "owner", "queue", "type", "network", "site", "circuit", "vendor",
)  # fmt: skip
MOST = 10_000
"""What `limit:` may ask for at most."""


def orders(order: str | None) -> tuple[str, ...]:
    """Part an order into its names, the first counting most."""
    return tuple(order.split(",")) if order else ()


def sorted_by(vocabulary: Vocabulary) -> tuple[str, ...]:
    """List the names that an order can be made of, the site's own fields with one value among them."""
    return (*ORDERS, *SORTED, *_single(vocabulary))


def groups(vocabulary: Vocabulary) -> tuple[str, ...]:
    """List what tickets can be grouped by: columns with few values, and the site's own fields with one."""
    return (*GROUPS, *_single(vocabulary))


def order(word: Word | None, vocabulary: Vocabulary) -> str | None:
    """Read `order:`; nothing where it is not said.

    :raises Invalid: bad_query.
    """
    if word is None:
        return None
    found: list[str] = []
    for given in word.values:
        name = given.text.lower()
        plain = name.removeprefix("-")
        known = sorted_by(vocabulary)
        if plain not in known or (name != plain and plain in _ONE_WAY):
            raise _not_listed(word, given, known)
        if plain in {each.removeprefix("-") for each in found}:
            raise bad_query("said_twice", word.position, given=given.text, key="order", at=given)
        found.append(name)
        if RELEVANCE in found and len(word.values) > 1:
            raise bad_query(
                "one_value_only", word.position, given=word.shown, key="order", suggestion="order:relevance"
            )
    return ",".join(found)


def group(word: Word | None, vocabulary: Vocabulary) -> str | None:
    """Read `group:`; of the site's own fields, by the name they have now.

    :raises Invalid: bad_query.
    """
    if word is None:
        return None
    if len(word.values) > 1:
        raise bad_query("one_value_only", word.position, given=word.shown, key="group")
    given = word.values[0]
    name = given.text.lower()
    if name not in groups(vocabulary):
        raise _not_listed(word, given, groups(vocabulary))
    return vocabulary[name] if vocabulary.get(name, "").startswith(PREFIX) else name


def limit(word: Word | None) -> int | None:
    """Read `limit:`, a number of tickets.

    :raises Invalid: bad_query.
    """
    if word is None:
        return None
    given = word.values[0]
    if len(word.values) > 1:
        raise bad_query("one_value_only", word.position, given=word.shown, key="limit")
    is_number = given.text.isascii() and given.text.isdecimal() and len(given.text) < 6
    if not is_number or not 0 < int(given.text) <= MOST:
        raise bad_query("unknown_value", word.position, given=given.text, key="limit", at=given)
    return int(given.text)


def _single(vocabulary: Vocabulary) -> list[str]:
    """List the spellings of the site's own fields of which a ticket has one value."""
    fields = current().fields
    return sorted(
        name
        for name, found in vocabulary.items()
        if found.startswith(PREFIX) and found != TAGS and not fields[found.removeprefix(PREFIX)].many
    )


def _not_listed(word: Word, given: Given, known: Sequence[str]) -> Exception:
    name = given.text.lower()
    plain = name.removeprefix("-")
    called = near(word.key, plain, known)
    suggestion = f"-{called}" if called and name != plain and called not in _ONE_WAY else called
    return bad_query(
        "unknown_value", word.position, given=given.text, suggestion=suggestion, key=word.key, at=given
    )
