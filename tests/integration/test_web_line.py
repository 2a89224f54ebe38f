"""The command line: what is understood while somebody types, what could come next, and what it does."""

from __future__ import annotations

import html
import re

import pytest

from nocturne.doors.web.completing import options
from nocturne.store.models import Entry
from tests.books import ticket
from tests.cast import Cast, account
from tests.visitor import Visitor, said

pytestmark = [pytest.mark.req("S3"), pytest.mark.django_db]


def texts(line: str, cast: Cast, who: str = "anna") -> list[str]:
    found = options(line, len(line), getattr(cast, who))
    return [each.text.strip() or each.hint for each in found]


def read(visitor: Visitor, line: str, **more: str) -> str:
    return html.unescape(visitor.post("/line/read", {"line": line, **more}).content.decode())


def test_a_number_is_completed_with_the_subjects_of_tickets(cast: Cast, trouble: int) -> None:
    assert texts(str(trouble)[:1], cast) == [str(trouble)]
    assert texts("9", cast) == []


def test_an_act_is_offered_the_keys_and_values_that_its_writer_may_give(cast: Cast, trouble: int) -> None:
    assert texts(f"{trouble} called ow", cast) == ["owner:"]
    assert texts(f"{trouble} called owner:k", cast) == ["kofi"]
    assert "clock:" in texts(f"{trouble} x c", cast)
    assert "vendor" in texts(f"{trouble} x clock:", cast)
    assert "resolved" in texts(f"{trouble} x state:", cast)
    assert "new" not in texts(f"{trouble} x state:", cast), "no move leads there from where it stands"
    assert texts(f"{trouble} x timer:2h", cast) == []
    assert texts("9999 x owner:k", cast) == [], "nothing is told of a ticket that is not there"


def test_a_value_with_spaces_comes_in_quotes(cast: Cast, trouble: int) -> None:
    assert texts(f"{trouble} x timer:tom", cast) == ['"tomorrow 08:00"']


def test_a_search_is_offered_keys_values_and_names(cast: Cast, trouble: int) -> None:
    assert "owner:" in texts("own", cast)
    assert texts("owner:ko", cast) == ["kofi"]
    assert texts("is:untak", cast) == ["untaken"]
    assert "is:open" in texts("op", cast)
    machine = Visitor("anna")
    assert "machine:cr1" in read(machine, "cr1")


def test_each_key_is_a_chip_and_what_is_wrong_with_one_stands_at_its_place(cast: Cast, trouble: int) -> None:
    anna = Visitor("anna")
    page = read(anna, f'{trouble} called site next:"call again" clock:nope priority:1')
    assert 'class="chip is-key">next <b>call again</b>' in page
    assert 'class="chip is-key">priority <b>1</b>' in page, (
        "the keys beside a wrong one are understood all the same"
    )
    assert 'class="chip is-note">note <b>called site</b>' in page
    assert re.search(r'chip is-bad" title="nope is no clock', page)
    at = f'{trouble} called site next:"call again" '
    assert f"clock, at {len(at) + 1}:" in page


def test_a_person_who_is_not_there_is_marked_with_who_is_near(cast: Cast, trouble: int) -> None:
    anna = Visitor("anna")
    page = read(anna, f"{trouble} x owner:kof")
    assert "There is no active account kof." in page
    assert "Near it: kofi" in page
    assert "is-bad" not in read(anna, f"{trouble} x owner:kofi queue:general priority:2")
    assert "From here it can go to:" in read(anna, f"{trouble} x state:nonsense")


def test_the_palette_has_the_acts_of_this_ticket_the_places_and_the_views(cast: Cast, trouble: int) -> None:
    anna = Visitor("anna")
    page = read(anna, ">", here=str(trouble))
    for address in (
        f"/tickets/{trouble}/taking",
        f"/tickets/{trouble}/resolution",
        "/views/untaken",
        "/keys",
    ):
        assert f'data-to="{address}"' in page
    assert "/administration" not in page
    assert "/administration" in read(Visitor("ada"), ">")
    assert f"/tickets/{trouble}/resolution" in read(anna, ">resol", here=str(trouble))
    assert f"/tickets/{trouble}/taking" not in read(anna, ">take"), "no ticket is on the screen"


