"""What a series of measurements comes to."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def percentile(samples: Sequence[float], share: float) -> float:
    ordered = sorted(samples)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def summary(samples: Sequence[float]) -> dict[str, float]:
    """This will give median and 95th percentile of samples in milliseconds."""
    return {
        "p50": round(statistics.median(samples), 3),
        "p95": round(percentile(samples, 0.95), 3),
        "n": len(samples),
    }
