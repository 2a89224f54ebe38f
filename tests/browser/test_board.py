"""The board in a browser: what happens elsewhere shows where it stands, and nothing moves under the cursor."""

from __future__ import annotations
