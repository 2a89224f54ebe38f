"""Pages go packed over the wire, but only where nobody else can have asked for them and measure what comes."""

from __future__ import annotations

import gzip

import pytest

from nocturne.config import packing
from tests.cast import Cast
from tests.visitor import Visitor

PACKS = {"accept-encoding": "gzip, deflate, br"}


def asked(
    visitor: Visitor, address: str = "/", *, secure: bool = True, **headers: str
) -> tuple[str, str, int]:
    """How a page came, what it says, and how long it was on the way."""
    answer = visitor.client.get(address, headers={**PACKS, **headers}, secure=secure)
    assert answer.status_code == 200
    way = answer.headers.get("Content-Encoding", "")
    assert int(answer.headers.get("Content-Length", len(answer.content))) == len(answer.content)
    plain = gzip.decompress(answer.content) if way == "gzip" else answer.content
    return way, plain.decode(), len(answer.content)


@pytest.mark.req("R16.1")
def test_a_page_is_packed_for_whoever_reads_it_and_says_the_same(cast: Cast, trouble: int) -> None:
    anna = Visitor("anna")
    for headers in ({"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}):
        way, said, size = asked(anna, f"/tickets/{trouble}", **headers)
        assert way == "gzip"
        assert "Interface down since 10:55." in said
        assert size < len(said.encode()) / 2
    assert asked(anna, f"/tickets/{trouble}", secure=False)[0] == "gzip", (
        "in the clear there is nothing to guess"
    )


@pytest.mark.req("R16.6")
@pytest.mark.parametrize("site", ["cross-site", "same-site", ""])
def test_what_another_page_made_the_browser_ask_for_is_not_packed(
    cast: Cast, trouble: int, site: str
) -> None:
    way, said, _size = asked(Visitor("anna"), f"/search?q=down{trouble}", **{"sec-fetch-site": site})
    assert way == ""
    assert "Nocturne" in said


def test_how_long_a_packed_page_is_says_little_of_what_stands_in_it(cast: Cast, trouble: int) -> None:
    sizes = {len(packing.packed(b"Ann Arbor - Chicago down " * 200)) for _ in range(60)}
    assert len(sizes) > 20


def test_whoever_cannot_unpack_and_what_is_short_gets_it_as_it_is(cast: Cast, trouble: int) -> None:
    anna = Visitor("anna")
    assert asked(anna, "/", **{"accept-encoding": "identity"})[0] == ""
    assert asked(anna, "/bell", **{"sec-fetch-site": "same-origin"})[0] == ""
