"""Every route by every actor: each says whom it is for, and what is somebody else's is as if it were not there."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from ninja.operation import Operation

from nocturne.doors.api.api import api
from nocturne.doors.api.asking import Anybody, Needs
from nocturne.doors.api.reference import described
from tests.noninterference.addresses import MISSING, Route, fillings, routes
from tests.noninterference.asking import Ask
from tests.noninterference.people import BY_NAME
from tests.noninterference.programs import ROOT, bodies_of, spelt_out
from tests.noninterference.worlds import Worlds

pytestmark = pytest.mark.django_db
DOOR = "nocturne.doors.web."
OPEN = {"healthz", "readyz"}
"""Addresses outside both doors: they tell whether the house is well, and nothing else."""


def operations() -> Iterator[tuple[str, Operation]]:
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield f"{prefix}{path}", operation


@pytest.mark.req("R16.5", "S10")
def test_every_operation_says_whom_it_is_for() -> None:
    for path, operation in operations():
        asked = operation.auth_callbacks
        assert asked, f"{path} ({operation.view_func.__name__}) says nobody it is for: give it auth=Needs(…)"
        assert all(isinstance(each, Needs | Anybody) for each in asked), path


@pytest.mark.req("R16.5", "S10")
def test_every_page_stands_behind_the_door_or_says_that_it_does_not() -> None:
    for route in routes():
        module = getattr(route.view, "__module__", "")
        assert module.startswith((DOOR, "nocturne.doors.api.", "ninja.")) or route.name in OPEN, (
            f"{route.pattern} is behind no door: nobody is asked there who they are"
        )


def _gapped() -> list[Route]:
    """The pages about one ticket."""
    return [
        route
        for route in routes()
        if route.pattern.startswith(("tickets/<ticket:number>", "<ticket:number>"))
    ]


def _statuses(worlds: Worlds, name: str, *asks: Ask) -> list[tuple[str, str]]:
    return [ask.put(worlds.where(), worlds.keys, BY_NAME[name])[0].parts[0] for ask in asks]


@pytest.mark.timeout(600)
@pytest.mark.req("R16.5", "R16.6", "S4")
@pytest.mark.parametrize("name", ["cleo", "sam", "paula", "nils", "guest"])
def test_somebody_elses_ticket_is_as_if_it_were_not_there(worlds: Worlds, name: str) -> None:
    foreign = worlds.where().facts.numbers["break-in" if name != "sam" else "session"]
    for route in _gapped():
        for values in fillings([gap for gap in route.gaps if gap != "number"], worlds.where().facts):
            for method in ("GET", "POST"):
                paths = [route.filled({**values, "number": number}) for number in (foreign, MISSING)]
                there, nowhere = _statuses(worlds, name, *(Ask(method, path) for path in paths))
                assert there == nowhere, f"{name}: {method} {paths[0]}"
    for path, operation in operations():
        for method in operation.methods if "{int:number}" in path else ():
            paths = [_address(path, number) for number in (foreign, MISSING)]
            asks = [
                Ask(method, each, None if method == "GET" else _body(operation), by_token=True)
                for each in paths
            ]
            there, nowhere = _statuses(worlds, name, *asks)
            assert there == nowhere, f"{name}: {method} {paths[0]}"


def _body(operation: Operation) -> str:
    """The least that an operation takes, so that it is refused for nothing else than the ticket."""
    described_here = [
        each
        for methods in described()["paths"].values()
        for each in methods.values()
        if each["operationId"] == operation.view_func.__name__
    ]
    bodies = bodies_of(described_here[0], described()["components"]["schemas"]) if described_here else [None]
    return (
        json.dumps(spelt_out(bodies[0], {"trouble": 1, "kind": "note", "note on own": "A" * 12}))
        if bodies[0]
        else "{}"
    )


def _address(path: str, number: int) -> str:
    filled = ROOT + path.replace("{int:number}", str(number))
    for gap, value in (("{address}", "A" * 12), ("{kind}", "parent"), ("{int:other}", "1"), ("{key}", "1.0")):
        filled = filled.replace(gap, value)
    return filled
