"""Every operation of the API, and something to send to each."""

from __future__ import annotations

import re
from typing import Any

from nocturne.doors.api.api import api


def operations() -> list[tuple[str, str, Any]]:
    """Every route of the API: method, path, and ninja's operation."""
    return [
        (method, path, operation)
        for bound in api._get_bound_routers()
        for path, view in bound.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    ]


def filled(path: str, number: int, address: str = "abcdefghijkl") -> str:
    """This will put something into each place of a path."""
    values = {
        "int:number": str(number),
        "int:other": "1",
        "int:token": "1",
        "int:way": "1",
        "int:line": "1",
        "int:feed": "1",
        "row": "1",
        "name": "kofi",
        "group": "night",
        "mark": "x" * 24,
        "address": address,
        "key": "1.0",
        "kind": "depends_on",
        "token": "x" * 24,
        "provider": "campus",
    }
    return re.sub(r"\{([^}]+)\}", lambda match: values[match[1]], path)


BODIES: dict[str, Any] = {
    "/owner": {"owner": "kofi"},
    "/referral": {"to": "Norlink"},
    "/dispatch": {"to": "crew"},
    "/escalation": {"to": "boss"},
    "/resolution": {"line": "done"},
    "/rejection": {"reason": "no"},
    "/relations": {"kind": "depends_on", "other": 1},
    "/merge": {"into": 1},
    "/split": {"subject": "x", "entries": ["abcdefghijkl"]},
    "/complainers": {"text": "done"},
    "/alarm": {"when": "2h x"},
    "/outages": {"start": "1 min ago"},
    "/affected": {"kind": "site", "name": "x"},
    "/correction": {"text": "x"},
    "/redaction": {"reason": "x"},
    "/class": {"data_class": "staff"},
    "/entries": {"text": "x"},
    "/attachments": b"bytes",
    "/line": {"line": "1 hello"},
    "/tickets": {"subject": "x"},
}


def body_for(method: str, path: str) -> Any:
    """This will give a body that an operation takes."""
    if method in ("GET", "DELETE"):
        return None
    if "/outages/" in path or "/affected/" in path:
        return BODIES["/outages" if "/outages/" in path else "/affected"]
    if path.count("/") == 2 and method == "PATCH":
        return {"severity": 1}
    return BODIES.get(path[path.rindex("/") :], {})
