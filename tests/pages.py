"""Every page of the console and each of its faces, for whoever wants to look at all of them."""

from __future__ import annotations

from nocturne.doors.web import acts
from nocturne.doors.web.urls import urlpatterns
from tests.integration.test_web_routes import PUBLIC, READERS, address

STREAMS = {"events", "display-events"}
"""Addresses whose answer never ends."""
FURTHER = {
    "board": ["/?wall", "/?menu=1", "/views/ended", "/views/all"],
    "search": ["/search?q=is:open", "/search?q=is:nonsense", "/search?q=never-written"],
    "ticket": ["/tickets/999999"],
    "act": [f"/tickets/{{n}}/{noun}" for noun in acts.BY_NOUN],
    "view": ["/views/mine"],
    "batch-new": ["/batches/new?q=is:open"],
    "workload": ["/workload?owner=anna"],
    "go": ["/go?here={n}", "/go?q=nothing-of-that-name"],
    "timeline": ["/timeline?kind=people", "/timeline?q=ownr:anna", "/timeline?who=never-written"],
    "settings-list": [f"/settings/{each}" for each in ("fields", "lifecycles", "clearances", "nothing")],
    "settings-new": [f"/settings/new/{each}" for each in ("calendars", "fields", "lifecycles", "texts")],
    "settings-document": ["/settings/fields/circuit", "/settings/lifecycles/standard",
        "/settings/clearances/operators", "/settings/site/site", "/settings/types/trouble"],
    "settings-diagram": ["/settings/lifecycles/standard/diagram"],
    "dashboard": ["/dashboards/night", "/dashboards/night?wall=1"],
    "search-export": ["/search/export?q=is:open", "/search/export?q=ownr:anna&form=csv"],
    "admin-rights": ["/administration/rights?who=anna&where={n}&what=owner"],
}  # fmt: skip
"""What a route has more than one face for."""
HERE = {
    "settings-new": "/settings/new/queues",
    "settings-diagram": "/settings/lifecycles/standard/diagram",
    "admin-group": "/administration/groups/operators",
}
"""Where the common filling of a route finds nothing that is worth looking at."""
PAGES = [str(route.name) for route in urlpatterns if str(route.name) in (READERS | PUBLIC) - STREAMS]
"""Pages, and parts of pages and files among them: whoever looks at whole pages asks `is_page`."""


def is_page(body: str) -> bool:
    """This will tell whether an answer is a whole page, not a part of one or a file."""
    return body.lstrip()[:15].lower() == "<!doctype html>"


def ways(name: str, number: int, entry: str) -> list[str]:
    """This will give every address that a page is looked at by."""
    [route] = [each for each in urlpatterns if each.name == name]
    first = HERE.get(name) or address(route, number, entry)
    return [first, *(each.format(n=number) for each in FURTHER.get(name, []))]
