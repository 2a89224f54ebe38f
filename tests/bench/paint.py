"""First paint of the board and of a chart in a real browser, on loopback: from the key that asks to what is seen.

A browser that is there already loads each page again and again, with its files in the cache as on any second page of a
shift; `cold` is the first page of a browser that has none of them.
"""

from __future__ import annotations

import os
import shutil
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.bench.numbers import summary
from tests.bench.served import Served
from tests.conftest import CHROMIUM_FLAGS

WIDE = {"width": 1440, "height": 900}
PAINTED = """() => new Promise(resolve => {
  const tell = entries => entries.forEach(each => each.name === 'first-contentful-paint' && resolve(each.startTime))
  tell(performance.getEntriesByType('paint'))
  new PerformanceObserver(list => tell(list.getEntries())).observe({type: 'paint', buffered: true})
})"""
SAMPLES = 15


def measure(house: Served, *, samples: int = SAMPLES) -> dict[str, Any]:
    """This will measure milliseconds from the start of a navigation to its first contentful paint."""
    pages = {
        "board": "/",
        "chart_20": f"/tickets/{house.place.usual_ticket}",
        "chart_2000": f"/tickets/{house.place.long_ticket}",
    }
    found = {}
    with sync_playwright() as play:
        name = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        browser = play.chromium.launch(executable_path=name, args=CHROMIUM_FLAGS)
        for figure, path in pages.items():
            address = f"http://127.0.0.1:{house.port}{path}"
            found[f"{figure}_cold"] = summary([_cold(browser, house, address) for _ in range(samples // 3)])
            context = _signed_on(browser, house)
            page = context.new_page()
            times = []
            for _ in range(samples + 3):
                page.goto(address, wait_until="commit")
                times.append(float(page.evaluate(PAINTED)))
            found[figure] = summary(times[3:])
            context.close()
        browser.close()
    return found


def _cold(browser: Browser, house: Served, address: str) -> float:
    context = _signed_on(browser, house)
    page = context.new_page()
    page.goto(address, wait_until="commit")
    painted = float(page.evaluate(PAINTED))
    context.close()
    return painted


def _signed_on(browser: Browser, house: Served) -> BrowserContext:
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    name, _, value = house.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{house.port}/"}])
    return context
