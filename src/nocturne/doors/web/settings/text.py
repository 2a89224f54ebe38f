"""A document as the text that it is in an exported tree: to be read, copied and changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from nocturne.core.configuration import tree
from nocturne.core.configuration.places import line_of
from nocturne.desk import configuring, wording
from nocturne.doors.web.answers import Asked
from nocturne.doors.web.settings import asking, editing
from nocturne.doors.web.settings.asking import Subject

LONGEST = 400_000


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in a line of the text; 0 where no line is to blame."""

    line: int
    says: str


@require_http_methods(["GET", "HEAD", "POST"])
def text(request: Asked, segment: str, name: str) -> HttpResponse:
    """Show a document as TOML, or look at what its changed text would do."""
    found = asking.subject(request, segment, name, missing=request.method == "POST")
    if request.method != "POST":
        return _shown(request, found, tree.one_file(found.document, found.body or {}))
    asking.demand_change(found)
    if request.POST.get("step") == "edit":
        return _shown(request, found, tree.one_file(found.document, asking.carried_body(request, found)))
    written = request.POST.get("text", "")[:LONGEST].replace("\r\n", "\n")
    body, wrongs = _read(found, written)
    if wrongs:
        return _shown(request, found, written, wrongs=wrongs, status=422)
    return editing.look(request, found, body, is_text=True)


def _read(found: Subject, written: str) -> tuple[dict[str, Any], list[Wrong]]:
    """Read a text, and list what is wrong with it, line by line."""
    path = tree.path_of(found.document)
    documents, broken = tree.documents_in({path: written})
    if broken:
        return {}, [Wrong(each.line, wording.refusal(each.refusal)) for each in broken]
    body = documents[found.document]
    wrongs = []
    for refusal in tree.everything_wrong({**found.configuration.documents, found.document: body}):
        head, _, way = str(refusal.field or "").partition(".")
        is_here = head == "/".join(found.document)
        wrongs.append(Wrong(line_of(written, way.split(".")) if is_here else 0, wording.refusal(refusal)))
    return body, sorted(wrongs, key=lambda each: each.line)


def _shown(
    request: Asked, found: Subject, written: str, *, wrongs: list[Wrong] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "found": found,
        "text": written,
        "rows": min(max(written.count("\n") + 3, 12), 60),
        "wrongs": wrongs or [],
        "seen": request.POST.get("seen") or configuring.version(found.body),
        "file": tree.path_of(found.document),
    }
    return asking.shown(request, "text.html", context, status=status)
