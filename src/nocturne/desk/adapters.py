"""What allauth's parts ask of us: how secrets are kept, whose name stands on a code, and that it makes no accounts."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings

from nocturne.desk import outside, setup


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the administrator, never by whoever comes along."""

    def is_open_for_signup(self, _request: Any) -> bool:
        return False


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of second factors encrypted: a copy of the database without `secret` signs nobody on."""

    def encrypt(self, text: str) -> str:
        return _lock().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _lock().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Any) -> str:
        return str(user.name)

    def get_totp_issuer(self) -> str:
        here = setup.installation()
        return f"Nocturne {here.organisation or here.name}".replace(":", " ")


class Providers(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Knows the providers of the options and no others, and asks them within our bounds."""

    def list_apps(self, _request: Any, provider: Any = None, client_id: Any = None) -> list[Any]:  # noqa: ARG002
        return []

    def get_requests_session(self) -> outside.Session:
        return outside.Session()

    def is_open_for_signup(self, _request: Any, _login: Any) -> bool:
        return False


def _lock() -> Fernet:
    made = hashlib.sha256(b"nocturne second factors\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(made))
