"""Laws whose counter-example is never lost: beside the example stands the line that makes it again."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# How long a machine takes to draw an example says nothing about a law.
settings.register_profile(
    "laws", print_blob=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("laws")
