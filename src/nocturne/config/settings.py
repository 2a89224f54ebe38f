"""Django's settings, derived from `options.py`. What an installation may choose stands there, and only there."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from nocturne.config import cookies, logs, mail
from nocturne.config.database import databases
from nocturne.config.options import read
from nocturne.config.secret import secret_key

PACKAGE = Path(__file__).resolve().parent.parent

FOUND = read(os.environ)
NOCTURNE = FOUND.options
_PUBLIC = urlsplit(NOCTURNE.address)

# --- what it is made of ------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "nocturne.store",
    "nocturne.doors.mail",
    "nocturne.doors.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "nocturne.config.packing.Packed",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nocturne.doors.web.middleware.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "nocturne.doors.web.middleware.SignedOn",
    "allauth.account.middleware.AccountMiddleware",  # allauth's parts ask it which request they serve
]
ROOT_URLCONF = "nocturne.config.urls"
WSGI_APPLICATION = "nocturne.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,  # brings the cached loader with it
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "nocturne.doors.web.views.account.chosen_theme",
            ]
        },
    }
]
AUTH_USER_MODEL = "store.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- where it lives ----------------------------------------------------------------------------------------------

DEBUG = NOCTURNE.debug
SECRET_KEY = secret_key(NOCTURNE.home)
DATABASES = databases(NOCTURNE)
ALLOWED_HOSTS = sorted({_PUBLIC.hostname or "", "127.0.0.1", "localhost", "[::1]"} - {""})
FORCE_SCRIPT_NAME = NOCTURNE.path or None
APPEND_SLASH = False
STATIC_URL = f"{NOCTURNE.path}/static/"
STATIC_ROOT = NOCTURNE.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "attachments": {
        "BACKEND": "nocturne.store.blobs.DurableStorage",
        "OPTIONS": {"location": NOCTURNE.home / "attachments"},
    },
}
MEDIA_ROOT = NOCTURNE.home / "attachments"
# Every static file has the hash of its content in its name, so that browsers may keep it for ever.
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- who may come in ---------------------------------------------------------------------------------------------

SESSION_ENGINE = "nocturne.store.sessions"
SESSION_COOKIE_NAME = cookies.name("session", NOCTURNE)
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = LANGUAGE_COOKIE_PATH = cookies.path(NOCTURNE)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = NOCTURNE.is_https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = NOCTURNE.session_hours * 3600
SESSION_IDLE_SECONDS = NOCTURNE.session_idle_minutes * 60
CSRF_FAILURE_VIEW = "nocturne.doors.web.views.sign_on.forged"
CSRF_COOKIE_NAME = cookies.name("csrf", NOCTURNE)
CSRF_TRUSTED_ORIGINS = [f"{_PUBLIC.scheme}://{_PUBLIC.netloc}"]
LOGIN_URL = "sign-on"
PASSWORD_RESET_TIMEOUT = 3600
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "full_name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "nocturne.desk.passwords.KnownPasswords"},
]
# allauth brings second factors and OpenID Connect; its own pages are not among our addresses (docs/decisions/012).
ACCOUNT_ADAPTER = "nocturne.desk.adapters.Accounts"
MFA_ADAPTER = "nocturne.desk.adapters.Factors"
SOCIALACCOUNT_ADAPTER = "nocturne.desk.adapters.Providers"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "name"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # ours are counted in the database
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_DIGITS = 10
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SECURE_SSL_REDIRECT = NOCTURNE.is_https
# What a load balancer asks on the spot, without TLS.
SECURE_REDIRECT_EXEMPT = [rf"^{NOCTURNE.path.lstrip('/')}/?(healthz|readyz)$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if NOCTURNE.is_https else 0
# Under a path the host is shared, and its other names are not ours to bind.
SECURE_HSTS_INCLUDE_SUBDOMAINS = not NOCTURNE.path
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# W021 wants the browsers' preload list, which is for the owner of the whole domain to ask for.
SILENCED_SYSTEM_CHECKS = ["security.W021", *(["security.W005"] if NOCTURNE.path else [])]

# --- what may come in --------------------------------------------------------------------------------------------

# A text of more than 2 MB is offered as an attachment, with what was typed kept: so it must get this far.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- how it speaks -----------------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [PACKAGE / "locale"]
EMAIL_TIMEOUT = 10
globals().update(mail.settings(NOCTURNE.smtp_url))
LOGGING = logs.settings(NOCTURNE.log_level)
