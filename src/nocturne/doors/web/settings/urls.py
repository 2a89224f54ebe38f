"""The addresses of the settings. They are joined to the console's own, whose converters they use."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from nocturne.doors.web.settings import cycle, editing, history, lists, standing, text


class Segment:
    """A kind of document, and the name of one, as they stand in an address."""

    regex = "[a-z0-9][a-z0-9_-]{0,39}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Segment, "setting")
_ONE = "settings/<setting:segment>/<setting:name>"

urlpatterns: list[URLPattern] = [
    path("settings", lists.overview, name="settings"),
    path("settings/new/<setting:segment>", editing.new, name="settings-new"),
    path("settings/<setting:segment>", lists.listed, name="settings-list"),
    path(_ONE, editing.document, name="settings-document"),
    path(f"{_ONE}/text", text.text, name="settings-text"),
    path(f"{_ONE}/diagram", cycle.picture, name="settings-diagram"),
    path(f"{_ONE}/name", standing.name, name="settings-name"),
    path(f"{_ONE}/retirement", standing.retirement, name="settings-retirement"),
    path(f"{_ONE}/removal", standing.removal, name="settings-removal"),
    path(f"{_ONE}/history", history.history, name="settings-history"),
    path(f"{_ONE}/history/<int:row>", history.change, name="settings-change"),
]
