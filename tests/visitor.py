"""Somebody at a browser without JavaScript: signs on, reads pages, fills in their forms and sends them."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.cast import PASSWORD

Values = dict[str, Any]


@dataclass
class Form:
    """A form of a page: where it is posted, and what stands in it."""

    action: str
    values: Values = field(default_factory=dict)


class _Forms(HTMLParser):
    """Collects the forms of a page as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._now: Form | None = None
        self._text: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._now = Form(at.get("action", ""))
            self.forms.append(self._now)
        elif self._now is None:
            return
        elif tag == "input" and at.get("name") and at.get("type") != "file":
            if at.get("type") in ("checkbox", "radio") and "checked" not in dict(attrs):
                return
            self._add(at["name"], at.get("value", ""))
        elif tag == "textarea":
            self._text = at["name"]
            self._now.values[self._text] = ""
        elif tag == "select":
            self._select = at["name"]
        elif tag == "option" and self._select and ("selected" in at or self._select not in self._now.values):
            self._now.values[self._select] = at.get("value", "")

    def _add(self, name: str, value: str) -> None:
        assert self._now is not None
        before = self._now.values.get(name)
        if before is None:
            self._now.values[name] = value
        else:
            self._now.values[name] = [*(before if isinstance(before, list) else [before]), value]

    def handle_data(self, data: str) -> None:
        if self._text and self._now:
            self._now.values[self._text] += (
                data.removeprefix("\n") if not self._now.values[self._text] else data
            )

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._now = None
        elif tag == "textarea":
            self._text = None
        elif tag == "select":
            self._select = None


class Visitor:
    """A browser that has signed on, or has not."""

    def __init__(self, name: str = "", *, password: str = PASSWORD, checks_csrf: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=checks_csrf)
        if name:
            answer = self.client.post("/sign-on", {"name": name, "password": password})
            assert answer.status_code == 302, answer.content.decode()

    def get(self, address: str, **headers: str) -> HttpResponse:
        return self.client.get(address, headers=headers)

    def text(self, address: str, status: int = 200) -> str:
        """This will read a page.

        :raises AssertionError: it answers with another status.
        """
        answer = self.get(address)
        assert answer.status_code == status, f"{address}: {answer.status_code}"
        return answer.content.decode()

    def forms(self, address: str) -> list[Form]:
        return forms_on(self.text(address))

    def form(self, address: str, action: str = "") -> Form:
        """This will find the form of a page that posts to `action` (by default to the page itself)."""
        wanted = action or address.partition("?")[0]
        found = [each for each in self.forms(address) if each.action == wanted]
        assert found, f"{address} has no form for {wanted}"
        return found[0]

    def send(self, address: str, action: str = "", **values: Any) -> HttpResponse:
        """This will fill in the form of a page and send it, as a browser without JavaScript does."""
        form = self.form(address, action)
        return self.post(form.action, form.values | values)

    def post(self, address: str, values: Values, **headers: str) -> HttpResponse:
        return self.client.post(address, values, headers=headers)

    def act(self, number: int, noun: str, **values: Any) -> HttpResponse:
        """This will open an act's form on a ticket, fill it in and send it.

        :raises AssertionError: it is refused.
        """
        answer = self.send(f"/tickets/{number}/{noun}", **values)
        assert answer.status_code == 302, f"{noun}: {answer.status_code} {said(answer)}"
        return answer


def forms_on(page: str) -> list[Form]:
    """This will read the forms of a page that is there already."""
    reader = _Forms()
    reader.feed(page)
    return reader.forms


def said(answer: HttpResponse) -> str:
    """This will give what a page says in its alert, or the whole of it."""
    text = answer.content.decode()
    _before, mark, rest = text.partition("role=alert>")
    return rest.partition("<")[0] if mark else text


def words(answer: HttpResponse) -> str:
    """This will give what a page says, as its reader sees it."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())))


def form_of(answer: HttpResponse, action: str) -> dict[str, object]:
    """This will give what stands in the form of an answer."""
    return next(each.values for each in forms_on(answer.content.decode()) if each.action == action)


def change(who: Visitor, address: str, reason: str = "", **values: object) -> HttpResponse:
    """This will fill in a form of the settings, look at what would change, and put it in force."""
    looked = who.send(address, step="look", **values)
    assert looked.status_code == 200, said(looked)
    form = form_of(looked, address)
    answer = who.post(address, form | {"step": "apply", "reason": reason})
    assert answer.status_code == 302, words(answer)
    return answer
