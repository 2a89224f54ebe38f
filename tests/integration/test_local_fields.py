"""Fields that local staff have built: set with any act, filled by the system, demanded, and taken away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nocturne import desk
from nocturne.core import configuration
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Conflict, Forbidden, Invalid
from nocturne.desk import charts, configuring, wording
from nocturne.desk.localfields import as_object
from nocturne.desk.terms import Extra, Opening
from nocturne.store import books
from nocturne.store.models import Contact, Entry, EntryText, FieldValue, Machine
from tests.cast import Cast
from tests.local_fields import FIELDS, configure


@pytest.fixture(autouse=True)
def fields(ada: Actor) -> Iterator[None]:
    configure(FIELDS, by=ada)
    yield
    configuration.use(None)


def values(number: int, reader: Actor) -> dict[str, object]:
    return as_object(charts.chart(number, reader).fields)


@pytest.mark.req("R9.1", "R9.4")
def test_a_field_is_set_with_any_act_and_stands_on_the_chart_as_people_read_it(
    anna: Actor, trouble: int
) -> None:
    fields = {
        "field/cve": "CVE-2026-1234",
        "field/bandwidth": "100G",
        "field/hosts": ["10.0.0.1", "10.0.0.2"],
    }
    desk.update(trouble, "Advisory came in.", by=anna, door=Door.WEB, extra=Extra(fields=fields))
    desk.take(trouble, by=anna, door=Door.WEB, extra=Extra(fields={"field/layer": "Fibre"}))
    found = {each.title: each.values for each in charts.chart(trouble, anna).fields if each.values}
    assert found == {
        "CVE": ["CVE-2026-1234"],
        "Bandwidth": ["100 Gbit/s"],
        "Layer": ["Fibre"],
        "Hosts": ["10.0.0.1", "10.0.0.2"],
    }
    assert values(trouble, anna)["bandwidth"] == 100_000_000_000
    assert books.first_difference(trouble) is None


@pytest.mark.req("R9.2")
def test_a_value_that_does_not_fit_is_refused_and_nothing_is_written(anna: Actor, trouble: int) -> None:
    before = Entry.objects.count()
    with pytest.raises(Invalid) as refused:
        desk.update(trouble, "See", by=anna, door=Door.WEB, extra=Extra(fields={"field/cve": "CVE-26"}))
    assert refused.value.field == "field/cve"
    assert "CVE-2026-1234" in wording.refusal(refused.value)
    with pytest.raises(Invalid) as unknown:
        desk.update(trouble, "See", by=anna, door=Door.WEB, extra=Extra(fields={"field/nothing": "x"}))
    assert unknown.value.code == "unknown_field"
    assert Entry.objects.count() == before


@pytest.mark.req("R9.2", "R14.1")
def test_a_lenient_field_warns_beside_itself_and_is_saved(anna: Actor, trouble: int) -> None:
    extra = Extra(fields={"field/hosts": "10.0.0.1, 10.1.2.x"})
    written = desk.update(trouble, by=anna, door=Door.WEB, extra=extra)
    assert [(each.code, each.field) for each in written.warnings] == [("field_not_ip_address", "field/hosts")]
    hosts = next(each for each in charts.chart(trouble, anna).fields if each.name == "hosts")
    assert list(hosts.values) == ["10.0.0.1", "10.1.2.x"]
    assert "10.1.2.x" in wording.refusal(hosts.warnings[0])


@pytest.mark.req("R9.1")
def test_many_values_are_set_whole_and_only_what_differs_is_written(anna: Actor, trouble: int) -> None:
    desk.change(trouble, {"field/hosts": "10.0.0.1,10.0.0.2"}, by=anna, door=Door.WEB)
    kept = set(FieldValue.objects.filter(ticket=trouble).values_list("key", "text"))
    desk.change(trouble, {"field/hosts": "10.0.0.2,10.0.0.3"}, by=anna, door=Door.WEB)
    assert values(trouble, anna)["hosts"] == ["10.0.0.2", "10.0.0.3"]
    now = set(FieldValue.objects.filter(ticket=trouble).values_list("key", "text"))
    assert len(kept & now) == 1
    assert all(key.startswith("hosts:") and "10.0" not in key for key, _ in now)
    desk.change(trouble, {"field/hosts": None}, by=anna, door=Door.WEB)
    assert "hosts" not in values(trouble, anna)
    assert books.first_difference(trouble) is None


@pytest.mark.req("R9.1")
def test_what_a_colleague_has_set_meanwhile_is_not_overwritten_unseen(cast: Cast, trouble: int) -> None:
    seen = charts.header(trouble, cast.anna).version
    desk.change(trouble, {"field/cve": "CVE-2026-1111"}, by=cast.kofi, door=Door.WEB)
    with pytest.raises(Conflict) as refused:
        desk.change(
            trouble, {"field/cve": "CVE-2026-2222"}, by=cast.anna, door=Door.WEB, extra=Extra(seen=seen)
        )
    assert refused.value.field == "field/cve"
    said = wording.refusal(refused.value)
    assert "it is now “CVE-2026-1111”, you wrote “CVE-2026-2222”" in said


@pytest.mark.req("R9.3")
def test_a_new_ticket_is_filled_from_the_inventory_the_queue_and_the_field(ada: Actor, anna: Actor) -> None:
    contact = Contact.objects.create(name="Remote hands", phone="+31 20 592 5000")
    Machine.objects.filter(name="cr1.aa").update(contact=contact)
    defaults = {"field/layer": "routing", "severity": 2, "next_action": "Look at the logs"}
    configure({("queue", "peering"): {"title": "Peering", "defaults": defaults}}, by=ada)
    opening = Opening(subject="BGP down", queue="peering", machines=["cr1.aa"])
    number = desk.open(opening, by=anna, door=Door.WEB).number
    assert values(number, anna) == {"site-phone": "+31205925000", "layer": "routing"}
    header = charts.header(number, anna).header
    assert (header["severity"], header["next_action"]) == (2, "Look at the logs")
    assert (header["site"], header["network"]) == ("Ann Arbor", "Backbone")
    other = desk.open(Opening(subject="Elsewhere"), by=anna, door=Door.WEB).number
    assert values(other, anna) == {}


@pytest.mark.req("R9.3", "R9.4")
def test_what_the_opener_says_stands_before_any_default(ada: Actor, anna: Actor) -> None:
    configure({("field", "layer"): {**FIELDS["field", "layer"], "default": "routing"}}, by=ada)
    opening = Opening(subject="Cut", severity=1, fields={"field/layer": "fibre", "field/due": "2026-12-01"})
    number = desk.open(opening, by=anna, door=Door.API).number
    assert values(number, anna) == {"layer": "fibre", "due": "2026-12-01"}


@pytest.mark.req("R9.4")
def test_a_ticket_offers_the_fields_of_its_type(anna: Actor, trouble: int) -> None:
    assert "rack" not in {each.name for each in charts.chart(trouble, anna).fields}
    planned = desk.open(Opening(subject="Move", type="planned"), by=anna, door=Door.WEB).number
    assert "rack" in {each.name for each in charts.chart(planned, anna).fields}


@pytest.mark.req("R9.4")
def test_a_state_that_needs_a_field_is_not_entered_without_it(ada: Actor, anna: Actor, trouble: int) -> None:
    needed = {
        ("field", "cve"): {**FIELDS["field", "cve"], "required_in": ["resolved"]},
        ("field", "cause"): {"title": "Root cause", "required_in": ["resolved"]},
    }
    configure(needed, by=ada)
    with pytest.raises(Invalid) as refused:
        desk.resolve(trouble, "Patched", cause="Bug", by=anna, door=Door.WEB)
    assert (refused.value.code, refused.value.field) == ("field_needed", "field/cve")
    with pytest.raises(Invalid) as core:
        desk.resolve(
            trouble, "Patched", by=anna, door=Door.WEB, extra=Extra(fields={"field/cve": "CVE-2026-1234"})
        )
    assert core.value.field == "cause"
    assert "Root cause" in wording.refusal(core.value)
    extra = Extra(fields={"field/cve": "CVE-2026-1234"})
    desk.resolve(trouble, "Patched", cause="Bug", by=anna, door=Door.WEB, extra=extra)
    with pytest.raises(Invalid) as emptied:
        desk.change(trouble, {"field/cve": None}, by=anna, door=Door.WEB)
    assert emptied.value.code == "field_needed"


@pytest.mark.req("R9.4")
def test_a_mail_opens_a_ticket_whatever_fields_its_state_needs(ada: Actor, cleo: Actor) -> None:
    configure({("field", "cve"): {**FIELDS["field", "cve"], "required_in": ["new"]}}, by=ada)
    opening = Opening(subject="Nothing works", type="complaint", reporter_id=cleo.contact)
    assert desk.open(opening, by=cleo, door=Door.MAIL).number


@pytest.mark.req("R16.6")
def test_a_field_of_a_class_that_is_not_ones_own_is_neither_read_nor_written(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    configure(
        {("field", "cve"): {**FIELDS["field", "cve"], "class": "restricted", "required_in": ["resolved"]}},
        by=ada,
    )
    desk.change(trouble, {"field/cve": "CVE-2026-1234"}, by=cast.mei, door=Door.WEB)
    entry = Entry.objects.filter(ticket=trouble).latest("seq")
    assert entry.shown_class == DataClass.RESTRICTED, "that something was hidden is hidden too"
    assert "cve" not in {each.name for each in charts.chart(trouble, cast.anna).fields}
    assert values(trouble, cast.mei) == {"cve": "CVE-2026-1234"}
    with pytest.raises(Forbidden):
        desk.change(trouble, {"field/cve": None}, by=cast.anna, door=Door.WEB)
    with pytest.raises(Forbidden):
        desk.change(trouble, {"field/cve": "not even one"}, by=cast.anna, door=Door.WEB)
    desk.change(trouble, {"field/cve": None}, by=cast.mei, door=Door.WEB)
    desk.resolve(trouble, "Patched", by=cast.anna, door=Door.WEB)


@pytest.mark.req("R9.5")
def test_renaming_a_field_and_retiring_a_choice_change_no_old_ticket(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    fields = {"field/cve": "CVE-2026-1234", "field/layer": "fibre", "field/hosts": "10.0.0.1"}
    desk.change(trouble, fields, by=cast.anna, door=Door.WEB)
    entries = list(Entry.objects.order_by("pk").values())
    configuring.rename("field", "cve", "advisory", by=ada, door=Door.WEB)
    choices = [{"value": "link"}, {"value": "fibre", "title": "Fibre", "retired": True}]
    configure({("field", "layer"): {"title": "Layer", "kind": "choice", "choices": choices}}, by=ada)
    assert list(Entry.objects.order_by("pk").values()) == entries
    assert books.first_difference(trouble) is None
    assert books.broken_link(trouble) is None
    found = values(trouble, cast.anna)
    assert (found["advisory"], found["layer"]) == ("CVE-2026-1234", "fibre")
    desk.change(trouble, {"field/layer": "fibre"}, by=cast.anna, door=Door.WEB)
    other = desk.open(Opening(subject="Another"), by=cast.anna, door=Door.WEB).number
    with pytest.raises(Invalid) as refused:
        desk.change(other, {"field/layer": "fibre"}, by=cast.anna, door=Door.WEB)
    assert refused.value.code == "field_retired"
    desk.change(trouble, {"field/advisory": "CVE-2026-9999"}, by=cast.anna, door=Door.WEB)
    assert values(trouble, cast.anna)["advisory"] == "CVE-2026-9999"
    assert FieldValue.objects.filter(ticket=trouble, name__in=["cve", "advisory"]).count() == 1
    assert books.first_difference(trouble) is None


@pytest.mark.req("R9.5")
def test_a_field_in_use_is_retired_and_not_removed(cast: Cast, ada: Actor, trouble: int) -> None:
    desk.change(trouble, {"field/cve": "CVE-2026-1234"}, by=cast.anna, door=Door.WEB)
    with pytest.raises(Invalid) as refused:
        configure({("field", "cve"): None}, by=ada)
    assert refused.value.code == "configuration_in_use"
    configure({("field", "cve"): {**FIELDS["field", "cve"], "retired": True}}, by=ada)
    assert values(trouble, cast.anna) == {"cve": "CVE-2026-1234"}
    with pytest.raises(Invalid) as retired:
        desk.change(trouble, {"field/cve": "CVE-2026-2222"}, by=cast.anna, door=Door.WEB)
    assert retired.value.code == "retired_field"
    desk.change(trouble, {"field/cve": None}, by=cast.anna, door=Door.WEB)


@pytest.mark.req("R9.1")
def test_a_redaction_takes_a_field_away_wherever_it_stood(cast: Cast, ada: Actor, trouble: int) -> None:
    number = "+31 20 592 5000"
    written = desk.change(
        trouble, {"field/site-phone": number, "field/hosts": "10.9.8.7"}, by=cast.anna, door=Door.WEB
    )
    desk.redact(trouble, written.address, "Somebody's own number", by=ada, door=Door.WEB)
    assert values(trouble, cast.anna) == {"site-phone": "[redacted]", "hosts": ["[redacted]"]}
    kept = [*Entry.objects.values_list("changes", "facts"), *EntryText.objects.values_list("changes", "text")]
    assert not any(word in str(kept) for word in ("592", "10.9.8.7", "a0908"))
    assert not any(word in str(list(FieldValue.objects.values())) for word in ("592", "10.9.8.7"))
    assert books.first_difference(trouble) is None
    assert books.broken_link(trouble) is None


@pytest.mark.req("R9.5")
def test_a_core_field_goes_by_the_name_that_the_site_gives_it(ada: Actor, anna: Actor, trouble: int) -> None:
    configure({("field", "cause"): {"title": "Root cause", "class": "restricted"}}, by=ada)
    assert wording.field("cause") == "Root cause"
    assert "cause" not in charts.header(trouble, anna).header
    with pytest.raises(Forbidden):
        desk.change(trouble, {"cause": "Backhoe"}, by=anna, door=Door.WEB)
