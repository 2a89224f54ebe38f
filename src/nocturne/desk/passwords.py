"""Passwords that are known already: the common ones in any dress, this house's own words, and an offline list."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from nocturne.store.models import Installation

_DRESS = str.maketrans("@4310$5!7+", "aaeiossitt")
_LINE = 200
"""Bytes that no line of the list is longer than: a hash and how often it was seen."""


class KnownPasswords(CommonPasswordValidator):
    """Refuses what an attacker tries first. Asks nobody outside: a password never leaves, not even in part."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002
        bare = undressed(password)
        if {password.lower().strip(), bare} & self.passwords or bare in own_words():
            raise ValidationError(_("This password is too common."), code="password_too_common")
        file = settings.NOCTURNE.breached_passwords
        if file and is_listed(password, Path(file)):
            raise ValidationError(
                _("This password is on a list of stolen passwords."), code="password_stolen"
            )

    def get_help_text(self) -> str:
        return _("Not one that others use, nor one with a year or an exclamation mark behind it.")


def undressed(password: str) -> str:
    """Take off what people put on a common word to get it past a rule: P@ssw0rd2026! is password."""
    middle = re.sub(r"^[\W\d_]{0,40}|[\W\d_]{0,40}$", "", password.lower())
    return middle.translate(_DRESS)


def own_words() -> set[str]:
    """List the words that stand on this house's own door."""
    # Not from what is remembered for a while: this is also asked while the house is being set up.
    here = Installation.objects.filter(pk=1).first() or Installation()
    said = f"{here.organisation} {here.name} nocturne".lower()
    return {*re.split(r"\W{1,20}", said), re.sub(r"\W", "", here.organisation.lower())} - {""}


def is_listed(password: str, file: Path) -> bool:
    """Look a password up in a sorted file of SHA-1 hashes, as the public lists of stolen passwords come.

    It is searched where it lies: thirty places of forty gigabytes are read.
    """
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with file.open("rb") as lines:
        low, high = 0, lines.seek(0, 2)
        while high - low > _LINE:
            middle = (low + high) // 2
            lines.seek(middle)
            lines.readline(_LINE)  # the rest of the line it fell into
            if lines.tell() >= high:
                break
            if lines.readline(_LINE)[:40].upper() <= wanted:
                low = middle
            else:
                high = middle
        lines.seek(max(0, low - _LINE))
        return any(line[:40].upper() == wanted for line in lines.read(high - low + 3 * _LINE).split(b"\n"))
