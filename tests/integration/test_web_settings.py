"""A site's own staff set what is configured, in a browser without JavaScript: they see what follows before it does."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from nocturne import desk
from nocturne.core import configuration
from nocturne.core.configuration import KINDS
from nocturne.core.configuration.body import Body
from nocturne.core.configuration.fields import CORE
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import audit, configuring, fielduse, profiles
from nocturne.doors.web.coming import SURE
from nocturne.doors.web.settings.forms import controls_of
from nocturne.doors.web.settings.kinds import ABOUT, BY_KIND
from nocturne.store import configured, lists
from nocturne.store.models import Audit, Group, Queue
from tests.cast import Cast, account
from tests.visitor import Visitor, forms_on, said


@pytest.fixture(autouse=True)
def site(cast: Cast) -> Iterator[None]:
    """The site's one queue, with the document that belongs to it."""
    body = {"correspond": "noc@lakenet.example"}
    configured.store({("queue", "general"): body}, at=timezone.now())
    configuration.use(configured.load())
    yield
    configuration.use(None)


def words(answer: HttpResponse) -> str:
    """This will give what a page says, as its reader sees it."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())))


def change(who: Visitor, address: str, reason: str = "", **values: object) -> HttpResponse:
    """This will fill in a form, look at what would change, and put it in force."""
    looked = who.send(address, step="look", **values)
    assert looked.status_code == 200, said(looked)
    form = form_of(looked, address)
    answer = who.post(address, form | {"step": "apply", "reason": reason})
    assert answer.status_code == 302, words(answer)
    return answer


def form_of(answer: HttpResponse, action: str) -> dict[str, object]:
    """This will give what stands in the form of an answer."""
    return next(each.values for each in forms_on(answer.content.decode()) if each.action == action)


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


@pytest.mark.req("S10")
def test_who_administers_nothing_has_no_settings(cast: Cast) -> None:
    account("cleo", contact=cast.cleo_contact)
    for name in ("anna", "mei", "cleo"):
        visitor = Visitor(name)
        assert "/settings" not in visitor.text("/")
        for page in ("/settings", "/settings/queues", "/settings/queues/general", "/settings/queues/not-there",
                     "/settings/queues/general/text", "/settings/queues/general/history"):  # fmt: skip
            assert visitor.get(page).status_code == 403, page
        for page in ("/settings/queues/general", "/settings/new/queues", "/settings/queues/general/removal",
                     "/settings/queues/general/name", "/settings/queues/general/text"):  # fmt: skip
            sent = {"step": "apply", "body": "{}", "name": "x", "seen": "none", "new": "x", "text": ""}
            assert visitor.post(page, sent).status_code == 403, page
        assert ">settings" not in visitor.post("/line/read", {"line": ">s"}).content.decode()
    assert not Audit.objects.filter(act="configuration_changed").exists()
    assert 'href="/settings"' in Visitor("ada").text("/")


@pytest.mark.req("S10", "R16.6")
def test_who_administers_queues_alone_looks_at_the_rest_and_changes_none_of_it(cast: Cast) -> None:
    mine = {"group": "supervisors", "sees": ["staff"], "rights": ["administer-queues"]}
    configuring.change({("clearance", "queue-keepers"): mine}, by=cast.ada, door=Door.CLI)
    mei = Visitor("mei")
    change(mei, "/settings/queues/general", title="Everything else")
    page = mei.text("/settings/clearances/operators")
    assert "You may look at this, and not change it" in page
    assert "disabled" in page
    sent = {"step": "apply", "body": "{}", "seen": "x"}
    assert mei.post("/settings/clearances/operators", sent).status_code == 403
    assert mei.get("/settings/new/clearances").status_code == 403
    assert configured.load().clearances["operators"].sees == ("staff",)


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
def test_two_who_change_the_same_queue_do_not_overwrite_each_other_unknowingly(cast: Cast) -> None:
    account("nils", "administrators")
    ada, nils, at = Visitor("ada"), Visitor("nils"), "/settings/queues/general"
    mine = ada.form(at).values
    looked = ada.post(at, mine | {"title": "What ada calls it", "purpose": "typed by ada", "step": "look"})
    change(nils, at, title="What nils calls it")
    for answer in (
        ada.post(at, form_of(looked, at) | {"step": "apply"}),
        ada.post(at, mine | {"title": "What ada calls it", "purpose": "typed by ada", "step": "look"}),
    ):
        assert answer.status_code == 409
        assert "nils has changed this meanwhile" in words(answer)
        assert "What nils calls it" in words(answer)
        assert form_of(answer, at)["title"] == "What ada calls it"
        assert form_of(answer, at)["purpose"] == "typed by ada"
    assert configured.load().queues["general"].title == "What nils calls it"
    again = ada.post(at, form_of(answer, at) | {"step": "look"})
    assert ada.post(at, form_of(again, at) | {"step": "apply"}).status_code == 302
    assert configured.load().queues["general"].title == "What ada calls it"


def test_a_second_click_changes_nothing_twice(cast: Cast) -> None:
    ada, at = Visitor("ada"), "/settings/queues/general"
    looked = ada.send(at, title="Once", step="look")
    form = form_of(looked, at) | {"step": "apply"}
    first, second = ada.post(at, form), ada.post(at, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert Audit.objects.filter(act="configuration_changed").count() == 1
    at = "/settings/new/groups"
    form = form_of(ada.send(at, name="night", step="look"), at) | {"step": "apply"}
    assert ada.post(at, form).headers["Location"] == ada.post(at, form).headers["Location"]
    taken = ada.send("/settings/new/groups", name="night", step="look")
    assert taken.status_code == 422
    assert "is taken" in words(taken)


@pytest.mark.req("R9.5", "R8.1")
def test_every_change_is_kept_with_its_reason_and_taken_back_from_its_page(cast: Cast) -> None:
    ada, at = Visitor("ada"), "/settings/queues/general"
    change(ada, at, title="Peering", reason="New contract")
    change(ada, at, title="Sessions")
    page = words(ada.get(f"{at}/history"))
    assert "New contract" in page
    assert page.index("Sessions") < page.index("New contract")
    row = configuring.history("queue", "general")[0]
    shown = ada.get(f"{at}/history/{row.pk}")
    assert "Peering" in words(shown)
    back = ada.send(f"{at}/history/{row.pk}", reason="Too early")
    assert back.status_code == 302
    assert configured.load().queues["general"].title == "Peering"
    assert "taken back" in words(ada.get(f"{at}/history"))
    assert audit.verify() is None
    assert ada.get(f"{at}/history/999999").status_code == 404
    assert ada.get(f"/settings/queues/nothing/history/{row.pk}").status_code == 404
    assert ada.get(f"/settings/types/trouble/history/{row.pk}").status_code == 404


@pytest.mark.req("R9.5")
def test_taking_back_what_is_in_use_is_refused_with_the_reason(cast: Cast) -> None:
    ada = Visitor("ada")
    change(ada, "/settings/new/queues", name="peering")
    desk.open(desk.Opening(subject="BGP down", queue="peering"), by=cast.anna, door=Door.WEB)
    row = configuring.history("queue", "peering")[0]
    page = ada.get(f"/settings/queues/peering/history/{row.pk}")
    assert "is in use" in said(page)
    assert "Take it back</button>" not in page.content.decode()
    refused = ada.post(f"/settings/queues/peering/history/{row.pk}", {"key": "k"})
    assert refused.status_code == 422
    assert Queue.objects.filter(name="peering").exists()


@pytest.mark.req("R9.5")
def test_a_queue_is_renamed_and_says_what_is_rewritten_with_it(cast: Cast) -> None:
    ada = Visitor("ada")
    change(ada, "/settings/new/queues", name="peering")
    change(ada, "/settings/clearances/operators", queues=["peering", "general"])
    looked = ada.send("/settings/queues/peering/name", new="interconnection", step="look")
    assert "Clearance operators changed" in words(looked)
    at = "/settings/queues/peering/name"
    form = form_of(looked, at) | {"step": "apply", "reason": "That is its name"}
    done = ada.post(at, form)
    assert done.headers["Location"].startswith("/settings/queues/interconnection?done=")
    assert ada.post(at, form).headers["Location"] == done.headers["Location"]
    assert configured.load().clearances["operators"].queues == ("interconnection", "general")
    assert "made" in words(ada.get("/settings/queues/interconnection/history")), (
        "its first name's history is its own"
    )
    for name, says in (("general", "is taken"), ("Not A Name", "cannot be a name")):
        refused = ada.send("/settings/queues/interconnection/name", new=name, step="look")
        assert refused.status_code == 422
        assert says in said(refused)
    assert ada.get("/settings/site/site/name").status_code == 404


@pytest.mark.req("R9.5")
def test_what_is_in_use_is_retired_and_brought_back(cast: Cast, trouble: int) -> None:
    ada = Visitor("ada")
    change(ada, "/settings/queues/general", title="General")
    page = ada.get("/settings/queues/general/removal")
    assert "is in use" in said(page)
    assert "Retire it instead" in words(page)
    assert ada.post("/settings/queues/general/removal", {"key": "k"}).status_code == 422
    assert "No new ticket comes into it" in words(ada.get("/settings/queues/general/retirement"))
    assert ada.send("/settings/queues/general/retirement").status_code == 302
    assert "1 retired" in words(ada.get("/settings/queues"))
    assert 'value="general"' not in Visitor("anna").text("/tickets/open")
    assert ada.send("/settings/queues/general/retirement").status_code == 302
    assert 'value="general"' in Visitor("anna").text("/tickets/open")
    assert ada.get("/settings/groups/operators/retirement").status_code == 404


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
def test_what_nothing_points_to_is_taken_away_and_found_again_in_its_history(cast: Cast) -> None:
    ada = Visitor("ada")
    change(ada, "/settings/new/groups", name="night", title="Night shift")
    gone = ada.send("/settings/groups/night/removal", reason="Nobody works at night")
    assert gone.headers["Location"] == "/settings/groups?gone=night"
    assert "night is not there any more" in words(ada.get(gone.headers["Location"]))
    assert not Group.objects.filter(name="night").exists()
    assert ada.get("/settings/groups/night").status_code == 404
    row = configuring.history("group", "night")[0]
    assert "Nobody works at night" in words(ada.get("/settings/groups/night/history"))
    assert ada.send(f"/settings/groups/night/history/{row.pk}").status_code == 302
    assert Group.objects.get(name="night").title == "Night shift"
    assert "cannot be taken away" in said(ada.get("/settings/types/trouble/removal"))


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


@pytest.mark.req("R16.6", "S10")
def test_nobody_gives_what_they_do_not_hold_nor_takes_the_last_key(cast: Cast) -> None:
    own = {"group": "supervisors", "sees": ["staff"], "rights": ["administer-clearances"]}
    configuring.change({("clearance", "keepers"): own}, by=cast.ada, door=Door.CLI)
    mei = Visitor("mei")
    refused = mei.send("/settings/clearances/operators", rights=["work", "export", "redact"], step="look")
    assert refused.status_code == 403
    assert "You do not hold the right redacted yourself" in words(refused)
    assert "checked" in refused.content.decode()
    ada = Visitor("ada")
    refused = ada.send("/settings/clearances/administrators", rights=["work"], step="look")
    assert refused.status_code == 422
    assert "Nobody could administer any more" in words(refused)
    assert "administer" in configured.load().clearances["administrators"].granted


@pytest.mark.req("R16.6")
def test_it_is_said_for_whom_a_clearance_holds_and_who_reads_a_class(cast: Cast) -> None:
    ada = Visitor("ada")
    looked = ada.send("/settings/clearances/operators", help="On shift", step="look")
    assert "It holds for 2 accounts: anna, kofi." in words(looked)
    looked = ada.send("/settings/queues/general", step="look", **{"class": "restricted"})
    assert "Who is cleared for restricted reads it: administrators, supervisors." in words(looked)
    change(ada, "/settings/new/classes", name="security")
    looked = ada.send("/settings/queues/general", step="look", **{"class": "security"})
    assert "Nobody is cleared for security yet" in words(looked)
    change(ada, "/settings/new/groups", name="csirt", includes=["supervisors"])
    clearance = {"group": "csirt", "sees-rung": "staff", "sees": "security"}
    looked = ada.send("/settings/new/clearances", name="csirt", step="look", **clearance)
    assert "It holds for 1 account: mei." in words(looked)


@pytest.mark.req("R16.5")
def test_who_may_do_what_is_changed_only_after_a_proof_of_who_asks(cast: Cast) -> None:
    ada, at = Visitor("ada"), "/settings/clearances/operators"
    looked = ada.send(at, help="Everybody on shift", step="look")
    session = ada.client.session
    session[SURE] = 0
    session.save()
    form = form_of(looked, at) | {"step": "apply"}
    asked = ada.post(at, form)
    assert asked.status_code == 403
    assert "Confirm that it is you" in words(asked)
    assert configured.load().clearances["operators"].help == ""
    proof = form_of(asked, at)
    assert ada.post(at, proof | {"sure-password": "wrong"}).status_code != 302
    assert ada.post(at, proof | {"sure-password": "splice-crew-1040"}).status_code == 302
    assert configured.load().clearances["operators"].help == "Everybody on shift"


@pytest.mark.req("R16.5")
def test_what_no_form_of_ours_sends_is_refused_and_breaks_nothing(cast: Cast) -> None:
    ada, at = Visitor("ada"), "/settings/queues/general"
    seen = str(ada.form(at).values["seen"])
    for body in ("", "[]", "null", '"x"', "{", '{"title": "\\ud800"}', '{"title": "\\u0000"}', "[" * 5000, '{"a": {}}',
                 '{"members": [{}]}', '{"title": NaN}', '{"defaults": 7}'):  # fmt: skip
        sent = {"step": "apply", "body": body, "seen": seen, "key": "k" + str(len(body))}
        assert ada.post(at, sent).status_code == 422, body
    many = {
        "choices-rows": "9" * 30,
        "choices-1": "[1]",
        "choices-2": '{"x": 1}',
        "kind": "choice",
        "step": "look",
    }
    assert ada.post("/settings/new/fields", many | {"name": "x"}).status_code == 422
    strange = "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")
    for name in ("", "x" * 300, strange, "a/b", "..", "%00"):
        assert ada.post("/settings/new/queues", {"name": name, "step": "look"}).status_code == 422, name
    assert ada.get("/settings/nothing").status_code == 404
    assert ada.get("/settings/queues/nothing").status_code == 404
    assert not Audit.objects.filter(act="configuration_changed").exists()


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


@pytest.mark.req("R16.6", "S8", "S10")
def test_a_queue_for_few_is_built_in_the_browser_and_is_nothing_to_the_others(cast: Cast) -> None:
    ada = Visitor("ada")
    anna = Visitor("anna")
    before = lists.counts(cast.anna, ["board"])
    change(ada, "/settings/new/classes", name="security", title="Security")
    change(ada, "/settings/new/groups", name="csirt", title="CSIRT")
    rows = {"seen-rung": ""}
    clearance = {"group": "csirt", "sees-rung": "staff", "appends-rung": "staff", "changes-rung": "staff",
                 "sees": "security", "appends": "security", "changes": "security", "rights": ["work"]}  # fmt: skip
    change(ada, "/settings/new/clearances", name="csirt", **clearance, **rows)
    pattern = {"pattern": "CVE-[0-9]{4}-[0-9]{4,}", "pattern_help": "such as CVE-2026-12345"}
    change(ada, "/settings/new/fields", name="cve", title="CVE", many="1", **pattern, **{"class": "security"})
    change(ada, "/settings/new/queues", name="security", title="Security", **{"class": "security"})
    configured.refresh()
    account("sam", "csirt")
    sam = Visitor("sam")
    opened = sam.send("/tickets/open", subject="Stolen laptop", queue="security")
    assert opened.status_code == 302, said(opened)
    address = opened.headers["Location"].partition("?")[0]
    assert "Stolen laptop" in sam.text("/")
    for page in ("/", "/views/all", "/search?q=laptop", "/tickets/open"):
        text = anna.text(page)
        assert "Stolen" not in text, page
        assert "security" not in text.replace("Content-Security", ""), page
    assert anna.get(address).status_code == 404
    assert lists.counts(cast.anna, ["board"]) == before
