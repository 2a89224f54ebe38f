"""The shift's pages in a browser without scripts: handover, notes, taking over, questions, timeline."""

from __future__ import annotations

import re

import pytest

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.desk import Extra
from nocturne.desk.terms import Opening
from nocturne.store.models import Entry, Question, ShiftNote, Takeover
from tests.caller import caller
from tests.cast import Cast, account
from tests.visitor import Visitor, said

pytestmark = pytest.mark.req("R1.2")


def test_the_incoming_lead_reads_the_page_and_takes_the_desk_over(
    cast: Cast, anna: Actor, trouble: int
) -> None:
    desk.pin(trouble, "Vendor calls at 03:00", by=anna, door=Door.WEB)
    annas, meis = Visitor("anna"), Visitor("mei")
    annas.send("/handover", "/handover/notes", text="Watch the amplifier in Lansing.", parting="1")
    page = meis.text("/handover")
    assert "Nobody has taken the desk over yet" in page
    assert "Vendor calls at 03:00" in page and "Watch the amplifier" in page
    form = meis.form("/handover", "/handover/takeovers")
    answer = meis.post(form.action, form.values | {"words": "Thanks."})
    assert answer.status_code == 302
    page = meis.text("/handover")
    assert "<b>mei</b> has the desk" in page and "Watch the amplifier" in page
    late = annas.post(form.action, form.values)
    assert late.status_code == 409 and "mei has taken the desk over meanwhile" in said(late)
    assert Takeover.objects.count() == 1


def test_what_was_typed_is_still_there_after_a_refusal(cast: Cast, trouble: int) -> None:
    anna, mei = Visitor("anna"), Visitor("mei")
    form = anna.form("/handover", "/handover/takeovers")
    mei.send("/handover", "/handover/takeovers")
    page = anna.post(form.action, form.values | {"words": "I take it from here."}).content.decode()
    assert "I take it from here." in page
    answer = anna.send("/handover", "/handover/notes", text="   ")
    assert answer.status_code == 422 and "Write what the next shift should know" in said(answer)


def test_a_note_sent_twice_is_one_and_is_corrected_by_its_writer(cast: Cast) -> None:
    anna = Visitor("anna")
    form = anna.form("/handover", "/handover/notes")
    for _ in range(2):
        anna.post(form.action, form.values | {"text": "Generator test at 05:00"})
    note = ShiftNote.objects.get()
    anna.send(f"/handover/notes/{note.address}", text="Generator test at 06:00")
    page = anna.text("/handover")
    assert "Generator test at 06:00" in page and "Generator test at 05:00" in page
    refused = Visitor("kofi").post(f"/handover/notes/{note.address}", {"text": "mine"})
    assert refused.status_code == 403


def test_a_draft_of_a_note_is_kept(cast: Cast) -> None:
    anna = Visitor("anna")
    form = anna.form("/handover", "/handover/notes")
    anna.post("/drafts", form.values | {"text": "half a thought"})
    assert "half a thought" in anna.text("/handover")
    anna.send("/handover", "/handover/notes")
    assert "Your draft is back" not in anna.text("/handover")


def test_a_past_shift_is_read_and_printed(cast: Cast, anna: Actor, trouble: int) -> None:
    mei = Visitor("mei")
    mei.send("/handover", "/handover/takeovers", words="Quiet so far.")
    address = re.search(r"/handover/shifts/(\w+)", mei.text("/handover/shifts"))
    assert address is not None
    page = mei.text(address[0])
    assert "Quiet so far." in page and str(trouble) in page and "Severity 1 and 2" in page
    assert Visitor("anna").get("/handover/shifts/not-there").status_code == 404


def test_the_handover_is_copied_as_text(cast: Cast, anna: Actor, trouble: int) -> None:
    desk.update(trouble, "@kofi is it there?", by=anna, door=Door.WEB)
    answer = Visitor("mei").get("/handover/text")
    assert answer.headers["Content-Type"].startswith("text/plain")
    text = answer.content.decode()
    for line in ("MUST BE KNOWN NOW", "severity 2", "anna asks kofi", "1 question open"):
        assert line in text


def test_customers_have_none_of_it(cast: Cast, complaint: int) -> None:
    account("cleo", contact=cast.cleo_contact)
    cleo = Visitor("cleo")
    for page in ("/handover", "/handover/text", "/handover/shifts", "/questions", "/timeline"):
        assert cleo.get(page).status_code == 403
        assert f'href="{page}"' not in cleo.text("/")
    for action in ("/handover/takeovers", "/handover/notes"):
        assert cleo.post(action, {"text": "x"}).status_code == 403


