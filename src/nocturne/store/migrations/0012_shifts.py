"""What one shift passes on to the next; the journal is found by its time, and planned work by its beginning."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import migrations, models
from django.db.models import PROTECT, SET_NULL, ForeignKey, OneToOneField, Q

_ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def _to(model: str, on_delete: Any = PROTECT, *, indexed: bool = False, **options: Any) -> Any:
    return ForeignKey(model, db_index=indexed, on_delete=on_delete, **{"related_name": "+", **options})


_OPEN = Q(("state", "open"))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0011_notices_given_up")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="entry", index=models.Index(fields=["recorded_at", "id"], name="entry_recorded")
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=Q(("is_open", True), ("planned_start__isnull", False)),
                fields=["planned_start"],
                name="ticket_planned",
            ),
        ),
        migrations.CreateModel(
            name="ShiftNote",
            fields=[
                _ID,
                ("address", models.CharField(max_length=16, unique=True)),
                ("desk", models.CharField(default="", max_length=60)),
                ("at", models.DateTimeField()),
                ("user", _to(settings.AUTH_USER_MODEL)),
                ("author", models.CharField(max_length=160)),
                ("text", models.TextField()),
                ("parting", models.BooleanField(default=False)),
                ("corrects", _to("store.shiftnote", null=True)),
            ],
            options={
                "db_table": "shift_note",
                "indexes": [models.Index(fields=["desk", "-at"], name="shift_note_desk")],
            },
        ),
        migrations.CreateModel(
            name="Takeover",
            fields=[
                _ID,
                ("address", models.CharField(max_length=16, unique=True)),
                ("desk", models.CharField(default="", max_length=60)),
                ("at", models.DateTimeField()),
                ("user", _to(settings.AUTH_USER_MODEL)),
                ("lead", models.CharField(max_length=160)),
                (
                    "before",
                    OneToOneField(
                        null=True, on_delete=PROTECT, related_name="follower", to="store.takeover"
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("parting", _to("store.shiftnote", null=True)),
                ("outstanding", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "takeover",
                "indexes": [models.Index(fields=["desk", "-at"], name="takeover_desk")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("before", None)), fields=("desk",), name="takeover_first_of_desk"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoverPin",
            fields=[
                _ID,
                ("ticket", OneToOneField(on_delete=PROTECT, related_name="pin", to="store.ticket")),
                ("entry", _to("store.entry")),
                ("at", models.DateTimeField()),
                ("author", models.CharField(max_length=200)),
            ],
            options={"db_table": "handover_pin"},
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                _ID,
                ("key", models.CharField(max_length=16, unique=True)),
                ("ticket", _to("store.ticket", indexed=True, related_name="questions")),
                ("entry", _to("store.entry", indexed=True, related_name="questions")),
                ("at", models.DateTimeField()),
                ("author_id", models.BigIntegerField(null=True)),
                ("author", models.CharField(max_length=200)),
                ("user", _to(settings.AUTH_USER_MODEL, null=True)),
                ("group", _to("store.group", SET_NULL, null=True)),
                ("asked", models.CharField(max_length=160)),
                ("state", models.CharField(default="open", max_length=10)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", _to("store.entry", null=True)),
            ],
            options={
                "db_table": "question",
                "indexes": [
                    models.Index(condition=_OPEN, fields=["user", "at"], name="question_of_account"),
                    models.Index(condition=_OPEN, fields=["group", "at"], name="question_of_group"),
                    models.Index(condition=_OPEN, fields=["at"], name="question_open"),
                    models.Index(condition=_OPEN, fields=["ticket"], name="question_on_ticket"),
                ],
            },
        ),
    ]
