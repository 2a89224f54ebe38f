"""The commands for administrators. One module per group of commands; each has an `app`, a `typer.Typer`.

To add a command, write it in a module of this folder and name it here. A module is loaded only when one of its
commands is called, or when help is asked for.
"""

from __future__ import annotations

ADMIN = "nocturne.doors.cli.admin"
PEOPLE = "nocturne.doors.cli.people"
KEYS = "nocturne.doors.cli.keys"
GROUPS = "nocturne.doors.cli.groups"
SIGNING = "nocturne.doors.cli.signing"
CONFIGURATION = "nocturne.doors.cli.configuration"
BOOKS = "nocturne.doors.cli.books"
AUDIT = "nocturne.doors.cli.audit"
HEALTH = "nocturne.doors.cli.health"
DISPLAYS = "nocturne.doors.cli.displays"
BACKUP = "nocturne.doors.cli.backup"
RESTORE = "nocturne.doors.cli.restore"
INDEXES = "nocturne.doors.cli.indexes"
DEMO = "nocturne.doors.cli.demo"
TEXT = "nocturne.doors.cli.imports"
EXPLAIN = "nocturne.doors.cli.explain"
MAIL = "nocturne.doors.mail.cli"

# command → the module that has it
COMMANDS: dict[str, str] = {
    "setup": ADMIN,
    "user": PEOPLE,
    "queue": ADMIN,
    "config": CONFIGURATION,
    "token": KEYS,
    "group": GROUPS,
    "represent": GROUPS,
    "link": GROUPS,
    "explain": EXPLAIN,
    "sign-on": SIGNING,
    "refold": BOOKS,
    "reindex": INDEXES,
    "audit": AUDIT,
    "health": HEALTH,
    "display": DISPLAYS,
    "backup": BACKUP,
    "restore": RESTORE,
    "demo": DEMO,
    "import": TEXT,
    "mail": MAIL,
}

# Modules that must work without a database, and start before Django could.
WITHOUT_DJANGO = frozenset({MAIL, RESTORE})
