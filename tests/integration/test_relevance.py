"""What fits a question best comes first: said in the subject, on the ticket's header, side by side, anywhere."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid
from nocturne.core.tokens import tokens
from nocturne.desk import finding
from nocturne.desk.terms import Extra, Opening
from tests.caller import caller, reporter
from tests.cast import Cast
from tests.visitor import Visitor

WEB = Door.WEB
pytestmark = pytest.mark.django_db


def opened(by: Actor, subject: str, text: str, **more: Any) -> int:
    return desk.open(Opening(subject=subject, text=text, **more), by=by, door=WEB).number


def listed(actor: Actor, text: str, *, limit: int = 50, order: str = "relevance") -> list[int]:
    now = timezone.now()
    asked = finding.ask(text, actor, now=now)
    found: list[int] = []
    after = None
    while True:
        page = finding.page(actor, asked, now=now, order=order, after=after, limit=limit)
        found += [row["number"] for row in page.rows]
        if page.after is None:
            return found
        after = page.after


@pytest.fixture
def tickets(cast: Cast) -> dict[str, int]:
    """Tickets that speak of a cut fibre, the best and oldest first: the newest first would turn them round."""
    anna = cast.anna
    return {
        "subject side by side": opened(anna, "Fibre cut at Chelsea", "Digger."),
        "subject": opened(anna, "Cut of the Chelsea fibre", "Digger."),
        "header": opened(
            anna, "Chelsea down", "Digger.", destination_address="where they cut the other fibre"
        ),
        "side by side": opened(anna, "Chelsea", "They say a fibre cut."),
        "anywhere": opened(anna, "Detroit", "They cut the power. The fibre is fine."),
        "other": opened(anna, "Power", "No light."),
    }


@pytest.mark.req("S18", "R2.2")
@pytest.mark.parametrize("limit", [1, 2, 50])
def test_what_fits_best_comes_first_page_by_page(cast: Cast, tickets: dict[str, int], limit: int) -> None:
    wanted = list(tickets.values())[:-1]
    assert listed(cast.anna, "fibre cut", limit=limit) == wanted
    assert listed(cast.anna, "fibre cut is:open", limit=limit) == wanted
    assert listed(cast.anna, "fibre cut", limit=limit, order="newest") == wanted[::-1]
    assert listed(cast.anna, "cut fibre", limit=limit)[:2] == [
        tickets["subject"],
        tickets["subject side by side"],
    ]
    assert listed(cast.anna, '"fibre cut"', limit=limit) == [
        tickets["subject side by side"],
        tickets["side by side"],
    ]
    assert listed(cast.anna, "fib* -power", limit=limit)[0] == tickets["subject"]
    assert listed(cast.anna, "subject:fibre", limit=limit) == [
        tickets["subject"],
        tickets["subject side by side"],
    ]
    assert listed(cast.anna, "is:open", limit=limit) == list(tickets.values())[::-1]


@pytest.mark.req("S18", "R16.5")
def test_what_a_reader_may_not_read_puts_nothing_before_anything(cast: Cast) -> None:
    first = opened(cast.anna, "Fibre", "One.", reporter=None)
    hidden = opened(cast.anna, "Quiet", "A word on the splice.")
    desk.update(
        first, "The splice is at fault.", by=cast.mei, door=WEB, extra=Extra(data_class=DataClass.RESTRICTED)
    )
    later = opened(cast.anna, "Later", "A splice.")
    assert listed(cast.anna, "splice") == [later, hidden]
    assert listed(cast.mei, "splice") == [later, hidden, first]


@pytest.mark.req("S18")
def test_an_order_by_how_well_tickets_fit_stands_alone(cast: Cast) -> None:
    for text in ("order:relevance,-opened", "order:opened,relevance", "order:-relevance"):
        with pytest.raises(Invalid):
            finding.ask(f"fibre {text}", cast.anna, now=timezone.now())


@pytest.mark.req("S18", "R15.9")
def test_it_can_be_had_on_the_search_page_and_by_programs(cast: Cast, tickets: dict[str, int]) -> None:
    best = tickets["subject side by side"]
    anna = Visitor("anna")
    shown = anna.get("/search?q=fibre+cut")
    assert "/search?q=fibre+cut+order%3Arelevance" in shown.content.decode()
    shown = anna.get("/search?q=fibre+cut+order%3Arelevance").content.decode()
    assert shown.index(f"data-number={best}") < shown.index(f"data-number={tickets['anywhere']}")
    program = caller(cast.anna)
    page = program.get("/tickets?q=fibre+cut+order:relevance&limit=2")
    assert [each["number"] for each in page["tickets"]] == [best, tickets["subject"]]
    page = program.get(f"/tickets?q=fibre+cut&order=relevance&limit=2&after={page['after']}")
    assert [each["number"] for each in page["tickets"]] == [tickets["header"], tickets["side by side"]]


WORDS = ("fibre", "cut", "splice", "chelsea")


@pytest.mark.req("S18")
def test_the_order_is_what_it_says_for_whatever_is_asked(cast: Cast) -> None:
    dice = random.Random(15)
    said: dict[int, tuple[str, str]] = {}
    for _ in range(40):
        subject, text = (" ".join(dice.choices(WORDS, k=3)) for _ in range(2))
        said[opened(cast.anna, subject, text)] = (subject, text)

    def step(number: int, words: list[str]) -> int:
        subject, text = said[number]
        beside = set(pairwise(words))
        if set(words) <= tokens(subject):
            return 0 if beside and beside <= set(pairwise(subject.split())) else 1
        whole = {*pairwise(subject.split()), *pairwise(text.split())}
        return 2 if beside and beside <= whole else 3

    @settings(max_examples=40, deadline=None, database=None)
    @given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), limit=st.sampled_from([1, 7, 50]))
    def agrees(words: list[str], limit: int) -> None:
        fits = [number for number, parts in said.items() if set(words) <= tokens(" ".join(parts))]
        wanted = sorted(fits, key=lambda number: (step(number, words), -number))
        assert listed(cast.anna, " ".join(words), limit=limit) == wanted

    agrees()


@pytest.mark.req("S18")
def test_a_bare_name_is_said_to_be_one_and_asked_for_alone_by_a_click(cast: Cast) -> None:
    named = opened(cast.anna, "Chelsea down", "Digger.", machines=["cr1.aa"])
    written = opened(cast.anna, "Ann Arbor", "cr1.aa says nothing.")
    assert listed(cast.anna, "CR1.aa") == [named, written]
    assert listed(cast.anna, "machine:cr1.aa") == [named]
    page = Visitor("anna").get("/search?q=is:open+(CR1.aa+or+4711)").content.decode()
    assert "cr1.aa is a machine" in page
    assert "/search?q=is%3Aopen+%28machine%3Acr1.aa+or+4711%29" in page
    assert "/search?q=is%3Aopen+%28CR1.aa+or+%224711%22%29" in page
    quoted = Visitor("anna").get('/search?q="cr1.aa"+machine:cr1.aa').content.decode()
    assert "is a machine" not in quoted
    meant = caller(cast.anna).get("/query?q=nl-ic-3321+norlink+nothing")["meant"]
    assert [each["otherwise"] for each in meant] == ["circuit:NL-IC-3321", "vendor:Norlink"]
    assert reporter("cleo", cast.cleo_contact).get("/query?q=nl-ic-3321+norlink+cr1.aa")["meant"] == []
