"""A site's own staff set what is configured, in a browser without JavaScript: they see what follows before it does."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import pytest

from nocturne.core.configuration import KINDS
from nocturne.core.configuration.body import Body
from nocturne.core.configuration.fields import CORE
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import configuring, fielduse, profiles
from nocturne.doors.web.settings.forms import controls_of
from nocturne.doors.web.settings.kinds import ABOUT, BY_KIND
from nocturne.store import configured
from nocturne.store.models import Audit, Queue
from tests.cast import Cast
from tests.visitor import Visitor, change, form_of, said, words

pytestmark = pytest.mark.usefixtures("one_queue")


@pytest.mark.req("R9.5", "S8")
def test_a_queue_is_made_in_the_browser_and_is_there_at_once(cast: Cast) -> None:
    ada, anna = Visitor("ada"), Visitor("anna")
    assert "Peering" not in anna.text("/tickets/open")
    looked = ada.send(
        "/settings/new/queues", name="peering", title="Peering", members="anna, nobody-yet", step="look"
    )
    assert "Peering" in words(looked)
    assert "There is no account nobody-yet" in words(looked)
    assert not Queue.objects.filter(name="peering").exists(), "looking changes nothing"
    done = ada.post(
        "/settings/new/queues", form_of(looked, "/settings/new/queues") | {"step": "apply", "reason": "IX"}
    )
    assert done.headers["Location"].startswith("/settings/queues/peering?done=")
    assert "It holds now" in words(ada.get(done.headers["Location"]))
    assert [each.name for each in Queue.objects.get(name="peering").members.all()] == ["anna"]
    assert 'value="peering"' in anna.text("/tickets/open")
    assert anna.send("/tickets/open", subject="BGP down", queue="peering").status_code == 302


@pytest.mark.req("R9.5")
@pytest.mark.parametrize("profile", ["nren", "helpdesk", "minimal"])
def test_a_form_that_is_sent_as_it_came_changes_nothing(cast: Cast, profile: str) -> None:
    configuring.change(profiles.documents(profile), by=Actor("system", None, "Nocturne"), door=Door.CLI)
    ada = Visitor("ada")
    documents = configured.load().documents
    for kind, name in documents:
        answer = ada.send(f"/settings/{BY_KIND[kind].segment}/{name}", step="look")
        assert "Nothing is different" in words(answer), (
            f"{kind}/{name}: {said(answer)} {words(answer)[:2000]}"
        )
        answer = ada.send(f"/settings/{BY_KIND[kind].segment}/{name}/text", step="look")
        assert "Nothing is different" in words(answer), f"{kind}/{name}: {said(answer)}"
    assert configured.load().documents == documents


@pytest.mark.req("R9.5")
def test_every_kind_can_be_begun_and_every_field_of_a_ticket_spoken_of(cast: Cast) -> None:
    ada = Visitor("ada")
    assert ada.text("/settings").count("<h2>") >= len(ABOUT)
    for kind in ABOUT[1:]:
        assert str(kind.title) in html.unescape(ada.text(f"/settings/{kind.segment}"))
        assert ada.form(f"/settings/new/{kind.segment}").values["seen"] == "none"
    assert ada.get("/settings/site").headers["Location"] == "/settings/site/site"
    for name in sorted(CORE):
        assert ada.text(f"/settings/fields/{name}")
    change(ada, "/settings/fields/circuit", help="Ask {machine.contact.name}", **{"class": "restricted"})
    assert configured.load().documents["field", "circuit"] == {
        "help": "Ask {machine.contact.name}",
        "class": "restricted",
    }


LEAST: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "site": ("site", {}), "class": ("legal", {"number": 12}), "group": ("night", {}), "lifecycle": ("short", {}),
    "calendar": ("office", {"hours": {"monday": ["08:00-17:00"]}}), "field": ("cve", {}), "type": ("incident", {}),
    "queue": ("peering", {}), "clearance": ("night", {"group": "night", "opens_with": []}),
    "template": ("reply", {"text": "{text}"}), "desk": ("night", {}),
}  # fmt: skip
"""Per kind a document that says as little as it may."""


@pytest.mark.req("R9.5")
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_whatever_can_be_said_of_a_thing_has_its_control(kind: str) -> None:
    name, least = LEAST[kind]
    body = Body(f"{kind}/{name}", least)
    KINDS[kind].read(name, body)
    shown = {key for each in controls_of(kind, name) for key in (each.key, *getattr(each, "owns", ()))}
    assert body.asked - shown <= {"formerly", "retired"}, "these come by renaming and retiring"
    assert KINDS.keys() == {each.kind for each in ABOUT}


@pytest.mark.req("R9.5")
def test_what_is_wrong_stands_beside_its_control_and_what_was_typed_is_still_there(cast: Cast) -> None:
    ada = Visitor("ada")
    answer = ada.send(
        "/settings/queues/general", correspond="not an address", silence_days="many", step="look"
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="not an address"' in page
    assert 'value="many"' in page
    assert "s-correspond-wrong" in page
    assert "s-silence_days-wrong" in page
    assert "Days of silence must be a whole number" in words(answer)
    assert not Audit.objects.filter(act="configuration_changed").exists()


@pytest.mark.req("R9.5", "S8")
def test_a_pattern_a_choice_and_a_name_are_judged_where_they_stand(cast: Cast) -> None:
    ada = Visitor("ada")
    at = "/settings/new/fields"
    for name, pattern, says in (
        ("Bad Name", "", "cannot be a name"), ("cve", "(", "the pattern cannot be used"), ("owner", "", "is taken"),
        ("state", "", ""),
    ):  # fmt: skip
        answer = ada.send(at, name=name, pattern=pattern, step="look")
        assert answer.status_code in (200, 422)
        assert says in words(answer), name
    rows = {
        "choices-rows": "2",
        "choices-1-value": "fibre",
        "choices-1-parent": "nothing",
        "choices-2-value": "Fibre",
    }
    answer = ada.send(at, name="cause-kind", kind="choice", step="look", **rows)
    assert answer.status_code == 422
    assert "Choices 1, Under: there is no choice nothing" in words(answer)
    assert "Choices 2: the choice Fibre stands there twice" in words(answer)


@pytest.mark.req("R9.5")
def test_rows_are_added_moved_and_taken_away_by_buttons_and_nothing_is_saved_by_that(cast: Cast) -> None:
    field = {"title": "Media", "kind": "choice", "choices": [
        {"value": "fibre", "title": "Fibre"}, {"value": "radio", "formerly": ["wireless"]}, {"value": "copper"},
    ]}  # fmt: skip
    configuring.change({("field", "media"): field}, by=cast.ada, door=Door.CLI)
    ada, at = Visitor("ada"), "/settings/fields/media"
    moved = ada.send(at, do="choices:up:3")
    assert [form_of(moved, at)[f"choices-{n}-value"] for n in (1, 2, 3)] == ["fibre", "copper", "radio"]
    fewer = ada.post(at, form_of(moved, at) | {"do": "choices:remove:1"})
    more = ada.post(at, form_of(fewer, at) | {"do": "choices:add"})
    form = form_of(more, at)
    assert form["choices-rows"] == "6"
    assert form["choices-2-formerly"] == "wireless"
    assert "autofocus" in more.content.decode()
    assert configured.load().documents["field", "media"] == field
    looked = ada.post(at, form | {"choices-3-value": "satellite", "step": "look"})
    ada.post(at, form_of(looked, at) | {"step": "apply"})
    assert configured.load().documents["field", "media"]["choices"] == [
        {"value": "copper"}, {"value": "radio", "formerly": ["wireless"]}, {"value": "satellite"},
    ]  # fmt: skip
    for nonsense in ("choices:up:99", "choices:sideways:1", "nothing:up:1", "choices", ":::", "title:add"):
        assert ada.send(at, do=nonsense).status_code == 200


@pytest.mark.req("R9.5")
def test_the_page_of_fields_says_how_often_each_was_filled_and_asked_for(cast: Cast) -> None:
    ada, anna = Visitor("ada"), Visitor("anna")
    change(ada, "/settings/new/fields", name="cause-code", title="Cause code")
    change(ada, "/settings/new/fields", name="never", title="Never filled", **{"class": "restricted"})
    fielduse.forget()
    for number in range(3):
        anna.send(
            "/tickets/open",
            subject=f"Problem {number}",
            **({"set-field/cause-code": "fibre"} if number else {}),
        )
    anna.text("/search?q=cause-code:fibre")
    fielduse.write_noted()
    page = words(ada.get("/settings/fields"))
    assert "earns its place if the system fills it or a report reads it" in page
    assert "Cause code cause-code 2 of 3 1" in page
    assert "Never filled never 0 of 3 0" in page
    assert "Fields that every ticket has" in page


@pytest.mark.req("R9.5")
def test_the_text_of_a_document_names_the_line_that_is_wrong(cast: Cast) -> None:
    ada, at = Visitor("ada"), "/settings/queues/general/text"
    configuring.change({("queue", "general"): {"title": "General"}}, by=cast.ada, door=Door.CLI)
    broken = ada.send(at, text='title = "General"\ntype = \n', step="look")
    assert broken.status_code == 422
    assert "Line 2" in words(broken)
    wrong = ada.send(at, text='title = "General"\n\ntype = "nothing"\nstrange = 1\n', step="look")
    assert "Line 3" in words(wrong)
    assert "Line 4" in words(wrong)
    assert 'type = "nothing"' in html.unescape(wrong.content.decode())
    looked = ada.send(at, text='title = "Alles"\n', step="look")
    back = ada.post(at, form_of(looked, "/settings/queues/general") | {"step": "edit"})
    assert 'title = "Alles"' in html.unescape(back.content.decode())
    done = ada.post(
        "/settings/queues/general", form_of(looked, "/settings/queues/general") | {"step": "apply"}
    )
    assert done.status_code == 302
    assert configured.load().documents["queue", "general"] == {"title": "Alles"}


@pytest.mark.req("S3")
def test_a_word_in_the_command_line_leads_to_the_settings(cast: Cast) -> None:
    ada = Visitor("ada")
    for word, address in (
        ("settings", "/settings"),
        ("queues", "/settings/queues"),
        ("life", "/settings/lifecycles"),
    ):
        assert ada.post("/line", {"line": f">{word}"}).headers["Location"] == address
    assert Visitor("anna").post("/line", {"line": ">queues"}).headers["Location"] == "/go?q=queues"
