"""Turns the option `smtp_url` into Django's settings for outgoing mail."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit


def settings(smtp_url: str) -> dict[str, object]:
    """This will read `smtp://user:password@host:port?starttls=yes`, or `smtps://…` for TLS from the first byte."""
    if not smtp_url:
        return {"EMAIL_HOST": ""}
    url = urlsplit(smtp_url)
    is_tls = url.scheme == "smtps"
    starttls = parse_qs(url.query).get("starttls", ["no"])[0].lower() in {"yes", "true", "1", "on"}
    return {
        "EMAIL_HOST": url.hostname or "",
        "EMAIL_PORT": url.port or (465 if is_tls else 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": is_tls,
        "EMAIL_USE_TLS": starttls and not is_tls,
    }
