"""Every option of Nocturne in one table: name, type, default, meaning, and where its present value comes from.

A value is taken from the environment, else from `nocturne.toml` in the data directory, else it is the default; only
`base_url` can also come from the set-up page, when nothing else gives it. Where one installation has several sites,
each has its own data directory and so its own `nocturne.toml`; what names its database stands there and nowhere else.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nocturne.config import values
from nocturne.config.values import BadValue, Reader, is_loopback
from nocturne.core import houses
from nocturne.core.vouching import Directory, Provider

FILE = "nocturne.toml"
# The names that hosting platforms and people use for these three, besides ours.
SHORT = {"port": "PORT", "base_url": "BASE_URL", "database_url": "DATABASE_URL"}
# What says where everything else is read from, and so cannot itself be read from there.
WHERE = ("home", "site")


class BadOption(Exception):
    """An option that Nocturne cannot start with; the message names it, its source and the remedy."""


def option(default: object, read: Reader, help_text: str, *, kind: str, secret: bool = False) -> Any:
    return field(default=default, metadata={"read": read, "help": help_text, "kind": kind, "secret": secret})


@dataclass(frozen=True, kw_only=True)
class Options:
    home: Path = option(
        Path("var"),
        values.folder,
        "The data directory: database, attachments, mail spool, secret.",
        kind="folder",
    )
    site: str = option(
        "",
        values.text,
        "Which of several sites this is; its data lies in NOCTURNE_SITES/SITE, or in sites/SITE in the data directory.",
        kind="word",
    )
    host: str = option(
        "127.0.0.1", values.text, "The address of this machine that the web listens on.", kind="text"
    )
    port: int = option(8000, values.number(1, 65535), "The port that the web listens on.", kind="number")
    base_url: str = option(
        "",
        values.web_address,
        "Where people reach Nocturne, with its path if it has one; empty means http://HOST:PORT.",
        kind="address",
    )
    trusted_proxies: tuple[str, ...] = option(
        ("127.0.0.1", "::1"),
        values.addresses,
        "The reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
        kind="addresses",
    )
    database_url: str = option(
        "",
        values.database_address,
        "The database, as postgresql://user:password@host/name; empty means SQLite in the data directory.",
        kind="address",
        secret=True,
    )
    smtp_url: str = option(
        "",
        values.mail_server,
        "The mail server for what goes out, as smtp://user:password@host:587?starttls=yes; empty means that mail"
        " is written to outbox/ in the data directory.",
        kind="address",
        secret=True,
    )
    session_hours: int = option(
        14,
        values.number(1, 24 * 14),
        "How many hours after sign-on a browser must sign on again.",
        kind="hours",
    )
    session_idle_minutes: int = option(
        120,
        values.number(0, 60 * 24 * 14),
        "After how many minutes without any request a browser must sign on again; a console in view asks every few"
        " seconds. 0 means never.",
        kind="minutes",
    )
    breached_passwords: str = option(
        "",
        values.existing_file,
        "A file of the SHA-1 hashes of stolen passwords, sorted, one on each line: none of them is taken.",
        kind="file",
    )
    token_days: int = option(
        180,
        values.number(0, 3650),
        "After how many days a token ends when nothing else is said; 0 means never.",
        kind="days",
    )
    token_days_most: int = option(
        0, values.number(0, 3650), "The most days that a token may last; 0 means any number.", kind="days"
    )
    link_days: int = option(
        30,
        values.number(1, 3650),
        "For how many days the link in a mail to somebody without an account opens their ticket.",
        kind="days",
    )
    oidc: tuple[Provider, ...] = option(
        (),
        values.providers,
        "The providers of OpenID Connect by which people may sign on: tables [[oidc]] in nocturne.toml.",
        kind="tables",
        secret=True,
    )
    ldap: Directory | None = option(
        None,
        values.directory,
        "The directory that is asked whether a password is right: a table [ldap] in nocturne.toml.",
        kind="table",
        secret=True,
    )
    attachment_limit: int = option(
        25_000_000, values.size, "The largest attachment that is taken.", kind="size"
    )
    mail_limit: int = option(50_000_000, values.size, "The largest incoming mail that is taken.", kind="size")
    idempotency_days: int = option(
        7, values.number(7, 90), "How many days a request's Idempotency-Key is remembered.", kind="days"
    )
    web_processes: int = option(
        2, values.number(1, 64), "How many processes answer web requests.", kind="number"
    )
    web_threads: int = option(3, values.number(1, 64), "How many threads each of them has.", kind="number")
    log_level: str = option(
        "info",
        values.choice("debug", "info", "warning", "error"),
        "The least important message that is logged.",
        kind="word",
    )
    debug: bool = option(
        False,
        values.yes_or_no,
        "Show details of errors in the browser: for development on one's own machine.",
        kind="yes or no",
    )

    @property
    def address(self) -> str:
        """The address people reach Nocturne at, without a slash at its end."""
        host = values.as_seen_here(self.host)
        return self.base_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def path(self) -> str:
        """The path under which Nocturne lives: empty at a host's root, else such as `/noc`."""
        return urlsplit(self.address).path

    @property
    def is_https(self) -> bool:
        return self.address.startswith("https:")


@dataclass(frozen=True)
class Row:
    """One line of `nocturne options`."""

    name: str
    kind: str
    default: str
    value: str
    source: str
    help: str


