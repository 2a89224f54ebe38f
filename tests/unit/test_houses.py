"""Where an installation's data lies, and that of each of its sites."""

from __future__ import annotations

from pathlib import Path

import pytest

from nocturne.config import cookies
from nocturne.config.options import BadOption, Options, read
from nocturne.core.houses import home_in, site_in


@pytest.fixture
def roof(tmp_path: Path) -> dict[str, str]:
    """An installation with the sites north and south."""
    for name in ("north", "south"):
        (tmp_path / "sites" / name).mkdir(parents=True)
    return {"NOCTURNE_HOME": str(tmp_path)}


def test_a_site_has_a_data_directory_under_the_installations_own(tmp_path):
    place = {"NOCTURNE_HOME": str(tmp_path)}
    assert home_in(place) == tmp_path
    assert home_in({**place, "NOCTURNE_SITE": "north"}) == tmp_path / "sites" / "north"
    assert home_in({**place, "NOCTURNE_SITE": "north", "NOCTURNE_SITES": "/srv/nocs"}) == Path(
        "/srv/nocs/north"
    )
    assert home_in({}) == Path("var").absolute()


@pytest.mark.parametrize("name", ["../south", "a/b", "..", "North", "a b", "no.rth"])
def test_a_name_that_leads_elsewhere_is_no_site(name, roof):
    with pytest.raises(ValueError, match="cannot be a site's name"):
        site_in({**roof, "NOCTURNE_SITE": name})
    with pytest.raises(BadOption, match="cannot be a site's name"):
        read({**roof, "NOCTURNE_SITE": name})


@pytest.mark.req("S19")
def test_a_site_reads_its_own_options_and_no_others(roof, tmp_path):
    (tmp_path / "nocturne.toml").write_text("port = 8000\nsession_hours = 3\n")
    (tmp_path / "sites" / "north" / "nocturne.toml").write_text("port = 8001\n")
    north, south = (read({**roof, "NOCTURNE_SITE": name}).options for name in ("north", "south"))
    assert (north.port, south.port, north.session_hours) == (8001, 8000, 14)
    assert (north.home, south.home) == (tmp_path / "sites" / "north", tmp_path / "sites" / "south")


def test_a_site_that_nobody_made_is_not_made_by_a_slip_of_the_fingers(roof, tmp_path):
    with pytest.raises(BadOption, match="nocturne site create nroth"):
        read({**roof, "NOCTURNE_SITE": "nroth"})
    assert not (tmp_path / "sites" / "nroth").exists()


@pytest.mark.req("S19")
def test_two_sites_cannot_come_to_share_a_database(roof, tmp_path):
    north, south = ({**roof, "NOCTURNE_SITE": name} for name in ("north", "south"))
    with pytest.raises(BadOption, match="all sites would share"):
        read({**north, "DATABASE_URL": "postgresql://noc:x@db/noc"})

    (tmp_path / "sites" / "north" / "nocturne.toml").write_text(
        'database_url = "postgresql://noc:x@db:5432/noc"\n'
    )
    assert read(north).options.database_url
    file = tmp_path / "sites" / "south" / "nocturne.toml"
    file.write_text('database_url = "postgresql://other:y@db/noc?sslmode=require"\n')
    with pytest.raises(BadOption, match="the database of the site north"):
        read(south)
    file.write_text('database_url = "postgresql://noc:x@db/south"\n')
    assert read(south).options.database_url
    (tmp_path / "sites" / "north" / "nocturne.toml").write_text("broken =")
    assert read(south).options.port == 8000


def test_the_cookies_of_two_sites_on_one_host_do_not_push_each_other_out():
    plain, north, south = (cookies.name("session", Options(site=site)) for site in ("", "north", "south"))
    assert (plain, north, south) == ("nocturne-session", "nocturne-north-session", "nocturne-south-session")
    secure = Options(site="north", base_url="https://noc.example.net")
    assert cookies.name("csrf", secure) == "__Host-nocturne-north-csrf"
