"""Lists the views one has, or the tickets of one of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from noc import paint, places, rows, say
from noc.asking import ask
from noc.ends import DONE, USAGE, Ended
from noc.ls import table

MOST = 200


def run(command: str, words: list[str]) -> int:  # noqa: ARG001
    """This will print one's views, or the tickets of the one that is named by its key or title."""
    as_json = "--json" in words
    name = " ".join(say.clean(word) for word in words if word != "--json")
    server = places.present()
    found = json.loads(ask(server, "/views").body)
    if not name:
        if as_json:
            print(json.dumps(found, ensure_ascii=False))
        else:
            for line in listed(found["views"]):
                print(line)
        return DONE
    view = meant(found["views"], name)
    page = json.loads(ask(server, f"/views/{view['key']}/tickets?limit={MOST}").body)
    if as_json:
        print(json.dumps(page, ensure_ascii=False))
        return DONE
    names = rows.grouped(page["group"])
    for line in table(page["tickets"], now=datetime.now(UTC), width=paint.width(), names=names):
        print(line)
    if page["after"] is not None:
        print(paint.dim(f"… and more: {view['web_url']}"))
    if not page["tickets"]:
        print("No tickets.")
    return DONE


def meant(views: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """Find the view that is meant: by its key, its title, or how its title begins.

    :raises Ended: there is none, or more than one.
    """
    folded = name.casefold()
    for fits in (
        [each for each in views if each["key"] == name],
        [each for each in views if each["title"].casefold() == folded],
        [each for each in views if each["title"].casefold().startswith(folded)],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            keys = ", ".join(f"{each['key']} ({say.shown(each['title'])})" for each in fits)
            raise Ended(USAGE, f"noc: “{name}” could be several views: {keys}.")
    raise Ended(USAGE, f"noc: there is no view “{name}”. `noc views` lists them all.")


def listed(views: list[dict[str, Any]]) -> list[str]:
    """Lay views out: key, title, whose they are, and what they ask."""
    cells = [
        (each["key"], say.shown(each["title"]), each["group"] or each["kind"], say.shown(each["query"]))
        for each in views
    ]
    widths = [max((len(cell[place]) for cell in cells), default=0) for place in range(3)]
    return [
        "  ".join([*(cell[place].ljust(widths[place]) for place in range(3)), cell[3]]).rstrip()
        for cell in cells
    ]
