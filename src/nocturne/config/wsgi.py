"""What the web server calls for every request."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nocturne.config.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from nocturne.config.bounds import Bounded
from nocturne.config.proxy import BehindProxy

# A form may bring several attachments; four of the largest are enough for one update.
MOST_AT_ONCE = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 4 * settings.NOCTURNE.attachment_limit

application = BehindProxy(
    Bounded(get_wsgi_application(), most=MOST_AT_ONCE),
    trusted=settings.NOCTURNE.trusted_proxies,
    path=settings.NOCTURNE.path,
)
