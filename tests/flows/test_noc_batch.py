"""Many tickets at once from a shell: looked at, done, taken back; and who has what."""

from __future__ import annotations

import json

import pytest

from tests.house import Account, House

pytestmark = pytest.mark.one_database("what the shell says to the house; batches are proven on both")


@pytest.fixture
def mira(house: House) -> Account:
    return house.add_user("mira.batch")


def owner(house: House, who: Account, number: str) -> str | None:
    return house.call("GET", f"/api/v1/tickets/{number}", by=who).json["owner"]


@pytest.mark.req("R16.2", "R15.9", "S3")
def test_what_a_question_finds_is_given_away_and_taken_back_from_a_shell(house: House, mira: Account) -> None:
    house.add_user("owen.batch")
    numbers = [house.noc("open", f"Storm damage {place}", by=mira).out.split()[0] for place in range(3)]
    question = ["storm damage", "is:open"]

    looked = house.noc("batch", "--dry-run", *question, "--", "give", "owen.batch", by=mira)
    assert looked.code == 0, looked
    assert "gave it to owen.batch (state new → open, owner – → owen.batch)" in looked.out
    assert "would be: 3 done" in looked.out
    assert owner(house, mira, numbers[0]) is None

    unasked = house.noc("batch", *question, "--", "give", "owen.batch", by=mira)
    assert unasked.code == 2, "nobody is there to say yes"
    assert "Say --yes" in unasked.err
    assert house.noc("batch", *question, by=mira).code == 2, "no act was named"

    done = house.noc("batch", "--yes", *question, "--", "owner:owen.batch", "priority:1", by=mira)
    assert done.code == 0, done
    assert "3 done" in done.out
    key = done.out.rsplit("noc batch undo ", 1)[1].split()[0]
    assert owner(house, mira, numbers[0]) == "owen.batch"

    shown = json.loads(house.noc("--json", "workload", by=mira).out)
    loads = {each["name"]: each for each in shown["people"]}
    assert (loads["owen.batch"]["open"], loads["owen.batch"]["urgent"]) == (3, 3)
    assert "owen.batch" in house.noc("workload", by=mira).out

    house.noc(numbers[2], "I have looked at it", by=mira)
    back = house.noc("batch", "undo", key, by=mira)
    assert back.code == 1, "one of them was touched since"
    assert "Somebody has touched it since" in back.out
    assert "2 done" in back.out
    assert [owner(house, mira, number) for number in numbers] == [None, None, "owen.batch"]
