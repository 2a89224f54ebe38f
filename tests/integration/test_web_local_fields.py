"""A site's own fields on the pages, without a script: forms, help, warnings, the chart and the board."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nocturne import desk
from nocturne.core import configuration
from nocturne.core.configuration.standard import STANDARD_DOCUMENTS
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import charts
from nocturne.desk.localfields import as_object
from nocturne.store.models import Contact, Machine, Ticket
from tests.cast import Cast, account
from tests.local_fields import FIELDS, configure
from tests.visitor import Visitor, said


@pytest.fixture(autouse=True)
def fields(ada: Actor) -> Iterator[None]:
    configure(FIELDS, by=ada)
    yield
    configuration.use(None)


def values(number: int, reader: Actor) -> dict[str, object]:
    return as_object(charts.chart(number, reader).fields)


@pytest.mark.req("R9.1", "R9.4", "R14.1")
def test_a_ticket_is_opened_with_the_fields_of_its_type(cast: Cast) -> None:
    page = Visitor("anna")
    answer = page.send(
        "/tickets/open",
        subject="Advisory for routers",
        **{
            "set-field/cve": "CVE-2026-1234",
            "set-field/layer": "fibre",
            "set-field/hosts": "10.0.0.1\n10.0.0.2",
        },
    )
    assert answer.status_code == 302, said(answer)
    number = Ticket.objects.get().pk
    assert values(number, cast.anna) == {
        "cve": "CVE-2026-1234",
        "layer": "fibre",
        "hosts": ["10.0.0.1", "10.0.0.2"],
    }
    chart = page.text(f"/tickets/{number}")
    assert "<dt>CVE<dd>CVE-2026-1234" in chart
    assert "<dt>Layer<dd>Fibre" in chart


@pytest.mark.req("R9.4")
def test_another_type_shows_its_own_fields_and_keeps_what_was_typed(cast: Cast) -> None:
    page = Visitor("anna")
    assert "set-field/rack" not in page.text("/tickets/open")
    answer = page.send(
        "/tickets/open", subject="Half a thought", type="planned", show="1", **{"set-field/cve": "CVE-2026-1"}
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="set-field/rack"' in text
    assert "Half a thought" in text
    assert 'value="CVE-2026-1"' in text
    assert not Ticket.objects.exists()


@pytest.mark.req("R9.2", "R14.1")
def test_what_does_not_fit_comes_back_beside_its_field_with_all_that_was_typed(cast: Cast) -> None:
    page = Visitor("anna")
    answer = page.send(
        "/tickets/open", subject="Advisory", **{"set-field/cve": "CVE-26", "set-field/layer": "routing"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "For example CVE-2026-1234." in said(answer)
    field = text.partition('name="set-field/cve"')[2].partition(">")[0]
    assert 'value="CVE-26"' in field
    assert "aria-invalid=true" in field
    assert '<option value="routing" selected>' in text


@pytest.mark.req("R9.2")
def test_a_lenient_value_is_saved_and_its_warning_stands_beside_it(cast: Cast, trouble: int) -> None:
    page = Visitor("anna")
    page.act(trouble, "fields", **{"set-field/hosts": "10.1.2.x"})
    assert values(trouble, cast.anna) == {"hosts": ["10.1.2.x"]}
    assert "class=warned" in page.text(f"/tickets/{trouble}")
    form = page.text(f"/tickets/{trouble}/fields")
    assert "f-set-field-hosts-warning" in form.partition('name="set-field/hosts"')[2].partition(">")[0]


@pytest.mark.req("R14.2")
def test_the_help_of_a_field_is_a_key_away_with_the_facts_put_in(cast: Cast, trouble: int) -> None:
    contact = Contact.objects.create(name="Remote hands", phone="+31 20 592 5000")
    Machine.objects.filter(name="cr1.aa").update(contact=contact)
    page = Visitor("anna")
    form = page.text(f"/tickets/{trouble}/fields")
    assert "Ask Remote hands on +31 20 592 5000." in form
    assert "<details class=help>" in form
    assert "Ask (not known) on (not known)." in page.text("/tickets/open")
    assert "Ask Remote hands on" in page.send("/tickets/open", show="1", machines="cr1.aa").content.decode()


@pytest.mark.req("R9.5", "R14.2")
def test_a_core_field_shows_the_name_and_the_help_that_the_site_gives_it(ada: Actor, trouble: int) -> None:
    configure(
        {("field", "cause"): {"title": "Root cause", "help": "One word from the list on the wall."}}, by=ada
    )
    form = Visitor("anna").text(f"/tickets/{trouble}/resolution")
    assert "Root cause" in form
    assert "One word from the list on the wall." in form


@pytest.mark.req("R9.1")
def test_only_what_was_changed_in_a_form_is_changed(cast: Cast, trouble: int) -> None:
    fields = {"field/cve": "CVE-2026-1234", "field/hosts": ["10.0.0.1", "10.0.0.2"], "field/layer": "link"}
    desk.change(trouble, fields, by=cast.anna, door=Door.WEB)
    page = Visitor("anna")
    page.act(trouble, "fields", **{"set-field/layer": "", "set-field/bandwidth": "10G"})
    assert values(trouble, cast.anna) == {
        "cve": "CVE-2026-1234",
        "bandwidth": 10_000_000_000,
        "hosts": ["10.0.0.1", "10.0.0.2"],
    }
    last = charts.entries(trouble, cast.anna, limit=1).entries[-1]
    assert {name for name, *_ in last.changes} == {"field/layer", "field/bandwidth"}
    assert "Bandwidth <b>10 Gbit/s</b>" in page.text(f"/tickets/{trouble}")


@pytest.mark.req("R9.4")
def test_the_form_of_an_act_has_what_the_state_it_leads_to_needs(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    configure({("field", "cve"): {**FIELDS["field", "cve"], "required_in": ["resolved"]}}, by=ada)
    page = Visitor("anna")
    refused = page.send(f"/tickets/{trouble}/resolution", line="Patched")
    assert refused.status_code == 422
    assert "CVE is needed when a ticket is resolved" in said(refused)
    page.act(trouble, "resolution", line="Patched", **{"set-field/cve": "CVE-2026-1234"})
    assert values(trouble, cast.anna) == {"cve": "CVE-2026-1234"}


@pytest.mark.req("R9.1")
def test_a_field_for_lists_is_a_column_of_the_board(cast: Cast, trouble: int) -> None:
    page = Visitor("anna")
    assert 'data-col="field/cve"' not in page.text("/")
    fields = {"field/cve": "CVE-2026-1234", "field/layer": "fibre"}
    desk.change(trouble, fields, by=cast.anna, door=Door.WEB)
    board = page.text("/")
    assert '<th class="c-own" data-col="field/cve"' in board
    assert 'title="CVE-2026-1234">CVE-2026-1234' in board
    assert "Fibre" not in board
    assert str(trouble) in page.text("/search?q=cve:CVE-2026-*")


@pytest.mark.req("R16.6")
def test_a_page_tells_nothing_of_a_field_that_its_reader_is_not_cleared_for(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    configure({("field", "cve"): {**FIELDS["field", "cve"], "class": "restricted"}}, by=ada)
    desk.change(trouble, {"field/cve": "CVE-2026-1234"}, by=cast.mei, door=Door.WEB)
    page = Visitor("anna")
    for address in (
        "/",
        f"/tickets/{trouble}",
        f"/tickets/{trouble}/fields",
        "/tickets/open",
        f"/tickets/{trouble}/print",
    ):
        assert "CVE" not in page.text(address), address
    assert "CVE-2026-1234" in Visitor("mei").text(f"/tickets/{trouble}")


@pytest.mark.req("R9.1")
def test_hostile_words_in_a_field_stay_words(cast: Cast, trouble: int) -> None:
    hostile = '<img src=x onerror=alert(1)>{{ 7|add:7 }}"'
    desk.change(trouble, {"field/peer": None, "field/hosts": hostile}, by=cast.anna, door=Door.WEB)
    for address in (f"/tickets/{trouble}", f"/tickets/{trouble}/fields", f"/tickets/{trouble}/print"):
        assert "<img src=x" not in Visitor("anna").text(address)


@pytest.mark.req("R14.1")
def test_a_list_too_long_for_a_form_is_asked_for_as_one_types(cast: Cast, trouble: int) -> None:
    Machine.objects.bulk_create(Machine(name=f"sw{place:03}.lan") for place in range(300))
    page = Visitor("anna")
    assert 'data-more="/near/machines"' in page.text(f"/tickets/{trouble}/fields")
    assert page.text("/near/machines?q=W017").strip() == '<option value="sw017.lan">'
    assert page.text("/near/machines?q=").strip() == ""
    assert page.text("/near/machines?q=lan").count("<option") == 20
    page.text("/near/nothing?q=a", status=404)


@pytest.mark.req("R9.4", "R5.2")
def test_a_customer_fills_the_fields_that_reporters_may_fill_and_no_others(cast: Cast, ada: Actor) -> None:
    reporters = {**STANDARD_DOCUMENTS["clearance", "reporter"], "opens_with": ["severity", "field/hosts"]}
    configure({("clearance", "reporter"): reporters}, by=ada)
    account("cleo", contact=cast.cleo_contact)
    page = Visitor("cleo")
    form = page.text("/tickets/open")
    assert 'name="set-field/hosts"' in form
    assert "set-field/cve" not in form
    answer = page.send("/tickets/open", subject="Nothing loads", **{"set-field/hosts": "192.0.2.7"})
    assert answer.status_code == 302, said(answer)
    number = Ticket.objects.get().pk
    assert "192.0.2.7" in page.text(f"/tickets/{number}")
    assert values(number, cast.anna) == {"hosts": ["192.0.2.7"]}
    refused = page.post("/tickets/open", {"subject": "Nothing loads", "set-field/cve": "CVE-2026-1234"})
    assert refused.status_code == 403


@pytest.mark.req("R9.1", "R2.1")
def test_among_many_choices_one_searches_by_a_part_of_a_name(cast: Cast, trouble: int, ada: Actor) -> None:
    places = [{"value": f"pop-{place}", "title": f"Point of presence {place}"} for place in range(30)]
    alike = [
        {"value": "a-1", "title": "Annex", "parent": "pop-1"},
        {"value": "a-2", "title": "Annex", "parent": "pop-2"},
    ]
    gone = [{"value": "old", "title": "The old one", "retired": True}]
    choices = [*places, *alike, *gone]
    configure({("field", "pop"): {"title": "PoP", "kind": "choice", "choices": choices}}, by=ada)
    visitor = Visitor("anna")
    page = visitor.text(f"/tickets/{trouble}/fields")
    assert '<option value="Point of presence 7">' in page
    assert '<option value="a-2" label="Point of presence 2">' in page, (
        "two are called so: their values tell them apart"
    )
    assert "The old one" not in page
    visitor.act(trouble, "fields", **{"set-field/pop": "point of presence 7"})
    assert values(trouble, cast.anna)["pop"] == "pop-7"
    form = visitor.form(f"/tickets/{trouble}/fields")
    assert form.values["set-field/pop"] == "Point of presence 7"
    cell = visitor.get(f"/tickets/{trouble}/cell?edit=field/pop", **{"X-Piece": "cell"}).content.decode()
    assert 'value="Point of presence 7"' in cell
    assert "<datalist" in cell
    wrong = visitor.post(f"/tickets/{trouble}/fields", {**form.values, "set-field/pop": "nowhere"})
    assert wrong.status_code == 422
    assert 'value="nowhere"' in wrong.content.decode()
    visitor.act(trouble, "fields", **{"set-field/pop": ""})
    assert not values(trouble, cast.anna).get("pop")
    pops = {("field", "pops"): {"title": "PoPs", "kind": "choice", "many": True, "choices": places}}
    configure(pops, by=ada)
    page = visitor.text(f"/tickets/{trouble}/fields")
    assert page.count("data-sift") == 1, "of the many to tick, those are shown that hold what is typed"
    assert page.count('name="set-field/pops"') == 30, "without a script all of them are there"
