"""Somebody who calls the API in one process, as a program with a token would."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client

from nocturne.core.permits import Actor
from nocturne.desk import accounts, tokens
from nocturne.store.models import User

ROOT = "/api/v1"


@dataclass
class Caller:
    """Calls as one account; every answer but a download is read as JSON."""

    actor: Actor
    token: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    last: HttpResponse | None = None

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """This will call, and keep the whole answer in `last`."""
        sent = {
            "Authorization": f"Bearer {self.token}",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        data = body if isinstance(body, bytes | str) else json.dumps(body) if body is not None else ""
        kind = sent.pop("Content-Type", "application/json")
        self.last = self.client.generic(method, ROOT + path, data, content_type=kind, headers=sent)
        return json.loads(self.last.content) if not self.last.streaming and self.last.content else None

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.call("PATCH", path, body, **headers)

    @property
    def status(self) -> int:
        assert self.last is not None
        return self.last.status_code

    def header(self, name: str) -> str:
        assert self.last is not None
        return self.last.headers.get(name, "")


def caller(actor: Actor, *, scopes: str = "read write") -> Caller:
    """This will give an account a token to call with."""
    _, token = tokens.create_token(User.objects.get(pk=actor.id), "tests", scopes=scopes)
    return Caller(actor, token)


def reporter(name: str, contact: Any) -> Caller:
    """This will make an account for a customer, and give it a token."""
    from tests.cast import account

    return caller(accounts.actor_of(account(name, contact=contact)))