def test_who_is_asked_sees_it_in_the_rail_and_answers_on_the_ticket(
    cast: Cast, anna: Actor, trouble: int
) -> None:
    desk.update(trouble, "@kofi is the spare in Lansing?", by=anna, door=Door.WEB)
    kofi = Visitor("kofi")
    assert re.search(r'Questions <span class="count late">1<', kofi.text("/"))
    page = kofi.text("/questions")
    where = re.search(rf"/tickets/{trouble}/answer\?question=\w+", page)
    assert where is not None and "anna asks kofi" in kofi.text(f"/tickets/{trouble}")
    form = kofi.form(where[0], f"/tickets/{trouble}/answer")
    empty = kofi.post(form.action, form.values)
    assert empty.status_code == 422 and "Write the answer" in said(empty)
    answer = kofi.post(form.action, form.values | {"text": "Yes, shelf 3."})
    assert answer.status_code == 302
    assert Question.objects.get().state == "answered"
    assert "anna asks kofi" not in kofi.text(f"/tickets/{trouble}").partition("id=entries")[0]
    assert "answered anna" in kofi.text(f"/tickets/{trouble}")


def test_a_refused_question_gives_the_words_back(cast: Cast, mei: Actor, trouble: int) -> None:
    answer = Visitor("mei").send(
        f"/tickets/{trouble}/notes", text="@kofi whose key is it?", data_class="restricted"
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "kofi may not read this here" in page and "whose key is it?" in page
    assert Entry.objects.count() == 1


def test_customers_never_see_a_question(cast: Cast, anna: Actor, complaint: int) -> None:
    account("cleo", contact=cast.cleo_contact)
    desk.update(complaint, "@kofi is she right?", by=anna, door=Door.WEB)
    desk.pin(complaint, "She rings at nine", by=anna, door=Door.WEB)
    page = Visitor("cleo").text(f"/tickets/{complaint}")
    for word in ("kofi", "right?", "handover", "She rings"):
        assert word not in page


# --- the timeline ---------------------------------------------------------------------------------------------------


@pytest.mark.req("S17")
def test_the_timeline_tells_everything_that_its_reader_may_read(
    cast: Cast, anna: Actor, mei: Actor, trouble: int, complaint: int
) -> None:
    desk.update(trouble, "No answer there.", by=anna, door=Door.WEB)
    secret = Extra(data_class=DataClass.RESTRICTED)
    desk.update(trouble, "Legal has been told.", by=mei, door=Door.WEB, extra=secret)
    annas, meis = Visitor("anna").text("/timeline"), Visitor("mei").text("/timeline")
    assert "No answer there." in annas and "Cannot reach the library" in annas
    assert "Legal has been told." not in annas and "Legal has been told." in meis
    assert annas.index("No answer there.") < annas.index("Since this morning nothing loads.")


@pytest.mark.req("S17")
@pytest.mark.parametrize(
    ("asked", "there", "gone"),
    [
        ("q=type:complaint", "nothing loads", "No answer"),
        ("who=Anna", "No answer", "nothing loads"),
        ("kind=people", "No answer", "answered the timer"),
        ("since=in+1+hour", "Nothing of that has happened", "No answer"),
        ("shift=now", "No answer", "Nothing of that"),
    ],
)
def test_the_timeline_is_filtered(
    cast: Cast, anna: Actor, trouble: int, complaint: int, asked: str, there: str, gone: str
) -> None:
    desk.update(trouble, "No answer there.", by=anna, door=Door.WEB)
    page = Visitor("kofi").text(f"/timeline?{asked}")
    assert there in page and gone not in page


@pytest.mark.req("S17")
def test_a_question_that_is_not_understood_stays_in_its_field(cast: Cast) -> None:
    page = Visitor("anna").text("/timeline?q=ownr:anna", status=422)
    assert 'value="ownr:anna"' in page and "ownr" in page.partition("role=alert>")[2].partition("<")[0]
    assert Visitor("anna").get("/timeline?after=forged").status_code == 422


@pytest.mark.req("S17")
def test_earlier_pages_go_on_where_the_last_one_ended(cast: Cast, anna: Actor, trouble: int) -> None:
    for count in range(120):
        desk.update(trouble, f"word {count:03}.", by=anna, door=Door.WEB)
    kofi, page, told = Visitor("kofi"), "/timeline", []
    while page:
        text = kofi.text(page)
        told += re.findall(r"word (\d{3})\.", text)
        older = re.search(r'class=more><a href="([^"]+)"', text)
        page = older[1].replace("&amp;", "&") if older else ""
    assert told == [f"{count:03}" for count in reversed(range(120))]


def test_an_open_handover_is_told_what_is_new(cast: Cast, anna: Actor, trouble: int) -> None:
    kofi = Visitor("kofi")
    poll = re.search(r'data-poll="(/timeline/new[^"]+)"', kofi.text("/handover"))
    assert poll is not None
    address = poll[1].replace("&amp;", "&")
    assert kofi.get(address).status_code == 204
    desk.update(trouble, "No answer.", by=anna, door=Door.WEB)
    assert 'href="/handover"' in kofi.text(address) and "1 new" in kofi.text(address)


@pytest.mark.req("S17")
def test_an_open_timeline_is_told_what_is_new(cast: Cast, anna: Actor, mei: Actor, trouble: int) -> None:
    kofi = Visitor("kofi")
    poll = re.search(r'data-poll="(/timeline/new[^"]+)"', kofi.text("/timeline"))
    assert poll is not None
    address = poll[1].replace("&amp;", "&")
    secret = Extra(data_class=DataClass.RESTRICTED)
    desk.update(trouble, "Legal has been told.", by=mei, door=Door.WEB, extra=secret)
    assert kofi.get(address).status_code == 204
    desk.update(trouble, "No answer.", by=anna, door=Door.WEB)
    assert "1 new" in kofi.text(address)
    assert Visitor("anna").get(address).status_code == 204


@pytest.mark.req("S17")
def test_a_timeline_on_paper_says_what_it_is_of(cast: Cast, trouble: int) -> None:
    page = Visitor("anna").text("/timeline?all=1&q=queue:general&since=yesterday+18:00&shift=now")
    [line] = re.findall('<p class="soft tl-asked">(.*?)</p>', page)
    assert "queue:general" in line and "Since yesterday 18:00" in line and "Shift: this one" in line
    assert "UTC" in line, "and when it was printed"


@pytest.mark.req("S1", "R2.1")
def test_what_the_night_changed_is_read_after_the_first_takeover_as_well(cast: Cast, anna: Actor) -> None:
    number = desk.open(Opening(subject="Flooded duct"), by=anna, door=Door.WEB).number
    kofi = Visitor("kofi")
    assert "Flooded duct" in kofi.text("/handover"), "before anybody has the desk, the last hours are shown"
    kofi.send("/handover", "/handover/takeovers", words="")
    page = kofi.text("/handover")
    address = f"/handover/shifts/{Takeover.objects.get().address}?before=1"
    assert page.count(f'href="{address}"') == 2, "above, and where nothing has changed yet"
    before = kofi.text(address)
    assert "Before the first takeover" in before
    changed = before.partition("Changed in this shift")[2]
    assert str(number) in changed
    assert "As it was taken over" not in before
    assert f'href="{address}"' in kofi.text("/handover/shifts")
    told = caller(cast.kofi).get(address.replace("shifts", "takeovers").replace("?before=1", "/before"))
    assert [each["ticket"]["number"] for each in told["changed"]] == [number]
    assert (told["shift"]["address"], told["shift"]["next_lead"]) == ("", "kofi")
    first = Takeover.objects.get()
    desk.take(number, by=anna, door=Door.WEB)
    anna_at = Visitor("anna")
    anna_at.send("/handover", "/handover/takeovers", words="")
    second = Takeover.objects.exclude(pk=first.pk).get()
    answer = anna_at.get(f"/handover/shifts/{second.address}?before=1")
    assert answer.headers["Location"] == f"/handover/shifts/{first.address}"


@pytest.mark.parametrize("word", ["limit:3", "order:oldest", "group:queue"])
def test_a_timeline_refuses_what_it_would_have_to_drop(cast: Cast, trouble: int, word: str) -> None:
    del trouble
    page = Visitor("anna").text(f"/timeline?q=is:open+{word}", 422)
    assert f"leave {word} out of the question" in page
    calls = caller(cast.anna)
    assert calls.get(f"/timeline?q=is:open+{word}")["code"] == "timeline_has_its_order"
