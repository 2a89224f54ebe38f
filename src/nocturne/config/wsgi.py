"""What the web server calls for every request."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nocturne.config.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from nocturne.config.proxy import BehindProxy

application = BehindProxy(
    get_wsgi_application(), trusted=settings.NOCTURNE.trusted_proxies, path=settings.NOCTURNE.path
)
