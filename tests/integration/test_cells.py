"""Changing a ticket in the cell of a list: what stands there, who else was at it, and the way back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse

from nocturne import desk
from nocturne.core import configuration
from nocturne.core.configuration import current
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import charts, configuring
from nocturne.store.models import Entry
from tests.cast import Cast, account
from tests.visitor import Visitor, forms_on

WEB = Door.WEB
PIECE = {"X-Piece": "cell"}


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    configuration.use(None)


def opened(visitor: Visitor, number: int, edit: str) -> dict[str, str]:
    """Open a cell, and give what its form holds."""
    page = visitor.get(f"/tickets/{number}/cell?edit={edit}", **PIECE)
    assert page.status_code == 200, page.content.decode()
    return forms_on(page.content.decode())[0].values


def saved(
    visitor: Visitor, number: int, edit: str, value: str, form: dict[str, str] | None = None
) -> HttpResponse:
    form = form or opened(visitor, number, edit)
    return visitor.post(f"/tickets/{number}/cell?edit={edit}", {**form, "value": value}, **PIECE)


@pytest.mark.req("R2.1", "R2.2")
@pytest.mark.parametrize(
    ("edit", "value", "column", "shown"),
    [
        ("priority", "1", "priority", 1),
        ("severity", "4", "severity", 4),
        ("owner", "kofi", "owner", "kofi"),
        ("owner", "me", "owner", "anna"),
        ("next_action", "Call Norlink", "next_action", "Call Norlink"),
        ("queue", "general", "queue", "general"),
    ],
)
def test_a_cell_is_changed_where_it_stands_and_taken_back_with_one_click(
    cast: Cast, trouble: int, edit: str, value: str, column: str, shown: object
) -> None:
    visitor = Visitor("anna")
    before = charts.chart(trouble, cast.anna).header.get(column)
    answer = saved(visitor, trouble, edit, value)
    if before == shown:
        assert answer.status_code == 204, "nothing was changed, and nothing is written"
        return
    assert answer.status_code == 200, answer.content.decode()
    assert charts.chart(trouble, cast.anna).header.get(column) == shown
    undo = forms_on(answer.content.decode())[0]
    assert str(trouble) in answer.content.decode()
    assert visitor.post(undo.action, undo.values, **PIECE).status_code == 200
    assert charts.chart(trouble, cast.anna).header.get(column) == before


@pytest.mark.req("R2.1")
def test_a_timer_and_tags_are_changed_in_their_cells_and_emptied(cast: Cast, trouble: int) -> None:
    visitor = Visitor("anna")
    assert saved(visitor, trouble, "timer", "2h call again").status_code == 200
    assert charts.chart(trouble, cast.anna).header["alarm_text"] == "call again"
    assert "call again" in opened(visitor, trouble, "timer")["value"]
    assert saved(visitor, trouble, "timer", "").status_code == 200
    assert charts.chart(trouble, cast.anna).header.get("alarm_at") is None
    assert saved(visitor, trouble, "tags", "fibre, night").status_code == 200
    assert charts.chart(trouble, cast.anna).tags == ["fibre", "night"]
    assert saved(visitor, trouble, "tags", "night").status_code == 200
    assert charts.chart(trouble, cast.anna).tags == ["night"]


@pytest.mark.req("R2.1", "S18")
def test_two_at_one_cell_are_shown_each_others_value_and_nothing_is_lost(cast: Cast, trouble: int) -> None:
    visitor = Visitor("anna")
    form = opened(visitor, trouble, "owner")
    desk.take(trouble, by=cast.kofi, door=WEB)
    answer = saved(visitor, trouble, "owner", "mei", form)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "kofi" in page
    assert 'value="mei"' in page, "what was typed is still there"
    assert charts.chart(trouble, cast.anna).header["owner"] == "kofi"
    again = forms_on(page)[0].values
    assert visitor.post(f"/tickets/{trouble}/cell?edit=owner", again, **PIECE).status_code == 200
    assert charts.chart(trouble, cast.anna).header["owner"] == "mei"


@pytest.mark.req("R2.1")
def test_what_cannot_stand_in_a_cell_is_refused_with_what_was_typed(cast: Cast, trouble: int) -> None:
    visitor = Visitor("anna")
    entries = Entry.objects.count()
    for edit, value in (("owner", "nobody-here"), ("timer", "yesterday at some time"), ("queue", "nowhere")):
        answer = saved(visitor, trouble, edit, value)
        assert answer.status_code == 422, edit
        assert f'value="{value}"' in answer.content.decode()
        assert "aria-invalid=true" in answer.content.decode()
    assert Entry.objects.count() == entries


@pytest.mark.req("R2.1", "R16.5")
def test_a_cell_is_nobodys_who_may_not_change_it_or_know_of_the_ticket(
    cast: Cast, trouble: int, complaint: int
) -> None:
    account("cleo", contact=cast.cleo_contact)
    cleo = Visitor("cleo")
    assert cleo.get(f"/tickets/{complaint}/cell?edit=owner", **PIECE).status_code == 403
    assert cleo.get(f"/tickets/{trouble}/cell?edit=owner", **PIECE).status_code == 404
    assert cleo.post(f"/tickets/{complaint}/cell?edit=owner", {"value": "anna"}, **PIECE).status_code == 403
    for edit in ("subject", "nonsense", "field/none", "check_marks"):
        assert Visitor("anna").get(f"/tickets/{trouble}/cell?edit={edit}", **PIECE).status_code == 404


@pytest.mark.req("R2.1", "R16.1")
def test_without_scripts_a_cell_leads_to_the_form_of_its_act(cast: Cast, trouble: int) -> None:
    visitor = Visitor("anna")
    answer = visitor.get(f"/tickets/{trouble}/cell?edit=priority")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/tickets/{trouble}/priority")
    ways = visitor.get(f"/tickets/{trouble}/cell?edit=state", **PIECE).content.decode()
    assert re.search(rf'href="/tickets/{trouble}/resolution"', ways)


@pytest.mark.req("R2.1", "S17")
def test_only_the_rows_that_changed_are_drawn_anew(cast: Cast, trouble: int) -> None:
    visitor = Visitor("anna")
    other = desk.open(desk.Opening(subject="Another"), by=cast.kofi, door=WEB).number
    page = visitor.text(f"/views/untaken/rows?n={trouble}&known={trouble}")
    assert f"id=row-{trouble} " in page
    assert f"id=row-{other} " not in page
    assert 'data-fresh="1"' in page, "there is one that is not on the page"
    desk.take(trouble, by=cast.kofi, door=WEB)
    page = visitor.text(f"/views/untaken/rows?n={trouble},{other},999999")
    assert re.search(rf'id=row-{trouble} [^>]*class="is-gone"', page)
    assert not re.search(rf"id=row-{other} [^>]*class=", page)
    mark = re.search(r'data-mark="([^"]+)"', visitor.text("/"))
    assert mark is not None
    assert visitor.get(f"/views/board/rows?mark={mark[1]}&n={other}").status_code == 204
    desk.update(other, "news", by=cast.kofi, door=WEB)
    assert visitor.get(f"/views/board/rows?mark={mark[1]}&n={other}").status_code == 200


@pytest.mark.req("R2.1", "R16.5")
def test_a_row_that_is_hidden_is_not_drawn_whoever_asks_for_it(
    cast: Cast, trouble: int, complaint: int
) -> None:
    account("cleo", contact=cast.cleo_contact)
    page = Visitor("cleo").text(f"/views/all/rows?n={trouble},{complaint}&known=")
    assert f"id=row-{complaint} " in page
    assert f"id=row-{trouble} " not in page


# --- a state in its cell ---------------------------------------------------------------------------------------------


def went(visitor: Visitor, number: int, way: str, form: dict[str, str] | None = None) -> HttpResponse:
    """Go a way from the menu of a state's cell."""
    form = form or opened(visitor, number, "state")
    return visitor.post(f"/tickets/{number}/cell?edit=state", {**form, "way": way}, **PIECE)


