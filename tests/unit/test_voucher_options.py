"""Providers and the directory, as they stand in nocturne.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from nocturne.config.options import BadOption, read

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


def test_a_directory_stands_in_the_file_and_its_password_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "nocturne.toml").write_text(
        '[ldap]\nurl = "ldap://ldap.campus.example"\nusers = "ou=people,dc=campus"\n'
        'bind_dn = "cn=reader"\nbind_password = "hush-hush"\n[ldap.group_map]\n"cn=noc,ou=groups" = "operators"\n'
    )
    found = read({"NOCTURNE_HOME": str(tmp_path)})
    assert found.options.ldap is not None
    assert found.options.ldap.starttls
    assert found.options.ldap.group_map == {"cn=noc,ou=groups": "operators"}
    assert "hush" not in repr(found)
    assert not any("hush" in row.value for row in found.rows())


@pytest.mark.parametrize(
    "table",
    [
        'url = "ldap://ldap.campus.example"\nusers = "ou=p"\nstarttls = false',
        'url = "https://ldap.campus.example"\nusers = "ou=p"',
        'url = "ldaps://ldap.campus.example"',
        'url = "ldaps://ldap.campus.example"\nusers = "ou=p"\nfilter = "(uid=anna)"',
        'url = "ldaps://ldap.campus.example"\nusers = "ou=p"\npassword = "hush"',
    ],
)
def test_a_directory_that_cannot_be_right_is_refused(tmp_path: Path, table: str) -> None:
    (tmp_path / "nocturne.toml").write_text(f"[ldap]\n{table}\n")
    with pytest.raises(BadOption) as refused:
        read({"NOCTURNE_HOME": str(tmp_path)})
    assert "hush" not in str(refused.value)
