"""What becomes of a thing in the settings: changed at the same time, taken back, renamed, retired, taken away."""

from __future__ import annotations

import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.desk import audit, configuring
from nocturne.store import configured
from nocturne.store.models import Audit, Group, Queue
from tests.cast import Cast, account
from tests.visitor import Visitor, change, form_of, said, words

pytestmark = pytest.mark.usefixtures("one_queue")


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
