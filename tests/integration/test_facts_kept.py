"""Facts that a help text or a default puts in are for those who may read where they come from."""

from __future__ import annotations

import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import configuring, fieldlookups
from nocturne.desk.charts import chart
from nocturne.desk.terms import Opening
from nocturne.store import configured
from nocturne.store.models import Contact, Machine
from tests.cast import Cast, account
from tests.visitor import Visitor


@pytest.mark.req("R16.7", "R14.2")
def test_how_a_contact_is_reached_is_for_the_staff_and_their_home_for_few(cast: Cast, cleo: Actor) -> None:
    person = Contact.objects.create(
        name="Rowe", email="rowe@x.example", phone="+1 555 1", home_phone="+1 555 2"
    )
    machine = Machine.objects.get(name="cr1.aa")
    Machine.objects.filter(pk=machine.pk).update(contact=person)
    opening = Opening(subject="Down", type="complaint", machines=["cr1.aa"], reporter_id=cleo.contact)
    number = desk.open(opening, by=cast.anna, door=Door.WEB).number
    asked = ["machine.name", "machine.contact.phone", "machine.contact.home_phone"]
    columns = {f"machine/{machine.pk}": "cr1.aa"}

    def told(reader: Actor) -> dict[str, str]:
        return fieldlookups.facts(asked, columns, reader, place=chart(number, reader).place)

    def of_the_contact(reader: Actor) -> set[str]:
        return {name.rpartition(".")[2] for name in told(reader) if ".contact." in name}

    assert told(cleo)["machine.name"] == "cr1.aa"
    assert of_the_contact(cleo) == set()
    assert of_the_contact(cast.anna) == {"name", "phone", "email"}
    assert of_the_contact(cast.mei) == {"name", "phone", "email", "home_phone"}


@pytest.mark.req("R16.5", "S4")
def test_who_may_not_look_things_up_is_given_no_list_of_them(cast: Cast, ada: Actor) -> None:
    watching = {"group": "watch", "sees": ["staff"], "appends": ["staff"], "rights": ["note"]}
    configuring.change({("group", "watch"): {}, ("clearance", "watch"): watching}, by=ada, door=Door.WEB)
    configured.refresh()
    account("wim", "watch")
    wim = Visitor("wim")
    for path in ("/near/machines?q=cr", "/near/people?q=an"):
        assert "cr1.aa" not in wim.text(path)
        assert "anna" not in wim.text(path)
        assert wim.get(path).status_code == 200
    for path in ("/api/v1/people", "/api/v1/inventory/machines"):
        assert wim.get(path).status_code == 403
        assert Visitor("anna").get(path).status_code == 200
