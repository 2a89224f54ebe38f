"""Triggers that keep entries as they were written, and the proof that they and the database's settings are in force.

Two things are let through, each proven by a row: a redaction (an entry `redacted` that points to what it takes away; of
what a shift has passed on to the next, a row of `shift_redaction`) and a deletion after archiving (a row in
`archive_manifest`). The class shown may change by an entry `reclassified`.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Model

from nocturne.store.models import Entry, ShiftNote, Takeover

FREE = {"shown_class"}
"""The one column of an entry that is a projection."""

_SQLITE = {
    "entry_stays": """
        CREATE TRIGGER entry_stays BEFORE UPDATE ON entry WHEN {changed} BEGIN
            SELECT RAISE(ABORT, 'entries are never changed');
        END""",
    "entry_class_by_entry": """
        CREATE TRIGGER entry_class_by_entry BEFORE UPDATE ON entry
        WHEN OLD.shown_class IS NOT NEW.shown_class AND NOT EXISTS (
            SELECT 1 FROM entry WHERE corrects_id = OLD.id AND kind = 'reclassified') BEGIN
            SELECT RAISE(ABORT, 'a class is changed by an entry');
        END""",
    "entry_kept": """
        CREATE TRIGGER entry_kept BEFORE DELETE ON entry WHEN NOT EXISTS (
            SELECT 1 FROM archive_manifest WHERE ticket = OLD.ticket_id) BEGIN
            SELECT RAISE(ABORT, 'entries are never deleted');
        END""",
    "entry_text_stays": """
        CREATE TRIGGER entry_text_stays BEFORE UPDATE ON entry_text
        WHEN NOT (NEW.entry_id IS OLD.entry_id AND NEW.text IS NULL AND NEW.changes = '[]' AND NEW.salt = x''
            AND EXISTS (SELECT 1 FROM entry WHERE id = NEW.redaction_id AND kind = 'redacted'
                        AND corrects_id = OLD.entry_id)) BEGIN
            SELECT RAISE(ABORT, 'words are never changed');
        END""",
    "entry_text_kept": """
        CREATE TRIGGER entry_text_kept BEFORE DELETE ON entry_text WHEN NOT EXISTS (
            SELECT 1 FROM archive_manifest JOIN entry ON entry.ticket_id = archive_manifest.ticket
            WHERE entry.id = OLD.entry_id) BEGIN
            SELECT RAISE(ABORT, 'words are never deleted');
        END""",
    "audit_stays": """
        CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN
            SELECT RAISE(ABORT, 'the audit is never changed');
        END""",
    "audit_kept": """
        CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN
            SELECT RAISE(ABORT, 'the audit is never deleted');
        END""",
    "takeover_stays": """
        CREATE TRIGGER takeover_stays BEFORE UPDATE ON takeover
        WHEN {takeover_changed} OR NEW.words <> '' OR NOT EXISTS (
            SELECT 1 FROM shift_redaction WHERE takeover_id = OLD.id) BEGIN
            SELECT RAISE(ABORT, 'takeovers are never changed');
        END""",
    "takeover_kept": """
        CREATE TRIGGER takeover_kept BEFORE DELETE ON takeover BEGIN
            SELECT RAISE(ABORT, 'takeovers are never deleted');
        END""",
    "shift_note_stays": """
        CREATE TRIGGER shift_note_stays BEFORE UPDATE ON shift_note
        WHEN {note_changed} OR NEW.text <> '' OR NOT EXISTS (
            SELECT 1 FROM shift_redaction WHERE note_id = OLD.id) BEGIN
            SELECT RAISE(ABORT, 'notes of a shift are never changed');
        END""",
    "shift_note_kept": """
        CREATE TRIGGER shift_note_kept BEFORE DELETE ON shift_note BEGIN
            SELECT RAISE(ABORT, 'notes of a shift are never deleted');
        END""",
    "shift_redaction_stays": """
        CREATE TRIGGER shift_redaction_stays BEFORE UPDATE ON shift_redaction BEGIN
            SELECT RAISE(ABORT, 'redactions are never changed');
        END""",
    "shift_redaction_kept": """
        CREATE TRIGGER shift_redaction_kept BEFORE DELETE ON shift_redaction BEGIN
            SELECT RAISE(ABORT, 'redactions are never deleted');
        END""",
}

_POSTGRESQL_FUNCTIONS = {
    "nocturne_entry_stays": """
        IF {changed} THEN RAISE EXCEPTION 'entries are never changed'; END IF;
        IF OLD.shown_class IS DISTINCT FROM NEW.shown_class AND NOT EXISTS (
            SELECT 1 FROM entry WHERE corrects_id = OLD.id AND kind = 'reclassified') THEN
            RAISE EXCEPTION 'a class is changed by an entry'; END IF;
        RETURN NEW;""",
    "nocturne_entry_kept": """
        IF NOT EXISTS (SELECT 1 FROM archive_manifest WHERE ticket = OLD.ticket_id) THEN
            RAISE EXCEPTION 'entries are never deleted'; END IF;
        RETURN OLD;""",
    "nocturne_entry_text_stays": """
        IF NOT (NEW.entry_id = OLD.entry_id AND NEW.text IS NULL AND NEW.changes::text = '[]' AND NEW.salt = ''::bytea
            AND EXISTS (SELECT 1 FROM entry WHERE id = NEW.redaction_id AND kind = 'redacted'
                        AND corrects_id = OLD.entry_id)) THEN
            RAISE EXCEPTION 'words are never changed'; END IF;
        RETURN NEW;""",
    "nocturne_entry_text_kept": """
        IF NOT EXISTS (SELECT 1 FROM archive_manifest JOIN entry ON entry.ticket_id = archive_manifest.ticket
                       WHERE entry.id = OLD.entry_id) THEN
            RAISE EXCEPTION 'words are never deleted'; END IF;
        RETURN OLD;""",
    "nocturne_audit_stays": "RAISE EXCEPTION 'the audit is never changed or deleted';",
    "nocturne_shift_stays": "RAISE EXCEPTION 'what a shift has passed on is never changed or deleted';",
    "nocturne_takeover_stays": """
        IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'takeovers are never deleted'; END IF;
        IF {takeover_changed} OR NEW.words <> '' OR NOT EXISTS (
            SELECT 1 FROM shift_redaction WHERE takeover_id = OLD.id) THEN
            RAISE EXCEPTION 'takeovers are never changed'; END IF;
        RETURN NEW;""",
    "nocturne_shift_note_stays": """
        IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'notes of a shift are never deleted'; END IF;
        IF {note_changed} OR NEW.text <> '' OR NOT EXISTS (
            SELECT 1 FROM shift_redaction WHERE note_id = OLD.id) THEN
            RAISE EXCEPTION 'notes of a shift are never changed'; END IF;
        RETURN NEW;""",
    "nocturne_never_emptied": "RAISE EXCEPTION 'the books are never emptied';",
}
_POSTGRESQL_TRIGGERS = {
    "entry_stays": "BEFORE UPDATE ON entry FOR EACH ROW EXECUTE FUNCTION nocturne_entry_stays()",
    "entry_kept": "BEFORE DELETE ON entry FOR EACH ROW EXECUTE FUNCTION nocturne_entry_kept()",
    "entry_text_stays": "BEFORE UPDATE ON entry_text FOR EACH ROW EXECUTE FUNCTION nocturne_entry_text_stays()",
    "entry_text_kept": "BEFORE DELETE ON entry_text FOR EACH ROW EXECUTE FUNCTION nocturne_entry_text_kept()",
    "entry_not_emptied": "BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION nocturne_never_emptied()",
    "entry_text_not_emptied": (
        "BEFORE TRUNCATE ON entry_text FOR EACH STATEMENT EXECUTE FUNCTION nocturne_never_emptied()"
    ),
    "audit_stays": "BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION nocturne_audit_stays()",
    "audit_not_emptied": "BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION nocturne_never_emptied()",
    **{
        f"{table}_{name}": f"BEFORE {when} EXECUTE FUNCTION nocturne_{function}()"
        for table, keeps in (
            ("takeover", "takeover_stays"),
            ("shift_note", "shift_note_stays"),
            ("shift_redaction", "shift_stays"),
        )
        for name, when, function in (
            ("stays", f"UPDATE OR DELETE ON {table} FOR EACH ROW", keeps),
            ("not_emptied", f"TRUNCATE ON {table} FOR EACH STATEMENT", "never_emptied"),
        )
    },
}


class Unguarded(RuntimeError):
    """The database would let somebody change what is written, or lose it. Nothing may be served from it."""


def _conditions() -> dict[str, str]:
    """Say in SQL, by the gap in a trigger, whether something has changed of which nothing ever may."""
    return {
        "changed": _changed(Entry, FREE),
        "takeover_changed": _changed(Takeover, {"words"}),
        "note_changed": _changed(ShiftNote, {"text"}),
    }


def _changed(model: type[Model], free: set[str]) -> str:
    columns = [f.column for f in model._meta.concrete_fields if f.column not in free]
    apart = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    cast = "" if connection.vendor == "sqlite" else "::text"
    return " OR ".join(f'OLD."{name}"{cast} {apart} NEW."{name}"{cast}' for name in columns)


def _tables() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))


def install() -> None:
    """Put the triggers in place, anew: a remade table has lost its own."""
    if (
        not {"entry", "entry_text", "archive_manifest", "audit", "takeover", "shift_note", "shift_redaction"}
        <= _tables()
    ):
        return
    conditions = _conditions()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, body in _SQLITE.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(body.format(**conditions))
            return
        for name, body in _POSTGRESQL_FUNCTIONS.items():
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN "
                + body.format(**conditions)
                + " END $body$"
            )
        for name, body in _POSTGRESQL_TRIGGERS.items():
            cursor.execute(f"CREATE OR REPLACE TRIGGER {name} {body}")


def present() -> set[str]:
    """Name the triggers that are in force."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


