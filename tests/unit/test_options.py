"""The options: where they come from, what they refuse, and what they never show."""

from __future__ import annotations

from pathlib import Path

import pytest

from nocturne.config import cookies, database, mail
from nocturne.config.options import BadOption, read, remembered_base_url
from nocturne.config.secret import secret_key
from nocturne.config.values import as_seen_here


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"NOCTURNE_HOME": str(tmp_path)}


def write(home: dict[str, str], text: str) -> None:
    (Path(home["NOCTURNE_HOME"]) / "nocturne.toml").write_text(text)


def test_a_newcomer_who_sets_nothing_gets_loopback_port_8000_and_sqlite(home):
    options = read(home).options
    assert options.address == "http://127.0.0.1:8000"
    assert not options.debug
    assert database.databases(options)["default"]["NAME"] == str(options.home / "nocturne.sqlite3")


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(home):
    write(home, 'port = 8100\nsession_hours = 12\nattachment_limit = "10 MB"\n')
    found = read({**home, "PORT": "8200"})
    assert (found.options.port, found.options.session_hours) == (8200, 12)
    assert found.options.attachment_limit == 10_000_000
    assert found.sources["port"] == "environment PORT"
    assert found.sources["session_hours"] == "nocturne.toml"
    assert "log_level" not in found.sources


def test_our_own_variable_wins_over_the_short_one(home):
    assert read({**home, "PORT": "1", "NOCTURNE_PORT": "8300"}).options.port == 8300


@pytest.mark.parametrize(
    ("variable", "given", "words"),
    [
        ("PORT", "80000", "between 1 and 65535"),
        ("PORT", "eighty", "whole number"),
        ("BASE_URL", "noc.example.net", "must look like https://"),
        ("BASE_URL", "http://noc.example.net", "must begin with https://"),
        ("BASE_URL", "https://noc.example.net/?x=1", "must look like"),
        ("BASE_URL", "https://noc.example.net:port", "is not an address"),
        ("DATABASE_URL", "mysql://root@db/noc", "postgresql://"),
        ("NOCTURNE_SMTP_URL", "mail.example.net", "smtp://"),
        ("NOCTURNE_DEBUG", "perhaps", "yes or no"),
        ("NOCTURNE_ATTACHMENT_LIMIT", "25 elephants", "25 MB"),
        ("NOCTURNE_TRUSTED_PROXIES", "the proxy", "IP addresses"),
        ("NOCTURNE_HOST", "0.0.0.0", "Set base_url"),
        ("NOCTURNE_IDEMPOTENCY_DAYS", "1", "between 7 and 90"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_name_and_the_remedy(home, variable, given, words):
    with pytest.raises(BadOption) as refusal:
        read({**home, variable: given})
    assert words in str(refusal.value)
    assert variable.removeprefix("NOCTURNE_").lower() in str(refusal.value)


def test_a_misspelt_option_in_the_file_is_refused_with_the_one_that_was_meant(home):
    write(home, "sesion_hours = 12\n")
    with pytest.raises(BadOption, match="session_hours"):
        read(home)


def test_a_broken_file_is_refused(home):
    write(home, "port = \n")
    with pytest.raises(BadOption, match=r"nocturne\.toml cannot be read"):
        read(home)


def test_debug_is_refused_where_strangers_come(home):
    with pytest.raises(BadOption, match="debug"):
        read({**home, "BASE_URL": "https://noc.example.net", "NOCTURNE_DEBUG": "yes"})


def test_every_option_has_a_sentence_of_help_and_no_password_is_shown(home):
    secret = {"DATABASE_URL": "postgresql://noc:tops3cret@db/noc", "NOCTURNE_SMTP_URL": "smtp://a:hush@mail"}
    rows = list(read({**home, **secret}).rows())
    assert all(row.help.endswith(".") and row.kind for row in rows)
    shown = "\n".join(f"{row.value} {row.default} {row.help}" for row in rows)
    assert "tops3cret" not in shown
    assert "hush" not in shown
    assert "postgresql://noc:…@db/noc" in shown


def test_the_base_url_of_the_set_up_page_counts_until_somebody_says_otherwise(home):
    file = remembered_base_url(Path(home["NOCTURNE_HOME"]))
    file.parent.mkdir()
    file.write_text("https://noc.example.net")
    assert read(home).options.address == "https://noc.example.net"
    assert (
        read({**home, "BASE_URL": "https://elsewhere.example"}).options.address == "https://elsewhere.example"
    )


@pytest.mark.req("S9")
@pytest.mark.parametrize(
    ("base_url", "name", "path"),
    [
        ("", "nocturne-session", "/"),
        ("http://127.0.0.1:8000/noc", "nocturne-session", "/noc"),
        ("https://noc.example.net", "__Host-nocturne-session", "/"),
        ("https://example.net/noc", "__Secure-nocturne-session", "/noc"),
    ],
)
def test_cookies_are_bound_to_where_nocturne_lives(home, base_url, name, path):
    options = read({**home, "BASE_URL": base_url}).options
    assert cookies.name("session", options) == name
    assert cookies.path(options) == path


def test_postgresql_is_reached_by_host_or_by_socket(home):
    by_host = database.databases(
        read({**home, "DATABASE_URL": "postgresql://noc:p%40ss@db:5433/books"}).options
    )
    assert (by_host["default"]["HOST"], by_host["default"]["PORT"]) == ("db", "5433")
    assert by_host["default"]["PASSWORD"] == "p@ss"
    by_socket = database.databases(
        read({**home, "DATABASE_URL": "postgresql://noc@/books?host=/run/pg"}).options
    )
    assert by_socket["default"]["HOST"] == "/run/pg"
    assert "jit=off" in by_socket["default"]["OPTIONS"]["options"]


def test_the_mail_server_is_read_from_one_address():
    settings = mail.settings("smtp://noc:s%20cret@mail.example:587?starttls=yes")
    assert (settings["EMAIL_HOST"], settings["EMAIL_PORT"]) == ("mail.example", 587)
    assert settings["EMAIL_HOST_PASSWORD"] == "s cret"
    assert settings["EMAIL_USE_TLS"] and not settings["EMAIL_USE_SSL"]
    assert mail.settings("smtps://mail.example")["EMAIL_PORT"] == 465


def test_the_secret_is_made_once_and_is_nobody_elses(tmp_path):
    first = secret_key(tmp_path / "home")
    assert len(first) > 50
    assert secret_key(tmp_path / "home") == first
    assert (tmp_path / "home" / "secret").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in (tmp_path / "home").iterdir()] == ["secret"]


def test_a_house_that_listens_everywhere_is_reached_from_its_own_machine_on_loopback(home):
    public = {"BASE_URL": "https://noc.example.net"}
    assert read({**home, **public, "NOCTURNE_HOST": "0.0.0.0"}).options.address == "https://noc.example.net"
    assert [as_seen_here(host) for host in ("0.0.0.0", "::", "10.0.0.7", "localhost")] == [
        "127.0.0.1",
        "::1",
        "10.0.0.7",
        "localhost",
    ]
