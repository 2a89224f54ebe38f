"""Texts that go out by mail, as local staff write them, for a purpose, a language and a queue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nocturne.core.configuration.body import Body, wrong
from nocturne.core.configuration.placeholders import PURPOSES, named
from nocturne.core.refusals import Invalid

if TYPE_CHECKING:
    from nocturne.core.configuration.whole import Configuration


@dataclass(frozen=True, slots=True)
class Template:
    """A text for one purpose and, where they are given, one language and one queue.

    :param subject: of the mail, behind the ticket's tag; the usual one where empty.
    """

    name: str
    purpose: str
    language: str = ""
    queue: str = ""
    subject: str = ""
    text: str = ""


def read(name: str, body: Body) -> Template:
    purpose = body.choice("purpose", PURPOSES, name if name in PURPOSES else "")
    if not purpose:
        raise wrong("missing", body.at("purpose"))
    template = Template(
        name,
        purpose,
        body.text("language", longest=12),
        body.name("queue"),
        body.text("subject", longest=200),
        body.text("text", longest=20_000, needed=True),
    )
    allowed = PURPOSES[purpose].names
    for key, text in (("subject", template.subject), ("text", template.text)):
        for each in named(text):
            if each not in allowed:
                known = sorted(allowed - {"text", "facts"} if key == "subject" else allowed)
                raise wrong("no_such_placeholder", body.at(key), given=each[:80], known=known)
    if "\n" in template.subject:
        raise wrong("not_one_line", body.at("subject"))
    for each in PURPOSES[purpose].needs:
        if each not in named(template.text):
            raise wrong("placeholder_needed", body.at("text"), given=each)
    return template


def chosen(templates: Iterable[Template], purpose: str, *, language: str, queue: str) -> Template | None:
    """Choose the text that fits best: one for the queue before one for all, one in the language before one for any."""
    fitting = [
        each
        for each in templates
        if each.purpose == purpose
        and each.queue in ("", queue)
        and each.language in ("", language, language.partition("-")[0])
    ]
    return max(fitting, key=lambda each: (bool(each.queue), len(each.language)), default=None)


def problems(configuration: Configuration) -> Iterator[Invalid]:
    """List texts of which nobody could say which one is meant."""
    taken: dict[tuple[str, str, str], str] = {}
    for each in sorted(configuration.templates.values(), key=lambda each: each.name):
        where = (each.purpose, each.language, each.queue)
        if where in taken:
            yield wrong("template_twice", f"template/{each.name}", given=each.name, other=taken[where])
        taken.setdefault(where, each.name)
