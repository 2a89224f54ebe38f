"""What every test has at hand."""

from __future__ import annotations

import os

# Playwright keeps an event loop in the main thread, and Django would refuse plain queries beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
