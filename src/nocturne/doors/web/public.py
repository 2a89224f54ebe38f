"""Marks the few views that need nobody signed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Let strangers reach this view. Everything that is not marked so asks them to sign on."""
    view.is_public = True  # type: ignore[attr-defined]
    return view
