"""Who may set what in the settings, who is told of it, and after which proof."""

from __future__ import annotations

import pytest

from nocturne.core.entry import Door
from nocturne.desk import configuring
from nocturne.doors.web.coming import SURE
from nocturne.store import configured, lists
from nocturne.store.models import Audit
from tests.cast import Cast, account
from tests.visitor import Visitor, change, form_of, said, words

pytestmark = pytest.mark.usefixtures("one_queue")


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
