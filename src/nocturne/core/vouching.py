"""Who else may say who somebody is: providers of OpenID Connect, and a directory (LDAP)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of OpenID Connect, as the options describe it.

    :param issuer: its address, without the slash at its end.
    :param domains: for verified mail addresses of these an account is made at the first sign-on; empty: for nobody.
    :param group: the group such an account comes into.
    :param asks_second_factor: whether the provider's own second factor is enough.
    """

    id: str
    name: str
    issuer: str
    client_id: str
    secret: str = field(default="", repr=False)
    domains: tuple[str, ...] = ()
    group: str = ""
    asks_second_factor: bool = True

    def __str__(self) -> str:
        return f"{self.id} ({self.issuer})"


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory that is asked whether a password is right.

    :param users: where people are looked for, and `filter` how: `%(user)s` is the name, escaped.
    :param bind_dn: who we are when we look; empty: anybody.
    :param subject: the attribute that names a person for ever; empty: the DN.
    :param create: whether an account is made at the first sign-on.
    :param groups: where groups are looked for; `group_map` says which group there is which of ours.
    """

    url: str
    users: str
    filter: str = "(uid=%(user)s)"
    bind_dn: str = ""
    bind_password: str = field(default="", repr=False)
    starttls: bool = True
    ca_file: str = ""
    subject: str = ""
    create: bool = False
    groups: str = ""
    group_filter: str = "(objectClass=groupOfNames)"
    group_map: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.url
