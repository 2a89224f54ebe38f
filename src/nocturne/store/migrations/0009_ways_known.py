"""The mail address and the telephone number that an account has had so far are its first ways to be reached."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.utils import timezone


def write_ways(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    way, now = apps.get_model("store", "ContactWay"), timezone.now()
    people = apps.get_model("store", "User").objects.order_by("pk").values_list("pk", "email", "phone")
    way.objects.bulk_create(
        [
            way(user_id=user, kind=kind, value=value, verified_at=now)
            for user, email, phone in people
            for kind, value in (("mail", email), ("phone", phone))
            if value
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0008_people")]

    operations: ClassVar = [migrations.RunPython(write_ways, migrations.RunPython.noop, elidable=False)]
