"""Draws a QR code as one path of squares, with no style written into the page: the content policy forbids it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture: its path, and how many squares it is wide with the quiet border around it."""

    path: str
    width: int


def path(text: str) -> Drawn:
    """Draw a text."""
    import qrcode  # only whoever sets an app up needs it

    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    squares = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Drawn("".join(squares), len(rows))
