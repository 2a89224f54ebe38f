"""The addresses of what goes out of the house, or is put together to be looked at."""

from __future__ import annotations

from django.urls import path

from nocturne.doors.web.views import dashboards, exporting, feeding, subscribing

urlpatterns = [
    path("search/export", exporting.search_export, name="search-export"),
    path("views/<name:name>/export", exporting.view_export, name="view-export"),
    path("feeds/<name:token>.<name:form>", feeding.feed, name="feed"),
    path("home", dashboards.home, name="home"),
    path("home/choice", dashboards.begun_with, name="begin-with"),
    path("display/dashboards/<name:name>", dashboards.on_screen, name="display-dashboard"),
    path("dashboards", dashboards.listed, name="dashboards"),
    path("dashboards/<name:name>", dashboards.dashboard, name="dashboard"),
    path("dashboards/<name:name>/arranging", dashboards.arranged, name="dashboard-arranging"),
    path("dashboards/<name:name>/copy", dashboards.copied, name="dashboard-copy"),
    path("dashboards/<name:name>/removal", dashboards.removed, name="dashboard-removal"),
    path("dashboards/<name:name>/tiles/<int:number>", dashboards.tile, name="dashboard-tile"),
    path("dashboards/<name:name>/tiles/<int:number>/figures", dashboards.figures, name="dashboard-figures"),
    path("subscriptions/<name:token>", subscribing.left, name="subscription-left"),
    path("account/subscriptions", subscribing.own, name="subscriptions"),
    path("account/subscriptions/<name:name>", subscribing.one, name="subscription"),
    path("account/subscriptions/<name:name>/mail", subscribing.tried, name="subscription-now"),
    path("account/subscriptions/<name:name>/end", subscribing.ended, name="subscription-end"),
    path("account/feeds", feeding.own_feeds, name="feeds"),
    path("account/feeds/<int:number>", feeding.own_feed, name="feed-off"),
]
