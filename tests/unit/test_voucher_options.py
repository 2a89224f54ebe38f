"""Providers and the directory, as they stand in nocturne.toml."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nocturne.config import values
from nocturne.config.options import BadOption, Found, Options, read
from nocturne.config.values import BadValue

OIDC = """
[[oidc]]
id = "campus"
name = "Campus login"
issuer = "https://idp.campus.example/realms/noc/"
client_id = "nocturne"
secret = "hush-hush-hush"
domains = ["campus.example"]
group = "operators"
"""


def test_a_provider_stands_in_the_file_and_its_secret_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "nocturne.toml").write_text(OIDC)
    found = read({"NOCTURNE_HOME": str(tmp_path)})
    [campus] = found.options.oidc
    assert (campus.id, campus.issuer, campus.domains) == (
        "campus",
        "https://idp.campus.example/realms/noc",
        ("campus.example",),
    )
    assert campus.secret == "hush-hush-hush"
    assert "hush" not in repr(found)
    [row] = [row for row in found.rows() if row.name == "oidc"]
    assert (row.value, row.default) == ("campus (https://idp.campus.example/realms/noc)", "")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('id = "ldap"', "id of small letters"),
        ('id = "Campus Login"', "id of small letters"),
        ('issuer = "http://idp.campus.example"', "https://"),
        ('issuer = ""', "issuer and client_id"),
        ("domains = []", "both domains and group"),
        ('second_factor = "none"', "theirs"),
        ('secert = "x"', "'secert'"),
    ],
)
def test_a_provider_that_cannot_be_right_is_refused_without_its_secret(
    tmp_path: Path, line: str, says: str
) -> None:
    name = line.partition(" ")[0]
    lines = [each for each in OIDC.splitlines() if not each.startswith(f"{name} =")]
    (tmp_path / "nocturne.toml").write_text("\n".join([*lines, line]))
    with pytest.raises(BadOption) as refused:
        read({"NOCTURNE_HOME": str(tmp_path)})
    assert says in str(refused.value)
    assert "hush" not in str(refused.value)


TABLE = {
    "url": "ldap://ldap.campus.example",
    "users": "ou=people,dc=campus",
    "bind_dn": "cn=reader",
    "bind_password": "hush-hush",
    "group_map": {"cn=noc,ou=groups": "operators"},
}


def test_a_directory_is_read_and_its_password_is_never_shown() -> None:
    found = values.directory(TABLE)
    assert found is not None
    assert found.starttls, "no password travels in the clear"
    assert found.group_map == {"cn=noc,ou=groups": "operators"}
    assert values.directory(json.dumps(TABLE)) == found, "or from the environment"
    assert "hush" not in repr(found) + str(found)
    rows = Found(Options(ldap=found), {}).rows()
    assert not any("hush" in row.value for row in rows)


@pytest.mark.parametrize(
    "wrong",
    [
        {"starttls": False},
        {"url": "https://ldap.campus.example"},
        {"users": ""},
        {"filter": "(uid=anna)"},
        {"password": "hush"},
        {"group_map": "operators"},
    ],
)
def test_a_directory_that_cannot_be_right_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadValue) as refused:
        values.directory(TABLE | wrong)
    assert "hush" not in str(refused.value)


def test_a_directory_without_the_extra_is_refused_with_what_helps(tmp_path: Path) -> None:
    with pytest.raises(BadOption, match=r"nocturne\[ldap\]"):
        read({"NOCTURNE_HOME": str(tmp_path), "NOCTURNE_LDAP": json.dumps(TABLE)})