@dataclass(frozen=True)
class Found:
    """The options in force, and the source of each that is not the default."""

    options: Options
    sources: Mapping[str, str]

    def rows(self) -> Iterator[Row]:
        for known in fields(Options):
            shown = _show(getattr(self.options, known.name), known.metadata)
            default = _show(known.default, known.metadata)
            source = self.sources.get(known.name, "default")
            yield Row(known.name, known.metadata["kind"], default, shown, source, known.metadata["help"])


def read(environment: Mapping[str, str]) -> Found:
    """This will read the options in force.

    :raises BadOption: a value that its option cannot have, an unknown option, or options that do not go together.
    """
    home, site = _place(environment)
    given: dict[str, object] = {"home": home, "site": site}
    sources = {"home": f"environment {houses.HOME}"} if environment.get(houses.HOME) else {}
    if site:
        sources |= {"site": f"environment {houses.SITE}", "home": f"the site {site}"}
    for name, value, source in [
        *_from_set_up(home),
        *_from_file(home / FILE),
        *_from_environment(environment),
    ]:
        given[name] = _checked(name, value, source)
        sources[name] = source
    found = Found(Options(**given), sources)  # type: ignore[arg-type]
    _refuse_what_does_not_go_together(found.options)
    if site:
        _refuse_what_sites_would_share(found)
    return found


def _place(environment: Mapping[str, str]) -> tuple[Path, str]:
    try:
        home, site = houses.home_in(environment), houses.site_in(environment)
    except ValueError as problem:
        raise BadOption(f"{problem}.") from problem
    if site and not home.is_dir():
        raise BadOption(f"There is no site {site} in {home.parent}. Make it: nocturne site create {site}")
    return home, site


def _from_file(path: Path) -> Iterator[tuple[str, object, str]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except (OSError, ValueError) as problem:
        raise BadOption(f"{path} cannot be read: {problem}") from problem
    known = [f.name for f in fields(Options) if f.name not in WHERE]
    for name, value in content.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "`nocturne options` lists all."
            raise BadOption(f"{path} has an option {name!r} that does not exist: {hint}")
        yield name, value, FILE


def remembered_base_url(home: Path) -> Path:
    """The file that holds the base URL given on the set-up page: options are needed before the database is."""
    return home / "run" / "base_url"


def _from_set_up(home: Path) -> Iterator[tuple[str, object, str]]:
    file = remembered_base_url(home)
    if file.exists():
        yield "base_url", file.read_text(encoding="utf-8"), "the set-up page"


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, object, str]]:
    for known in fields(Options):
        for variable in (SHORT.get(known.name), f"NOCTURNE_{known.name.upper()}"):
            if variable and known.name not in WHERE and environment.get(variable, "").strip():
                yield known.name, environment[variable], f"environment {variable}"


def _checked(name: str, value: object, source: str) -> object:
    [known] = [f for f in fields(Options) if f.name == name]
    try:
        return known.metadata["read"](value)
    except BadValue as problem:
        shown = "" if known.metadata["secret"] else f" (it is {str(value)!r})"
        raise BadOption(f"The option {name} {problem}{shown}. It comes from {source}.") from problem


def _refuse_what_does_not_go_together(options: Options) -> None:
    if not options.base_url and not is_loopback(options.host):
        raise BadOption(
            f"The option host opens Nocturne to other machines ({options.host}), but base_url does not say where"
            " people reach it. Set base_url, for example BASE_URL=https://noc.example.net."
        )
    if options.ldap and find_spec("django_auth_ldap") is None:
        raise BadOption(
            "The option ldap needs the extra nocturne[ldap]: run `python3 tools/bootstrap.py --ldap`, or install it"
            " with pip. docs/operators/signing-on.md says what it needs in turn."
        )
    if options.debug and options.is_https:
        raise BadOption(
            "The option debug would show strangers what they must not see. It is for http on one's own machine"
            " only: switch it off."
        )


def _refuse_what_sites_would_share(found: Found) -> None:
    """Two sites in one database would be one site: each names its own, where no other reads it."""
    mine = found.options
    source = found.sources.get("database_url", "")
    if source.startswith("environment"):
        raise BadOption(
            f"The option database_url comes from the {source}, which all sites would share. Say it in"
            f" {mine.home / FILE}."
        )
    for file in mine.home.parent.glob(f"*/{FILE}"):
        if (
            file.parent != mine.home
            and _database_in(file)
            and _database_in(file) == _database(mine.database_url)
        ):
            raise BadOption(
                f"The option database_url names the database of the site {file.parent.name}. Name another."
            )


def _database_in(file: Path) -> tuple[str, int, str] | None:
    """Say which database another site has; what cannot be read is that site's own trouble."""
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8")).get("database_url", "")
    except (OSError, ValueError):
        return None
    return _database(str(given))


def _database(address: str) -> tuple[str, int, str] | None:
    url = urlsplit(address)
    if not url.scheme:
        return None
    return (url.hostname or "", url.port or (5432 if url.scheme != "sqlite" else 0), url.path)


def _show(value: object, about: Mapping[str, Any]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " ".join(str(part) for part in value)
    if about["kind"] == "size" and isinstance(value, int):
        return f"{value // 1_000_000} MB" if value % 1_000_000 == 0 else f"{value} B"
    return _without_password(str(value)) if about["secret"] else str(value)


def _without_password(address: str) -> str:
    scheme, found, rest = address.partition("://")
    account, has_account, place = rest.rpartition("@")
    if not (found and has_account and ":" in account):
        return address
    return f"{scheme}://{account.partition(':')[0]}:…@{place}"
