"""A life cycle comes in as a file while the house runs, and the next command works by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import House

pytestmark = pytest.mark.one_database("what the shell says to the house; life cycles are proven on both")

FIELD = """\
title = "Field work"
states = [
    { name = "new", meaning = "new" },
    { name = "working", title = "being worked on", meaning = "open" },
    { name = "on-site", title = "crew on site", meaning = "open" },
    { name = "vendor", title = "waiting for vendor", meaning = "waiting", clock = "vendor", timer = "warn" },
    { name = "done", meaning = "resolved" },
]
moves = [
    { act = "taken", from = ["new"], to = "working" },
    { act = "moved", from = ["working"], to = "on-site", label = "Crew has arrived", note = true },
    { act = "suspended", from = ["new", "working"], to = "vendor" },
    { act = "resumed", to = "working" },
    { act = "resolved", to = "done" },
]
"""


@pytest.mark.req("R9.5", "S1", "S3", "R4.4")
def test_a_life_cycle_that_came_as_a_file_holds_at_once(house: House, tmp_path: Path) -> None:
    anna = house.add_user("anna.field")
    tree = tmp_path / "tree"
    house.run("config", "export", str(tree))
    (tree / "lifecycles").mkdir(exist_ok=True)
    (tree / "lifecycles" / "field.toml").write_text(FIELD)
    (tree / "queues" / "field.toml").write_text('title = "Field work"\nlifecycle = "field"\n')
    opened = house.noc("open", "Rack 4 has no light", by=anna)
    assert opened.code == 0, opened
    house.run("config", "import", str(tree), "--reason", "Crews go out")

    number = house.noc("open", "Rack 5 has no light", "queue:field", by=anna).out.split()[0]
    assert house.noc("take", number, by=anna).code == 0
    bare = house.noc("move", number, "on-site", by=anna)
    assert bare.code != 0
    assert "“Crew has arrived” needs a note" in bare.err
    moved = house.noc("move", number, "crew on site", "Two", "of", "them.", by=anna)
    assert moved.code == 0, moved
    assert "moved it to “crew on site”" in moved.out
    assert "crew on site" in house.noc("show", number, by=anna).out
    assert number in house.noc("ls", "state:on-site", by=anna).out
    resolved = house.noc(number, "New fuse", "state:done", by=anna)
    assert resolved.code == 0, resolved

    other = house.noc("open", "Rack 6 has no light", "queue:field", by=anna).out.split()[0]
    waits = house.noc(other, "state:vendor", by=anna)
    assert waits.code == 0, waits
    assert "no timer reminds anybody" in waits.err
    kept = [line for line in FIELD.splitlines() if "vendor" not in line and "resumed" not in line]
    (tree / "lifecycles" / "field.toml").write_text("\n".join(kept))
    refused = house.cli("config", "import", str(tree))
    assert refused.code == 1
    assert "live tickets are in the state vendor now" in refused.err
