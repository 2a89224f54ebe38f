"""The site's configuration for programs: read, changed all or nothing, tried first, looked back on and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Path, Query, Router
from pydantic import Field

from nocturne.core.configuration import Document, Documents
from nocturne.core.configuration.difference import differences
from nocturne.core.configuration.tree import everything_wrong
from nocturne.core.refusals import Invalid, NotFound
from nocturne.desk import configuring, wording
from nocturne.doors.api import problems
from nocturne.doors.api import shapes_configuration as shapes
from nocturne.doors.api.acts import once
from nocturne.doors.api.answers import answer, instant, seen, tagged
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given import HIGHEST, Given, Line
from nocturne.store import configured
from nocturne.store.models import Audit

router = Router(tags=["configuration"])

Kind = Annotated[
    str, Path(max_length=20, pattern="^[a-z]+$", description="Such as queue, type, field, clearance.")
]
Name = Annotated[
    str, Path(max_length=40, pattern="^[a-z0-9][a-z0-9_-]*$", description="What it is called inside.")
]
OfKind = Annotated[str, Query(max_length=20, description="Only documents of this kind.")]
Reason = Annotated[Line, Field(max_length=400, description="Why; it stands in the history.")]
Body = dict[str, Any]
HISTORY = 200


class DocumentGiven(Given):
    """What a document is to say."""

    body: Body
    reason: Reason = ""


class ChangeGiven(Given):
    """One document to be changed."""

    kind: Line
    name: Line
    body: Body | None = Field(None, description="null takes it away.")
    version: Line | None = Field(None, description="The version it was changed from; another one is refused.")


class ChangesGiven(Given):
    """Several documents, changed together or not at all."""

    changes: Annotated[list[ChangeGiven], Field(max_length=2000)]
    reason: Reason = ""
    dry_run: bool = Field(False, description="Only say what would change.")


class RenameGiven(Given):
    """Another name."""

    name: Line
    reason: Reason = ""


class RevertGiven(Given):
    """A change that is to be taken back, with all that was changed with it."""

    change: Annotated[int, Field(ge=1, le=HIGHEST, description="`row` of the history.")]
    reason: Reason = ""


@router.get("/configuration", auth=Needs("administer"), response=shapes.Configuration)
def read_configuration(request: Request, kind: OfKind = "") -> HttpResponse:
    """Give all documents of the configuration in force."""
    found = configured.refresh()
    documents = [
        _document(document, body)
        for document, body in sorted(found.documents.items())
        if not kind or document[0] == kind
    ]
    return answer({"edition": found.edition, "documents": documents}, actor=request.auth)


@router.post("/configuration", auth=Needs("administer"), response=shapes.Changed)
def change_configuration(request: Request, given: ChangesGiven) -> HttpResponse:
    """Change several documents, all of them or none; with `dry_run` only say what would change."""
    changes = {(each.kind, each.name): each.body for each in given.changes}
    versions = {(each.kind, each.name): each.version for each in given.changes if each.version is not None}
    return _change(request, given, changes, versions, given.reason, only_tried=given.dry_run)


@router.get("/configuration/{kind}/{name}", auth=Needs("administer"), response=shapes.Document)
def read_document(request: Request, kind: Kind, name: Name) -> HttpResponse:
    """Give one document, with its version as ETag."""
    body = _found((kind, name))
    return tagged(request, _document((kind, name), body), configuring.version(body), request.auth)


@router.put("/configuration/{kind}/{name}", auth=Needs("administer"), response=shapes.Changed)
def put_document(request: Request, kind: Kind, name: Name, given: DocumentGiven) -> HttpResponse:
    """Put one document in force, whole; with If-Match only from the version that was read."""
    document = (kind, name)
    return _change(request, given, {document: given.body}, _matched(request, document), given.reason)


@router.delete("/configuration/{kind}/{name}", auth=Needs("administer"), response=shapes.Changed)
def delete_document(
    request: Request, kind: Kind, name: Name, reason: Annotated[str, Query(max_length=400)] = ""
) -> HttpResponse:
    """Take one document away; one that is in use can only be retired."""
    document = (kind, name)
    _found(document)
    return _change(request, None, {document: None}, _matched(request, document), reason)


@router.post("/configuration/{kind}/{name}/name", auth=Needs("administer"), response=shapes.Changed)
def rename_document(request: Request, kind: Kind, name: Name, given: RenameGiven) -> HttpResponse:
    """Give a document another name, wherever it is spoken of; the old one goes on finding it."""

    def do() -> dict[str, Any]:
        before = configured.load().documents
        configuring.rename(kind, name, given.name, by=request.auth, door=door(request), reason=given.reason)
        return _changed(before)

    return once(request, given, do)


@router.get("/configuration/{kind}/{name}/history", auth=Needs("administer"), response=shapes.History)
def read_history(request: Request, kind: Kind, name: Name) -> HttpResponse:
    """List the changes of one document, the newest first."""
    rows = configuring.history(kind, name)[:HISTORY]
    if not rows:
        _found((kind, name))
    return answer({"changes": [_past(row) for row in rows]}, actor=request.auth)


@router.post("/configuration/{kind}/{name}/revert", auth=Needs("administer"), response=shapes.Changed)
def revert_change(request: Request, kind: Kind, name: Name, given: RevertGiven) -> HttpResponse:
    """Take one change of a document back, and all that was changed with it."""
    if not Audit.objects.filter(
        pk=given.change, act="configuration_changed", subject_kind=kind, subject=name
    ).exists():
        raise NotFound("no_such_change")

    def do() -> dict[str, Any]:
        before = configured.load().documents
        configuring.revert(given.change, by=request.auth, door=door(request), reason=given.reason)
        return _changed(before)

    return once(request, given, do)


def _change(
    request: Request,
    given: Given | None,
    changes: Mapping[Document, Body | None],
    versions: Mapping[Document, str],
    reason: str,
    *,
    only_tried: bool = False,
) -> HttpResponse:
    before = configured.load().documents
    wanted = {key: body for key, body in {**before, **changes}.items() if body is not None}

    def do() -> dict[str, Any]:
        if only_tried:
            configuring.rehearse(wanted, by=request.auth)
            return _changed(before, wanted) | {"dry_run": True}
        now = configured.load().documents
        configuring.change(changes, by=request.auth, door=door(request), reason=reason, seen=versions)
        return _changed(now)

    try:
        return once(request, given, do, content=[list(each) for each in changes])
    except Invalid as refusal:
        wrongs = everything_wrong(wanted)
        listed = [
            {"field": each.field, "code": each.code, "reason": wording.refusal(each)} for each in wrongs[:100]
        ]
        return problems.problem(request, refusal, errors=listed)


def _matched(request: Request, document: Document) -> dict[Document, str]:
    version = seen(request)
    return {} if version is None else {document: version}


def _found(document: Document) -> Mapping[str, Any]:
    body = configured.refresh().documents.get(document)
    if body is None:
        raise NotFound("no_such_settings")
    return body


def _document(document: Document, body: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": document[0], "name": document[1], "body": body, "version": configuring.version(body)}


def _changed(before: Documents, after: Documents | None = None) -> dict[str, Any]:
    """Tell what has changed since, document by document and key by key."""
    after = configured.load().documents if after is None else after
    changed = [
        {
            "kind": each.document[0],
            "name": each.document[1],
            "how": each.how.value,
            "version": configuring.version(after.get(each.document)),
            "keys": [
                {"path": key.path, "how": key.how.value, "before": key.before, "after": key.after}
                for key in each.keys
            ],
        }
        for each in differences(before, after)
    ]
    return {"changed": changed, "dry_run": False}


def _past(row: Audit) -> dict[str, Any]:
    return {
        "row": row.pk,
        "at": instant(row.at),
        "who": row.actor_label,
        "door": row.door,
        "reason": str(row.facts.get("reason", "")),
        "before": row.before,
        "after": row.after,
    }
