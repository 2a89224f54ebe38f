"""Ada keeps the configuration as files: takes it out, edits it, and puts it back whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk import accounts, audit, charts, clock, configuring, profiles, projection, trees
from nocturne.desk.terms import Opening
from nocturne.store import configured
from nocturne.store.models import Audit, Group, Installation, Queue, Ticket
from tests.cast import Cast, account
from tests.command import Nocturne


@pytest.fixture(autouse=True)
def lakenet(cast: Cast) -> None:
    """Lakenet is configured as a research network."""
    configuring.replace_all(profiles.documents("nren"), by=desk.MACHINERY, door=Door.CLI)
    configured.refresh()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "lakenet"


@pytest.fixture
def exported(folder: Path, nocturne: Nocturne) -> Path:
    """The tree of what is in force."""
    assert nocturne("config", "export", str(folder)).code == 0
    return folder


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def line(folder: Path, file: str, key: str) -> str:
    """Say where a key stands, as a compiler would."""
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    return f"{file}:{next(place for place, each in enumerate(lines, start=1) if each.startswith(key))}"


def tree_in(folder: Path) -> dict[str, str]:
    return {str(each.relative_to(folder)): each.read_text() for each in folder.rglob("*.toml")}


def everything() -> tuple[Any, ...]:
    """All that a change of the configuration can touch."""
    return (
        trees.exported(),
        list(Queue.objects.order_by("pk").values()),
        list(Group.objects.order_by("pk").values()),
        list(Installation.objects.values()),
        Audit.objects.count(),
    )


@pytest.mark.req("R9.5", "S9")
def test_export_wipe_import_and_it_is_the_same_site_byte_for_byte(
    exported: Path, tmp_path: Path, nocturne: Nocturne, cast: Cast
) -> None:
    before = configured.load()
    bare = tmp_path / "bare"
    assert nocturne("config", "export", str(bare), "--profile", "minimal").code == 0
    wiped = nocturne("config", "import", str(bare))
    assert wiped.code == 0, wiped
    assert "- queue/security" in wiped.out
    assert not Queue.objects.filter(name="security").exists()

    said = nocturne("config", "import", str(exported), "--reason", "back again")
    assert said.code == 0, said
    again = tmp_path / "again"
    nocturne("config", "export", str(again))
    assert tree_in(again) == tree_in(exported)
    after = configured.load()
    for part in (
        "site",
        "classes",
        "groups",
        "calendars",
        "lifecycles",
        "fields",
        "types",
        "queues",
        "clearances",
    ):
        assert getattr(after, part) == getattr(before, part)
    assert after.documents == before.documents

    configured.refresh()
    sam = accounts.actor_of(account("sam", "csirt"))
    number = desk.open(Opening(subject="Stolen keys", queue="security"), by=sam, door=Door.WEB).number
    with pytest.raises(NotFound):
        charts.header(number, cast.anna)
    assert "back again" in nocturne("config", "history", "queue/security").out
    assert audit.verify() is None


@pytest.mark.req("R9.5")
def test_an_import_that_fails_half_way_changes_nothing(
    exported: Path, nocturne: Nocturne, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(exported, "queues/peering.toml", '"Peering"', '"Peers"')
    edit(exported, "groups/csirt.toml", '"Security incident response"', '"CSIRT"')
    before = everything()
    real = projection.bring_up_to_date

    def break_down(*given: Any) -> None:
        real(*given)
        raise OperationalError("the disk went away")

    monkeypatch.setattr(projection, "bring_up_to_date", break_down)
    said = nocturne("config", "import", str(exported))
    assert said.code == 1
    assert everything() == before
    monkeypatch.undo()
    assert nocturne("config", "import", str(exported)).code == 0
    assert Queue.objects.get(name="peering").title == "Peers"


@pytest.mark.req("R9.5")
@pytest.mark.parametrize("command", ["check", "import"])
def test_every_fault_is_named_with_file_and_line_and_nothing_is_changed(
    exported: Path, nocturne: Nocturne, command: str
) -> None:
    edit(exported, "queues/peering.toml", "silence_days = 14", "silence_days = 0")
    edit(exported, "fields/cve.toml", "many = true", "many = true\ncolour = 3")
    edit(exported, "types/network.toml", '"interface", ', '"interfaec", ')
    (exported / "queues" / "latin.toml").write_bytes(b'title = "caf\xe9"\n')
    (exported / "queue").mkdir()
    (exported / "queue" / "x.toml").write_text("")
    before = everything()
    said = nocturne("config", command, str(exported))
    assert said.code == 1
    named = [line.removeprefix(f"{exported}/").partition(": ")[0] for line in said.err.splitlines()]
    assert named[:-1] == [
        "queues/latin.toml",
        line(exported, "fields/cve.toml", "colour"),
        "queue/x.toml",
        line(exported, "queues/peering.toml", "silence_days"),
    ]
    assert "colour is not known here" in said.err
    assert everything() == before
    (exported / "queue" / "x.toml").unlink()
    (exported / "queues" / "latin.toml").unlink()
    edit(exported, "queues/peering.toml", "silence_days = 0", "silence_days = 14")
    edit(exported, "fields/cve.toml", "\ncolour = 3", "")
    said = nocturne("config", command, str(exported))
    assert f"{line(exported, 'types/network.toml', 'fields')}: " in said.err
    assert "there is no field interfaec" in said.err


def test_a_file_that_is_no_toml_is_told_with_its_line(exported: Path, nocturne: Nocturne) -> None:
    edit(exported, "site.toml", "\n", '\norganisation = "Lakenet\n')
    said = nocturne("config", "diff", str(exported))
    assert (said.code, said.out) == (1, "")
    assert "site.toml:2: site.toml cannot be read as TOML" in said.err


@pytest.mark.req("R9.5")
def test_a_dry_run_says_what_an_import_does_and_does_nothing(exported: Path, nocturne: Nocturne) -> None:
    edit(exported, "queues/peering.toml", "silence_days = 14", "silence_days = 21")
    (exported / "queues" / "lab.toml").write_text('purpose = "Experiments"\n')
    before = everything()
    tried = nocturne("config", "import", str(exported), "--dry-run")
    assert (tried.code, tried.err) == (0, "Nothing was changed.\n")
    assert everything() == before
    differs = nocturne("config", "diff", str(exported))
    assert (differs.code, differs.out) == (1, tried.out)
    assert tried.out.splitlines() == [
        "+ queue/lab",
        "    + purpose: Experiments",
        "~ queue/peering",
        "    ~ silence_days: 14 → 21",
    ]
    done = nocturne("config", "import", str(exported))
    assert (done.code, done.out) == (0, tried.out)
    assert Queue.objects.get(name="peering").silence_days == 21
    same = nocturne("config", "diff", str(exported))
    assert (same.code, same.out) == (0, "")
    assert "nothing has changed" in nocturne("config", "import", str(exported)).err


def test_what_is_in_use_does_not_go_with_a_file_that_was_forgotten(
    exported: Path, nocturne: Nocturne, cast: Cast
) -> None:
    desk.open(Opening(subject="BGP down", queue="peering"), by=cast.anna, door=Door.WEB)
    (exported / "queues" / "peering.toml").unlink()
    before = everything()
    for more in ([], ["--dry-run"]):
        said = nocturne("config", "import", str(exported), *more)
        assert said.code == 1
        assert "queues/peering.toml: queue/peering is in use" in said.err
    assert everything() == before


@pytest.mark.req("R9.5")
def test_a_queue_that_was_given_another_name_in_its_tree_keeps_its_tickets(
    exported: Path, nocturne: Nocturne, cast: Cast
) -> None:
    number = desk.open(Opening(subject="BGP down", queue="peering"), by=cast.anna, door=Door.WEB).number
    was = Ticket.objects.get(pk=number).queue_id
    text = (exported / "queues" / "peering.toml").read_text()
    (exported / "queues" / "peering.toml").unlink()
    (exported / "queues" / "sessions.toml").write_text(f'{text}formerly = ["peering"]\n')
    said = nocturne("config", "import", str(exported))
    assert said.code == 0, said
    assert Queue.objects.get(name="sessions").pk == was
    assert charts.header(number, cast.anna).header["queue"] == "sessions"
    assert nocturne("refold", "--check").code == 0


def test_a_folder_with_something_in_it_is_written_only_when_told_so(
    exported: Path, nocturne: Nocturne
) -> None:
    (exported / "README.md").write_text("ours")
    (exported / ".git").mkdir()
    (exported / ".git" / "x.toml").write_text("not = ours")
    (exported / "queues" / "gone.toml").write_text("")
    said = nocturne("config", "export", str(exported))
    assert (said.code, "--force" in said.err) == (1, True)
    assert nocturne("config", "export", str(exported), "--force").code == 0
    assert (exported / "README.md").read_text() == "ours"
    assert (exported / ".git" / "x.toml").exists()
    assert not (exported / "queues" / "gone.toml").exists()
    assert nocturne("config", "check", str(exported)).code == 0
    assert nocturne("config", "check", str(exported / "nowhere")).code == 1


def test_what_becomes_of_open_tickets_is_said_before_a_life_cycle_changes(
    exported: Path, nocturne: Nocturne, trouble: int
) -> None:
    assert trouble
    edit(
        exported,
        "lifecycles/standard.toml",
        'act = "rejected", from = ["new", "open"',
        'act = "rejected", from = ["open"',
    )
    for words in (["diff"], ["import", "--dry-run"]):
        said = nocturne("config", *words[:1], str(exported), *words[1:])
        assert "    - moves.rejected→rejected.from: new" in said.out
        assert "    standard/new: 1  -rejected to rejected" in said.err.splitlines()


def test_a_tree_is_checked_and_a_profile_looked_at_where_there_is_no_database(
    tmp_path: Path, nocturne: Nocturne, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> Any:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(configured, "load", away)
    monkeypatch.setattr(configured, "refresh", away)
    assert nocturne("config", "export", str(tmp_path / "new"), "--profile", "helpdesk").code == 0
    assert nocturne("config", "check", str(tmp_path / "new")).code == 0
    assert nocturne("config", "export", str(tmp_path / "odd"), "--profile", "ncr").code == 1


@pytest.mark.req("R9.5")
def test_every_change_can_be_looked_up_and_taken_back(nocturne: Nocturne, ada: Actor) -> None:
    body = dict(trees.in_force()["queue", "peering"])
    changed = {**body, "silence_days": 30}
    configuring.change({("queue", "peering"): changed}, by=ada, door=Door.WEB, reason="they are slow")
    rows = json.loads(nocturne("config", "history", "queue/peering", "--json").out)
    assert (rows[0]["who"], rows[0]["door"], rows[0]["facts"]) == ("ada", "web", {"reason": "they are slow"})
    assert (rows[0]["before"]["silence_days"], rows[0]["after"]["silence_days"]) == (14, 30)
    assert "silence_days" in nocturne("config", "history").out.splitlines()[1]
    assert nocturne("config", "revert", str(rows[0]["row"])).code == 0
    assert trees.in_force()["queue", "peering"] == body
    assert Queue.objects.get(name="peering").silence_days == 14
    assert "takes" in nocturne("config", "history", "queue/peering").out.splitlines()[1]
    assert nocturne("config", "revert", "999999").code == 1


def test_a_new_name_reaches_everywhere(nocturne: Nocturne, cast: Cast) -> None:
    number = desk.open(Opening(subject="BGP down", queue="peering"), by=cast.anna, door=Door.WEB).number
    assert nocturne("config", "rename", "group", "csirt", "incident-team").code == 0
    assert trees.in_force()["clearance", "csirt"]["group"] == "incident-team"
    assert nocturne("config", "rename", "queue", "peering", "sessions").code == 0
    assert charts.header(number, cast.anna).header["queue"] == "sessions"
    shown = nocturne("config", "show", "queue/sessions").out
    assert 'formerly = ["peering"]' in shown
    assert nocturne("config", "rename", "queue", "general", "sessions").code == 1
    assert nocturne("config", "rename", "nonsense", "general", "x").code == 2
    assert nocturne("config", "show", "queue/peering").code == 1
    assert "queue/sessions\n" in nocturne("config", "show").out


def test_what_a_later_version_cannot_read_any_more_is_named(nocturne: Nocturne) -> None:
    assert nocturne("config", "check").code == 0
    configured.store({("queue", "odd"): {"colour": "red"}}, at=clock.now())
    said = nocturne("config", "check")
    assert said.code == 1
    assert "queues/odd.toml:4: queue/odd.colour" in said.err


def test_a_tree_of_another_site_says_whom_it_names_that_is_not_here(
    exported: Path, nocturne: Nocturne
) -> None:
    (exported / "queues" / "peering.toml").write_text('members = ["ada", "nobody-here", "@operators"]\n')
    for words in (("diff",), ("import", "--dry-run"), ("import",)):
        said = nocturne("config", words[0], str(exported), *words[1:])
        assert "queue/peering names nobody-here: there is no such account here." in said.err
        assert "ada" not in said.err.partition("names")[2].partition(":")[0]
