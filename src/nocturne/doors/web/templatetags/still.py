"""Parts of pages that are the same for everybody who has the same few values: rendered once in each language, and kept.

Half of what a page costs is its frame, of which nothing but a few counts ever moves. What stands within `{% still %}`
is given its names and sees nothing else of the page, neither request nor reader: what it does not name it cannot show,
so that nothing of one reader's page is kept for another. What moves all the time (counts, keys, a reader's name) is
named behind `moving`: of it only the place is kept, and it is put there each time.
"""

from __future__ import annotations

import secrets
from typing import Any

from django import template
from django.template.base import (
    FilterExpression,
    NodeList,
    Parser,
    Token,
    render_value_in_context,
    token_kwargs,
)
from django.template.context import Context
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
MOST_KEPT = 5_000
"""Renderings that are kept; when there are more, all begin anew."""
_kept: dict[Any, list[str]] = {}
_PLACE = secrets.token_hex(8)
"""Stands before and behind the names of what moves; nobody else can write it."""


class Still(template.Node):
    """One such part."""

    def __init__(
        self, nodelist: NodeList, given: dict[str, FilterExpression], moving: dict[str, FilterExpression]
    ) -> None:
        self.nodelist, self.given, self.moving = nodelist, given, moving

    def render(self, context: Context) -> SafeString:
        values = {name: each.resolve(context) for name, each in self.given.items()}
        key = (self, get_language(), get_script_prefix(), *values.values())
        pieces = _kept.get(key)
        if pieces is None:
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            places = {name: SafeString(f"{_PLACE}{name}{_PLACE}") for name in self.moving}
            made = self.nodelist.render(context.new(values | places))
            pieces = _kept[key] = made.split(_PLACE)
        if len(pieces) == 1:
            return SafeString(pieces[0])
        put = {name: self._put(name, context) for name in dict.fromkeys(pieces[1::2])}
        return SafeString("".join([put[piece] if place % 2 else piece for place, piece in enumerate(pieces)]))

    def _put(self, name: str, context: Context) -> str:
        return str(render_value_in_context(self.moving[name].resolve(context), context))


@register.tag
def still(parser: Parser, token: Token) -> Still:
    """`{% still key=view.key moving path=request.path %}…{% endstill %}`: its values are texts, numbers, or yes and no.

    What moves is put in as it is: a filter stands where it is named, not where it is shown, and nothing asks about it.
    """
    words = token.split_contents()[1:]
    at = words.index("moving") if "moving" in words else len(words)
    given, moving = token_kwargs(words[:at], parser), token_kwargs(words[at + 1 :], parser)
    nodelist = parser.parse(("endstill",))
    parser.delete_first_token()
    return Still(nodelist, given, moving)
