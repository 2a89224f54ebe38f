"""Every site begins with documents: the standard ones, and those of the queues and addresses it has already."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.utils import timezone

from nocturne.core.configuration.standard import STANDARD_DOCUMENTS


def write_documents(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    documents = {key: dict(body) for key, body in STANDARD_DOCUMENTS.items()}
    for site in apps.get_model("store", "Installation").objects.filter(pk=1):
        given = {
            "organisation": site.organisation,
            "tag": site.name,
            "zone": site.zone,
            "base_url": site.base_url,
            "correspond": site.correspond_address,
            "comment": site.comment_address,
        }
        documents["site", "site"] = {key: value for key, value in given.items() if value}
    for group in apps.get_model("store", "Group").objects.all():
        documents.setdefault(("group", group.name), {"title": group.title} if group.title else {})
    for queue in apps.get_model("store", "Queue").objects.all():
        given = {
            "title": queue.title,
            "purpose": queue.purpose,
            "correspond": queue.correspond_address,
            "comment": queue.comment_address,
            "type": queue.default_type,
            "silence_days": queue.silence_days,
            "members": sorted(queue.members.values_list("name", flat=True)),
            "watchers": sorted(queue.watchers.values_list("name", flat=True)),
            "retired": queue.retired_at is not None,
        }
        documents["queue", queue.name] = {key: value for key, value in given.items() if value}
    rows = apps.get_model("store", "ConfigurationDocument")
    rows.objects.bulk_create(
        rows(kind=kind, name=name, body=body, changed_at=timezone.now())
        for (kind, name), body in sorted(documents.items())
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0004_configuration")]

    operations: ClassVar = [
        migrations.RunPython(write_documents, migrations.RunPython.noop, elidable=False),
        migrations.RunSQL(
            "UPDATE ticket SET last_seq_restricted = last_seq, touched_restricted_at = touched_at",
            migrations.RunSQL.noop,
        ),
    ]
