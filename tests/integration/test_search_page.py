"""Searching on the page: results as the board's rows, what is wrong shown where it is, and the same asked by rows."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlparse

import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.query import canonical as querycanonical
from nocturne.desk import clock, finding
from nocturne.desk.terms import Opening
from tests.caller import caller
from tests.cast import Cast, account
from tests.visitor import Visitor

WEB = Door.WEB


@pytest.mark.req("R2.1", "R15.1")
def test_a_search_shows_what_it_finds_as_the_board_does_and_keeps_what_was_asked(
    cast: Cast, trouble: int
) -> None:
    other = desk.open(Opening(subject="DNS is slow"), by=cast.anna, door=WEB).number
    page = Visitor("anna").text("/search?q=node:cr1.aa")
    assert f"id=row-{trouble} " in page
    assert f"id=row-{other} " not in page
    assert 'name=q value="node:cr1.aa"' in page
    assert "/views/new?query=node%3Acr1.aa" in page
    assert "/search/export?q=node%3Acr1.aa" in page
    assert "<mark>Chicago</mark>" in Visitor("anna").text("/search?q=chicago is:open")
    found = Visitor("anna").get("/search/count?q=is:open").json()
    assert (found["count"], found["words"]) == (2, "2 found")


@pytest.mark.req("R2.1")
def test_what_is_wrong_with_a_query_is_underlined_and_mended_with_one_click(cast: Cast, trouble: int) -> None:
    visitor = Visitor("anna")
    answer = visitor.get("/search?q=node:cr1.aa is:opne")
    page = answer.content.decode()
    assert answer.status_code == 422
    wrong = re.search(r"<code class=shown>(.*?)<mark>(.*?)</mark>(.*?)</code>", page)
    assert wrong is not None
    assert wrong.groups() == ("node:cr1.aa is:", "opne", "")
    mended = re.search(r'class=mend href="([^"]+)"', page)
    assert mended is not None
    assert unescape(mended[1]) == "/search?q=node%3Acr1.aa%20is%3Aopen"
    assert f"id=row-{trouble} " in visitor.text(unescape(mended[1]))
    assert 'value="node:cr1.aa is:opne"' in page, "what was typed is still there"


@pytest.mark.req("R2.1")
def test_a_value_that_looks_like_nothing_is_shown_as_it_is_written_and_put_in_place(
    cast: Cast, trouble: int
) -> None:
    visitor = Visitor("anna")
    answer = visitor.get("/search?q=is:open age:<2 node:cr1.aa")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "age: cannot be “<2”. Try “age:<2h” or “age:<2d”. (Character 13.)" in unescape(page)
    offered = re.findall(r'class=mend href="([^"]+)">([^<]+)', page)
    assert [unescape(says) for _, says in offered] == ["Take “age:<2h”", "Take “age:<2d”"]
    for address, _ in offered:
        assert f"id=row-{trouble} " in visitor.text(unescape(address))


@pytest.mark.req("R2.1")
def test_what_other_systems_write_is_put_right_with_one_click(cast: Cast, trouble: int) -> None:
    visitor = Visitor("anna")
    for typed in (
        "Queue = 'general' AND Owner IS NULL", "!is:closed && machine=cr1.aa", "host:cr1.aa", "node:c*1.aa", "Chi*go",
        "severity<=4 node:cr1.aa", "status:active", "older_than:0m", "!fibre *", "severity:4..1",
    ):  # fmt: skip
        answer = visitor.client.get("/search", {"q": typed})
        assert answer.status_code == 422, typed
        mended = re.search(r'class=mend href="([^"]+)"', answer.content.decode())
        assert mended is not None, typed
        assert f"id=row-{trouble} " in visitor.text(unescape(mended[1])), typed


@pytest.mark.req("R2.1")
def test_a_name_that_nobody_bears_is_said_where_it_finds_nothing(cast: Cast, trouble: int) -> None:
    visitor = Visitor("anna")
    page = visitor.text("/search?q=is:open owner:anan")
    assert "owner: nothing here is called “anan”." in unescape(page)
    mended = re.search(r'class=mend href="([^"]+)"', page)
    assert mended is not None
    assert unescape(mended[1]) == "/search?q=is%3Aopen%20owner%3Aanna"
    assert "nothing here is called" not in visitor.text("/search?q=owner:anna")
    assert "nothing here is called" not in visitor.text("/search?q=owner:none subject:unheard")


@pytest.mark.req("R2.1", "R15.1")
def test_a_heading_of_a_group_makes_no_columns_where_a_narrow_list_has_none(cast: Cast, trouble: int) -> None:
    page = Visitor("anna").text("/search?q=is:open group:queue")
    shown = len(re.findall(r"<th class=\"c-", page))
    heading = re.search(r"<tr class=heading><th colspan=\"(\d+)\".*?(?=<tr id=)", page, re.DOTALL)
    assert heading is not None
    gives_way = re.findall(r'<td class="(c-[a-z]+)">', heading[0])
    assert gives_way
    assert set(gives_way) <= {"c-where", "c-hit", "c-queue", "c-own"}
    assert int(heading[1]) + len(gives_way) == shown


@pytest.mark.req("R2.1", "R15.1")
@pytest.mark.parametrize("path", ["/views/new", "/account/subscriptions"])
def test_a_question_is_completed_wherever_one_is_asked_for(cast: Cast, path: str) -> None:
    page = Visitor("anna").text(path)
    field = re.search(
        r'<input id="(f-query)"[^>]* data-complete="/search/complete" aria-controls="([^"]+)"', page
    )
    assert field is not None
    assert f'id="{field[2]}" class=options' in page


@pytest.mark.req("R2.1")
def test_without_a_question_the_page_says_what_can_be_asked_and_every_example_can_be(cast: Cast) -> None:
    visitor = Visitor("anna")
    page = visitor.text("/search")
    examples = re.findall(r'<dt><a href="([^"]+)"', page)
    assert len(examples) >= 6
    for each in examples:
        assert visitor.get(unescape(each)).status_code == 200, each


@pytest.mark.req("R2.1", "R15.1")
@pytest.mark.parametrize("address", ["/search", "/search?q=age:>2"])
def test_beside_a_search_without_a_list_stands_how_each_key_is_written(cast: Cast, address: str) -> None:
    visitor = Visitor("anna")
    page = visitor.get(address).content.decode()
    shown = re.findall(r"<dt><code>([a-z_]+:)</code><dd>(.*?)(?=<dt>|</dl>)", page)
    assert {"age:", "owner:", "changed:", "order:"} <= {key for key, _ in shown}
    for key, values in shown:
        for value in re.findall(r"<code>(.*?)</code>", values):
            asked = unescape(f"{key}{value}")
            assert visitor.client.get("/search", {"q": asked}).status_code == 200, asked
    assert "How values are written" not in visitor.text("/search?q=is:open")


@pytest.mark.req("R2.1", "S3")
def test_of_how_keys_are_written_a_customer_sees_those_that_are_theirs(cast: Cast) -> None:
    account("cleo", contact=cast.cleo_contact)
    page = Visitor("cleo").text("/search")
    assert "<code>state:</code>" in page
    assert "<code>owner:</code>" not in page


@pytest.mark.req("R2.1")
@pytest.mark.parametrize(
    "asked",
    [
        "is:open owner:me",
        "node:cr* -severity:4",
        "opened:>2d order:severity group:owner limit:20",
        '"fibre cut" is:waiting,open',
        "(site:Lansing or site:Detroit) is:open",
        "is:open changed:owner after:yesterday by:anna",
        'changed:state from:open to:waiting,resolved after:">2d" before:"mon 08:00" owner:me',
        '-changed:any by:"Anna  Kowalski",kofi changed:owner to:none',
    ],
)
def test_a_query_is_the_same_after_it_was_a_form(cast: Cast, anna: Actor, asked: str) -> None:
    visitor = Visitor("anna")
    page = visitor.client.get("/search/form", {"q": asked}).content.decode()
    beside = ("after", "before", "by", "from", "to")
    sent: dict[str, list[str]] = {"go": ["1"]}
    sent |= {name: [] for name in ("key", "operator", "value", *beside)}
    for row in re.findall(r"<fieldset class=asked-row>(.*?)</fieldset>", page, re.DOTALL):
        for name, select in re.findall(r"<select name=(\w+)[^>]*>(.*?)</select>", row, re.DOTALL):
            chosen = re.search(r'value="([^"]*)" selected', select)
            sent[name].append(unescape(chosen[1]) if chosen else "")
        assert "type=hidden" not in row, "what a row asks can be seen and changed"
        for name in ("value", *beside):
            found = re.search(rf'name="?{name}"? value="([^"]*)"', row)
            sent[name].append(unescape(found[1]) if found else "")
    for name in ("order", "limit"):
        found = re.search(rf'name={name} value="([^"]*)"', page)
        sent[name] = [unescape(found[1]) if found else ""]
    chosen = re.search(r'value="([^"]*)" selected', page.partition("name=group>")[2])
    sent["group"] = [chosen[1] if chosen else ""]
    answer = visitor.client.get("/search/form", sent)
    assert answer.status_code == 302
    text = parse_qs(urlparse(answer.headers["Location"]).query)["q"][0]
    now = clock.now()
    one, two = finding.ask(asked, anna, now=now), finding.ask(text, anna, now=now)
    assert querycanonical.canonical(one) == querycanonical.canonical(two), text


@pytest.mark.req("R2.1")
def test_when_and_by_whom_something_changed_is_changed_in_the_form(cast: Cast) -> None:
    visitor = Visitor("anna")
    filled = {"go": "1", "key": ["changed", "owner"], "operator": ["is", "is"], "value": ["state", "me"]}
    filled |= {"after": ["mon 08:00", "yesterday"], "by": ["anna, kofi", ""], "to": ["waiting", ""]}
    answer = visitor.client.get("/search/form", filled)
    text = parse_qs(urlparse(answer.headers["Location"]).query)["q"][0]
    assert text == 'changed:state to:waiting after:"mon 08:00" by:anna,kofi owner:me'
    assert visitor.client.get("/search", {"q": text}).status_code == 200


@pytest.mark.req("R2.1", "R16.5")
def test_a_customer_searches_their_own_and_is_offered_no_word_that_is_not_theirs(
    cast: Cast, trouble: int, complaint: int
) -> None:
    account("cleo", contact=cast.cleo_contact)
    cleo = Visitor("cleo")
    page = cleo.text("/search?q=is:open")
    assert f"id=row-{complaint} " in page
    assert f"id=row-{trouble} " not in page
    assert cleo.get("/search?q=owner:anna").status_code == 403
    assert cleo.get("/search/count?q=is:open").json()["count"] == 1


@pytest.mark.req("R2.1")
def test_a_ticket_that_went_on_as_part_of_another_is_not_shown_as_new(cast: Cast, trouble: int) -> None:
    other = desk.open(Opening(subject="Ann Arbor unreachable"), by=cast.anna, door=WEB).number
    desk.merge(other, trouble, by=cast.anna, door=WEB)
    row = re.search(
        rf"<tr id=row-{other}\b.*?(?=<tr|</table)", Visitor("anna").text("/search?q=is:merged"), re.DOTALL
    )
    assert row is not None
    assert ">merged</span>" in row[0]
    assert ">new</span>" not in row[0]
    told = caller(cast.anna).get("/tickets?q=is:merged")["tickets"]
    assert [each["is_merged"] for each in told] == [True]
