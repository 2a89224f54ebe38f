"""A site's own staff set what is configured, in a browser without JavaScript: they see what follows before it does."""

from __future__ import annotations

import re

import pytest

from nocturne.core import configuration
from nocturne.core.configuration.standard import STANDARD_DOCUMENTS
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import audit, configuring
from nocturne.doors.web.settings import filled
from nocturne.doors.web.settings.kinds import ABOUT, BY_KIND
from nocturne.store import configured
from tests.cast import Cast
from tests.visitor import Visitor


def test_the_pages_are_there(cast: Cast) -> None:
    ada = Visitor("ada")
    ada.text("/settings")
    for kind in ABOUT:
        ada.get(f"/settings/{kind.segment}")
    for kind, name in configured.load().documents:
        page = f"/settings/{BY_KIND[kind].segment}/{name}"
        for rest in ("", "/text", "/history"):
            ada.text(page + rest)
    for kind in ABOUT[1:]:
        ada.text(f"/settings/new/{kind.segment}")
