"""Texts that go out by mail, as local staff write them. Placeholders are named; nothing in them is ever run."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nocturne.core.configuration.body import Body

PLACEHOLDER = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A text for one purpose and language, such as `acknowledged` in German: `acknowledged-de`."""

    name: str
    purpose: str
    language: str = ""
    queue: str = ""
    subject: str = ""
    text: str = ""


def read(name: str, body: Body) -> Template:
    return Template(
        name,
        body.name("purpose", name),
        body.text("language", longest=12),
        body.name("queue"),
        body.text("subject", longest=200),
        body.text("text", longest=20_000),
    )
