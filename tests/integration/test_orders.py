"""The order of a list: by a heading, by several behind each other, and in the view's form, without a script."""

from __future__ import annotations

import html
import re

import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.desk import savedviews, viewacts, viewchoices
from nocturne.doors.web import headings
from tests.cast import Cast, account
from tests.visitor import Visitor, forms_on

pytestmark = [pytest.mark.req("R2.1", "R2.2"), pytest.mark.django_db]
WEB = Door.WEB


@pytest.fixture
def tickets(cast: Cast) -> list[int]:
    """Four tickets: two of either severity, two owned by either of two."""
    made = []
    for severity, owner in ((2, "kofi"), (1, "mei"), (1, "kofi"), (2, "mei")):
        opening = desk.Opening(subject=f"Severity {severity} of {owner}", severity=severity, owner=owner)
        made.append(desk.open(opening, by=cast.anna, door=WEB).number)
    return made


def shown(page: str) -> list[int]:
    return [int(each) for each in re.findall(r"id=row-(\d+) ", page)]


def links(page: str) -> dict[str, dict[str, str]]:
    """Give the links of the headings of a list, by the name of their column."""
    found = {}
    for name, link in re.findall(r'<th [^>]*data-col="(\w+)"[^>]*><a ([^>]*)>', page):
        found[name] = {key: html.unescape(value) for key, value in re.findall(r'([\w-]+)="([^"]*)"', link)}
    return found


def test_a_column_is_added_behind_the_order_and_turned_round_there(cast: Cast, tickets: list[int]) -> None:
    anna = Visitor("anna")
    page = anna.text("/views/board?order=severity&columns=number,severity,owner")
    assert links(page)["owner"]["data-also"] == "severity,owner"
    assert links(page)["severity"]["data-also"] == "-severity"
    both = anna.text("/views/board?order=severity,owner&columns=number,severity,owner")
    assert shown(both) == [tickets[2], tickets[1], tickets[0], tickets[3]]
    assert links(both)["owner"]["data-also"] == "severity,-owner"
    assert links(both)["owner"]["data-order"] == "owner", "a click alone sorts by this one only"
    assert "sorted by as number 2" in both
    assert both.count("aria-sort") == 1
    turned = anna.text("/views/board?order=severity,-owner&columns=number,severity,owner")
    assert shown(turned) == [tickets[1], tickets[2], tickets[3], tickets[0]]


def test_an_order_of_several_is_chosen_in_the_form_of_the_view(cast: Cast, tickets: list[int]) -> None:
    anna = Visitor("anna")
    view = viewacts.create(viewacts.Wanted("Mine", "is:open"), by=cast.anna, door=WEB)
    address = f"/views/{view.key}"
    choice = f"{address}/choice"
    form = anna.form(f"{address}?menu=1", choice)
    assert form.values["order_2"] == ""
    anna.post(choice, {**form.values, "order_1": "-severity", "order_2": "owner", "order_3": "-number"})
    page = anna.text(address)
    assert shown(page) == [tickets[0], tickets[3], tickets[2], tickets[1]]
    form = anna.form(f"{address}?menu=1", choice)
    chosen = [form.values[name] for name in headings.NAMES[:3]]
    assert chosen == ["-severity", "owner", "-number"]
    assert form.values["order"] == "-severity,owner,-number"
    anna.post(choice, {**form.values, "order": "oldest"})
    assert shown(anna.text(address)) == tickets, "what is written counts where it was changed"
    form = anna.form(f"{address}?menu=1", choice)
    anna.post(choice, {**form.values, "order_1": "-number", "order_2": "", "order_3": ""})
    again = viewchoices.applied(savedviews.named(view.key, cast.anna), None)
    assert shown(anna.text(address)) == tickets[::-1]
    assert again is not None


def test_a_search_is_ordered_by_several_in_its_address(cast: Cast, tickets: list[int]) -> None:
    anna = Visitor("anna")
    page = anna.text("/search?q=severity&order=newest&menu=1")
    form = next(each for each in forms_on(page) if "order_1" in each.values)
    assert (form.values["order_1"], form.values["order_was"]) == ("-number", "newest")
    asked = "q=severity&order=newest&order_was=newest&order_1=severity&order_2=-number&order_3="
    found = anna.text(f"/search?{asked}")
    assert shown(found) == [tickets[2], tickets[1], tickets[3], tickets[0]]
    assert "order_1=" not in "".join(each.get("href", "") for each in links(found).values())


def test_nobody_orders_by_what_they_may_not_read(cast: Cast, tickets: list[int]) -> None:
    account("cleo", contact=cast.cleo_contact)
    page = Visitor("cleo").text("/?order=owner,severity&menu=1")
    assert "owner" not in links(page)
    offered = next(each.values for each in forms_on(page) if "order_1" in each.values)
    assert "owner" not in str(offered)
    assert 'value="owner"' not in page


@pytest.mark.parametrize(
    "order", ["a,b", "severity,,owner", "-", "severity," * 9, "order_1", "severity,nonsense"]
)
def test_an_order_that_is_none_is_the_usual_one(cast: Cast, tickets: list[int], order: str) -> None:
    anna = Visitor("anna")
    assert len(shown(anna.text(f"/views/board?order={order}&order_1={order}"))) == 4


def test_a_row_leads_to_its_ticket_whatever_columns_are_chosen(cast: Cast, tickets: list[int]) -> None:
    page = Visitor("anna").text("/views/board?columns=number,owner")
    assert f'href="/tickets/{tickets[0]}"' in page.partition("<tbody")[2]
    names = re.findall(r'<th [^>]*data-col="(\w+)"', page)
    assert names == ["number", "problem", "owner"]
