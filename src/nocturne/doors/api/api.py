"""The API put together from its areas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.operation import Operation

from nocturne import __version__
from nocturne.core.refusals import Invalid
from nocturne.doors.api import (
    administration,
    audit,
    batches,
    colleagues,
    configuration,
    dashboards,
    displays,
    ending,
    entries,
    explaining,
    exports,
    facts,
    feeds,
    files,
    health,
    inventory,
    lines,
    live,
    own,
    people,
    problems,
    questions,
    relating,
    shifts,
    signing,
    subscriptions,
    tickets,
    views,
    working,
    workload,
)
from nocturne.doors.api.bodies import Strict

DESCRIPTION = """Everything a person can do with a ticket, for programs.

Sign on with `Authorization: Bearer TOKEN`. Send JSON; a key that is not known is refused. Times come as UTC; they may
be sent in any form that is understood on a page (`2026-12-01T14:00Z`, `10 min ago`, `mon 08:00`), in your account's
zone where they name none, and are echoed. Give every act an `Idempotency-Key` of your own making: a repeat within
seven days does nothing and gets the first answer. Give `If-Match` the ticket's ETag, and what somebody else has changed
meanwhile is not overwritten. Refusals are problem documents (RFC 9457) that name the field and the remedy.
"""

AREAS = (
    tickets,
    exports,
    questions,
    views,
    dashboards,
    entries,
    files,
    lines,
    batches,
    live,
    working,
    workload,
    ending,
    relating,
    colleagues,
    shifts,
    facts,
    inventory,
    people,
    explaining,
    audit,
    health,
    displays,
    own,
    feeds,
    subscriptions,
    administration,
    configuration,
    signing,
)

Run = Callable[..., HttpResponseBase]


def strict_query(run: Run) -> Run:
    """Refuse parameters that a route does not know, before it runs."""
    operation = run.__self__  # type: ignore[attr-defined]
    known = {
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    }

    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if strange := request.GET.keys() - known:
            name = min(strange)[:80]
            return problems.problem(request, Invalid("unknown_parameter", field=name, given=name))
        return run(request, **kwargs)

    return checked


class Api(NinjaAPI):
    """Ninja's API, with acts called by their own names in the OpenAPI document."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


def build() -> Api:
    """Make the API with all its areas."""
    made = Api(
        title="Nocturne",
        version=__version__,
        description=DESCRIPTION,
        urls_namespace="api",
        docs_url=None,
        openapi_url=None,
        parser=Strict(),
        openapi_extra={"info": {"license": {"name": "Apache-2.0"}}},
    )
    problems.handle_in(made)
    made.add_decorator(strict_query, mode="view")
    for area in AREAS:
        made.add_router("", area.router)
    return made


api = build()

__all__ = ["AREAS", "api", "build"]
