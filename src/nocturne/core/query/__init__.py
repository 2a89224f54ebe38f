"""One language to find tickets: `is:open node:cr1.aa,cr2.chi (owner:me or -severity:4) "fibre cut" order:newest`.

A local field's name is a key too: `cve:CVE-2026-*`, `bandwidth:>10G`, `due:2026-12`, `hosts:10.0.0.0/8`.

Words stand for themselves: a number is a ticket's number, other text is looked for in what was written, `key:value`
asks for a column, `key:a,b` for one of several values, `key:none` for an empty one, `key:cr*` for how it begins. Terms
are joined by a space (and), `or` binds weaker, `-` and `not` turn one term or bracket round. `order:`, `group:` and
`limit:` say how to show what is found.

A query becomes a tree of terms (`nocturne.core.query.tree`). It has two interpreters, in memory
(`nocturne.core.query.meaning`) and in SQL in the store; a law holds them together.
"""

from collections.abc import Mapping, Sequence

from nocturne.core.lifecycle import CLOCKS
from nocturne.core.query.allowed import columns_of, demand
from nocturne.core.query.choices import choices
from nocturne.core.query.conditions import IS
from nocturne.core.query.frame import GROUPS, MOST, ORDERS, RELEVANCE, SORTED, groups, orders, sorted_by
from nocturne.core.query.meaning import matches
from nocturne.core.query.reading import DEEPEST, LONG_AGO, MOST_DEAR, parse
from nocturne.core.query.vocabulary import CAN_BE_EMPTY, FIRM, KEYS, TAGS, keys

CHOICES: Mapping[str, Sequence[str]] = {"is": IS, "clock": CLOCKS, "order": ORDERS}
"""Keys whose values are chosen from a fixed list; for states and types the site's configuration has the list."""

__all__ = [
    "CAN_BE_EMPTY", "CHOICES", "DEEPEST", "FIRM", "GROUPS", "IS", "KEYS", "LONG_AGO", "MOST", "MOST_DEAR", "ORDERS",
    "RELEVANCE", "SORTED", "TAGS", "choices", "columns_of", "demand", "groups", "keys", "matches", "orders", "parse",
    "sorted_by",
]  # fmt: skip
