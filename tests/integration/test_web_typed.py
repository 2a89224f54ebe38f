"""What somebody typed is never lost: to somebody else's change, to a refusal, to a merge."""

from __future__ import annotations

import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.store.models import Draft, Entry
from tests.books import last, ticket
from tests.cast import Cast
from tests.visitor import Visitor, said


@pytest.mark.req("S5")
def test_a_stale_form_shows_both_values_and_keeps_what_was_typed(
    cast: Cast, anna_at_her_desk: Visitor, trouble: int
) -> None:
    form = anna_at_her_desk.form(f"/tickets/{trouble}/priority")
    Visitor("kofi").act(trouble, "priority", priority="1")
    answer = anna_at_her_desk.post(form.action, form.values | {"priority": "4", "text": "Not so bad."})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "kofi has changed this meanwhile: it is now “1”, you wrote “4”" in page
    assert "Not so bad." in page
    assert ticket(trouble).priority == 1
    reread = anna_at_her_desk.client.post(form.action, _form_in(page, form.action))
    assert reread.status_code == 302
    assert ticket(trouble).priority == 4


def _form_in(page: str, action: str) -> dict[str, object]:
    from tests.visitor import _Forms

    reader = _Forms()
    reader.feed(page)
    return next(form.values for form in reader.forms if form.action == action)


def test_appending_a_note_to_a_changed_ticket_is_no_conflict(
    cast: Cast, anna_at_her_desk: Visitor, trouble: int
) -> None:
    form = anna_at_her_desk.form(f"/tickets/{trouble}", f"/tickets/{trouble}/notes")
    Visitor("kofi").act(trouble, "priority", priority="1")
    assert anna_at_her_desk.post(form.action, form.values | {"text": "Still dark."}).status_code == 302


@pytest.mark.parametrize(
    ("noun", "values", "says"),
    [
        ("notes", {"text": "  "}, "There is nothing to save"),
        ("notes", {"text": "x", "timer": "whenever"}, "is not a time that is understood"),
        ("notes", {"text": "x", "timer": "2020-01-01 10:00"}, "passed already"),
        ("notes", {"text": "x", "at": "2030-01-01 10:00"}, "lies in the future"),
        ("notes", {"text": "x", "worked": "soon"}, ""),
        ("owner", {"to": "nobody"}, "There is no active account nobody"),
        ("resolution", {"line": ""}, "Say in one line what happened"),
        ("resumption", {}, "That cannot be done with a ticket that is new"),
        ("relations", {"other": "999999"}, "There is no such ticket"),
        ("relations", {"other": "abc"}, "is not a ticket number"),
        ("merge", {"into": ""}, "is not a ticket number"),
        ("fields", {"queue": "nowhere"}, "There is no queue nowhere"),
        ("fields", {"subject": ""}, "one-line description"),
        ("outages", {"start": "10:00", "end": "1980-01-01 10:00"}, "ends before it starts"),
        ("restoration", {"at": "2030-01-01 10:00"}, "lies in the future"),
        ("replies", {"text": ""}, "The reply has no words"),
        ("replies", {"text": "x", "more": "no-address"}, "is not a mail address"),
        ("told", {"text": "Over."}, "No open complaint"),
        ("unmerge", {"gone": "1"}, ""),
        ("split", {"entries": "zzzz", "subject": "x"}, "There is no such update"),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(
    anna_at_her_desk: Visitor, trouble: int, noun: str, values: dict[str, str], says: str
) -> None:
    before = Entry.objects.count()
    answer = anna_at_her_desk.send(f"/tickets/{trouble}/{noun}", **values)
    assert answer.status_code in (404, 409, 422), answer.status_code
    assert says in said(answer)
    assert Entry.objects.count() == before
    page = answer.content.decode()
    for name, value in values.items():
        if value.strip() and name != "entries":  # those are chosen, not typed
            assert f">\n{value}<" in page or f'value="{value}"' in page


@pytest.mark.req("R11.2")
def test_a_text_too_long_is_offered_as_a_file_and_kept(anna_at_her_desk: Visitor, trouble: int) -> None:
    text = "traceroute\n" + "x" * 2_000_100
    answer = anna_at_her_desk.send(f"/tickets/{trouble}/notes", text=text)
    page = answer.content.decode()
    assert answer.status_code == 413
    assert "Save it as a file" in page
    assert "x" * 2_000_100 in page
    answer = anna_at_her_desk.post(
        f"/tickets/{trouble}/notes", _form_in(page, f"/tickets/{trouble}/notes") | {"as_file": "1"}
    )
    assert answer.status_code == 302
    entry = last(trouble)
    assert entry.words.text is not None
    assert entry.words.text.startswith("traceroute …")
    assert entry.attachments.get().size == len(text)


def test_what_was_typed_on_a_ticket_survives_its_merge_and_is_kept_once(
    anna: Actor, anna_at_her_desk: Visitor, trouble: int
) -> None:
    stays = desk.open(desk.Opening(subject="The same"), by=anna, door=Door.WEB).number
    form = anna_at_her_desk.form(f"/tickets/{trouble}", f"/tickets/{trouble}/notes")
    anna_at_her_desk.post("/drafts", form.values | {"text": "Half a thought"})
    resolution = anna_at_her_desk.form(f"/tickets/{trouble}/resolution")
    anna_at_her_desk.post("/drafts", resolution.values | {"line": "Spliced twice"})
    desk.merge(trouble, stays, by=anna, door=Door.WEB)
    for number in (trouble, stays):
        page = anna_at_her_desk.text(f"/tickets/{number}")
        assert "Half a thought" in page
        assert "Your draft is back." in page
    assert "Spliced twice" in anna_at_her_desk.text(f"/tickets/{stays}/resolution")
    form = anna_at_her_desk.form(f"/tickets/{stays}", f"/tickets/{stays}/notes")
    anna_at_her_desk.post("/drafts", form.values | {"text": "More of a thought"})
    anna_at_her_desk.post(form.action, form.values | {"text": "A whole thought"})
    assert [draft.place.partition(":")[0] for draft in Draft.objects.all()] == ["act"]


def test_the_draft_goes_when_the_note_is_saved(cast: Cast, anna_at_her_desk: Visitor, trouble: int) -> None:
    form = anna_at_her_desk.form(f"/tickets/{trouble}", f"/tickets/{trouble}/notes")
    anna_at_her_desk.post("/drafts", form.values | {"text": "Half a thought"})
    assert Draft.objects.get().content == {"text": "Half a thought"}
    assert "Half a thought" in anna_at_her_desk.text(f"/tickets/{trouble}")
    anna_at_her_desk.post(form.action, form.values | {"text": "A whole thought"})
    assert not Draft.objects.exists()
