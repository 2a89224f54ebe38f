"""Texts and choices."""

from __future__ import annotations

from collections.abc import Iterator

from nocturne.core.configuration.fields import Choice, Field
from nocturne.core.fieldvalues.value import (
    LONGEST_LINE,
    LONGEST_TEXT,
    Context,
    Kind,
    Kinds,
    Stored,
    as_it_is,
    bad,
    by_text,
)

YES = frozenset({"yes", "y", "true", "on", "1"})
NO = frozenset({"no", "n", "false", "off", "0"})


def line(field: Field, text: str, _: Context) -> Stored:
    """Read a text of one line.

    :raises Invalid: it is too long.
    """
    clean = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if len(clean) > LONGEST_LINE:
        raise bad(field, "too_long", clean, limit=LONGEST_LINE, length=len(clean))
    return {"value": clean}


def lines(field: Field, text: str, _: Context) -> Stored:
    """Read a text of many lines, kept as it is written but for what no page can show.

    :raises Invalid: it is too long.
    """
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = "".join(char for char in clean if char.isprintable() or char in "\n\t").strip()
    if len(clean) > LONGEST_TEXT:
        raise bad(field, "too_long", clean, limit=LONGEST_TEXT, length=len(clean))
    return {"value": clean}


def choice(field: Field, text: str, _: Context) -> Stored:
    """Read one of a field's choices: its value, a value it has had, or its title, in any case.

    :raises Invalid: it is none of them, or one that is retired.
    """
    found = chosen(field, text)
    if found is None:
        known = [each.title or each.value for each in field.choices if not each.retired]
        raise bad(field, "not_among", text, known=known[:20])
    if found.retired:
        raise bad(field, "retired", text, value=found.value)
    return {"value": found.value}


def chosen(field: Field, text: str) -> Choice | None:
    """Find the choice that a text names."""
    wanted = " ".join(text.split()).casefold()
    for names in (_values, _former, _titles):
        for each in field.choices:
            if wanted in names(each):
                return each
    return None


def _values(choice: Choice) -> tuple[str, ...]:
    return (choice.value.casefold(),)


def _former(choice: Choice) -> tuple[str, ...]:
    return tuple(each.casefold() for each in choice.formerly)


def _titles(choice: Choice) -> tuple[str, ...]:
    return (choice.title.casefold(),) if choice.title else ()


def outline(field: Field) -> Iterator[tuple[int, Choice]]:
    """List the choices in the order of their hierarchy, each with its depth.

    A choice whose parent is not there stands at the top; so does one that a circle would hide.
    """
    values = {each.value for each in field.choices}
    below: dict[str, list[Choice]] = {}
    for each in field.choices:
        below.setdefault(each.parent if each.parent in values else "", []).append(each)
    seen: set[str] = set()

    def walk(parent: str, depth: int) -> Iterator[tuple[int, Choice]]:
        for each in below.get(parent, ()):
            if each.value not in seen:
                seen.add(each.value)
                yield depth, each
                yield from walk(each.value, depth + 1)

    yield from walk("", 0)
    for each in field.choices:
        if each.value not in seen:
            seen.add(each.value)
            yield 0, each


def under(field: Field, value: str) -> list[str]:
    """List a choice's value with those of all choices below it, present and former."""
    found: list[str] = []
    depth_of = None
    for depth, each in outline(field):
        if depth_of is not None and depth <= depth_of:
            break
        if each.value == value:
            depth_of = depth
        if depth_of is not None:
            found += [each.value, *each.formerly]
    return found


def _show_choice(value: Stored, field: Field | None) -> str:
    found = chosen(field, str(value["value"])) if field is not None else None
    return (found.title or found.value) if found is not None else str(value["value"])


def yes_or_no(field: Field, text: str, _: Context) -> Stored:
    """Read a yes or a no.

    :raises Invalid: it is neither.
    """
    word = text.casefold()
    if word not in YES | NO:
        raise bad(field, "not_yes_or_no", text)
    return {"value": word in YES}


def _show_yes_or_no(value: Stored, _: Field | None) -> str:
    return "yes" if value["value"] else "no"


def _search_yes_or_no(value: Stored) -> str:
    return "yes" if value["value"] else "no"


KINDS: Kinds = {
    "text": Kind(line, as_it_is, by_text),
    "long text": Kind(lines, as_it_is, by_text),
    "choice": Kind(choice, _show_choice, by_text),
    "yes or no": Kind(
        yes_or_no, _show_yes_or_no, lambda value: by_text({"value": _search_yes_or_no(value)}), "yes"
    ),
}
