"""Names cookies so that the browser itself refuses them where they do not belong."""

from __future__ import annotations

from nocturne.config.options import Options


def name(what: str, options: Options) -> str:
    """This will name a cookie: `__Host-` binds it to one https host, `__Secure-` to https; plain is for loopback."""
    if not options.is_https:
        return f"nocturne-{what}"
    return f"__Secure-nocturne-{what}" if options.path else f"__Host-nocturne-{what}"


def path(options: Options) -> str:
    return options.path or "/"
