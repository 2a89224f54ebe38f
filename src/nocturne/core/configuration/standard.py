"""What a new site begins with: RFC 1297's types, three groups, one life cycle, and who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nocturne.core.configuration.whole import Configuration, Document, assemble

_OPEN = ["new", "open", "waiting"]
_REPORTING = [
    "severity", "network", "site", "machine", "outage", "user_address", "destination_address", "started_at",
    "reported_at",
]  # fmt: skip

STANDARD_DOCUMENTS: Mapping[Document, Mapping[str, Any]] = {
    ("site", "site"): {},
    ("group", "administrators"): {"title": "Administrators"},
    ("group", "supervisors"): {"title": "Supervisors"},
    ("group", "operators"): {"title": "Operators"},
    ("type", "complaint"): {
        "title": "Complaint",
        "help": "Somebody outside says that something does not work.",
    },
    ("type", "request"): {"title": "Request", "help": "Somebody outside asks for something."},
    ("type", "trouble"): {"title": "Trouble", "help": "Something is broken; complaints point to it."},
    ("type", "planned"): {"title": "Planned work", "help": "Work with a window, announced before it begins."},
    ("type", "engineering"): {
        "title": "Engineering",
        "help": "A cause that several troubles have in common.",
    },
    ("type", "meta"): {"title": "Meta", "help": "A matter that several engineering tickets have in common."},
    ("lifecycle", "standard"): {
        "title": "Standard",
        "first": "new",
        "states": [
            {"name": "new", "title": "new", "meaning": "new"},
            {"name": "open", "title": "open", "meaning": "open", "clock": "noc"},
            {"name": "waiting", "title": "waiting", "meaning": "waiting"},
            {"name": "resolved", "title": "resolved", "meaning": "resolved", "clock": "stopped"},
            {"name": "closed", "title": "closed", "meaning": "closed", "clock": "stopped"},
            {"name": "rejected", "title": "rejected", "meaning": "rejected", "clock": "stopped"},
        ],
        "moves": [
            {"act": "taken", "from": ["new"], "to": "open"},
            {"act": "taken", "from": ["open", "waiting"]},
            {"act": "given", "from": ["new"], "to": "open"},
            {"act": "given", "from": ["open", "waiting"]},
            {"act": "dispatched", "from": ["new"], "to": "open"},
            {"act": "dispatched", "from": ["open", "waiting"]},
            {"act": "escalated", "from": ["new"], "to": "open"},
            {"act": "escalated", "from": ["open", "waiting"]},
            {"act": "referred", "from": _OPEN, "to": "waiting"},
            {"act": "suspended", "from": _OPEN, "to": "waiting"},
            {"act": "resumed", "from": ["waiting"], "to": "open"},
            {"act": "restored", "from": ["new"], "to": "open"},
            {"act": "restored", "from": ["open", "waiting"]},
            {"act": "resolved", "from": _OPEN, "to": "resolved"},
            {"act": "checked", "from": ["resolved", "closed"]},
            {"act": "closed", "from": ["resolved"], "to": "closed"},
            {"act": "reopened", "from": ["resolved", "closed", "rejected"], "to": "open"},
            {"act": "rejected", "from": _OPEN, "to": "rejected"},
        ],
    },
    ("clearance", "administrators"): {
        "group": "administrators",
        "sees": ["restricted"],
        "appends": ["restricted"],
        "changes": ["restricted"],
        "rights": ["work", "supervise", "redact", "administer", "export"],
    },
    ("clearance", "supervisors"): {
        "group": "supervisors",
        "sees": ["restricted"],
        "appends": ["restricted"],
        "changes": ["restricted"],
        "rights": ["work", "supervise", "export"],
    },
    ("clearance", "operators"): {
        "group": "operators",
        "sees": ["staff"],
        "appends": ["staff"],
        "changes": ["staff"],
        "rights": ["work", "export"],
    },
    ("clearance", "reporter"): {
        "party": "reporter",
        "sees": ["customer"],
        "appends": ["customer"],
        "rights": ["opened", "received"],
        "opens_with": _REPORTING,
        "help": "Who reported a problem reads what was written for customers, and answers.",
    },
    ("clearance", "representative"): {
        "party": "representative",
        "sees": ["customer"],
        "appends": ["customer"],
        "rights": ["opened", "received"],
        "opens_with": _REPORTING,
        "help": "Who speaks for networks, sites or machines reads their tickets as a customer does.",
    },
}

STANDARD: Configuration = assemble(STANDARD_DOCUMENTS, edition="standard")
