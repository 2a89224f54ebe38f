"""The views that somebody has pinned, with how full they are, for the rail of every page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpResponse, JsonResponse
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from nocturne.core.permits import Actor
from nocturne.desk import pins, viewcounts
from nocturne.desk.pins import Arranged
from nocturne.desk.savedviews import View
from nocturne.doors.web.markup import html, joined
from nocturne.store import lists
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


def entries(pinned: Iterable[Pinned], here: str) -> SafeString:
    """Make the entries of the rail.

    :param here: the key of the view that is shown.
    """
    base = _base(get_script_prefix())
    return joined(_entry(each, base, is_here=each.view.key == here) for each in pinned)


def _entry(pinned: Pinned, base: str, *, is_here: bool) -> SafeString:
    key, title = pinned.view.key, str(pinned.view.title)
    return html(
        '\n<a href="{}{}" data-view="{}"{} title="{}"><span class=name>{}</span> <span class=count>{}</span></a>',
        base,
        key,
        key,
        _HERE if is_here else "",
        title,
        title,
        "–" if pinned.count is None else capped(pinned.count),
    )


_HERE = html(" aria-current=page")


@lru_cache(maxsize=8)
def _base(_prefix: str) -> str:
    return reverse("view", args=["-"])[:-1]


def capped(count: int) -> str:
    """Spell a count of the rail, which is exact up to a point."""
    return f"{lists.CAP}+" if count > lists.CAP else str(count)


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
