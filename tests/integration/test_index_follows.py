"""The index follows what is renamed, and says how far it has been built."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import finding
from nocturne.desk.terms import Opening
from nocturne.store.fulltext import building, renaming
from nocturne.store.models import Circuit, Job, Machine, Site, TextIndex, Vendor
from nocturne.watch import jobs
from tests.caller import caller
from tests.cast import Cast
from tests.visitor import Visitor

WEB = Door.WEB
pytestmark = pytest.mark.django_db


def opened(by: Actor, **more: Any) -> int:
    return desk.open(Opening(subject="Down", text="It is down.", **more), by=by, door=WEB).number


def found(text: str, actor: Actor) -> list[int]:
    now = timezone.now()
    return [row["number"] for row in finding.page(actor, finding.ask(text, actor, now=now), now=now).rows]


@pytest.mark.req("S18")
@pytest.mark.parametrize(
    ("model", "name", "column"),
    [(Machine, "cr1.aa", "machines"), (Site, "Ann Arbor", "site"), (Circuit, "NL-IC-3321", "circuit"),
     (Vendor, "Norlink", "vendor")],
)  # fmt: skip
def test_what_is_renamed_is_found_by_its_new_name_once_the_worker_has_come_by(
    cast: Cast, model: Any, name: str, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renaming, "STEP", 2)
    numbers = [opened(cast.anna, **{column: [name] if column == "machines" else name}) for _ in range(5)]
    desk.merge(numbers[1], numbers[0], by=cast.anna, door=WEB)
    row = model.objects.get(name=name)
    row.name = "Zanzibar-7"
    row.save()
    assert found("zanzibar-7", cast.anna) == []
    assert numbers[4] in found(f"{column.removesuffix('s')}:zanzibar-7", cast.anna)
    while Job.objects.filter(kind=renaming.JOB, state="ready").exists():
        jobs.turn()
    assert found("zanzibar-7", cast.anna) == numbers[::-1]
    assert found(f'"{name}"', cast.anna) == []
    assert building.differing(numbers) == []


@pytest.mark.req("S18")
def test_what_is_saved_with_its_old_name_leaves_nothing_to_do(cast: Cast) -> None:
    opened(cast.anna, machines=["cr1.aa"])
    Machine.objects.get(name="cr1.aa").save()
    spare = Machine.objects.create(name="spare")
    spare.name = "spare-2"
    spare.save()
    assert not Job.objects.filter(kind=renaming.JOB).exists()


@pytest.mark.req("S18", "R15.9")
def test_the_search_page_and_programs_say_how_far_the_index_is(cast: Cast) -> None:
    numbers = [opened(cast.anna) for _ in range(4)]
    assert caller(cast.anna).get("/tickets?q=down")["index_built"] == 100
    TextIndex.objects.filter(pk=1).update(below=numbers[3])
    share = 100 // numbers[3]  # of a house whose numbers begin anywhere
    said = f"{share} % from the newest ticket back"
    assert said in Visitor("anna").get("/search?q=down").content.decode()
    assert said in Visitor("anna").get("/search?q=zebra").content.decode()
    answer = caller(cast.anna).get("/tickets?q=down")
    assert (answer["is_index_building"], answer["index_built"]) == (True, share)
