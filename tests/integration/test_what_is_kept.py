"""Parts of pages are kept from reader to reader: what is somebody's own must not be kept with them."""

from __future__ import annotations

import re

import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.doors.web.templatetags import still
from nocturne.store.models import User
from tests.visitor import Visitor

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
KEY = re.compile(r"name=key value=([\w-]+)")


@pytest.mark.req("R11.3")
def test_two_readers_of_one_rank_have_their_own_names_zones_and_keys_in_one_kept_frame(
    anna: Actor, kofi: Actor
) -> None:
    User.objects.filter(name="kofi").update(zone="Asia/Tokyo")
    first, second = Visitor("anna").text("/"), Visitor("kofi").text("/?order=newest")
    assert "<summary>anna</summary>" in first and "<summary>kofi</summary>" in second
    assert 'data-hour="Asia/Tokyo"' in second and 'data-hour="Asia/Tokyo"' not in first
    assert 'value="/?order=newest"' in second
    assert not set(KEY.findall(first)) & set(KEY.findall(second))
    assert not set(TOKEN.findall(first)) & set(TOKEN.findall(second))
    assert still._PLACE not in first + second


@pytest.mark.req("R11.3")
def test_what_stands_in_the_kept_frame_from_an_address_is_escaped_each_time(anna: Actor) -> None:
    visitor = Visitor("anna")
    visitor.text("/")
    page = visitor.text('/?order="><b>x')
    assert '"><b>x' not in page


@pytest.mark.req("R11.3")
def test_the_counts_of_the_rail_move_although_the_rail_is_kept(anna: Actor) -> None:
    visitor = Visitor("anna")
    before = visitor.text("/account")
    desk.open(desk.Opening(subject="All is dark", owner="anna"), by=anna, door=Door.WEB)
    after = visitor.text("/account")
    assert "data-go=b>Board <span class=count>0</span>" in before
    assert "data-go=b>Board <span class=count>1</span>" in after
    assert "data-go=m>My work <span class=count>1</span>" in after
