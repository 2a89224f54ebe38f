"""A life cycle is seen as a picture, and what a change of it does to live tickets before it holds."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

import pytest

from nocturne import desk
from nocturne.core.configuration import current, tree
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import charts
from tests.cast import Cast
from tests.visitor import Visitor, said, words


def text_of(body: Mapping[str, Any]) -> str:
    return tree.one_file(("lifecycle", "standard"), body)


@pytest.mark.req("R9.5", "S1")
def test_a_life_cycle_is_a_picture_and_the_same_as_tables(cast: Cast) -> None:
    page = Visitor("ada").text("/settings/lifecycles/standard/diagram")
    assert "<title id=lc-now-t>Life cycle Standard</title>" in page
    assert "resolved: Sign off" not in page, "what moves no ticket is no arrow"
    told = html.unescape(re.sub(r"<[^>]*>", " ", page))
    assert "new → waiting: Refer or wait, Wait" in told
    assert "closed: Reopen to open." in told
    assert re.search(r"Sign off\s+resolved, closed\s+stays", told)
    assert "style=" not in page


@pytest.mark.req("R9.5", "S1")
def test_what_a_changed_life_cycle_does_to_live_tickets_is_seen_before_it_holds(
    cast: Cast, trouble: int, anna: Actor
) -> None:
    desk.take(trouble, by=anna, door=Door.WEB)
    ada = Visitor("ada")
    body = current().documents["lifecycle", "standard"]
    moves = [
        {**each, "from": [name for name in each["from"] if name != "rejected"]}
        for each in body["moves"]
        if each["act"] != "rejected"
    ]
    moves.append({"act": "moved", "from": ["open"], "to": "new", "label": "Back to the heap"})
    states = [
        {**each, "title": "being worked on"} if each["name"] == "open" else each
        for each in body["states"]
        if each["name"] != "rejected"
    ]
    text = text_of({**body, "moves": moves, "states": states})
    looked = ada.send("/settings/lifecycles/standard/text", text=text)
    assert looked.status_code == 200, said(looked)
    told = words(looked)
    assert "What it does to live tickets" in told
    assert re.search(r"open 1 being worked on Back to the heap → new Reject → rejected", told)
    assert "As it would be" in told
    assert charts.header(trouble, anna).header["state"] == "open"


@pytest.mark.req("R9.5", "S1")
def test_a_state_that_tickets_are_in_cannot_be_taken_away_in_the_form(
    cast: Cast, trouble: int, anna: Actor
) -> None:
    desk.take(trouble, by=anna, door=Door.WEB)
    desk.suspend(trouble, by=anna, door=Door.WEB)
    body = current().documents["lifecycle", "standard"]
    text = text_of(
        {
            **body,
            "states": [each for each in body["states"] if each["name"] != "waiting"],
            "moves": [
                {**each, "from": [name for name in each["from"] if name != "waiting"]}
                for each in body["moves"]
                if each.get("to") != "waiting" and each["from"] != ["waiting"]
            ],
        }
    )
    answer = Visitor("ada").send("/settings/lifecycles/standard/text", text=text)
    assert answer.status_code == 422
    assert "live tickets are in the state waiting now" in words(answer)
