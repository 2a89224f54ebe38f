"""Puts the compiled catalogues into a wheel: the tree itself holds only what people write."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import catalogues


class CatalogueHook(BuildHookInterface):
    """Compiles before the wheel is made, and names what was made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """This will be called by hatchling before it collects the files of a wheel."""
        catalogues.compile_all()
        build_data["artifacts"].append("src/nocturne/locale/**/*.mo")
