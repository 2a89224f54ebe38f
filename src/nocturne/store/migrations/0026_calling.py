"""PostgreSQL calls whoever listens when something was written that live pages tell of (`store/hearing.py`)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

_CALLS = """
CREATE FUNCTION nocturne_calls() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('nocturne', '');
    RETURN NULL;
END $$;
CREATE TRIGGER entry_calls AFTER INSERT ON entry FOR EACH STATEMENT EXECUTE FUNCTION nocturne_calls();
CREATE TRIGGER presence_calls AFTER INSERT OR UPDATE OR DELETE ON presence
    FOR EACH STATEMENT EXECUTE FUNCTION nocturne_calls();
"""
_NO_MORE = """
DROP TRIGGER entry_calls ON entry;
DROP TRIGGER presence_calls ON presence;
DROP FUNCTION nocturne_calls();
"""


def call(apps: Any, schema_editor: Any) -> None:
    """SQLite needs none: it says for itself, at next to no cost, that something was written."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_CALLS)


def no_more(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_NO_MORE)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0025_lines")]

    operations: ClassVar = [migrations.RunPython(call, no_more)]
