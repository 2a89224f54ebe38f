"""Ways to reach somebody or something: telephone, mail, and pages on the web."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

from nocturne.core.configuration.fields import Field
from nocturne.core.fieldvalues.value import Context, Kind, Kinds, Stored, as_it_is, bad, by_text
from nocturne.core.mailthread import normalise_address

SCHEMES = frozenset({"http", "https", "ftp", "ssh", "sftp"})
CLICKED = frozenset({"http", "https"})
"""Schemes that a page makes a link of."""
LONGEST_URL = 2_000


def phone(field: Field, text: str, context: Context) -> Stored:
    """Read a telephone number, with its country or as it is dialled in the site's; kept as E.164 has it.

    :raises Invalid: no such number can exist, or it says no country where none is known.
    """
    # Loading the world's numbering plans takes a while: only who has a number pays for it.
    import phonenumbers

    try:
        found: Any = phonenumbers.parse(text, context.region or None)
    except phonenumbers.NumberParseException as error:
        reason = "phone_without_country" if _lacks_country(error, text) else "not_a_phone"
        raise bad(field, reason, text) from None
    if not phonenumbers.is_valid_number(found):
        raise bad(field, "not_a_phone", text)
    extension = f" ext. {found.extension}" if found.extension else ""
    found.extension = None
    return {"value": phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164) + extension}


def _lacks_country(error: Any, text: str) -> bool:
    return error.error_type == error.INVALID_COUNTRY_CODE and not text.startswith("+")


def _show_phone(value: Stored, _: Field | None) -> str:
    import phonenumbers

    try:
        found = phonenumbers.parse(str(value["value"]), None)
    except phonenumbers.NumberParseException:
        return str(value["value"])
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def mail(field: Field, text: str, _: Context) -> Stored:
    """Read a mail address.

    :raises Invalid: it is none.
    """
    found = normalise_address(text.removeprefix("mailto:"))
    if found is None:
        raise bad(field, "not_mail_address", text)
    return {"value": found}


def url(field: Field, text: str, _: Context) -> Stored:
    """Read the address of a page; without a scheme, `https` is meant.

    :raises Invalid: it is none, of another kind, or holds a password: those do not belong on a chart.
    """
    full = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(full)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise bad(field, "not_a_url", text) from None
    strange = any(not char.isprintable() or char.isspace() for char in full)
    named = host is not None and ("." in host or ":" in host or "://" in text)
    if strange or not named or len(full) > LONGEST_URL or parts.scheme.lower() not in SCHEMES:
        raise bad(field, "not_a_url", text)
    if parts.password is not None:
        raise bad(field, "url_with_password", parts.hostname or "")
    return {"value": urlunsplit(_plain(parts, str(host), port))}


def _plain(parts: SplitResult, host: str, port: int | None) -> SplitResult:
    """Spell scheme and host in small letters; the rest may mean something in its case."""
    place = f"[{host}]" if ":" in host else host
    user = f"{parts.username}@" if parts.username else ""
    return SplitResult(
        parts.scheme.lower(), user + place + (f":{port}" if port is not None else ""), parts.path, parts.query,
        parts.fragment,
    )  # fmt: skip


def link(value: Stored) -> str:
    """Give where a value leads on the web; an empty text where it leads nowhere."""
    text = str(value.get("value", ""))
    if value.get("kind") == "url" and text.partition(":")[0] in CLICKED:
        return text
    if value.get("kind") == "mail address" and text:
        return f"mailto:{text}"
    if value.get("kind") == "phone" and text:
        return f"tel:{text.partition(' ')[0]}"
    return ""


KINDS: Kinds = {
    "phone": Kind(phone, _show_phone, by_text, "+31 20 592 5000"),
    "mail address": Kind(mail, as_it_is, by_text, "noc@example.net"),
    "url": Kind(url, as_it_is, by_text, "https://status.example.net/"),
}
