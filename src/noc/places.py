"""Where `noc` keeps what it must remember: which server, whose token, and updates that could not be sent."""

from __future__ import annotations

import os

from noc.ends import USAGE, Ended


class Server:
    """A Nocturne, and who one is there."""

    def __init__(self, url: str, token: str, name: str) -> None:
        self.url, self.token, self.name = url.rstrip("/"), token, name
        self.is_https, self.host, self.port, self.path = taken_apart(self.url)


def taken_apart(url: str) -> tuple[bool, str, int, str]:
    """Split an address into: whether it is https, host, port, and path.

    :raises Ended: it is none, or would show the token to whoever listens.
    """
    scheme, _, rest = url.partition("://")
    if scheme not in ("http", "https") or not rest:
        raise Ended(USAGE, f"noc: {url} is no web address. It begins with https://.")
    netloc, slash, path = rest.partition("/")
    host, port = netloc, ""
    if netloc.startswith("["):
        host, _, port = netloc[1:].partition("]")
        port = port.removeprefix(":")
    elif ":" in netloc:
        host, _, port = netloc.partition(":")
    if not host or "@" in host or (port and not port.isdecimal()) or any(char <= " " for char in url):
        raise Ended(USAGE, f"noc: {url} is no web address.")
    is_https = scheme == "https"
    if (
        not is_https
        and host not in ("127.0.0.1", "::1", "localhost")
        and not os.environ.get("NOC_PLAIN_HTTP")
    ):
        raise Ended(
            USAGE,
            f"noc: {url} is not encrypted: everybody on the way could read your token. Use https://,"
            " or set NOC_PLAIN_HTTP=1 if you know better.",
        )
    return is_https, host, int(port) if port else (443 if is_https else 80), (slash + path).rstrip("/")


def present() -> Server:
    """Find the server to talk to and one's token there.

    NOC_URL and NOC_TOKEN come before what `noc login` has remembered.

    :raises Ended: nobody has signed on.
    """
    url = last_url()
    token = os.environ.get("NOC_TOKEN", "").strip()
    if not url:
        raise Ended(USAGE, "noc: which server? Sign on with `noc login https://…`.")
    if token:
        return Server(url, token, "")
    kept = _read(token_file(url)).split("\n")
    if len(kept) < 2 or not kept[0]:
        raise Ended(USAGE, f"noc: you are not signed on at {url}. Sign on with `noc login {url}`.")
    return Server(url, kept[0], kept[1])


def last_url() -> str:
    """Name the server that is meant when none is named."""
    given = os.environ.get("NOC_URL", "").strip() or _read(os.path.join(config(), "server")).strip()
    return given.rstrip("/")


def config() -> str:
    return os.path.join(os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config"), "noc")


def state() -> str:
    return os.path.join(os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state"), "noc")


def token_file(url: str) -> str:
    """Name the file that holds the token for a server."""
    name = "".join(char if char.isalnum() or char in ".-" else "_" for char in url.rstrip("/"))
    return os.path.join(config(), "tokens", name)


def remember(server: Server) -> None:
    """Keep a token, for its owner's eyes only, and take its server for the one to talk to."""
    write(token_file(server.url), f"{server.token}\n{server.name}\n{server.url}\n")
    write(os.path.join(config(), "server"), f"{server.url}\n")


def forget(url: str) -> None:
    """Forget the token for a server."""
    if os.path.exists(token_file(url)):
        os.unlink(token_file(url))


def write(path: str, content: str) -> None:
    """Write a file so that it is there whole, on the disk, with mode 0600, or not at all."""
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    temporary = os.path.join(folder, f".{os.getpid()}-{os.urandom(4).hex()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.rename(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    sync(folder)


def sync(folder: str) -> None:
    """Make sure that what was added to or taken out of a folder survives."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""
