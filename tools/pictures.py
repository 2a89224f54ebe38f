"""Takes pictures of every page on a believable night, light and dark, wide and on a phone, into docs/pictures.

python tools/pictures.py                every page, one sheet of four looks each
python tools/pictures.py board ticket   some of them
python tools/pictures.py --language de --into /tmp/german
"""

from __future__ import annotations

import argparse
import base64
import os
import secrets
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from tests.browser.looking import at_rest  # noqa: E402
from tests.conftest import CHROMIUM_FLAGS  # noqa: E402
from tests.house import ready_made  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SCHEMES = ("light", "dark")
SCALE, GAP = 0.55, 12


class Place(NamedTuple):
    """A page: who looks at it, where it is, what it is called, and the keys that are pressed for it."""

    who: str
    path: str
    title: str
    keys: str = ""


PLACES: Mapping[str, Place] = {
    "board": Place("anna", "/", "Board, with the most urgent ticket beside it"),
    "ticket": Place("anna", "/tickets/4711", "A ticket"),
    "ticket-resolve": Place("anna", "/tickets/4711", "Resolving it, by the key e", "e"),
    "ticket-reply": Place("anna", "/tickets/4711", "Replying to the customer, by the key r", "r"),
    "side-by-side": Place("anna", "/4711|4702", "Two tickets side by side"),
    "search": Place("anna", "/search?q=is:open+severity:1..2", "Search"),
    "search-refused": Place("anna", "/search?q=is:opne", "A question that is not understood"),
    "views": Place("anna", "/views", "Views"),
    "view-mine": Place("anna", "/views/mine", "My work"),
    "handover": Place("anna", "/handover", "Handover"),
    "timeline": Place("anna", "/timeline", "Timeline"),
    "questions": Place("anna", "/questions", "Questions"),
    "dashboard": Place("anna", "/dashboards/night", "A dashboard"),
    "dashboards": Place("anna", "/dashboards", "Dashboards"),
    "workload": Place("anna", "/workload", "Workload"),
    "batch": Place("anna", "/batches/new?q=is:open+severity:3..4", "Acting on many tickets"),
    "batches": Place("anna", "/batches", "What was done to many tickets"),
    "open": Place("anna", "/tickets/open", "Opening a ticket"),
    "palette": Place("anna", "/go", "All that can be done here"),
    "keys": Place("anna", "/keys", "Keys"),
    "print": Place("anna", "/tickets/4711/print", "The full text of a ticket"),
    "account": Place("anna", "/account", "My account"),
    "feeds": Place("anna", "/account/feeds", "Feeds"),
    "reached": Place("anna", "/account/reach", "How I am reached"),
    "factors": Place("anna", "/account/factors", "Second factors"),
    "wall": Place("anna", "/?wall", "The board for a wall"),
    "settings": Place("ada", "/settings", "Settings"),
    "settings-fields": Place("ada", "/settings/fields", "Fields"),
    "settings-lifecycle": Place("ada", "/settings/lifecycles/standard/diagram", "A life cycle"),
    "settings-clearance": Place("ada", "/settings/clearances/operators", "A clearance"),
    "administration": Place("ada", "/administration", "Administration"),
    "people": Place("ada", "/administration/people", "People"),
    "person": Place("ada", "/administration/person/anna", "A person"),
    "rights": Place("ada", "/administration/rights?who=anna&where=4711&what=owner", "Why can anna see this?"),
    "audit": Place("ada", "/administration/audit", "Audit"),
    "health": Place("ada", "/administration/health", "Health"),
    "missing": Place("anna", "/tickets/999999", "What is not there"),
    "sign-on": Place("", "/sign-on", "Signing on"),
}
FRONT = ("board", "ticket", "settings-clearance")
"""Pages whose wide pictures stand in other documents, whole."""
DRAW = """async ([pictures, width, height, kind]) => {
  const canvas = Object.assign(document.createElement('canvas'), {width, height}), pen = canvas.getContext('2d')
  pen.imageSmoothingQuality = 'high'
  for (const [data, x, y, w, h] of pictures) {
    const image = new Image(); image.src = 'data:image/png;base64,' + data; await image.decode()
    pen.drawImage(image, x, y, w, h)
  }
  return canvas.toDataURL('image/' + kind, 0.72)
}"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help=f"which of {' '.join(PLACES)}")
    parser.add_argument("--into", type=Path, default=PICTURES, help="the folder to put them into")
    parser.add_argument(
        "--at", default="", help="a house that runs already; its password is in $NOCTURNE_PASSWORD"
    )
    parser.add_argument("--kind", choices=["webp", "png"], default="webp", help="what the pictures are")
    parser.add_argument("--language", default="en", help="the language of the pages")
    asked = parser.parse_args()
    asked.into.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play, night(asked.language, asked.at) as (url, password):
        name = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        browser = play.chromium.launch(executable_path=name, args=CHROMIUM_FLAGS)
        pages = {who: signed_on(browser, url, who, password) for who in ("anna", "ada", "")}
        easel = browser.new_page()
        for name in asked.names or PLACES:
            place = PLACES[name]
            taken = list(looks(pages[place.who], url, place))
            sheet = drawn(easel, taken, asked.kind)
            (asked.into / f"{name}.{asked.kind}").write_bytes(sheet)
            if name in FRONT and asked.into == PICTURES:
                for scheme, (picture, size) in zip(SCHEMES, (taken[0], taken[2]), strict=True):
                    whole = [[base64.b64encode(picture).decode(), 0, 0, size["width"], size["height"]]]
                    data = easel.evaluate(DRAW, [whole, size["width"], size["height"], "webp"])
                    file = ROOT / "docs" / "images" / f"{name}-{scheme}.webp"
                    file.write_bytes(base64.b64decode(data.partition(",")[2]))
            print(f"{name}: {len(sheet) // 1000} kB", flush=True)
        browser.close()
    if not asked.names and asked.into == PICTURES:
        lines = [f"## {place.title}\n\n![{place.title}]({name}.webp)\n" for name, place in PLACES.items()]
        (PICTURES / "README.md").write_text(HEAD + "\n".join(lines))
    return 0


HEAD = """# Pictures