def test_without_a_script_the_palette_is_a_page(cast: Cast, trouble: int) -> None:
    anna = Visitor("anna")
    page = anna.text(f"/go?here={trouble}&q=take")
    assert f'href="/tickets/{trouble}/taking"' in page
    assert (
        anna.post("/line", {"line": ">nothing of that name"}).headers["Location"].startswith("/go?q=nothing")
    )
    assert "Nothing here is called that" in anna.text("/go?q=qqq")
    assert anna.post("/line", {"line": ">untaken"}).headers["Location"] == "/views/untaken"


def test_whoever_is_not_of_the_staff_has_no_command_line_and_no_acts(cast: Cast, trouble: int) -> None:
    account("rowe", contact=cast.cleo_contact)
    rowe = Visitor("rowe")
    assert rowe.post("/line/read", {"line": "1"}).status_code == 403
    page = rowe.text(f"/go?here={trouble}")
    assert f"/tickets/{trouble}/" not in page
    assert "/views/untaken" not in page


def test_a_colleague_is_named_behind_an_at_on_the_line_as_in_a_note(cast: Cast, trouble: int) -> None:
    assert texts(f"{trouble} @ko", cast) == ["@kofi"]
    assert texts(f"{trouble} called site, @ko", cast) == ["@kofi"]
    assert texts(f"{trouble} @superv", cast) == ["@supervisors"], "groups are asked as well"
    assert texts(f"{trouble} @kofi", cast) == [], "nothing is left to be typed"
    assert texts("9999 @ko", cast) == [], "nothing is told of a ticket that is not there"


@pytest.mark.req("R16.2")
def test_the_command_line_jumps_searches_goes_and_acts(anna_at_her_desk: Visitor, trouble: int) -> None:
    anna = anna_at_her_desk
    lead = {
        str(trouble): f"/tickets/{trouble}",
        ">mine": "/views/mine",
        "fibre cut": "/search?q=fibre+cut",
    }
    for line, to in lead.items():
        assert anna.post("/line", {"line": line}).headers["Location"] == to
    answer = anna.post("/line", {"line": f'{trouble} called site, no answer next:"call again" timer:2h'})
    assert answer.headers["Location"].startswith(f"/tickets/{trouble}?did=")
    assert ticket(trouble).next_action == "call again"
    refused = anna.post("/line", {"line": f"{trouble} called timer:whenever"})
    assert refused.status_code == 422
    assert f"{trouble} called timer:whenever" in refused.content.decode()


@pytest.mark.req("R16.2")
def test_a_line_sent_twice_is_done_once_and_another_line_from_the_same_page_is_another(
    anna_at_her_desk: Visitor, trouble: int
) -> None:
    anna, said_before = anna_at_her_desk, Entry.objects.count()
    form = anna.form("/", "/line")
    first = anna.post("/line", form.values | {"line": f"{trouble} called site"})
    again = anna.post("/line", form.values | {"line": f"{trouble} called site"})
    assert again.headers["Location"] == first.headers["Location"]
    assert Entry.objects.count() == said_before + 1
    anna.post("/line", form.values | {"line": f"{trouble} called Norlink"})
    assert Entry.objects.count() == said_before + 2
    assert anna.form("/", "/line").values["key"] != form.values["key"]


@pytest.mark.req("R16.2")
def test_a_line_that_is_too_long_is_refused_whole_and_comes_back_as_typed(
    anna_at_her_desk: Visitor, trouble: int
) -> None:
    long, said_before = f"{trouble} {'word ' * 900}end", Entry.objects.count()
    refused = anna_at_her_desk.post("/line", {"line": long})
    assert refused.status_code == 422
    assert f'value="{long}"' in refused.content.decode()
    assert "4000" in said(refused).replace(",", "")
    assert Entry.objects.count() == said_before
    assert "4000" in anna_at_her_desk.post("/line/read", {"line": long}).content.decode().replace(",", "")


def test_the_command_line_shows_what_it_understood_before_it_acts(
    anna_at_her_desk: Visitor, trouble: int
) -> None:
    before = Entry.objects.count()
    page = anna_at_her_desk.post("/line/read", {"line": f"{trouble} called site priority:1"}).content.decode()
    assert "called site" in page
    assert "priority" in page
    assert (
        "is not a time"
        in anna_at_her_desk.post("/line/read", {"line": f"{trouble} x timer:nope"}).content.decode()
    )
    assert "Chicago" in anna_at_her_desk.post("/line/read", {"line": str(trouble)}).content.decode()
    assert Entry.objects.count() == before
