"""Attachments: taken in as a stream, given out as a stream, never shown in a page of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Annotated, Any, Literal

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Path, Query, Router

from nocturne.core import permits
from nocturne.core.entry import Kind
from nocturne.core.refusals import Forbidden, Invalid, TooLarge
from nocturne.desk import charts, files
from nocturne.doors.api import shapes
from nocturne.doors.api.acts import act, extra
from nocturne.doors.api.asking import Needs, Request
from nocturne.doors.api.entries import add
from nocturne.doors.api.given import EntryGiven, Number
from nocturne.store import blobs
from nocturne.store.blobs import File

router = Router(tags=["attachments"])

Token = Annotated[str, Path(max_length=40, pattern="^[A-Za-z0-9_-]+$")]
AROUND = 1_000_000
"""What a form may weigh beside its files."""
_KINDS = {"note": Kind.NOTE, "reply": Kind.REPLY, "received": Kind.RECEIVED}


@router.post(
    "/tickets/{int:number}/attachments",
    auth=Needs(Kind.NOTE, Kind.REPLY, Kind.RECEIVED),
    response={201: shapes.Done},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "file": {"type": "array", "items": {"type": "string", "format": "binary"}}
                        },
                    }
                },
            },
        }
    },
)
def attach(
    request: Request,
    number: Number,
    name: Annotated[
        str, Query(max_length=400, description="The file's name, where the body is the file.")
    ] = "file",
    text: Annotated[str, Query(max_length=20_000, description="Words that go with it.")] = "",
    kind: Annotated[Literal["note", "reply", "received", ""], Query()] = "",
    data_class: Annotated[str, Query(max_length=40, pattern="^[a-z0-9_-]*$")] = "",
) -> HttpResponse:
    """Attach files: the body is one file, with its own Content-Type, or a form with parts called `file`."""
    chosen = kind or ("note" if request.auth.is_staff else "received")
    if not permits.may(request.auth, _KINDS[chosen].value):
        raise Forbidden("not_permitted", act=chosen)
    charts.header(number, request.auth)  # before anything is stored for a ticket that is not theirs
    kept = take_in(request, name)
    given = EntryGiven(kind=chosen, text=text, data_class=data_class or None)
    along = extra(request, given, text="", files=kept)
    content = [[each.name, each.media_type, each.sha256] for each in kept]
    return act(
        request, given, lambda: add(request, number, chosen, given, along), status=201, content=content
    )


def take_in(request: Request, name: str) -> list[File]:
    """Store the files of a request durably, before anything refers to them.

    :raises TooLarge: there is more than the option `attachment_limit` allows.
    :raises Invalid: there is no file in it.
    """
    limit = settings.NOCTURNE.attachment_limit
    length = request.META.get("CONTENT_LENGTH") or "0"
    is_form = request.content_type == "multipart/form-data"
    if not length.isdecimal() or int(length) > limit + (AROUND if is_form else 0):
        _read_out(request, limit)
        raise TooLarge("attachment_too_large", field="file", limit=limit)
    if is_form:
        return [_keep(each, each.name or "", each.content_type or "", limit) for each in _parts(request)]
    if int(length) == 0:
        raise Invalid("no_file", field="file")
    return [_keep(request, name, request.content_type or "", limit)]


def _read_out(request: Request, limit: int) -> None:
    """Read what is a little too much to its end: most programs listen for an answer only when all is sent."""
    left = 2 * limit
    while left > 0 and (piece := request.read(blobs.PIECE)):
        left -= len(piece)


def _parts(request: Request) -> list[UploadedFile[Any]]:
    found = request.FILES.getlist("file")
    if not found:
        raise Invalid("no_file", field="file")
    return found


def _keep(stream: UploadedFile[Any] | Request, name: str, kind: str, limit: int) -> File:
    kept = blobs.keep(stream, limit=limit)  # type: ignore[arg-type]  # all three can be read piece by piece
    return File(files.clean_name(name), files.clean_type(kind), kept.size, kept.sha256)


@router.get(
    "/attachments/{token}",
    auth=Needs(guests=True),
    openapi_extra={
        "responses": {
            200: {
                "description": "The file",
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def download(request: Request, token: Token) -> FileResponse:
    """Get an attachment."""
    found = files.find(token, request.auth)
    wanted = request.META["REQUEST_METHOD"] != "HEAD"  # by then it is called a GET
    content = _pieces(blobs.open_blob(found.sha256)) if wanted else ()
    response = FileResponse(content, content_type=found.served_as)
    response.headers["Content-Length"] = str(found.size)
    response.headers["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(blobs.PIECE):
            yield piece