def wanted() -> set[str]:
    """Name the triggers that must be in force."""
    return set(_SQLITE) if connection.vendor == "sqlite" else set(_POSTGRESQL_TRIGGERS)


def verify() -> None:
    """Make sure that nothing written can be changed or lost.

    :raises Unguarded: a trigger is missing, or a setting that durability rests on is not in force.
    """
    missing = sorted(wanted() - present())
    if missing:
        raise Unguarded(f"triggers are missing: {', '.join(missing)}; run `nocturne migrate`")
    if connection.vendor == "sqlite":
        _verify_sqlite()
    else:
        _verify_postgresql()


def _verify_sqlite() -> None:
    memory = ":memory:" in str(connection.settings_dict["NAME"]) or "mode=memory" in str(
        connection.settings_dict["NAME"]
    )
    with connection.cursor() as cursor:

        def pragma(name: str) -> object:
            return cursor.execute(f"PRAGMA {name}").fetchone()[0]

        if pragma("foreign_keys") != 1 or pragma("recursive_triggers") != 1:
            raise Unguarded("SQLite runs without foreign_keys or recursive_triggers")
        if not memory and (
            str(pragma("journal_mode")).lower() != "wal" or int(str(pragma("synchronous"))) < 2
        ):
            raise Unguarded("SQLite runs without journal_mode=WAL or synchronous=FULL")
    if getattr(connection, "transaction_mode", None) != "IMMEDIATE":
        raise Unguarded("SQLite transactions do not begin IMMEDIATE")


def _verify_postgresql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0])
        cursor.execute("SHOW synchronous_commit")
        commit = cursor.fetchone()[0]
    if version < 150000:
        raise Unguarded("PostgreSQL 15 or later is needed")
    if commit == "off":
        raise Unguarded("PostgreSQL runs with synchronous_commit=off")
