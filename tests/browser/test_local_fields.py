"""A site's own fields at the keyboard: a ticket of a type with fields, help a key away, a warning beside the field."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.house import Account, House

pytestmark = pytest.mark.browser

FILES = {
    "types/peering.toml": 'title = "Peering"\nbehaves = "trouble"\nfields = ["asn", "layer", "router-id", "since"]\n',
    "fields/asn.toml": 'title = "AS number"\nkind = "as number"\nhelp = "Look it up; {me.name} may ask the peer."\n',
    "fields/layer.toml": (
        'title = "Layer"\nkind = "choice"\n'
        '[[choices]]\nvalue = "link"\ntitle = "Link"\n'
        '[[choices]]\nvalue = "fibre"\ntitle = "Fibre"\nparent = "link"\n'
    ),
    "fields/router-id.toml": 'title = "Router ID"\nkind = "ip address"\nstrict = false\n',
    "fields/since.toml": 'title = "Peers since"\nkind = "date"\n',
}


@pytest.fixture(scope="module")
def peering(house: House, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A type of ticket with fields of its own, brought in as files."""
    tree: Path = tmp_path_factory.mktemp("configuration") / "tree"
    house.run("config", "export", str(tree))
    for name, text in FILES.items():
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / name).write_text(text)
    house.run("config", "import", str(tree))


@pytest.mark.req("R9.4", "R14.1", "R14.2")
def test_a_ticket_of_a_type_with_its_own_fields_is_opened_by_keyboard(
    sit: Sit, anna: Account, peering: None
) -> None:
    page = sit(anna).go("/tickets/open")
    page.get_by_label("What is wrong").focus()
    page.keyboard.type("Session flaps")
    expect(page.get_by_label("AS number")).to_have_count(0)
    page.get_by_label("Type", exact=True).focus()
    page.keyboard.type("Peering")
    number = page.get_by_label("AS number", exact=True)
    expect(number).to_be_visible()
    expect(page.get_by_label("What is wrong")).to_have_value("Session flaps")
    number.focus()
    page.keyboard.press("F1")
    expect(page.get_by_text("Look it up; anna may ask the peer.")).to_be_visible()
    expect(number).to_be_focused()
    page.keyboard.type("as 6939")
    page.get_by_label("Layer").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.get_by_label("Router ID").focus()
    page.keyboard.type("10.1.2.x")
    page.keyboard.press("Control+Enter")
    facts = page.locator("#chart .facts")
    expect(facts).to_contain_text("AS6939")
    expect(facts).to_contain_text("Fibre")
    expect(facts.locator(".warned")).to_contain_text("10.1.2.x")


@pytest.mark.req("R9.2", "R14.1")
def test_a_refused_value_comes_back_in_its_field_without_a_script(
    sit: Sit, anna: Account, peering: None
) -> None:
    page = sit(anna, java_script_enabled=False).go("/tickets/open")
    page.get_by_label("What is wrong").fill("Session flaps")
    page.get_by_label("Type", exact=True).select_option("peering")
    page.get_by_role("button", name="Show the fields of the chosen type").click()
    page.get_by_label("AS number", exact=True).fill("AS99999999999")
    page.get_by_role("button", name="Open the ticket").click()
    expect(page.get_by_role("alert")).to_contain_text("AS99999999999 is no AS number")
    expect(page.get_by_label("AS number", exact=True)).to_have_value("AS99999999999")
    page.locator("details.help summary").first.click()
    expect(page.get_by_text("Look it up; anna may ask the peer.")).to_be_visible()
    page.get_by_label("AS number", exact=True).fill("AS6939")
    page.get_by_label("Peers since").fill("2026-11-01")
    page.get_by_role("button", name="Open the ticket").click()
    expect(page.locator("#chart .facts")).to_contain_text("AS6939")
