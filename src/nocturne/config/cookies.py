"""Names cookies so that the browser itself refuses them where they do not belong."""

from __future__ import annotations

from nocturne.config.options import Options


def name(what: str, options: Options) -> str:
    """This will name a cookie: `__Host-` binds it to one https host, `__Secure-` to https; plain is for loopback.

    Browsers send a host's cookies to all its ports, so that a site of several bears its own name in them.
    """
    own = f"nocturne-{options.site}-{what}" if options.site else f"nocturne-{what}"
    if not options.is_https:
        return own
    return f"__Secure-{own}" if options.path else f"__Host-{own}"


def path(options: Options) -> str:
    return options.path or "/"
