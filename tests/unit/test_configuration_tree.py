"""Ada keeps her site's configuration as files, and is told in which line of which one something is wrong."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from nocturne.core.configuration.difference import differences, lines
from nocturne.core.configuration.places import line_of
from nocturne.core.configuration.standard import STANDARD_DOCUMENTS
from nocturne.core.configuration.tree import documents_in, problems, write

LIFECYCLE = "lifecycles/standard.toml"


@pytest.fixture
def files() -> dict[str, str]:
    """The tree of a new site."""
    return write(STANDARD_DOCUMENTS)


def found(files: dict[str, str]) -> list[tuple[str, int, str]]:
    return [
        (each.file, each.line, each.refusal.code.removeprefix("configuration_")) for each in problems(files)
    ]


@pytest.mark.req("R9.5")
def test_what_a_new_site_begins_with_is_one_tree_without_a_fault(files):
    assert problems(files) == []
    assert documents_in(files) == (STANDARD_DOCUMENTS, [])
    assert '    { act = "taken", from = ["new"], to = "open" },\n' in files[LIFECYCLE]


@pytest.mark.req("R9.5")
def test_every_fault_of_every_file_is_named_at_once_with_its_line(files):
    files[LIFECYCLE] = files[LIFECYCLE].replace('"referred"', '"refered"')
    files["queues/noc.toml"] = 'title = 3\ncolour = "red"\n\n[defaults]\nowner = "anna"\nmood = "calm"\n'
    files["types/trouble.toml"] = 'title = "Trouble\n'
    files["queues/NOC.toml"] = ""
    assert found(files) == [
        (LIFECYCLE, files[LIFECYCLE].split("\n").index("moves = [") + 10, "not_among"),
        ("queues/NOC.toml", 0, "unknown_file"),
        ("queues/noc.toml", 1, "not_text"),
        ("queues/noc.toml", 2, "unknown_key"),
        ("queues/noc.toml", 6, "not_among"),
        ("types/trouble.toml", 1, "bad_toml"),
    ]


def test_a_file_that_cannot_be_read_is_not_said_to_be_missing_elsewhere(files):
    files["groups/operators.toml"] = "="
    assert found(files) == [("groups/operators.toml", 1, "bad_toml")]


def test_a_tree_without_its_first_file_would_take_away_who_the_house_is(files):
    del files["site.toml"]
    assert found(files) == [("site.toml", 0, "built_in_missing")]


def test_what_points_nowhere_is_found_where_it_points_from(files):
    files["queues/noc.toml"] = 'title = "NOC"\nmembers = [\n    "@crew",\n]\nclass = "sekret"\n'
    assert found(files) == [("queues/noc.toml", 2, "no_such"), ("queues/noc.toml", 5, "no_such")]


@pytest.mark.parametrize(
    ("text", "keys", "line"),
    [
        ('title = "x"\n[hours]\nmonday = []\n', ["hours", "monday"], 3),
        ('title = "x"\n[hours]\nmonday = []\n', ["hours", "friday"], 2),
        ('text = """\nclass = 1\n"""\nclass = 2\n', ["class"], 4),
        ("[[moves]]\nact = 1\n[[moves]]\nact = 2\n", ["moves", "2", "act"], 4),
        (
            'states = [\n  # { no }\n  { name = "a" },\n  { name = "[" },\n]\nfirst = 1\n',
            ["states", "2", "name"],
            4,
        ),
        ('states = [\n  { name = "[" },\n]\nfirst = 1\n', ["first"], 4),
        ('[defaults]\n"field/cve" = 1\n', ["defaults", "field/cve"], 2),
        ("title = 1\n", ["moves"], 0),
    ],
)
def test_a_key_is_found_where_it_stands(text: str, keys: list[str], line: int):
    assert line_of(text, keys) == line


def test_keys_may_come_from_a_database_in_any_order_and_make_the_same_file():
    queue: dict[str, Any] = {
        "title": "NOC",
        "purpose": "All",
        "members": ["anna"],
        "retired": True,
        "zebra": 1,
    }
    turned = dict(reversed(queue.items()))
    assert write({("queue", "noc"): queue}) == write({("queue", "noc"): turned})
    assert write({("queue", "noc"): turned})["queues/noc.toml"].split("\n")[-3:] == [
        "zebra = 1",
        "retired = true",
        "",
    ]


def test_a_text_of_several_lines_can_be_read_in_its_file():
    letter = {"purpose": "acknowledged", "text": "Hello,\n\nwe have it.\n"}
    file = write({("template", "acknowledged"): letter})["templates/acknowledged.toml"]
    assert 'text = """\nHello,\n\nwe have it.\n"""\n' in file


@pytest.mark.req("R9.5")
def test_what_would_change_is_listed_so_that_it_can_be_read(files):
    before, _ = documents_in(files)
    after = copy.deepcopy(before)
    cycle = after["lifecycle", "standard"]
    cycle["states"][1]["clock"] = "vendor"
    cycle["moves"].pop(0)
    cycle["moves"][8]["from"].append("resolved")
    after["queue", "noc"] = {"title": "NOC", "members": ["anna", "kofi"]}
    after["clearance", "operators"]["rights"] = ["work", "redact"]
    after["clearance", "reporter"]["help"] = "One\nTwo"
    del after["type", "meta"]
    assert list(lines(differences(before, after))) == [
        "~ lifecycle/standard",
        "    ~ states.open.clock: noc → vendor",
        "    - moves.taken→open: {act = taken, from = new, to = open}",
        "    + moves.suspended→waiting.from: resolved",
        "- type/meta",
        "    - title: Meta",
        "    - help: A matter that several engineering tickets have in common.",
        "+ queue/noc",
        "    + title: NOC",
        "    + members: anna, kofi",
        "~ clearance/operators",
        "    - rights: export",
        "    + rights: redact",
        "~ clearance/reporter",
        "    ~ help: Who reported a problem reads what was written for customers, and answers. → One⏎Two",
    ]
    assert differences(after, after) == []


def test_another_order_of_a_list_is_a_change_too():
    before, after = {("queue", "q"): {"members": ["a", "b"]}}, {("queue", "q"): {"members": ["b", "a"]}}
    assert list(lines(differences(before, after))) == ["~ queue/q", "    ~ members: a, b → b, a"]
