"""Somebody at a browser without JavaScript, before a running house: real requests, real cookies."""

from __future__ import annotations

from dataclasses import dataclass, field

import requests

from tests.house import House
from tests.visitor import Form, forms_on


@dataclass
class Passerby:
    """A browser that keeps its cookies and goes where it is led only when it is told to."""

    house: House
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.house.url + path, allow_redirects=False, timeout=60)

    def send(self, page: str, action: str, **typed: str) -> requests.Response:
        """This will fill in the form of a page and send it."""
        return self.fill(self.get(page), action, **typed)

    def fill(self, page: requests.Response, action: str, **typed: str) -> requests.Response:
        """This will fill in a form on a page that is there already, and send it."""
        forms: list[Form] = [each for each in forms_on(page.text) if each.action.endswith(action)]
        assert forms, f"no form for {action}: {page.status_code}"
        return self.session.post(
            self.house.url + action, data=forms[0].values | typed, allow_redirects=False, timeout=60
        )

    def sign_on(self, name: str, password: str) -> requests.Response:
        return self.send("/sign-on", "/sign-on", name=name, password=password)

    @property
    def is_in(self) -> bool:
        return self.get("/").status_code == 200


def alert(page: requests.Response) -> str:
    """This will give what a page says in its alert."""
    return page.text.partition("role=alert>")[2].partition("<")[0]
