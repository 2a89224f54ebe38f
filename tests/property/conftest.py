"""Laws whose counter-example is never lost: beside the example stands the line that makes it again."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("laws", print_blob=True)
settings.load_profile("laws")
