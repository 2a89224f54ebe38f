"""Measures Nocturne and writes docs/bench.md: `make bench`, or `python -m tests.bench --quick` for a first look.

Data and results lie outside the tree (NOCTURNE_BENCH_CACHE, else ~/.cache/nocturne-bench, for root /var/cache). Data
is made once. A run that was stopped goes on where it stopped; `--again` begins anew.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.bench import commands, consoles, pages, paint, report
from tests.bench.place import POSTGRESQL, ROOT, SQLITE, Place, cache, cluster
from tests.bench.served import Served, memory, served

SIZES = (100_000, 1_000_000)
QUICK = 5_000
ROUNDS = 3


class Run:
    """What has been measured so far; each step is kept as soon as it is done."""

    def __init__(self, file: Path, *, again: bool) -> None:
        self.file = file
        self.failed: list[str] = []
        self.found: dict[str, Any] = json.loads(file.read_text()) if file.exists() and not again else {}

    def step(self, name: str, measure: Callable[[], Any]) -> None:
        """This will measure, unless that was done before this run was stopped. What fails costs its own figures only;
        asked again, the run goes on with it."""
        if name in self.found:
            return
        print(f"{time.strftime('%H:%M:%S')}  {name} …", flush=True)
        try:
            self.found[name] = measure()
        except Exception:
            traceback.print_exc()
            self.failed.append(name)
            return
        self.found.setdefault("load", []).append(round(os.getloadavg()[0], 1))
        self.file.write_text(json.dumps(self.found, indent=1))

    def has(self, *names: str) -> bool:
        return all(name in self.found for name in names)

    def finish(self) -> None:
        done = self.file.parent / "runs"
        done.mkdir(exist_ok=True)
        self.file.rename(done / time.strftime(f"{self.file.stem}-%Y%m%d-%H%M%S.json"))


def main() -> None:
    asked = _asked()
    # Whoever stops a run must not leave its servers behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sizes: Sequence[int] = (QUICK,) if asked.quick else asked.sizes
    databases = [SQLITE] if asked.quick else asked.databases
    run = Run(cache() / ("quick.json" if asked.quick else "run.json"), again=asked.again or asked.quick)
    with ExitStack() as stack:
        server = stack.enter_context(cluster()) if POSTGRESQL in databases else ""
        for database in databases:
            places = [Place(database, size, server if database == POSTGRESQL else "") for size in sizes]
            for place in places:
                place.build()
            for place in places:
                _measure(run, place, quick=asked.quick)
            if len(places) > 1:
                _growth(run, places[0], places[-1])
    text = report.text(run.found, databases, sizes)
    if asked.quick or asked.print:
        print(text)
    else:
        (ROOT / "docs/bench.md").write_text(text)
        print("written: docs/bench.md")
    if run.failed:
        sys.exit(f"not measured: {', '.join(run.failed)}; started again, the run goes on with them")
    if not asked.print:
        run.finish()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--quick", action="store_true", help="5,000 tickets on SQLite, in a minute; nothing is written"
    )
    parser.add_argument("--again", action="store_true", help="forget what a stopped run has measured")
    parser.add_argument(
        "--print", action="store_true", help="print the table instead of writing docs/bench.md"
    )
    parser.add_argument(
        "--sizes",
        type=_sizes,
        default=SIZES,
        help="tickets, such as 100000,1000000; 10000000 needs some 120 GB and a night to be made",
    )
    parser.add_argument("--databases", type=lambda text: text.split(","), default=[SQLITE, POSTGRESQL])
    return parser.parse_args()


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(each.replace("_", "")) for each in text.split(","))


def _measure(run: Run, place: Place, *, quick: bool) -> None:
    """This will measure all there is on one place."""
    steps = {
        "pages": lambda house: pages.measure(house, batches=4 if quick else 15),
        "rates": pages.rates,
        "weights": pages.weights,
        "commands": lambda house: commands.measure(house, samples=10 if quick else 20),
        "mail": lambda house: house.place.inside("letters", "60" if quick else "200"),
        "memory": _memory,
        "consoles": lambda house: consoles.served(house, seconds=5 if quick else 15),
        "paint": lambda house: paint.measure(house, samples=9 if quick else paint.SAMPLES),
    }
    run.step(f"{place.name} write", lambda: place.inside("write", "100" if quick else "300"))
    if not run.has(*(f"{place.name} {name}" for name in steps)):
        with served(place) as house:
            for name, measure in steps.items():
                run.step(f"{place.name} {name}", lambda m=measure, h=house: m(h))
    run.step(f"{place.name} search", lambda: place.inside("search", "20" if quick else "100"))
    run.step(f"{place.name} plans", lambda: place.inside("plans", str(place.tickets)))
    run.step(f"{place.name} books", lambda: place.inside("prove", "100"))


def _memory(house: Served) -> dict[str, Any]:
    return {"web": memory([house.pid("web"), *house.web_pids]), "worker": memory([house.pid("worker")])}


def _growth(run: Run, small: Place, large: Place) -> None:
    """This will measure both sizes in turns, and say by how much each figure grows: the median of the rounds."""
    rounds = [f"{small.database} growth {n}" for n in range(1, ROUNDS + 1)]
    if not run.has(*rounds):
        with served(small) as first, served(large) as second:
            for name in rounds:
                run.step(name, lambda a=first, b=second: _round(a, b))
    taken = [run.found[name] for name in rounds if name in run.found]
    if taken:
        run.step(f"{small.database} growth", lambda: _median(taken))


def _round(small: Served, large: Served) -> dict[str, dict[str, float]]:
    """This will measure one round, the houses in turns, so that a noisy minute falls on both."""
    pair = [pages.measure(house, batches=5) for house in (small, large)]
    writes = [house.place.inside("write", "100") for house in (small, large)]
    found = {name: _ratios(pair[0][name], pair[1][name]) for name in pair[0]}
    return found | {f"desk_{name}": _ratios(writes[0][name], writes[1][name]) for name in ("note", "open")}


def _ratios(small: dict[str, float], large: dict[str, float]) -> dict[str, float]:
    return {name: large[name] / small[name] for name in ("p50", "cpu") if small.get(name)}


def _median(rounds: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    return {
        figure: {what: round(statistics.median(each[figure][what] for each in rounds), 2) for what in ratios}
        for figure, ratios in rounds[0].items()
    }


if __name__ == "__main__":
    main()
