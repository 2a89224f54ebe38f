"""Tells Django of this package."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "nocturne.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Reinstall the triggers after every migration (remade tables drop theirs); teach SQLite our letter case."""
        from django.db.backends.signals import connection_created
        from django.db.models.signals import post_migrate, pre_save

        from nocturne.store import guards, lettercase
        from nocturne.store.fulltext import renaming

        connection_created.connect(lettercase.prepare)
        for model in renaming.WORDS:
            pre_save.connect(renaming.notice, sender=model)
        post_migrate.connect(lambda **_: guards.install(), sender=self, weak=False)
