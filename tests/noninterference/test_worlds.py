"""The twins are what they are taken for: told apart by who may read all, and differing in every column they should."""

from __future__ import annotations

import pytest

from nocturne.core.chart import COLUMNS, ELEMENTS
from nocturne.core.configuration import current
from nocturne.core.entry import DataClass
from nocturne.store.headers import elements_of, header_of
from nocturne.store.models import Ticket
from tests.noninterference import addresses, console, programs, queries
from tests.noninterference.kinds import CUSTOMER, MERGED, RESTRICTED, STAFF
from tests.noninterference.people import BY_NAME
from tests.noninterference.scattering import BY_ACTS
from tests.noninterference.telling import differences
from tests.noninterference.worlds import World, Worlds

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", [RESTRICTED, STAFF, CUSTOMER, MERGED])
def test_who_may_read_it_does_see_that_it_is_another(worlds: Worlds, kind: str) -> None:
    for way in ("pages", "programs"):
        assert next(differences(worlds, BY_NAME["mei"], way, worlds.where(kind)), None), way


def test_everything_that_can_be_asked_and_sent_is_known_here(worlds: Worlds) -> None:
    said = "say in tests/noninterference/{} what {} can be filled with"
    assert not addresses.unknown(worlds.where().facts), said.format("addresses.py", "these gaps")
    assert not console.unknown(), said.format("console.py (TYPED, FORMS)", "these fields and forms")
    assert not queries.unknown(), said.format("queries.py (VALUES)", "these keys of the search")
    assert not programs.unknown(), said.format("programs.py (SENT)", "these keys")


def _columns(world: World, *tickets: str) -> dict[str, object]:
    """All that is on some tickets' charts: each column's values, and for sets what is in them."""
    found: dict[str, object] = {}
    with world.database.looked_at():
        for name in tickets:
            number = world.facts.numbers[name]
            held = {**header_of(Ticket.objects.get(pk=number)), **elements_of(number)}
            for column in (*COLUMNS, *ELEMENTS):
                values = {key: value for key, value in held.items() if key.partition("/")[0] == column}
                found[f"{column} of {name}"] = str(sorted(values.items(), key=str))
    return found


@pytest.mark.parametrize(
    ("data_class", "tickets"),
    [(DataClass.STAFF, ("own", "rowes")), (DataClass.RESTRICTED, ("own", "trouble"))],
)
def test_no_column_is_forgotten_in_what_the_twins_differ_by(
    worlds: Worlds, data_class: DataClass, tickets: tuple[str, ...]
) -> None:
    one, other = (_columns(world, *tickets) for world in (worlds.where(), worlds.where(data_class.word)))
    differ = {key.partition(" ")[0] for key in one if one[key] != other[key]}
    wanted = {
        name
        for name in (*COLUMNS, *ELEMENTS)
        if current().class_of(name) == data_class and name not in BY_ACTS
    }
    assert not wanted - differ, (
        f"let the night differ in {sorted(wanted - differ)}: tests/noninterference/world.py"
    )
    readable = {name for name in (*COLUMNS, *ELEMENTS) if current().class_of(name) < data_class}
    assert not readable & differ, (
        f"{sorted(readable & differ)} may be read by whom the twins must look the same to"
    )