Every page on the night of the demonstration (`make demo`), wide and on a phone, light and dark. `make pictures` takes
them anew.

"""


@contextmanager
def night(language: str, at: str) -> Iterator[tuple[str, str]]:
    """This will run the demonstration's night, and give its address and everybody's password."""
    if at:
        yield at, os.environ["NOCTURNE_PASSWORD"]
        return
    house, password = ready_made(), secrets.token_urlsafe(12)
    try:
        house.run("demo", "--password-stdin", given=f"{password}\n")
        house.run("user", "password", "ada", "--password-stdin", given=f"{password}\n")
        for who in ("anna", "ada"):
            house.run("user", "change", who, "--language", language)
        yield house.start().url, password
    finally:
        house.remove()


def signed_on(browser: Browser, url: str, who: str, password: str) -> Page:
    page = browser.new_context(reduced_motion="reduce").new_page()
    if who:
        page.goto(f"{url}/sign-on")
        page.locator("[name=name]").fill(who)
        page.locator("[name=password]").fill(password)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{url}/")
    return page


def looks(page: Page, url: str, place: Place) -> Iterator[tuple[bytes, dict[str, int]]]:
    """This will take the pictures of a page: light wide, light phone, dark wide, dark phone."""
    for scheme in SCHEMES:
        for size in (WIDE, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(url + place.path, wait_until="load")
            for key in place.keys:
                page.keyboard.press(key)
            at_rest(page)
            page.wait_for_timeout(700)  # what a page loads besides: counts, a form that was asked for
            yield page.screenshot(), size


def drawn(easel: Page, taken: list[tuple[bytes, dict[str, int]]], kind: str) -> bytes:
    """This will put four pictures onto one sheet."""
    height = int(WIDE["height"] * SCALE)
    pieces: list[Any] = []
    edge = 0
    for place, (picture, size) in enumerate(taken):
        width = int(size["width"] * height / size["height"])
        x = 0 if place % 2 == 0 else int(WIDE["width"] * SCALE) + GAP
        pieces.append([base64.b64encode(picture).decode(), x, place // 2 * (height + GAP), width, height])
        edge = max(edge, x + width)
    data: str = easel.evaluate(DRAW, [pieces, edge, 2 * height + GAP, kind])
    return base64.b64decode(data.partition(",")[2])


if __name__ == "__main__":
    sys.exit(main())
