"""Reads one option's value out of the text of an environment variable or out of `nocturne.toml`."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

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
