"""Lists taken away as files, sent while they are read."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from ninja import Query, Router

from nocturne.desk import exports
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.tickets import OPEN, Order, order_for

router = Router(tags=["tickets"])

Asked = Annotated[
    str, Query(max_length=2000, description="Which tickets, in the language of the search box.")
]
Columns = Annotated[
    str, Query(max_length=2000, description="Which columns, parted by commas; all that you may read if none.")
]


def _described(form: str) -> dict[str, Any]:
    kind = exports.FORMS[form].partition(";")[0]
    content = {kind: {"schema": {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"description": "The file", "content": content}}}


@router.get("/tickets.csv", auth=Needs(guests=True), openapi_extra=_described("csv"))
def export_csv(request: Request, q: Asked = OPEN, columns: Columns = "", order: Order = "") -> Any:
    """Take a list away for a spreadsheet (RFC 4180, UTF-8); what would be a formula there is made a text."""
    return _sent(request, "csv", q, columns, order)


@router.get("/tickets.xlsx", auth=Needs(guests=True), openapi_extra=_described("xlsx"))
def export_xlsx(request: Request, q: Asked = OPEN, columns: Columns = "", order: Order = "") -> Any:
    """Take a list away as a workbook, with times that a spreadsheet can reckon with (UTC)."""
    return _sent(request, "xlsx", q, columns, order)


@router.get("/tickets.jsonl", auth=Needs(guests=True), openapi_extra=_described("jsonl"))
def export_jsonl(request: Request, q: Asked = OPEN, columns: Columns = "", order: Order = "") -> Any:
    """Take a list away for programs: one JSON object on each line, without what you may not read."""
    return _sent(request, "jsonl", q, columns, order)


def _sent(request: Request, form: str, text: str, columns: str, order: str) -> Any:
    taken = exports.take(
        text,
        form,
        by=request.auth,
        door=door(request),
        columns=columns,
        order=order_for(order, request.auth) if order else "",
    )
    headers = {"Content-Disposition": content_disposition_header(True, taken.name) or "attachment"}
    if request.META["REQUEST_METHOD"] == "HEAD":  # by then it is called a GET
        taken.pieces.close()
        return HttpResponse(content_type=taken.media_type, headers=headers)
    return StreamingHttpResponse(taken.pieces, content_type=taken.media_type, headers=headers)
