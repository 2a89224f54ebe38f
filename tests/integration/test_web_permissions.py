"""Whom each address is for stands beside it, every role asks at every address, and a page says it all."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import path

from nocturne.doors.web import permissions
from nocturne.doors.web.permissions import GUESTS, NEEDS, REDACTING, STAFF, STRANGERS, is_right
from nocturne.doors.web.urls import urlpatterns
from nocturne.doors.web.views import board
from tests.cast import Cast, account
from tests.integration.test_web_routes import addresses
from tests.visitor import Visitor
from tools import permissions as written

__all__ = ["addresses"]
PAGE = Path(__file__).resolve().parents[2] / "docs/operators/permissions.md"


@pytest.mark.req("R16.5", "S10")
def test_an_address_that_says_nowhere_whom_it_is_for_stops_the_house() -> None:
    permissions.refuse_undeclared(urlpatterns)
    with pytest.raises(ImproperlyConfigured):
        permissions.refuse_undeclared([path("secret", board.board, name="secret")])
    with pytest.raises(ImproperlyConfigured):
        permissions.refuse_undeclared([path("account", board.board, name="account")])
    assert NEEDS.keys() == {str(each.name) for each in urlpatterns}, "nothing is declared that is not there"


@pytest.mark.req("R16.5", "S4", "S10")
@pytest.mark.parametrize("name", sorted(NEEDS))
def test_each_address_lets_in_those_it_is_for_and_nobody_else(
    cast: Cast, addresses: dict[str, str], name: str
) -> None:
    account("cleo", contact=cast.cleo_contact)
    needs, where = NEEDS[name], addresses[name]
    stranger = Visitor().get(where)
    if needs == STRANGERS:
        assert stranger.status_code in (200, 302, 404, 405, 410)
        return
    assert stranger.status_code == 302, (
        "whoever is not signed on is asked to, where no clearance is for anybody"
    )
    assert "/sign-on" in stranger.headers["Location"]
    for who in ("cleo", "anna", "mei", "ada"):
        visitor = Visitor(who)
        for answer in (visitor.get(where), visitor.post(where, {})):
            status = answer.status_code
            assert status != 401, f"{who} is signed on"
            if is_right(needs) and who != "ada":
                assert status in (403, 404, 405), f"{who} administers nothing, and gets {status}"
            elif needs == REDACTING and who != "ada":
                assert status == 403, f"{who} takes nothing away, and gets {status}"
            elif needs == STAFF and who == "cleo":
                assert status in (403, 404, 405), f"cleo is not of the staff, and gets {status}"
            elif is_right(needs) or needs in (STAFF, GUESTS, REDACTING):
                assert status != 403, f"{who} is kept from what is for them"


def test_the_page_of_permissions_says_what_is_declared() -> None:
    assert PAGE.read_text() == written.render(), "run `make requirements`"