@pytest.mark.req("R2.1", "R16.1")
def test_a_way_that_demands_nothing_is_gone_in_the_cell_and_taken_back(cast: Cast, trouble: int) -> None:
    visitor = Visitor("anna")
    menu = visitor.get(f"/tickets/{trouble}/cell?edit=state", **PIECE).content.decode()
    assert 'value="taking:' in menu
    assert re.search(rf'<a href="/tickets/{trouble}/resolution"[^>]*>Resolve …', menu), "its form is opened"
    form = opened(visitor, trouble, "state")
    answer = went(visitor, trouble, "taking:", form)
    assert answer.status_code == 200, answer.content.decode()
    header = charts.chart(trouble, cast.anna).header
    assert (header["meaning"], header["owner"]) == ("open", "anna")
    assert went(visitor, trouble, "taking:", form).status_code == 200, "a second click does nothing"
    assert Entry.objects.filter(ticket=trouble, kind="taken").count() == 1
    undo = forms_on(answer.content.decode())[0]
    assert visitor.post(undo.action, undo.values, **PIECE).status_code == 200
    header = charts.chart(trouble, cast.anna).header
    assert (header["meaning"], header["owner"]) == ("new", None)


@pytest.mark.req("R2.1", "S18")
def test_a_way_is_not_taken_back_over_what_a_colleague_has_written_since(cast: Cast, trouble: int) -> None:
    visitor = Visitor("anna")
    undo = forms_on(went(visitor, trouble, "taking:").content.decode())[0]
    desk.update(trouble, "I called them", by=cast.kofi, door=WEB)
    refused = visitor.post(undo.action, undo.values, **PIECE)
    assert refused.status_code == 409
    assert "Somebody has touched it since" in refused.content.decode()
    assert charts.chart(trouble, cast.anna).header["owner"] == "anna"


