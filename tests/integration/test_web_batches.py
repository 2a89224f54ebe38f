"""One act on many tickets in the console, without a script."""

from __future__ import annotations

import html

import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.store.models import Batch, Entry, KeyChoice
from tests.cast import Cast, account
from tests.visitor import Visitor, forms_on, said
from tools import keys as written

pytestmark = [pytest.mark.req("R16.2", "S3"), pytest.mark.django_db]


@pytest.fixture
def storm(cast: Cast) -> list[int]:
    return [
        desk.open(desk.Opening(subject=f"Link {place} down"), by=cast.anna, door=Door.WEB).number
        for place in range(4)
    ]


@pytest.fixture
def anna(cast: Cast) -> Visitor:
    return Visitor("anna")


def test_what_a_view_finds_is_looked_at_done_and_taken_back(
    anna: Visitor, cast: Cast, storm: list[int]
) -> None:
    desk.give(storm[1], "kofi", by=cast.anna, door=Door.WEB)
    before = Entry.objects.count()
    shown = anna.send("/batches/new?q=link", "/batches/new", owner="kofi", tag="storm", step="preview")
    page = html.unescape(shown.content.decode())
    assert "It would be done on 3 tickets" in page
    assert "gave it to kofi: " in page
    assert "owner — → kofi" in page
    assert "changed it: tag + storm" in page
    assert "The ticket is kofi’s already." in page
    assert Entry.objects.count() == before, "nothing is done yet"
    form = next(each for each in forms_on(page) if each.action == "/batches/new")
    picked = [str(storm[0]), str(storm[2])]
    done = anna.post("/batches/new", {**form.values, "pick": picked, "step": "run"})
    again = anna.post("/batches/new", {**form.values, "pick": picked, "step": "run"})
    assert done.status_code == 302
    assert again.headers["Location"] == done.headers["Location"], "a second click does nothing"
    outcome = anna.text(done.headers["Location"])
    assert "owner:kofi tag:storm" in outcome
    assert outcome.count("class=is-done") == 2
    batch = Batch.objects.get()
    assert sorted(batch.items.values_list("number", flat=True)) == [storm[0], storm[2]]
    back = anna.send(done.headers["Location"], f"/batches/{batch.key}/undo")
    assert back.status_code == 302
    assert "taken back" in anna.text(done.headers["Location"])
    assert "Acts on many tickets" in anna.text("/batches")
    assert anna.text("/batches").count("<code>") == 2


def test_a_line_does_as_well_and_a_wrong_one_comes_back_with_its_reason(
    anna: Visitor, storm: list[int]
) -> None:
    numbers = ",".join(map(str, storm))
    sent = {"numbers": numbers, "line": "resolve Fibre spliced", "step": "preview"}
    assert "It would be done on 4 tickets" in anna.post("/batches/new", sent).content.decode()
    nothing = anna.post("/batches/new", {"numbers": numbers, "step": "preview"})
    assert nothing.status_code == 422
    assert "nothing to save" in said(nothing)
    wrong = anna.post(
        "/batches/new", {"numbers": numbers, "timer": "nope", "step": "preview"}
    ).content.decode()
    assert "It would be done on 0 tickets" in wrong
    assert "nope is not a time" in html.unescape(wrong)
    assert 'value="nope"' in wrong, "what was typed is still there"
    assert "Find them" in anna.get("/batches/new?q=nothing-like-that").content.decode()


def test_nobody_elses_batch_is_there_and_customers_have_none(
    anna: Visitor, cast: Cast, storm: list[int]
) -> None:
    done = anna.post("/batches/new", {"numbers": str(storm[0]), "line": "note hello", "step": "run"})
    kofi = Visitor("kofi")
    assert kofi.get(done.headers["Location"]).status_code == 404
    assert kofi.get(f"{done.headers['Location']}/progress").status_code == 404
    account("rowe", contact=cast.cleo_contact)
    rowe = Visitor("rowe")
    assert rowe.get("/batches").status_code == 403
    assert rowe.post("/batches/new", {"numbers": "1", "line": "note x", "step": "run"}).status_code == 403


def test_keys_are_listed_from_one_table_and_can_be_switched_off(anna: Visitor, cast: Cast) -> None:
    from nocturne.doors.web import keymap

    assert keymap.strange() == [], "the table of acts and the table of keys agree"
    assert written.PAGE.read_text() == written.render(), "run python tools/keys.py"
    page = anna.text("/keys")
    for group in keymap.GROUPS:
        for key in group.keys:
            assert html.escape(str(key.does)) in page
    assert 'name=keys content="bare"' in page
    assert anna.send("/keys", keys="off").status_code == 302
    assert KeyChoice.objects.get().how == "off"
    assert 'name=keys content="off"' in anna.text("/")
    assert anna.post("/keys", {"keys": "toes"}).status_code == 422


