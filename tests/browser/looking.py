"""Looks at a page as everybody has to use it: for those who see little, in the dark, on a phone, at 400 % zoom.

axe is put into each page once and gives back what is wrong and no more: what is right fills megabytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

WIDE, PHONE, ZOOMED = (
    {"width": 1440, "height": 900},
    {"width": 390, "height": 844},
    {"width": 320, "height": 256},
)
"""The last is what 1280 by 1024 leaves at 400 %."""
RESULTS = Path("test-results")
KINDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
MOST_SHIFT = 0.01
"""The most that may move by itself, as browsers measure it: well below the 0.1 that they call good."""
NOTE_SHIFTS = """
window.shifted = []
new PerformanceObserver(list => list.getEntries().forEach(each => each.hadRecentInput || shifted.push(
    [each.value, each.sources.map(source => source.node?.outerHTML?.slice(0, 120) ?? 'text').join(' | ')])
)).observe({type: 'layout-shift', buffered: true})
"""
POLICY_BROKEN = """
document.addEventListener('securitypolicyviolation',
    event => console.error('CSP', event.violatedDirective, event.blockedURI))
"""
ASK = "asked => axe.run(document, asked).then(found => found.violations)"


def at_rest(page: Page) -> None:
    """This will wait until the page has loaded what it loads by itself."""
    page.wait_for_load_state("load")
    if page.locator("#peek").is_visible() and page.locator("#rows tr").count():
        expect(page.locator("#peek #chart")).to_be_visible()


def picture(page: Page, name: str) -> None:
    """This will keep a picture for whoever asked to see what the tests see: `PICTURES=1 make test`."""
    if os.environ.get("PICTURES"):
        RESULTS.mkdir(exist_ok=True)
        page.screenshot(path=RESULTS / f"{name}.png")


def violations(page: Page, name: str, rules: list[str] | None = None) -> list[str]:
    """This will ask axe for all that is wrong with a page, or for some of its rules alone."""
    only: dict[str, Any] = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": KINDS}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(ASK, {"runOnly": only, "resultTypes": ["violations"]})
    return [
        f"{name}: {each['id']} {node['target']} {node['failureSummary'][:300]}"
        for each in found
        for node in each["nodes"][:3]
    ]


def looked_at(page: Page, name: str) -> list[str]:
    """This will look at a page that is open, in every look: its colours in light and dark, wide, narrow and zoomed.

    Afterwards it is wide and light again.
    """
    found = list(_looked_at(page, name))
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
    return found


def _looked_at(page: Page, name: str) -> Iterator[str]:
    for size, light in ((WIDE, violations(page, name)), (PHONE, None)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        place = f"{name}-{size['width']}"
        yield from violations(page, place) if light is None else light
        yield from too_wide(page, name, size)
        picture(page, f"{place}-light")
        page.emulate_media(color_scheme="dark")
        yield from violations(page, f"{place}-dark", OF_COLOUR)
        picture(page, f"{place}-dark")
        page.emulate_media(color_scheme="light")
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    yield from too_wide(page, name, ZOOMED)
    picture(page, f"{name}-{ZOOMED['width']}")


def too_wide(page: Page, name: str, size: dict[str, int]) -> Iterator[str]:
    """This will tell of a page that has to be pushed sideways, be it as a whole or within its frame."""
    width = page.evaluate(
        "Math.max(document.documentElement.scrollWidth, document.querySelector('main')?.scrollWidth ?? 0)"
    )
    if width > size["width"]:
        yield f"{name} is wider than its screen: {width} of {size['width']}"


def shifts(page: Page, name: str) -> Iterator[str]:
    """This will tell what has moved by itself since the page began to load (`NOTE_SHIFTS` must have watched it)."""
    moved = page.evaluate("window.shifted")
    if sum(value for value, _what in moved) >= MOST_SHIFT:
        yield f"{name} moves by itself: {moved}"


def tab_to(page: Page, selector: str) -> None:
    """This will press Tab until something is reached, as somebody without a mouse does."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement?.matches(selector)", selector):
            return
    pytest.fail(f"{selector} cannot be reached by keyboard")
