"""Reads one option's value out of the text of an environment variable or out of `nocturne.toml`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from nocturne.core.vouching import Directory, Provider

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}
UNITS = {"": 1, "b": 1, "kb": 1000, "mb": 1000**2, "gb": 1000**3, "kib": 1024, "mib": 1024**2, "gib": 1024**3}

Reader = Callable[[object], object]


class BadValue(ValueError):
    """A value that an option cannot have; the message says what would do."""


def text(given: object) -> str:
    if not isinstance(given, str):
        raise BadValue("must be a text")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in given):
        raise BadValue("must not contain control characters")
    return given.strip()


def folder(given: object) -> Path:
    return Path(text(given)).expanduser().absolute()


def existing_file(given: object) -> str:
    name = text(given)
    if name and not Path(name).is_file():
        raise BadValue("must name a file that is there")
    return name


def yes_or_no(given: object) -> bool:
    if isinstance(given, bool):
        return given
    word = str(given).strip().lower()
    if word not in YES | NO:
        raise BadValue("must be yes or no")
    return word in YES


def number(least: int, most: int) -> Reader:
    def read(given: object) -> int:
        if isinstance(given, bool) or not re.fullmatch(r"\d{1,9}", str(given).strip()):
            raise BadValue("must be a whole number")
        if not least <= int(str(given)) <= most:
            raise BadValue(f"must be between {least} and {most}")
        return int(str(given))

    return read


def size(given: object) -> int:
    found = re.fullmatch(r"(\d{1,12})\s*([a-z]*)", str(given).strip().lower())
    if not found or found[2] not in UNITS:
        raise BadValue("must be a size such as 25 MB")
    return int(found[1]) * UNITS[found[2]]


def choice(*words: str) -> Reader:
    def read(given: object) -> str:
        word = text(given).lower()
        if word not in words:
            raise BadValue(f"must be one of {', '.join(words)}")
        return word

    return read


def addresses(given: object) -> tuple[str, ...]:
    words = given if isinstance(given, list) else re.split(r"[\s,]+", text(given))
    try:
        return tuple(str(ip_address(str(word))) for word in words if word)
    except ValueError as problem:
        raise BadValue("must be IP addresses") from problem


def web_address(given: object) -> str:
    """This will read where people reach Nocturne, as `https://host[:port][/path]` without a slash at its end."""
    address = text(given).rstrip("/")
    if not address:
        return ""
    parts = _split(address)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.query
        or parts.fragment
        or parts.username
    ):
        raise BadValue("must look like https://noc.example.net or https://example.net/noc")
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*", parts.path):
        raise BadValue("may have only letters, digits and . _ ~ - in its path")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise BadValue(
            "must begin with https:// unless it is on this machine: passwords would travel in the clear"
        )
    return address


def database_address(given: object) -> str:
    address = text(given)
    if address and _split(address).scheme not in {"postgresql", "postgres", "sqlite"}:
        raise BadValue("must look like postgresql://user:password@host/name or sqlite:////path/file")
    return address


def mail_server(given: object) -> str:
    address = text(given)
    if address and (_split(address).scheme not in {"smtp", "smtps"} or not _split(address).hostname):
        raise BadValue("must look like smtp://user:password@host:587?starttls=yes, or smtps://…")
    return address


def providers(given: object) -> tuple[Provider, ...]:
    """This will read the tables [[oidc]] of the file, or the same as JSON from the environment."""
    found = [_provider(table) for table in _tables(given)]
    names = [each.id for each in found]
    if len(set(names)) != len(names):
        raise BadValue("must give each provider an id of its own")
    return tuple(found)


def _provider(table: Mapping[str, object]) -> Provider:
    known = ("id", "name", "issuer", "client_id", "secret", "domains", "group", "second_factor")
    _only(table, known, "a provider")
    name = text(table.get("id", ""))
    if not re.fullmatch("[a-z][a-z0-9-]{0,29}", name) or name == "ldap":
        raise BadValue("needs an id of small letters, digits and - for each provider")
    issuer, client = web_address(table.get("issuer", "")), text(table.get("client_id", ""))
    if not issuer or not client:
        raise BadValue(f"needs issuer and client_id for {name}")
    domains = tuple(word.lower().lstrip("@") for word in _words(table.get("domains", [])))
    group = text(table.get("group", ""))
    if bool(domains) != bool(group):
        raise BadValue(f"needs both domains and group for {name}, or neither: accounts are made by these two")
    asks = text(table.get("second_factor", "theirs"))
    if asks not in ("theirs", "ours"):
        raise BadValue(f'knows second_factor = "theirs" or "ours" for {name}')
    return Provider(
        id=name, name=text(table.get("name", "")) or name, issuer=issuer, client_id=client,
        secret=text(table.get("secret", "")), domains=domains, group=group, asks_second_factor=asks == "theirs",
    )  # fmt: skip


def directory(given: object) -> Directory | None:
    """This will read the table [ldap] of the file, or the same as JSON from the environment."""
    if given in ("", None):
        return None
    [table] = _tables(given)
    known = {f.name: f for f in fields(Directory)}
    _only(table, known, "the directory")
    url = text(table.get("url", ""))
    parts = _split(url)
    if parts.scheme not in {"ldap", "ldaps"} or not parts.hostname:
        raise BadValue("needs a url such as ldaps://ldap.example.org")
    starttls = yes_or_no(table.get("starttls", parts.scheme == "ldap" and not is_loopback(parts.hostname)))
    if parts.scheme == "ldap" and not starttls and not is_loopback(parts.hostname):
        raise BadValue("needs ldaps:// or starttls: passwords would travel in the clear")
    lines = {
        name: text(table[name]) for name in table if name not in ("group_map", "create", "starttls", "url")
    }
    if not lines.get("users"):
        raise BadValue("needs users: the place in the directory where people are looked for")
    if "%(user)s" not in lines.get("filter", "(uid=%(user)s)"):
        raise BadValue("needs %(user)s in its filter")
    groups = table.get("group_map", {})
    if not isinstance(groups, Mapping):
        raise BadValue("needs a table as group_map")
    return Directory(
        url=url,
        starttls=starttls,
        create=yes_or_no(table.get("create", False)),
        group_map={str(theirs): text(ours) for theirs, ours in groups.items()},
        **lines,
    )


def _tables(given: object) -> list[Mapping[str, object]]:
    if isinstance(given, str):
        try:
            given = json.loads(given) if given.strip() else []
        except ValueError as problem:
            raise BadValue("must be JSON where it comes from the environment") from problem
    found = given if isinstance(given, list | tuple) else [given]
    if not all(isinstance(each, Mapping) for each in found):
        raise BadValue("must be a table")
    return list(found)


def _only(table: Mapping[str, object], known: Iterable[str], whose: str) -> None:
    if unknown := sorted(set(table) - set(known)):
        raise BadValue(f"knows no {unknown[0]!r} of {whose}")


def _words(given: object) -> list[str]:
    return [text(each) for each in given] if isinstance(given, list | tuple) else text(given).split()


def is_loopback(host: str) -> bool:
    """This will tell whether a host name or address can only mean this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def as_seen_here(host: str) -> str:
    """This will return the address at which this machine itself reaches what listens at `host`."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not address.is_unspecified:  # it listens at one address, not at all of them
        return host
    return "127.0.0.1" if address.version == 4 else "::1"


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as problem:
        raise BadValue("is not an address") from problem
    return parts
