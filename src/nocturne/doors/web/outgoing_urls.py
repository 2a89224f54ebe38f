"""The addresses of what goes out of the house, or is put together to be looked at."""

from __future__ import annotations

from django.urls import path

from nocturne.doors.web.views import exporting, feeding

urlpatterns = [
    path("search/export", exporting.search_export, name="search-export"),
    path("views/<name:name>/export", exporting.view_export, name="view-export"),
    path("feeds/<name:token>.<name:form>", feeding.feed, name="feed"),
    path("account/feeds", feeding.own_feeds, name="feeds"),
    path("account/feeds/<int:number>", feeding.own_feed, name="feed-off"),
]