@pytest.mark.req("R2.1", "R16.5")
def test_a_way_that_is_not_there_is_not_gone(cast: Cast, trouble: int, complaint: int) -> None:
    visitor = Visitor("anna")
    entries = Entry.objects.count()
    first = Entry.objects.get(ticket=trouble, seq=1).address
    for way in ("resolution:", "nonsense:", "", "back:"):
        assert went(visitor, trouble, way).status_code in (404, 409, 422), way
    desk.take(trouble, by=cast.kofi, door=WEB)
    entries += 1
    forged = opened(visitor, trouble, "state") | {"since": charts.entry(trouble, first, cast.anna).address}
    assert went(visitor, trouble, "back:", forged).status_code == 409, "it is kofi who has taken it"
    assert went(visitor, trouble, "reopening:").status_code == 403, "it is not at its end"
    account("cleo", contact=cast.cleo_contact)
    cleo = Visitor("cleo")
    answer = cleo.post(f"/tickets/{complaint}/cell?edit=state", {"way": "taking:"}, **PIECE)
    assert answer.status_code == 403
    assert cleo.post(f"/tickets/{trouble}/cell?edit=state", {"way": "taking:"}, **PIECE).status_code == 404
    assert Entry.objects.count() == entries


@pytest.mark.req("R2.1", "R9.5")
def test_a_way_for_which_the_life_cycle_demands_words_opens_its_form(
    cast: Cast, trouble: int, ada: Actor
) -> None:
    body = current().documents["lifecycle", "standard"]
    moves = [
        {**each, "note": True} if each["act"] == "restored" else each
        for each in [*body["moves"], {"act": "moved", "from": ["new"], "to": "open", "label": "Begin"}]
    ]
    configuring.change({("lifecycle", "standard"): {**body, "moves": moves}}, by=ada, door=WEB)
    visitor = Visitor("anna")
    menu = visitor.get(f"/tickets/{trouble}/cell?edit=state", **PIECE).content.decode()
    assert 'value="move:open"' in menu, "a move of the house's own is gone at once"
    assert 'value="restoration:' not in menu
    assert f'href="/tickets/{trouble}/restoration' in menu
    assert went(visitor, trouble, "move:open").status_code == 200
    refused = went(visitor, trouble, "restoration:")
    assert refused.status_code == 422
    assert "data-way" in refused.content.decode(), "the menu is still there, with the reason"
    assert charts.chart(trouble, cast.anna).header["restored_at"] is None
