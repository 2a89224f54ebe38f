"""What a series of measurements comes to."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def percentile(samples: Sequence[float], share: float) -> float:
    ordered = sorted(samples)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def summary(samples: Sequence[float]) -> dict[str, float]:
    """This will give median, 95th and 10th percentile of milliseconds; the 10th is what noise touches least."""
    shares = {"p95": 0.95, "p10": 0.1}
    found = {name: round(percentile(samples, share), 3) for name, share in shares.items()}
    return {"p50": round(statistics.median(samples), 3), **found, "n": len(samples)}
