"""What every page of the settings begins with: who asks, and about which document."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from nocturne import desk
from nocturne.core import permits
from nocturne.core.configuration import Configuration, Document
from nocturne.core.configuration.body import wrong
from nocturne.core.configuration.fields import CORE
from nocturne.core.configuration.references import references
from nocturne.core.refusals import Forbidden, NotFound
from nocturne.desk import configuring
from nocturne.doors.web.answers import Asked, page
from nocturne.doors.web.settings.grids import carried
from nocturne.doors.web.settings.kinds import BY_KIND, SENSITIVE, About, about
from nocturne.doors.web.sure import sure
from nocturne.store import configured


@dataclass(frozen=True, slots=True)
class Subject:
    """The document that a page is about, as it is in force; None in `body` is none."""

    about: About
    name: str
    body: Mapping[str, Any] | None
    configuration: Configuration
    may_change: bool

    @property
    def document(self) -> Document:
        return self.about.kind, self.name

    @property
    def title(self) -> str:
        if self.about.kind == "site":
            return str(self.about.title)  # it is called so, and there is only one
        return str((self.body or {}).get("title") or self.name)

    @property
    def address(self) -> str:
        return address(self.about, self.name)

    @property
    def version(self) -> str:
        return configuring.version(self.body)

    @property
    def retired(self) -> bool:
        return bool((self.body or {}).get("retired"))


def address(kind: About, name: str) -> str:
    return reverse("settings-document", args=[kind.segment, name])


def list_address(kind: About) -> str:
    return reverse("settings-list", args=[kind.segment])


def reading(request: Asked) -> Configuration:
    """Give the configuration in force to whoever administers anything.

    :raises Forbidden: the asker administers nothing.
    """
    if not permits.may(request.actor, "administer"):
        raise Forbidden("not_permitted", act="administer")
    return configured.refresh()


def subject(request: Asked, segment: str, name: str, *, missing: bool = False) -> Subject:
    """Find the document that a page is about.

    :param missing: whether it may be missing: somebody may have taken it away while its form was filled in.
    :raises NotFound: there is none.
    """
    configuration = reading(request)
    kind = about(segment)
    body = configuration.documents.get((kind.kind, name))
    if body is None and not missing and not (kind.kind == "field" and name in CORE):
        raise NotFound("no_such_settings")
    may_change = permits.may(request.actor, configuring.right_for(kind.kind))
    return Subject(kind, name, body, configuration, may_change)


def demand_change(found: Subject) -> None:
    """Refuse whoever may look at this and not change it.

    :raises Forbidden: they may not.
    """
    if not found.may_change:
        raise Forbidden("not_permitted", act=configuring.right_for(found.about.kind))


def carried_body(request: Asked, found: Subject) -> dict[str, Any]:
    """Read the body that a page of what would change has carried along.

    :raises Invalid: it is none.
    """
    body = carried(request.POST.get("body", ""))
    if body is None:
        raise wrong("not_table", f"{found.about.kind}/{found.name}"[:120], given="")
    return body


def as_text(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False)


def surely(request: Asked, kinds: Iterable[str], act: Callable[[Asked], HttpResponse]) -> HttpResponse:
    """Do something to documents of these kinds; where they say who may do what, only after a proof of who asks."""
    return sure(act)(request) if SENSITIVE.intersection(kinds) else act(request)


def once(request: Asked, what: object, act: Callable[[], Any]) -> int:
    """Change the configuration once per form, however often it is sent; give the audit's row of it, 0 for none."""

    def perform() -> tuple[int, dict[str, object]]:
        return 200, {"row": act()}

    key = request.POST.get("key", "")[:40]
    mark = desk.fingerprint("web", "settings", what)
    _status, answer, _again = desk.once(request.actor, key and f"web:settings:{key}", mark, perform)
    return int(str(answer["row"]))


def latest(document: Document) -> int:
    """Give the audit's row of the last change of a document, 0 where there is none."""
    rows = configuring.history(*document)[:1]
    return rows[0].pk if rows else 0


def fresh_key() -> str:
    return secrets.token_urlsafe(12)


def used_by(configuration: Configuration) -> dict[Document, list[Document]]:
    """Say of each document which others speak of it."""
    found: dict[Document, list[Document]] = {}
    for document, body in sorted(configuration.documents.items()):
        for _way, kind, name in references(document[0], body):
            users = found.setdefault((kind, name), [])
            if document not in users:
                users.append(document)
    return found


def users_of(found: Subject) -> list[tuple[About, str]]:
    """List what speaks of a document."""
    return [(BY_KIND[kind], name) for kind, name in used_by(found.configuration).get(found.document, [])]


def shown(request: Asked, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    return page(request, f"settings/{template}", {"nav": "settings", **context}, status=status)
