"""Ada looks after how accounts sign on, from the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as django_settings

from nocturne.core.refusals import Invalid
from nocturne.core.vouching import Provider
from nocturne.desk import accounts
from nocturne.store.models import Audit
from tests.authenticator import set_up
from tests.cast import PASSWORD, Cast
from tests.command import Nocturne
from tests.visitor import Visitor


def test_the_administrator_says_who_vouches_for_whom_and_who_may_without(
    cast: Cast, nocturne: Nocturne, settings: Any
) -> None:
    campus = Provider("campus", "Campus login", "https://idp.campus.example", "nocturne")
    settings.NOCTURNE = replace(django_settings.NOCTURNE, oidc=(campus,))
    linked = nocturne("sign-on", "link", "anna", "campus", "u-4711")
    assert (linked.code, "nocturne sign-on local anna" in linked.err) == (0, True)
    assert nocturne("sign-on", "link", "kofi", "campus", "u-4711").code != 0, "one person is one account"
    assert nocturne("sign-on", "link", "kofi", "another", "u-1").code != 0
    with pytest.raises(Invalid):
        accounts.sign_on("anna", PASSWORD)
    assert nocturne("sign-on", "local", "anna").code == 0
    assert accounts.sign_on("anna", PASSWORD).name == "anna"
    rows = {row["name"]: row for row in json.loads(nocturne("sign-on", "list", "--json").out)}
    assert (rows["anna"]["provider"], rows["anna"]["may_locally"]) == ("campus", True)
    assert (rows["kofi"]["provider"], rows["kofi"]["may_locally"]) == ("", True)
    assert nocturne("sign-on", "local", "anna", "--end").code == 0
    assert nocturne("sign-on", "unlink", "anna", "campus").code == 0
    assert nocturne("sign-on", "unlink", "anna", "campus").code != 0
    assert accounts.sign_on("anna", PASSWORD).name == "anna"
    acts = list(Audit.objects.filter(subject="anna").order_by("pk").values_list("act", "door"))
    assert acts == [
        ("linked", "cli"),
        ("local_sign_on_allowed", "cli"),
        ("local_sign_on_ended", "cli"),
        ("unlinked", "cli"),
    ]


def test_whoever_has_lost_telephone_and_codes_gets_in_again(cast: Cast, nocturne: Nocturne) -> None:
    here = Visitor("anna")
    set_up(here)
    assert nocturne("sign-on", "lost-factors", "anna").code == 0
    assert here.get("/").status_code == 302
    assert Visitor("anna").get("/").status_code == 200
