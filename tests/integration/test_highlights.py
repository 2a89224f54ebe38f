"""Whoever searches sees where the words stand, and what was like it before: as far as they may read, and no further."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.test import Client
from django.utils import timezone

from nocturne import desk
from nocturne.core import tokens
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.core.tokens import Needle
from nocturne.desk import finding, highlights, similar
from nocturne.desk.highlights import Fragment
from nocturne.desk.terms import Extra, Opening
from tests.cast import PASSWORD, Cast, account


def marked(text: str, number: int, actor: Actor) -> Fragment | None:
    now = timezone.now()
    return highlights.of(actor, finding.ask(text, actor, now=now), [number], now=now).get(number)


def shown(fragment: Fragment | None) -> str:
    assert fragment is not None
    return "".join(f"[{text}]" if is_marked else text for text, is_marked in fragment.parts)


@pytest.mark.req("R2.1", "R16.1")
def test_a_hit_shows_the_entry_that_says_it_with_the_words_marked(anna: Actor, trouble: int) -> None:
    long = "Called the site and waited. " * 12
    address = desk.update(
        trouble, f"{long}The <b>Splice</b> crew is here. {long}", by=anna, door=Door.WEB
    ).address
    found = marked("splice crew", trouble, anna)
    assert found is not None
    assert (found.entry, found.column) == (address, "text")
    assert "The <b>[Splice]</b> [crew] is here." in shown(found)
    assert shown(found).startswith("… ")
    assert len(shown(found)) < 300
    assert shown(marked("chicago", trouble, anna)) == "Ann Arbor – [Chicago] 100G down"
    assert marked("is:open", trouble, anna) is None


@pytest.mark.req("R2.1", "S18", "R16.6")
def test_no_piece_of_what_somebody_may_not_read_is_shown(cast: Cast, complaint: int) -> None:
    note = Extra(next_action="library shaper")
    desk.update(complaint, "The library is difficult", by=cast.anna, door=Door.WEB, extra=note)
    hidden = Extra(data_class=DataClass.RESTRICTED)
    desk.update(complaint, "library, says legal", by=cast.mei, door=Door.WEB, extra=hidden)
    assert shown(marked("library", complaint, cast.cleo)) == "Cannot reach the [library]"
    assert shown(marked("library", complaint, cast.anna)) == "The [library] is difficult"
    assert shown(marked("library", complaint, cast.mei)) == "[library], says legal"


@pytest.mark.req("R2.1")
def test_the_page_shows_where_it_was_found_and_leads_there(cast: Cast, trouble: int) -> None:
    address = desk.update(trouble, "Light <script>lost</script>", by=cast.anna, door=Door.WEB).address
    browser = Client()
    browser.post("/sign-on", {"name": "anna", "password": PASSWORD})
    page = browser.get("/search?q=light+lost").content.decode()
    assert f'href="/tickets/{trouble}/entries/{address}"' in page
    assert "<mark>Light</mark> &lt;script&gt;<mark>lost</mark>&lt;/script&gt;" in page


@pytest.mark.req("R16.1", "R16.6")
def test_tickets_that_share_what_few_have_are_similar_as_far_as_one_may_read(
    cast: Cast, trouble: int
) -> None:
    one = desk.open(
        Opening(subject="Amplifier hut Jackson", text="CIR-77123 dark"), by=cast.anna, door=Door.WEB
    )
    two = desk.open(Opening(subject="Again", text="CIR-77123 lost"), by=cast.anna, door=Door.WEB)
    desk.open(Opening(subject="Printer", text="paper"), by=cast.anna, door=Door.WEB)
    now = timezone.now()
    found = similar.to_ticket(one.number, cast.anna, now=now)
    assert [each.row["number"] for each in found] == [two.number]
    assert "cir-77123" in found[0].words
    third = desk.open(Opening(subject="Fan", machines=["cr1.aa"]), by=cast.anna, door=Door.WEB).number
    beside = similar.to_ticket(trouble, cast.anna, now=now)
    assert third in [each.row["number"] for each in beside]
    assert "cr1.aa" in next(each for each in beside if each.row["number"] == third).things
    assert [each.row["number"] for each in similar.to_text("jackson hut?", cast.anna)] == [one.number]
    account("cleo", contact=cast.cleo_contact)
    assert similar.to_text("CIR-77123 jackson", cast.cleo) == []
    with pytest.raises(NotFound):
        similar.to_ticket(one.number, cast.cleo, now=now)


@pytest.mark.req("R2.1", "S18")
def test_whoever_writes_at_great_length_makes_nobody_wait(
    cast: Cast, trouble: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []
    spans, matches = tokens.spans, tokens.matches

    def marked_in(text: str, needles: Iterable[Needle]) -> list[tuple[int, int]]:
        looked_at.append(len(text))
        return spans(text, needles)

    def held_by(texts: Iterable[str], needles: Iterable[Needle]) -> bool:
        looked_at.extend(map(len, given := list(texts)))
        return matches(given, needles)

    monkeypatch.setattr(tokens, "spans", marked_in)
    monkeypatch.setattr(tokens, "matches", held_by)
    for _again in range(12):
        desk.update(trouble, "the fibre crew " * 120_000, by=cast.anna, door=Door.WEB)
    for text in ("fibre", '"fibre crew"', "fib*"):
        looked_at.clear()
        assert "[fibre" in shown(marked(text, trouble, cast.anna))
        assert sum(looked_at) < 250_000, f"{text}: of 20 million letters"


@pytest.mark.req("R2.1", "S18")
@pytest.mark.parametrize("before", [1_990, 2_005, 2_390, 29_995, 45_000, 120_000])
def test_what_stands_far_down_in_a_long_text_is_shown_as_well(anna: Actor, trouble: int, before: int) -> None:
    ahead = ("log " * (before // 4 + 1))[:before]
    desk.update(trouble, f"{ahead} splice crew behind", by=anna, door=Door.WEB)
    assert "[splice] [crew] behind" in shown(marked("splice crew", trouble, anna))
    assert "[splice crew] behind" in shown(marked('"splice crew"', trouble, anna))


@pytest.mark.req("R2.1", "S18", "R16.6")
def test_long_words_that_somebody_may_not_read_hide_none_of_theirs(cast: Cast, complaint: int) -> None:
    far = "log " * 10_000
    desk.update(
        complaint, f"{far} splice", by=cast.anna, door=Door.WEB, extra=Extra(data_class=DataClass.CUSTOMER)
    )
    assert "[splice]" in shown(marked("splice", complaint, cast.cleo))
    for _again in range(highlights.DEEP.most):
        desk.update(complaint, f"{far} hidden", by=cast.anna, door=Door.WEB)
    assert "[splice]" in shown(marked("splice", complaint, cast.cleo))
