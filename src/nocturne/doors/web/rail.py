"""The views that somebody has pinned, with how full they are, for the rail of every page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from nocturne.core.permits import Actor
from nocturne.desk import pins, viewcounts
from nocturne.desk.pins import Arranged
from nocturne.desk.savedviews import View
from nocturne.doors.web.templatetags.web import capped
from nocturne.store.models import SeenView


@dataclass(frozen=True, slots=True)
class Pinned:
    """A view in the rail; `count` is None where its reader may not ask what it asks."""

    view: View
    count: int | None


def pinned(actor: Actor, known: dict[str, int], arranged: list[Arranged] | None = None) -> list[Pinned]:
    """List what stands in somebody's rail.

    :param known: counts that were read with the page.
    :param arranged: how they have arranged it, where that was read with the page.
    """
    if actor.kind != "account":
        return []
    return [
        Pinned(view, known[view.key] if view.key in known else _count(view, actor))
        for view in pins.rail(actor, arranged)
    ]


def _count(view: View, actor: Actor) -> int | None:
    found = viewcounts.count(view, actor)
    return None if found is None else found.count


@require_GET
def counts(request: object) -> HttpResponse:
    """Say how full the pinned views are, and in which of them something is new since their reader's last look."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    views = pins.rail(actor)
    found = {view.key: each for view in views if (each := viewcounts.count(view, actor)) is not None}
    looked = dict(
        SeenView.objects.filter(user_id=actor.id or 0, view__in=list(found)).values_list("view", "rows")
    )
    return JsonResponse(
        {
            key: {
                "count": capped(each.count),
                "new": key in looked and any(str(number) not in looked[key] for number in each.numbers),
            }
            for key, each in found.items()
        }
    )
