"""What must hold of fields beyond their form: patterns that can be compiled, choices that lead somewhere, defaults that
can stand in their field, facts that exist, states that a life cycle has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from nocturne.core import oneline, query
from nocturne.core.chart import COLUMNS, ELEMENTS
from nocturne.core.configuration.body import wrong
from nocturne.core.configuration.fields import Field
from nocturne.core.entry import DataClass
from nocturne.core.fieldvalues import Context, Found, facts, patterns, spell_all
from nocturne.core.lifecycle import Meaning
from nocturne.core.refusals import Invalid
from nocturne.core.values import level, line

if TYPE_CHECKING:
    from nocturne.core.configuration.whole import Configuration

_WORDS = frozenset({"number", "text", "fields", "imported", "or", "not", "and", "none"})
RESERVED = _WORDS.union(COLUMNS, ELEMENTS, oneline.KEYS, query.KEYS)
"""Words of our own: a field of this name could not be asked for, in a query or in a line."""
PATTERNED = frozenset({"text", "long text", "url", "mail address"})
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def problems(configuration: Configuration) -> Iterator[Invalid]:
    """List what is wrong with fields, and with what other documents say of them."""
    states = {name for names in configuration.state_names.values() for name in names}
    known = states | {each.value for each in Meaning}
    for field in configuration.fields.values():
        where = f"field/{field.name}"
        if not field.core and field.name in RESERVED:
            yield wrong("name_reserved", where, given=field.name)
        for key, named in (("shown_in", field.shown_in), ("required_in", field.required_in)):
            for each in named:
                if each not in known:
                    yield wrong("no_such", f"{where}.{key}", kind="state", given=each)
        for each in facts.unknown(field.help):
            yield wrong("no_such_fact", f"{where}.help", given=each)
        if not field.core:
            yield from _of_its_own(field, where, configuration)
    for name, queue in sorted(configuration.queues.items()):
        for key, default in queue.defaults.items():
            yield from _default_of_ours(key, default, f"queue/{name}.defaults.{key}")
            target = configuration.field(key.removeprefix("field/")) if key.startswith("field/") else None
            if target is not None:
                yield from _default(target, default, f"queue/{name}.defaults.{key}", configuration)


def _default_of_ours(name: str, default: Any, where: str) -> Iterator[Invalid]:
    """Check a queue's default for a column of every ticket; people and places are looked up when a ticket opens."""
    try:
        if name in ("severity", "priority"):
            level(name, default)
        elif name == "next_action":
            line(name, str(default))
    except Invalid as refusal:
        yield wrong("bad_default", where, given=str(default)[:80], why=refusal.code)


def _of_its_own(field: Field, where: str, configuration: Configuration) -> Iterator[Invalid]:
    if field.pattern:
        if field.kind not in PATTERNED:
            yield wrong("pattern_for_other_kind", f"{where}.pattern", kind=field.kind)
        try:
            patterns.compiled(field.pattern)
        except patterns.BadPattern as error:
            yield wrong("bad_pattern", f"{where}.pattern", given=field.pattern, said=str(error))
            return
    if field.unit and field.kind != "number":
        yield wrong("unit_for_other_kind", f"{where}.unit", kind=field.kind)
    if field.kind == "choice":
        yield from _choices(field, where)
    elif field.choices:
        yield wrong("choices_for_other_kind", f"{where}.choices", kind=field.kind)
    if field.default is not None:
        yield from _default(field, field.default, f"{where}.default", configuration)


def _choices(field: Field, where: str) -> Iterator[Invalid]:
    parents = {each.value: each.parent for each in field.choices}
    taken: set[str] = set()
    for place, each in enumerate(field.choices, start=1):
        at = f"{where}.choices.{place}"
        for name in (each.value, *each.formerly):
            if name.casefold() in taken:
                yield wrong("choice_twice", at, given=name)
            taken.add(name.casefold())
        if each.parent and each.parent not in parents:
            yield wrong("no_such", f"{at}.parent", kind="choice", given=each.parent)
        above, seen = each.value, set[str]()
        while above and above not in seen:
            seen.add(above)
            above = parents.get(above, "")
        if above:
            yield wrong("choice_circle", f"{at}.parent", given=each.value)


def _default(field: Field, default: Any, where: str, configuration: Configuration) -> Iterator[Invalid]:
    """Check that a default could be typed into its field; what a fact will be is known only on the ticket."""
    texts = [str(each) for each in (default if isinstance(default, list) else [default])]
    if unknown := [each for text in texts for each in facts.unknown(text)]:
        yield wrong("no_such_fact", where, given=unknown[0])
        return
    if named := [name for text in texts for name in facts.named(text)]:
        yield from _no_wider_than_its_facts(field, named, where, configuration)
    else:
        context = Context(_NOW, "UTC", configuration.site.region, _anything)
        try:
            spell_all(field, default, context, warnings=[])
        except Invalid as refusal:
            yield wrong("bad_default", where, given=str(default)[:80], why=refusal.code)


def _no_wider_than_its_facts(
    field: Field, named: list[str], where: str, configuration: Configuration
) -> Iterator[Invalid]:
    """Keep a default from showing facts to readers of the field who may not read where they come from."""
    own = configuration.class_of(f"field/{field.name}")
    for each in named:
        needs = facts.data_class(each, configuration.class_of)
        if own <= DataClass.RESTRICTED and needs > own:
            yield wrong("fact_of_class", where, given=each, data_class=configuration.class_words[needs])


def _anything(kind: str, given: str) -> Found | None:  # noqa: ARG001
    return Found(0, given)
