"""Who is told what is said to the customer."""

from __future__ import annotations

from nocturne.desk.charts import Chart


def recipients(chart: Chart) -> list[dict[str, str]]:
    """List the addresses a reply is offered to: the reporter, and those who watch from outside."""
    found: dict[str, str] = {}
    reporter = chart.header.get("reporter") or {}
    if reporter.get("email"):
        found[reporter["email"].lower()] = reporter.get("name") or ""
    for each in chart.watchers:
        if str(each["key"]).startswith("watcher:contact:") and each.get("email"):
            found.setdefault(str(each["email"]).lower(), str(each.get("label") or ""))
    return [{"address": address, "name": name} for address, name in found.items()]
