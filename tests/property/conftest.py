"""Laws whose counter-example is never lost: beside the example stands the line that makes it again."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes is the machine's affair, and measured by the benchmark.
settings.register_profile("laws", print_blob=True, deadline=None)
settings.load_profile("laws")
