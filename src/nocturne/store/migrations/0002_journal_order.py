"""The order in which followers read the journal on PostgreSQL; SQLite reads it by its number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import migrations


def _on_postgresql(statement: str) -> Callable[[Any, Any], None]:
    def perform(_apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statement)

    return perform


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0001_books")]

    operations: ClassVar = [
        migrations.RunPython(
            _on_postgresql("CREATE INDEX IF NOT EXISTS entry_journal ON entry (xid, id)"),
            _on_postgresql("DROP INDEX IF EXISTS entry_journal"),
        )
    ]