def test_two_tickets_stand_side_by_side_each_a_page_that_only_we_may_frame(
    anna: Visitor, storm: list[int]
) -> None:
    one, other = storm[:2]
    whole = anna.get(f"/{one}|{other}")
    page = whole.content.decode()
    assert f'src="/tickets/{one}?pane=1"' in page
    assert f'src="/tickets/{other}?pane=1"' in page
    assert f"/tickets/{one}/merge?into={other}" in page
    assert "frame-src 'self'" in whole.headers["Content-Security-Policy"]
    pane = anna.get(f"/tickets/{one}?pane=1")
    assert "frame-ancestors 'self'" in pane.headers["Content-Security-Policy"]
    assert pane.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "id=note-text" in pane.content.decode()
    assert "class=rail" not in pane.content.decode()
    plain = anna.get(f"/tickets/{one}")
    assert "frame-ancestors 'none'" in plain.headers["Content-Security-Policy"]
    assert anna.get(f"/tickets/{one}|{one}").headers["Location"] == f"/tickets/{one}"
    assert anna.get(f"/{one}|9999").status_code == 404


def test_a_trial_is_looked_at_page_by_page_and_what_was_taken_off_stays_off(
    anna: Visitor, cast: Cast, storm: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from nocturne.desk import batch_trial

    monkeypatch.setattr(batch_trial, "PAGE", 2)
    desk.give(storm[1], "kofi", by=cast.anna, door=Door.WEB)
    first = anna.send("/batches/new?q=link", "/batches/new", owner="kofi", step="preview").content.decode()
    assert "1 to 2 of 4" in first
    form = next(each for each in forms_on(first) if each.action == "/batches/new")
    order = [int(each) for each in form.values["numbers"].split(",")]
    assert "2 not looked at yet" in first
    kept = [each for each in order[:2] if each != order[0]]
    answer = anna.post("/batches/new", {**form.values, "pick": [str(each) for each in kept], "step": "on"})
    second = answer.content.decode()
    form = next(each for each in forms_on(second) if each.action == "/batches/new")
    assert str(order[0]) not in form.values["numbers"].split(","), "it was taken off on the first page"
    assert "2 to 3 of 3" in second
    assert "not looked at yet" not in second
    back = anna.post("/batches/new", {**form.values, "step": "back"}).content.decode()
    assert "1 to 2 of 3" in back
    shown = [str(each) for each in order[2:]]
    done = anna.post("/batches/new", {**form.values, "pick": shown, "step": "run"})
    items = Batch.objects.get().items.values_list("number", "seen")
    assert {number for number, _seen in items} == {*order[1:]} - {storm[1]}
    assert all(seen for _number, seen in items), "what others change meanwhile is not overwritten"
    assert done.status_code == 302


def test_the_form_says_beforehand_what_cannot_be_taken_back(anna: Visitor, storm: list[int]) -> None:
    note = anna.send("/batches/new?q=link", "/batches/new", text="storm", step="preview").content.decode()
    assert "Nothing of it can be taken back: words stay where they were written." in note
    give = anna.send("/batches/new?q=link", "/batches/new", owner="kofi", step="preview").content.decode()
    assert "Afterwards it can be taken back" in give


def test_merging_and_relating_have_fields_and_come_alone(anna: Visitor, storm: list[int]) -> None:
    numbers = ",".join(map(str, storm[1:]))
    both = anna.post(
        "/batches/new", {"numbers": numbers, "merge": str(storm[0]), "priority": "1", "step": "preview"}
    )
    assert both.status_code == 422
    assert "done alone" in said(both)
    shown = anna.post("/batches/new", {"numbers": numbers, "merge": str(storm[0]), "step": "preview"})
    assert shown.content.decode().count(f"goes on as {storm[0]}") == 3
    done = anna.post("/batches/new", {"numbers": numbers, "merge": str(storm[0]), "step": "run"})
    outcome = anna.text(done.headers["Location"])
    assert outcome.count("class=is-done") == 3
    assert outcome.count(f"goes on as {storm[0]}") == 3
    wrong = anna.post("/batches/new", {"numbers": numbers, "relate": "the other", "step": "preview"})
    assert "the other is not a ticket number." in html.unescape(wrong.content.decode())
