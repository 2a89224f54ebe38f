"""Words of other systems (RT, Trac, Zammad, GitHub, Gmail) for ours: who types one is told what it is called here."""

from __future__ import annotations

from collections.abc import Mapping

KEYS: Mapping[str, str] = {
    "status": "state", "stage": "state", "phase": "state",
    "assignee": "owner", "assigned": "owner", "assigned_to": "owner", "assignedto": "owner", "agent": "owner",
    "responsible": "owner", "user": "owner",
    "requestor": "reporter", "requestors": "reporter", "requester": "reporter", "sender": "reporter",
    "creator": "opened_by", "author": "opened_by", "submitter": "opened_by", "created_by": "opened_by",
    "organization": "reporter.organisation", "organisation": "reporter.organisation",
    "company": "reporter.organisation",
    "admincc": "watcher", "subscriber": "watcher", "watchers": "watcher",
    "created": "opened", "created_at": "opened", "date": "opened",
    "modified": "updated", "changetime": "updated", "lastupdated": "updated", "updated_at": "updated",
    "last_updated": "updated", "told": "updated",
    "deadline": "due", "reminder": "due", "finished": "ends",
    "id": "number", "ticket": "number", "tickets": "number",
    "title": "subject", "summary": "subject",
    "body": "text", "content": "text", "description": "text", "message": "text", "comment": "text", "note": "text",
    "filename": "file", "attachment": "file", "attachments": "file",
    "label": "tag", "labels": "tag", "tags": "tag", "keyword": "tag", "keywords": "tag",
    "sort": "order", "sortby": "order", "sort_by": "order", "orderby": "order", "order_by": "order",
    "groupby": "group", "group_by": "group", "max": "limit",
    "host": "machine", "hostname": "machine", "device": "machine", "router": "machine", "equipment": "machine",
    "location": "site", "place": "site", "pop": "site", "line": "circuit", "supplier": "vendor", "carrier": "vendor",
    "provider": "vendor", "kind": "type", "tickettype": "type", "project": "queue", "mailbox": "queue",
    "children": "parent", "parents": "child",
    "memberof": "parent", "member_of": "parent", "hasmember": "child", "dependson": "depends",
    "dependedonby": "blocks", "refersto": "refers", "mergedinto": "merged",
    "timeworked": "worked", "time_worked": "worked", "urgency": "priority", "impact": "severity",
    "older_than": "age:>", "newer_than": "age:<", "older": "age:>", "newer": "age:<",
}  # fmt: skip
"""Keys by what they are called elsewhere; with a colon, all that stands before the value."""
IS: Mapping[str, str] = {
    "active": "open", "unassigned": "untaken", "unowned": "untaken", "nobody": "untaken", "stalled": "waiting",
    "pending": "waiting", "hold": "waiting", "onhold": "waiting", "on-hold": "waiting", "solved": "resolved",
    "done": "resolved", "fixed": "resolved", "deleted": "rejected", "late": "overdue", "expired": "overdue",
    "watching": "watched", "subscribed": "watched", "duplicate": "merged", "inactive": "closed",
}  # fmt: skip
"""Words of `is:` by what they are called elsewhere."""
HAS: Mapping[str, str] = {
    "attachment": "files", "attachments": "files", "subtasks": "children", "subtask": "children",
    "members": "children", "assignee": "owner", "labels": "tags", "label": "tags", "hosts": "machines",
    "devices": "machines", "reminder": "due", "deadline": "due", "cc": "watchers", "subscribers": "watchers",
}  # fmt: skip
"""What a ticket can have by what it is called elsewhere."""
ORDERS: Mapping[str, str] = {
    "created": "opened", "date": "opened", "latest": "newest", "recent": "newest", "modified": "updated",
    "status": "state", "id": "number", "urgency": "priority", "assignee": "owner", "score": "relevance",
    "best": "relevance", "rank": "relevance",
}  # fmt: skip
"""Orders and groups by what they are called elsewhere."""
STATES: Mapping[str, str] = {
    "stalled": "waiting", "pending": "waiting", "hold": "waiting", "onhold": "waiting", "on-hold": "waiting",
    "solved": "resolved", "done": "resolved", "fixed": "resolved", "deleted": "rejected", "invalid": "rejected",
}  # fmt: skip
"""States by what they are called elsewhere."""
VALUES: Mapping[str, Mapping[str, str]] = {
    "is": IS, "state": STATES, "has": HAS, "order": ORDERS, "group": ORDERS,
}  # fmt: skip
"""Values of a key by what they are called elsewhere."""
