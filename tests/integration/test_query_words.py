"""What operators ask on the phone, of real tickets with a past."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden
from nocturne.desk import finding, recalling, understanding
from nocturne.desk.terms import Extra, Opening
from nocturne.store import searchlines
from nocturne.store.models import Group, User
from tests.caller import caller
from tests.cast import Cast
from tests.visitor import Visitor

WEB = Door.WEB
pytestmark = pytest.mark.django_db


def found(text: str, actor: Actor) -> list[int]:
    now = timezone.now()
    asked = finding.ask(text, actor, now=now)
    numbers = [row["number"] for row in finding.page(actor, asked, now=now).rows]
    for number in numbers:
        assert recalling.finds(asked, number, actor, now=now)
    return numbers


@pytest.fixture
def night(cast: Cast) -> dict[str, int]:
    """A trouble that has been handed about, with two complaints, and one nobody has touched."""

    def opened(subject: str, by: Actor, **more: Any) -> int:
        new = Opening(subject=subject, text="It is down.", **more)
        return desk.open(new, by=by, door=WEB).number

    trouble = opened("Ann Arbor – Chicago down", cast.anna, machines=["cr1.aa"], severity=1)
    complaints = [opened(f"No mail {each}", cast.anna, type="complaint") for each in "ab"]
    quiet = opened("Fan tray", cast.mei)
    desk.take(trouble, by=cast.kofi, door=WEB)
    desk.give(trouble, "anna", by=cast.kofi, door=WEB)
    desk.suspend(trouble, "vendor", by=cast.anna, door=WEB)
    for each in complaints:
        desk.relate(each, "parent", trouble, by=cast.anna, door=WEB)
    return {"trouble": trouble, "first": complaints[0], "second": complaints[1], "quiet": quiet}


@pytest.mark.req("R2.1", "S18", "S5")
def test_who_had_it_what_it_waits_for_and_what_hangs_on_it_finds_a_ticket(
    cast: Cast, night: dict[str, int]
) -> None:
    trouble, anna = night["trouble"], cast.anna
    for text in (
        "was:owner:kofi", "was:owner:kofi -owner:kofi", "changed:owner from:kofi to:anna",
        "changed:owner by:kofi after:1h",
        "changed:any by:kofi", "changed:state to:waiting after:today", "has:complaints>1", "has:complaints=2",
        "has:children", "child.type:complaint", "node:cr*", "severity:..1", "clock:vendor",
        "is:open owner:me order:severity,-opened", "opened:today node:cr1.aa", "age:<1h severity:1",
    ):  # fmt: skip
        assert found(text, anna) == [trouble], text
    assert found("parent.severity:1 order:oldest", anna) == [night["first"], night["second"]]
    assert found(f"parent:{trouble} order:oldest limit:1", anna) == [night["first"]]
    assert found("-changed:any -has:parent", anna) == [night["quiet"]]
    assert found("changed:owner before:yesterday", anna) == []
    assert found("was:owner:mei", anna) == []


@pytest.mark.req("R2.1")
@pytest.mark.parametrize("different", [1_000, 1])
def test_a_part_of_who_opened_it_and_of_what_it_was_about_finds_a_ticket(
    cast: Cast, night: dict[str, int], monkeypatch: pytest.MonkeyPatch, different: int
) -> None:
    """However many texts there are: few are looked at one by one, many ticket by ticket."""
    monkeypatch.setattr(searchlines, "DIFFERENT", different)
    mine = {night["trouble"], night["first"], night["second"]}
    desk.resolve(night["quiet"], "Replaced", by=cast.mei, door=WEB, key_component="Fan Tray 2", cause="dust")
    desk.resolve(night["first"], "Again", by=cast.anna, door=WEB, key_component="Mail relay", cause="load")
    assert set(found("opener:NN", cast.anna)) == mine
    assert found("opener:ei", cast.anna) == [night["quiet"]]
    assert found("component:tray", cast.anna) == [night["quiet"]]
    assert found("component:RELAY -opener:mei", cast.anna) == [night["first"]]
    assert set(found("-component:tray -cause:load", cast.anna)) == mine - {night["first"]}
    assert found("opener:zzzz or component:zzzz or referred:zzzz", cast.anna) == []


@pytest.mark.req("R2.1")
def test_a_reference_that_begins_with_noughts_is_found_as_it_was_written_and_is_no_ticket_s_number(
    cast: Cast, night: dict[str, int]
) -> None:
    anna = cast.anna
    desk.change(night["quiet"], {"vendor_reference": "00912233"}, by=anna, door=WEB)
    assert found("00912233", anna) == [night["quiet"]]
    assert found("00912233 fan", anna) == [night["quiet"]]
    assert found("912233", anna) == []
    now = timezone.now()
    assert not list(understanding.meant(finding.ask("00912233", anna, now=now), anna))


@pytest.mark.req("R11.4")
def test_vendor_time_counts_while_it_runs_and_after(cast: Cast, night: dict[str, int]) -> None:
    trouble, now = night["trouble"], timezone.now()
    ask = finding.ask("clock:vendor>4h", cast.anna, now=now)
    assert [row["number"] for row in finding.page(cast.anna, ask, now=now + timedelta(hours=5)).rows] == [
        trouble
    ]
    desk.resume(trouble, by=cast.anna, door=WEB)
    assert not finding.page(cast.anna, ask, now=now + timedelta(hours=5)).rows


@pytest.mark.req("R16.5", "R16.6")
def test_a_change_in_an_entry_that_somebody_may_not_read_does_not_find_its_ticket_for_them(
    cast: Cast, night: dict[str, int]
) -> None:
    quiet = night["quiet"]
    secret = Extra(data_class=DataClass.RESTRICTED)
    desk.change(quiet, {"severity": 1}, by=cast.mei, door=WEB, extra=secret)
    assert quiet in found("changed:severity", cast.mei)
    assert quiet not in found("changed:severity", cast.anna)
    with pytest.raises(Forbidden):
        finding.ask("was:owner:kofi", cast.cleo, now=timezone.now())


@pytest.mark.req("R2.1", "R16.6")
def test_whose_it_was_is_asked_by_name_full_name_address_and_group(cast: Cast, night: dict[str, int]) -> None:
    trouble, anna = night["trouble"], cast.anna
    User.objects.filter(name="kofi").update(email="kofi@noc.example", full_name="Kofi Mensah")
    for name in ("kofi", "kofi@noc.example", '"Kofi Mensah"', '"kofi men"*', "@night", "mei,kofi"):
        Group.objects.get_or_create(name="night")[0].members.set(User.objects.filter(name="kofi"))
        assert found(f"was:owner:{name}", anna) == [trouble], name
        assert found(f"changed:owner to:{name}", anna) == [trouble], name
        assert found(f"changed:owner from:{name} by:{name}", anna) == [trouble], name
        assert found(f"changed:owner to:anna from:{name}", anna) == [trouble], name
    assert found("changed:owner to:mei@noc.example", anna) == []
    desk.give(night["quiet"], "kofi", by=cast.mei, door=WEB)
    assert found('owner:"Kofi Mensah"', anna) == found("owner:kofi", anna) == [night["quiet"]]
    assert set(found("was:severity:1..3", anna)) >= {trouble}
    assert found("parent:* order:oldest", anna) == [night["first"], night["second"]]
    assert found("has:complaints:2..3", anna) == [trouble]


@pytest.mark.req("R2.1")
def test_a_limit_ends_a_list_and_its_count(cast: Cast, night: dict[str, int]) -> None:
    now = timezone.now()
    asked = finding.ask("is:open limit:3", cast.anna, now=now)
    assert finding.page(cast.anna, asked, now=now).after is None
    assert finding.counted(cast.anna, asked, now=now) == 3
    assert len(list(finding.every(cast.anna, asked, now=now))) == 3


@pytest.mark.req("S18", "R15.9")
@pytest.mark.parametrize("more", ["", " order:severity,-opened", " order:relevance", " group:queue"])
def test_a_list_that_ends_after_some_ends_there_whatever_a_page_holds(cast: Cast, more: str) -> None:
    numbers = [
        desk.open(Opening(subject=f"Down {each}", text="It is down."), by=cast.anna, door=WEB).number
        for each in range(7)
    ]
    program, seen, after = caller(cast.anna), [], ""
    while after is not None:
        page = program.get(f"/tickets?q=down+limit:5{more.replace(' ', '+')}&limit=2&after={after}")
        seen.append([each["number"] for each in page["tickets"]])
        after = page["after"]
    assert [len(each) for each in seen] == [2, 2, 1]
    told = [number for rows in seen for number in rows]
    assert len(set(told)) == 5
    assert set(told) <= set(numbers)
    program.get(f"/tickets?q=down+limit:5{more.replace(' ', '+')}&after=x.y")
    assert program.status == 422


@pytest.mark.req("S18")
@pytest.mark.parametrize("more", ["", " order:severity,-opened", " group:queue"])
def test_further_pages_of_a_list_that_ends_after_some_end_as_well(cast: Cast, more: str) -> None:
    for each in range(63):
        desk.open(Opening(subject=f"Down {each}", text="It is down."), by=cast.anna, door=WEB)
    anna, counts = Visitor("anna"), []
    address = f"/search?{urlencode({'q': f'is:open limit:60{more}'})}"
    while address:
        page = anna.get(address).content.decode()
        counts.append(len(set(re.findall(r"<tr id=row-(\d+)", page))))
        further = re.search(r'<a href="([^"]+)" data-further', page)
        address = unescape(further[1]) if further else ""
    assert counts == [50, 10]
