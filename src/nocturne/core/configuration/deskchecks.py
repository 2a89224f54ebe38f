"""Whether what desks ask for is understood: with the words that would hold, the site's own fields among them."""

from __future__ import annotations

from collections.abc import Iterator

from nocturne.core.configuration.inforce import supposing
from nocturne.core.configuration.whole import Configuration
from nocturne.core.refusals import Invalid


def problems(configuration: Configuration) -> Iterator[Invalid]:
    """List the desks whose question is not understood, each with the place and, where there is one, a fix."""
    from nocturne.core import query  # the language itself asks for the configuration

    for each in configuration.desks.values():
        try:
            with supposing(configuration):
                query.parse(each.query, zone=each.zone or configuration.site.zone)
        except Invalid as refusal:
            where = f"desk/{each.name}.query"
            yield Invalid(refusal.code, field=where, **{**refusal.params, "where": where})
