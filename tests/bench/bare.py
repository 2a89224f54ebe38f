"""The floor: what a signed-on Django page costs by itself, on the same machine, server, database and session.

`/bare` looks the session and the user up and shows 50 rows that are at hand. `/typical` is the page that every
Django programme has: six queries, 50 objects with what belongs to them, a template with links and dates.

    python -m tests.bench.bare     serves both, as `nocturne web` would
"""

from __future__ import annotations

import os
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

ROWS = [
    {"number": n, "subject": f"cr{n}.aa: interface et-0/1/{n} down", "owner": "anna", "queue": "backbone"}
    for n in range(50)
]


def bare(request: HttpRequest) -> HttpResponse:
    name = request.user.get_username()
    return render(request, "bare.html", {"name": name, "rows": ROWS})


def typical(request: HttpRequest) -> HttpResponse:
    from nocturne.store.models import Installation, Ticket

    open_ones: Any = Ticket.objects.open()
    rows = open_ones.select_related("queue", "owner", "site").prefetch_related("machines__machine")
    return render(
        request,
        "typical.html",
        {
            "installation": Installation.objects.get(pk=1),
            "rows": rows.most_urgent_first()[:50],
        },
    )


def ticket(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse(number)


urlpatterns = [
    path("bare", bare),
    path("typical", typical),
    path("tickets/<int:number>", ticket, name="ticket"),
]

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.bare_settings"
    import django

    django.setup()
    from django.conf import settings

    settings.MIDDLEWARE.pop()
    from nocturne.config.options import read
    from nocturne.config.web import serve

    serve(read(os.environ).options)
