"""An auditor looks through the audit, takes it away, and proves it; nobody else learns anything of it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from django.db import connection

from nocturne.core import cells
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import audit, audit_words, configuring
from nocturne.store import configured
from nocturne.store.models import Audit
from tests.caller import caller
from tests.cast import Cast, account
from tests.command import Nocturne
from tests.visitor import Visitor, said

EVIL = "=HYPERLINK(evil)"


@pytest.fixture
def acts(cast: Cast, ada: Actor) -> list[Audit]:
    """What ada has changed: a queue with a purpose, another, and an account renamed by somebody else."""
    configuring.change(
        {("queue", "peering"): {"title": "Peering", "purpose": "BGP"}},
        by=ada,
        door=Door.WEB,
        reason="asked for",
    )
    configuring.change({("queue", "peering"): {"title": EVIL, "purpose": "BGP"}}, by=ada, door=Door.API)
    audit.note(
        "account_changed", by=cast.mei, door=Door.CLI, subject=("account", "anna"),
        before={"full_name": "Anna"}, after={"full_name": "Anna Ek"},
    )  # fmt: skip
    configured.refresh()
    return list(Audit.objects.order_by("pk"))


@pytest.fixture
def auditor(cast: Cast, ada: Actor) -> str:
    """Somebody who may read the audit, and nothing else."""
    configuring.change(
        {
            ("group", "auditors"): {"title": "Auditors"},
            ("clearance", "auditors"): {"group": "auditors", "rights": ["administer-audit"]},
        },
        by=ada,
        door=Door.WEB,
    )
    configured.refresh()
    account("aldo", "auditors")
    return "aldo"


@pytest.mark.req("R16.5")
def test_an_auditor_finds_who_changed_what_and_reads_it_before_and_after(
    acts: list[Audit], auditor: str
) -> None:
    aldo = Visitor(auditor)
    page = aldo.text("/administration/audit")
    assert "changed the configuration" in page
    assert "changed an account" in page
    only_mei = aldo.text("/administration/audit?who=mei")
    assert "changed an account" in only_mei
    assert "peering" not in only_mei
    row = aldo.text(f"/administration/audit/{acts[2].pk}")
    assert "Anna Ek" in row
    assert "<del>Anna</del>" in row
    assert "asked for" in aldo.text(f"/administration/audit/{acts[0].pk}")
    assert "peering" in aldo.text("/administration/audit?subject=peer&kind=queue&since=1+hour+ago")
    assert "Nothing in the audit fits" in aldo.text("/administration/audit?subject=nowhere")


def test_a_time_that_is_none_is_said_and_what_was_typed_stays(acts: list[Audit], cast: Cast) -> None:
    answer = Visitor("ada").get("/administration/audit?since=yestermorrow&who=mei")
    assert answer.status_code == 422
    assert "yestermorrow" in said(answer)
    assert 'value="mei"' in answer.content.decode()


def test_old_rows_come_page_by_page_and_none_twice(cast: Cast, ada: Actor) -> None:
    for number in range(120):
        audit.note("account_changed", by=ada, door=Door.WEB, subject=("account", f"person{number:03}"))
    visitor, address, seen = Visitor("ada"), "/administration/audit", []
    while address:
        page = visitor.text(address)
        seen += [each for each in range(120) if f"person{each:03}<" in page]
        more = page.partition("<p class=more><a href=")[2].partition(">")[0].strip('"')
        address = more.replace("&amp;", "&")
    assert seen.count(0) == 1
    assert sorted(seen) == list(range(120))


@pytest.mark.req("R16.5", "R16.6")
def test_whoever_is_no_auditor_learns_nothing_not_even_that_a_row_is_there(
    acts: list[Audit], cast: Cast
) -> None:
    account("cleo", contact=cast.cleo_contact)
    program = caller(cast.anna, scopes="read write admin")
    before = Audit.objects.count()
    for who in ("anna", "mei", "cleo"):
        visitor = Visitor(who)
        assert "Administration" not in visitor.text("/account")
        for path in ("", "/audit", f"/audit/{acts[0].pk}", "/audit/999999"):
            assert visitor.get(f"/administration{path}").status_code == 403, (who, path)
        for path in ("/audit/exports", "/audit/check"):
            assert visitor.post(f"/administration{path}", {"form": "csv"}).status_code == 403
    for path in ("/audit", f"/audit/{acts[0].pk}", "/audit/999999", "/audit/chain"):
        assert program.get(path)["code"] == "not_permitted"
    assert Audit.objects.count() == before
    assert Visitor("ada").get("/administration/audit/999999").status_code == 404


def test_an_auditor_changes_nothing(acts: list[Audit], auditor: str) -> None:
    aldo = Visitor(auditor)
    for path in (f"/administration/audit/{acts[0].pk}", "/administration/audit"):
        for method in ("put", "patch", "delete", "post"):
            assert getattr(aldo.client, method)(path).status_code == 405
    assert audit.verify() is None


@pytest.mark.req("R16.5")
def test_a_spreadsheet_never_computes_what_somebody_wrote(acts: list[Audit], cast: Cast) -> None:
    answer = Visitor("ada").post("/administration/audit/exports", {"form": "csv", "kind": "queue"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="audit.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [row["act"] for row in rows] == ["configuration_changed"] * 2
    assert json.loads(rows[1]["after"])["title"] == EVIL, "inside JSON nothing is computed"
    audit.note("account_added", by=cast.ada, door=Door.WEB, subject=("account", "=1+1"), after="@evil")
    answer = Visitor("ada").post("/administration/audit/exports", {"form": "csv", "kind": "account"})
    last = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))[-1]
    assert (last["subject"], last["after"]) == ("'=1+1", "'@evil")


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_text_that_begins_like_a_formula_is_a_text(evil: str) -> None:
    assert cells.cell(evil) == f"'{evil}"
    assert cells.cell(-5) == -5, "a number stays a number"
    assert next(csv.reader(io.StringIO(cells.row([evil, -5, None, True]), newline=""))) == [
        f"'{evil}",
        "-5",
        "",
        "yes",
    ]


def test_who_takes_the_audit_away_stands_in_it(acts: list[Audit], auditor: str) -> None:
    answer = Visitor(auditor).send(
        "/administration/audit?who=mei", "/administration/audit/exports", form="jsonl"
    )
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]
    assert [line["who"] for line in lines] == ["mei"]
    noted = Audit.objects.latest("pk")
    assert (noted.act, noted.actor_label) == ("audit_exported", auditor)
    assert noted.facts["sought"] == {"who": "mei"}
    assert Visitor(auditor).post("/administration/audit/exports", {"form": "xlsx"}).status_code == 422


@pytest.mark.req("R16.5")
def test_a_row_changed_in_the_database_is_found_by_page_program_and_command(
    acts: list[Audit], cast: Cast, nocturne: Nocturne
) -> None:
    ada = Visitor("ada")
    whole = ada.send("/administration/audit", "/administration/audit/check").content.decode()
    assert "Every row is as it was written" in whole
    assert bytes(acts[-1].hash).hex() in whole
    assert bytes(acts[-1].hash).hex() in nocturne("audit", "verify").err
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_stays")
        else:
            cursor.execute("ALTER TABLE audit DISABLE TRIGGER audit_stays")
        cursor.execute("UPDATE audit SET subject = 'anton' WHERE id = %s", [acts[2].pk])
    broken = ada.send("/administration/audit", "/administration/audit/check")
    assert f"It breaks at row {acts[2].pk}" in said(broken)
    found = caller(cast.ada, scopes="read admin").get("/audit/chain")
    assert found["broken"] == {"row": acts[2].pk, "reason": "changed"}
    told = nocturne("audit", "verify")
    assert told.code == 1
    assert f"breaks at row {acts[2].pk}" in told.out


def test_a_long_chain_is_walked_in_turns(
    acts: list[Audit], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nocturne.desk.trail.PIECE", 2)
    monkeypatch.setattr("nocturne.desk.trail.check.__kwdefaults__", {"after": 0, "seconds": 0.0})
    ada = Visitor("ada")
    answer = ada.send("/administration/audit", "/administration/audit/check")
    assert f"As far as row {acts[1].pk}" in answer.content.decode()
    further = ada.post("/administration/audit/check", {"after": str(acts[1].pk)})
    assert "Every row is as it was written" in further.content.decode()


def test_the_same_audit_is_on_the_command_line_and_in_the_api(
    acts: list[Audit], cast: Cast, nocturne: Nocturne
) -> None:
    listed = nocturne("audit", "log", "--act", "account_changed")
    assert "mei" in listed.out
    assert "full_name: Anna → Anna Ek" in listed.out
    assert "peering" not in listed.out
    told = json.loads(nocturne("audit", "log", "--by", "ada", "--since", "1 hour ago", "--json").out)
    program = caller(cast.ada, scopes="read admin")
    found = program.get("/audit?who=ada&kind=queue&limit=1")
    assert found["rows"][0]["number"] == told[0]["number"] == acts[1].pk
    assert found["rows"][0]["says"] == "changed the configuration"
    second = program.get(f"/audit?who=ada&kind=queue&limit=1&after={found['after']}")
    assert [row["number"] for row in second["rows"]] == [acts[0].pk]
    assert second["after"] is None
    assert program.get(f"/audit/{acts[2].pk}")["before"] == {"full_name": "Anna"}
    exported = nocturne("audit", "log", "--export", "csv", "--by", "mei").out
    assert "Anna Ek" in exported
    assert nocturne("audit", "log", "--since", "never-never").code == 1


def test_a_token_without_the_scope_of_administration_reads_no_audit(acts: list[Audit], cast: Cast) -> None:
    assert caller(cast.ada, scopes="read write").get("/audit")["code"] == "not_permitted"


def test_every_act_that_is_noted_has_words_for_people() -> None:
    noting = re.compile(r'\b_?note\(\s*"([a-z_]+)"')
    house = Path(audit.__file__).parent.parent
    sources = (house / "desk").rglob("*.py"), (house / "watch").rglob("*.py")
    noted = {act for files in sources for file in files for act in noting.findall(file.read_text())}
    assert len(noted) > 20, "the sources are read"
    assert sorted(noted - audit_words.ACTS.keys()) == []
