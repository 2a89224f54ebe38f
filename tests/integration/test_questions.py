"""A colleague is asked on the ticket, is told at once, and answers there; what must be known is pinned."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nocturne import desk
from nocturne.core.entry import DataClass, Door, Kind
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound, WrongState
from nocturne.desk import Extra, asking, charts, questions, wording
from nocturne.store import books, shifts
from nocturne.store.db import is_sqlite
from nocturne.store.models import Entry, HandoverPin, Notice, Question
from nocturne.watch import notices
from tests.cast import Cast, account
from tests.visitor import Visitor

pytestmark = pytest.mark.req("R1.2")


def told(written: desk.Written) -> dict[str, str]:
    notices.follow(Entry.objects.select_related("ticket").get(pk=written.entry))
    return dict(Notice.objects.filter(entry=written.entry).values_list("address", "purpose"))


def adds_up(number: int) -> None:
    """What stands in the tables is what the entries say."""
    states, pinned = asking.added_up(books.entries(number))
    assert dict(Question.objects.filter(ticket=number).values_list("key", "state")) == states
    assert (
        HandoverPin.objects.filter(ticket=number).values_list("entry__address", flat=True).first() == pinned
    )


def test_a_colleague_who_is_named_in_a_note_is_asked_and_told_at_once(
    cast: Cast, anna: Actor, kofi: Actor, trouble: int
) -> None:
    written = desk.update(trouble, "@kofi is the spare in Lansing?", by=anna, door=Door.WEB)
    (asked,) = questions.for_me(kofi)
    assert (asked.number, asked.author, asked.asked, asked.is_for_me) == (trouble, "anna", "kofi", True)
    assert [each.key for each in questions.by_me(anna)] == [asked.key]
    assert told(written) == {"kofi@lakenet.example": "asked"}
    assert wording.entry(charts.entry(trouble, written.address, anna)) == "asked kofi"
    adds_up(trouble)


def test_an_answer_closes_the_question_and_its_asker_is_told(
    cast: Cast, anna: Actor, kofi: Actor, trouble: int
) -> None:
    desk.update(trouble, "@kofi is the spare in Lansing?", by=anna, door=Door.WEB)
    (asked,) = questions.for_me(kofi)
    answer = desk.answer(trouble, asked.key, "Yes, shelf 3.", by=kofi, door=Door.WEB)
    assert questions.for_me(kofi) == questions.by_me(anna) == []
    assert told(answer) == {"anna@lakenet.example": "asked"}
    assert wording.entry(charts.entry(trouble, answer.address, anna)) == "answered anna"
    with pytest.raises(WrongState) as refused:
        desk.answer(trouble, asked.key, "Yes again", by=kofi, door=Door.WEB)
    assert refused.value.code == "question_answered"
    adds_up(trouble)


def test_a_group_is_asked_and_anybody_of_it_answers(
    cast: Cast, anna: Actor, mei: Actor, trouble: int
) -> None:
    desk.update(trouble, "@supervisors may we reroute?", by=anna, door=Door.WEB)
    (asked,) = questions.for_me(mei)
    desk.answer(trouble, asked.key, "Go ahead.", by=mei, door=Door.WEB)
    assert questions.for_me(mei) == []


def test_who_may_not_read_it_cannot_be_asked_and_nothing_is_written(
    cast: Cast, mei: Actor, trouble: int
) -> None:
    before = Entry.objects.count()
    hidden = Extra(data_class=DataClass.RESTRICTED)
    with pytest.raises(Invalid) as refused:
        desk.update(trouble, "@kofi whose key is it?", by=mei, door=Door.WEB, extra=hidden)
    assert refused.value.code == "cannot_be_asked" and refused.value.field == "text"
    assert Entry.objects.count() == before


def test_nobody_is_asked_in_words_for_customers(cast: Cast, anna: Actor, trouble: int) -> None:
    with pytest.raises(Invalid) as refused:
        desk.update(trouble, "@kofi?", by=anna, door=Door.API, extra=Extra(data_class=DataClass.CUSTOMER))
    assert refused.value.code == "question_to_customers"
    desk.reply(trouble, "Ask @kofi when you call.", by=anna, door=Door.WEB, to=[])
    assert not Question.objects.exists()


def test_a_name_that_is_nobodys_asks_nobody_and_says_so(cast: Cast, anna: Actor, trouble: int) -> None:
    written = desk.update(trouble, "@kofii is it there?", by=anna, door=Door.WEB)
    assert [each.code for each in written.warnings] == ["nobody_called"]
    assert not Question.objects.exists()


def test_only_who_asked_takes_a_question_back(cast: Cast, anna: Actor, kofi: Actor, trouble: int) -> None:
    desk.ask(trouble, ["kofi"], "is it there?", by=anna, door=Door.API)
    (asked,) = questions.for_me(kofi)
    with pytest.raises(Forbidden):
        desk.take_back(trouble, asked.key, by=kofi, door=Door.WEB)
    desk.take_back(trouble, asked.key, by=anna, door=Door.WEB)
    assert questions.for_me(kofi) == []
    adds_up(trouble)


def test_a_question_of_another_ticket_or_class_is_not_there(
    cast: Cast, anna: Actor, mei: Actor, ada: Actor, trouble: int, complaint: int
) -> None:
    hidden = Extra(data_class=DataClass.RESTRICTED)
    desk.update(trouble, "@ada who has the key?", by=mei, door=Door.WEB, extra=hidden)
    (asked,) = questions.for_me(ada)
    assert questions.on_chart([trouble], anna) == ([], None)
    for number, by in ((trouble, anna), (complaint, ada)):
        with pytest.raises(NotFound):
            desk.answer(number, asked.key, "me", by=by, door=Door.WEB)
    answer = desk.answer(trouble, asked.key, "Security has.", by=ada, door=Door.WEB)
    assert Entry.objects.get(pk=answer.entry).shown_class == DataClass.RESTRICTED


def test_what_is_asked_and_pinned_ends_with_the_ticket(
    cast: Cast, anna: Actor, kofi: Actor, mei: Actor, trouble: int
) -> None:
    desk.update(trouble, "@kofi is the spare in Lansing?", by=anna, door=Door.WEB)
    desk.pin(trouble, "Vendor calls at 03:00", by=anna, door=Door.WEB)
    assert questions.on_chart([trouble], kofi)[1] is not None
    adds_up(trouble)
    desk.resolve(trouble, "Fibre spliced", by=anna, door=Door.WEB)
    desk.close(trouble, by=mei, door=Door.WEB)
    assert questions.for_me(kofi) == [] and questions.on_chart([trouble], kofi)[1] is None
    adds_up(trouble)
    with pytest.raises(WrongState):
        desk.unpin(trouble, by=anna, door=Door.WEB)


def test_words_that_are_pinned_anew_take_the_place_of_the_old(cast: Cast, anna: Actor, trouble: int) -> None:
    desk.pin(trouble, "Vendor calls at 03:00", by=anna, door=Door.WEB)
    written = desk.pin(trouble, "Vendor calls at 04:00", by=anna, door=Door.WEB)
    pinned = questions.on_chart([trouble], anna)[1]
    assert pinned is not None and pinned.text == "Vendor calls at 04:00"
    assert written.kind == Kind.NOTE
    desk.unpin(trouble, by=anna, door=Door.WEB)
    assert questions.on_chart([trouble], anna)[1] is None
    adds_up(trouble)


@pytest.mark.req("R16.1")
def test_how_many_questions_wait_is_counted_from_the_questions_on_and_walks_no_entries(
    cast: Cast, kofi: Actor, trouble: int
) -> None:
    desk.update(trouble, "@kofi is the spare in Lansing?", by=cast.anna, door=Door.WEB)
    shifts.count_asked(kofi)
    with CaptureQueriesContext(connection) as asked:
        assert shifts.count_asked(kofi) == 1
    (statement,) = asked.captured_queries
    assert statement["sql"].partition(" FROM ")[2].startswith('"question" WHERE ')
    if is_sqlite():
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement['sql']}")
            steps = [row[3] for row in cursor.fetchall()]
        assert not [step for step in steps if step.startswith("SCAN entry")]


def test_the_console_says_beside_a_saved_note_whom_nobody_is_called(
    cast: Cast, trouble: int, complaint: int
) -> None:
    anna = Visitor("anna")
    words = "Nobody is called kofii here, so nobody was asked."
    saved = anna.post(f"/tickets/{trouble}/notes", {"text": "@kofi and @kofii, is it there?", "key": "k1"})
    assert saved.status_code == 302
    assert words in anna.text(saved.headers["Location"].partition("#")[0])
    assert "Nobody is called kofi " not in anna.text(saved.headers["Location"].partition("#")[0])
    line = anna.post("/line", {"line": f"{trouble} @kofii?", "key": "k2"})
    assert words in anna.text(line.headers["Location"])
    stays = anna.post(
        f"/tickets/{trouble}/notes",
        {"text": "@kofii once more", "key": "k3", "seen": charts.header(trouble, cast.anna).version},
        **{"HX-Request": "true"},
    )
    assert words in stays.content.decode(), "where the page is only repainted as well"


def test_neither_colleagues_nor_customers_are_told_whom_another_has_named_in_vain(
    cast: Cast, trouble: int, complaint: int
) -> None:
    written = desk.update(trouble, "@kofii, is it there?", by=cast.anna, door=Door.WEB)
    assert "Nobody is called" not in Visitor("kofi").text(f"/tickets/{trouble}?did={written.address}")
    account("cleo", contact=cast.cleo_contact)
    cleo = Visitor("cleo")
    for name in ("kofi", "kofii"):
        said = cleo.post(f"/tickets/{complaint}/messages", {"text": f"@{name} help", "key": name})
        assert said.status_code == 302
        assert "Nobody is called" not in cleo.text(said.headers["Location"].partition("#")[0])
