"""Marks the few views that need nobody signed on, and those that guests see where the site lets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Let strangers reach this view. Everything that is not marked so asks them to sign on."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def by_itself(view: View) -> View:
    """Say that browsers ask for this by themselves, also out of sight: it keeps nobody signed on."""
    view.comes_by_itself = True  # type: ignore[attr-defined]
    return view


def for_guests(view: View) -> View:
    """Let this view be read by guests where a clearance for anybody shows them something; they never write."""
    view.is_for_guests = True  # type: ignore[attr-defined]
    return view
