"""Addresses of networks: of hosts, prefixes and cards."""

from __future__ import annotations

import ipaddress
import re

from nocturne.core.configuration.fields import Field
from nocturne.core.fieldvalues.value import Context, Kind, Kinds, Searchable, Stored, as_it_is, bad, by_text

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Host = ipaddress.IPv4Address | ipaddress.IPv6Address
_DIGITS = re.compile(r"[0-9a-f]{12}", re.IGNORECASE)
_PARTS = re.compile(r"[0-9a-f]{1,2}(?:([:-])[0-9a-f]{1,2})(?:\1[0-9a-f]{1,2}){4}", re.IGNORECASE)


def host(field: Field, text: str, _: Context) -> Stored:
    """Read an IP address, in brackets too.

    :raises Invalid: it is none.
    """
    try:
        found = ipaddress.ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        raise bad(field, "not_ip_address", text) from None
    if getattr(found, "scope_id", None):
        raise bad(field, "not_ip_address", text)
    return {"value": str(found)}


def prefix(field: Field, text: str, _: Context) -> Stored:
    """Read an IP prefix: `192.0.2.0/24`, `2001:db8::/32`, or with a mask, `192.0.2.0/255.255.255.0`.

    :raises Invalid: it is none, or an address within one: the prefix it lies in is suggested.
    """
    try:
        found = ipaddress.ip_network(text.replace(" ", ""), strict=False)
        exact = "/" in text and str(ipaddress.ip_network(text.replace(" ", "")))
    except ValueError:
        if "/" in text and (within := _within(text)):
            raise bad(field, "host_bits", text, suggestion=str(within)) from None
        raise bad(field, "not_ip_prefix", text) from None
    if not exact:
        raise bad(field, "prefix_without_length", text, suggestion=str(found))
    return {"value": exact}


def _within(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text.replace(" ", ""), strict=False)
    except ValueError:
        return None


def card(field: Field, text: str, _: Context) -> Stored:
    """Read the address of a network card in any of its spellings: `00:1B:44:11:3A:B7`, `001b.4411.3ab7`, `0:1b:44:…`.

    :raises Invalid: it is none.
    """
    plain = text.replace(".", "").replace("-", "").replace(":", "").replace(" ", "")
    if _PARTS.fullmatch(text):
        plain = "".join(part.zfill(2) for part in re.split("[:-]", text))
    if not _DIGITS.fullmatch(plain):
        raise bad(field, "not_mac_address", text)
    digits = plain.lower()
    return {"value": ":".join(digits[place : place + 2] for place in range(0, 12, 2))}


def sortable(found: Host) -> str:
    """Spell an address so that the order of texts is the order of addresses: IPv4 first."""
    return f"{found.version}:{int(found):0{8 if found.version == 4 else 32}x}"


def bounds(found: Network) -> tuple[str, str]:
    """Give the first and the last address of a prefix, as :func:`sortable` spells them."""
    return sortable(found.network_address), sortable(found.broadcast_address)


def _search_host(value: Stored) -> Searchable:
    return Searchable(text=sortable(ipaddress.ip_address(value["value"])))


def _search_prefix(value: Stored) -> Searchable:
    found = ipaddress.ip_network(value["value"])
    return Searchable(text=f"{sortable(found.network_address)}/{found.prefixlen:03}")


KINDS: Kinds = {
    "ip address": Kind(host, as_it_is, _search_host, "192.0.2.1"),
    "ip prefix": Kind(prefix, as_it_is, _search_prefix, "192.0.2.0/24"),
    "mac address": Kind(card, as_it_is, by_text, "00:1b:44:11:3a:b7"),
}
