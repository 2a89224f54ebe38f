"""Parts of pages that are the same for everybody who has the same few values: rendered once in each language, and kept.

Half of what a page costs is its frame, of which nothing but a few counts ever moves. What stands within `{% still %}`
is given its names and sees nothing else of the page, neither request nor reader: what it does not name it cannot show,
so that nothing of one reader's page is kept for another.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
MOST_KEPT = 5_000
"""Renderings that are kept; when there are more, all begin anew."""
_kept: dict[Any, SafeString] = {}


class Still(template.Node):
    """One such part."""

    def __init__(self, nodelist: NodeList, given: dict[str, FilterExpression]) -> None:
        self.nodelist, self.given = nodelist, given

    def render(self, context: Context) -> SafeString:
        values = {name: each.resolve(context) for name, each in self.given.items()}
        key = (self, get_language(), get_script_prefix(), *values.values())
        found = _kept.get(key)
        if found is None:
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            found = _kept[key] = self.nodelist.render(context.new(values))
        return found


@register.tag
def still(parser: Parser, token: Token) -> Still:
    """`{% still key=view.key %}…{% endstill %}`: its values are texts, numbers, or yes and no."""
    given = token_kwargs(token.split_contents()[1:], parser)
    nodelist = parser.parse(("endstill",))
    parser.delete_first_token()
    return Still(nodelist, given)
