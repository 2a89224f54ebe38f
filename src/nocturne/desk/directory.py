"""The directory (LDAP): whether it knows a password, and which account that opens.

It needs the extra `nocturne[ldap]`; django-auth-ldap does the asking. Nothing here is loaded unless a directory is
configured.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import Any

from django.conf import settings

from nocturne.core.refusals import Forbidden
from nocturne.core.vouching import Directory
from nocturne.desk import outside, vouchers
from nocturne.store.models import User

WAITS = 5


class Gone(Exception):
    """The directory gives no answer."""


def is_configured() -> bool:
    """Tell whether a directory can be asked for passwords here."""
    return settings.NOCTURNE.ldap is not None


def ask(name: str, password: str) -> User | None:
    """Ask the directory whether a password is right, and give the account it opens; None if it is not right.

    :raises Unavailable: the directory does not answer.
    :raises Forbidden: it is right, and no account here is linked to that person.
    """
    described: Directory | None = settings.NOCTURNE.ldap
    # An empty password is no password: many directories take it for somebody unnamed, and say yes.
    if described is None or not name.strip() or not password or "\0" in name + password:
        return None
    found = outside.ask(vouchers.DIRECTORY, lambda: _known(described, name.strip(), password), gone=(Gone,))
    if found is None:
        return None
    person, groups = found
    user = vouchers.account_of(person)
    if user is not None:
        if described.groups and described.group_map:
            vouchers.follow_groups(user, groups, set(described.group_map.values()))
        return user
    if not described.create or not groups:
        raise Forbidden("not_linked", provider=described.url, subject=person.subject)
    return vouchers.make_account(person, groups)


def fits(subject: str, name: str, password: str) -> bool:
    """Tell whether a password is that of the very person that an account is linked to.

    :raises Unavailable: the directory does not answer.
    """
    described: Directory | None = settings.NOCTURNE.ldap
    if described is None or not password or "\0" in password:
        return False
    found = outside.ask(vouchers.DIRECTORY, lambda: _known(described, name, password), gone=(Gone,))
    return found is not None and found[0].subject == subject


def _known(described: Directory, name: str, password: str) -> tuple[vouchers.Person, list[str]] | None:
    """Look somebody up and bind as them: all of it with the directory, none of it with the database."""
    import ldap
    from django_auth_ldap.backend import _LDAPUser

    asked = _LDAPUser(_backend(described), username=name)
    try:
        _ = asked.connection  # as whom we look: if that fails, nobody's password is to blame
        if asked.dn is None:
            return None
        try:
            asked._authenticate_user_dn(password)  # noqa: SLF001
        except (_LDAPUser.AuthenticationFailed, ldap.LDAPError) as problem:
            if isinstance(problem, _silences()):
                raise
            return None
        attributes, groups = asked.attrs or {}, _groups(described, asked)
    except ldap.LDAPError as problem:
        raise Gone(type(problem).__name__) from problem
    finally:
        with suppress(ldap.LDAPError):
            asked._get_connection().unbind_s()  # noqa: SLF001
    subject = _first(attributes, described.subject) if described.subject else asked.dn.lower()
    if not subject:
        raise Gone(f"a person has no {described.subject}")
    person = vouchers.Person(
        provider=vouchers.DIRECTORY,
        subject=subject[:190],
        name=name,
        full_name=_first(attributes, "displayName") or _first(attributes, "cn"),
        email=_first(attributes, "mail"),
    )
    return person, groups


def _groups(described: Directory, asked: Any) -> list[str]:
    """Say into which groups of ours a person's groups there lead."""
    if not described.groups:
        return []
    theirs = {dn.lower() for dn in asked.group_dns}
    return sorted({ours for dn, ours in described.group_map.items() if dn.lower() in theirs})


def _first(attributes: Any, name: str) -> str:
    values = attributes.get(name) or [""]
    value = values[0]
    return value.hex() if isinstance(value, bytes) else str(value)


@lru_cache(maxsize=1)
def _backend(described: Directory) -> Any:
    import ldap
    from django_auth_ldap.backend import LDAPBackend, LDAPSettings, ldap_error
    from django_auth_ldap.config import GroupOfNamesType, LDAPSearch

    options = {
        ldap.OPT_NETWORK_TIMEOUT: WAITS,
        ldap.OPT_TIMEOUT: WAITS,
        ldap.OPT_REFERRALS: 0,
        ldap.OPT_X_TLS_REQUIRE_CERT: ldap.OPT_X_TLS_DEMAND,
    }
    if described.ca_file:
        options[ldap.OPT_X_TLS_CACERTFILE] = described.ca_file
    options[ldap.OPT_X_TLS_NEWCTX] = 0  # the last one: it makes what stands before it count
    # What a server keeps of itself, such as entryUUID, it tells only when asked by name.
    attributes = ["*", described.subject] if described.subject else None
    chosen = {
        "SERVER_URI": described.url,
        "START_TLS": described.starttls,
        "BIND_DN": described.bind_dn,
        "BIND_PASSWORD": described.bind_password,
        "CONNECTION_OPTIONS": options,
        # It escapes the name before it puts it into the filter.
        "USER_SEARCH": LDAPSearch(described.users, ldap.SCOPE_SUBTREE, described.filter, attributes),
        "PERMIT_EMPTY_PASSWORD": False,
        "CACHE_TIMEOUT": 0,
    }
    if described.groups:
        chosen |= {
            "GROUP_SEARCH": LDAPSearch(described.groups, ldap.SCOPE_SUBTREE, described.group_filter),
            "GROUP_TYPE": GroupOfNamesType(),
        }
    ldap_error.connect(_not_found, dispatch_uid="nocturne")
    backend = LDAPBackend()
    backend.settings = LDAPSettings("NOCTURNE_LDAP_", chosen)
    return backend


def _silences() -> tuple[type[Exception], ...]:
    """List what is raised when the directory gives no answer, as against an answer that says no."""
    import ldap

    return (ldap.SERVER_DOWN, ldap.CONNECT_ERROR, ldap.TIMEOUT, ldap.UNAVAILABLE, ldap.BUSY)


def _not_found(*_: Any, exception: Exception, **__: Any) -> None:
    """Pass on what django-auth-ldap would only log: a search that failed is not a person who is not there."""
    raise Gone(type(exception).__name__) from exception
