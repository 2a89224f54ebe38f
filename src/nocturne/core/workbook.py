"""A workbook for spreadsheets (Office Open XML), made while its rows are read: no more of it is held than a piece.

It is written here and not by a library: those that write in constant memory keep the whole sheet in a temporary file
and hand it over only when the last row is in it, so that nobody would see a byte of a long list for minutes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

MOST_ROWS = 1_000_000
"""Of one sheet; a spreadsheet takes 1,048,576."""
MOST_BYTES = 1_500_000_000
"""Of one sheet before it is packed: from two gigabytes on spreadsheets no longer agree on how it is spelt."""
LONGEST = 32_767
"""Characters that a cell can hold."""
PIECE = 65_536

_STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FIRST_DAY = datetime(1899, 12, 30, tzinfo=UTC)
_TEXT, _TIME, _HEAD = 1, 2, 3
"""Styles, by their place in _STYLES: a text that is never a formula, an instant, the first row."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" '
    'formatCode="yyyy\\-mm\\-dd&quot;T&quot;hh:mm:ss&quot;Z&quot;"/></numFmts>'
    '<fonts count="2"><font/><font><b/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf quotePrefix="1"/>'
    '<xf numFmtId="164" applyNumberFormat="1"/><xf fontId="1" applyFont="1" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_BEGIN = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
    'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)
_END = "</sheetData></worksheet>"


class _Pipe(io.RawIOBase):
    """Where the archive is written to and taken out again; what has gone through is not kept."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self.size += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        found = b"".join(self._pieces)
        self._pieces, self.size = [], 0
        return found


def written(title: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Spell a workbook piece by piece.

    :param head: the first row of every sheet.
    :param rows: texts, numbers, truth values, instants, or None for an empty cell.
    """
    pipe = _Pipe()
    sheets = 0
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        left: Iterator[Sequence[Any]] | None = iter(rows)
        while left is not None:
            sheets += 1
            size = count = 0
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                sheet.write((_BEGIN + _row(head, _HEAD)).encode())
                more: Iterator[Sequence[Any]] | None = None
                for row in left:
                    line = _row(row).encode()
                    sheet.write(line)
                    size, count = size + len(line), count + 1
                    if pipe.size >= PIECE:
                        yield pipe.taken()
                    if count >= MOST_ROWS or size >= MOST_BYTES:
                        more = left
                        break
                sheet.write(_END.encode())
            left = more
        for name, content in _around(title, sheets):
            archive.writestr(name, content)
    yield pipe.taken()


def _row(values: Sequence[Any], style: int = _TEXT) -> str:
    return f"<row>{''.join(_cell(value, style) for value in values)}</row>"


def _cell(value: Any, style: int) -> str:
    """Spell one cell. A text is a text whatever it begins with: it is stored as one, and marked as typed behind an
    apostrophe, so that it stays one when somebody edits it."""
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    if isinstance(value, datetime):
        days = (value.astimezone(UTC) - _FIRST_DAY).total_seconds() / 86_400
        return f'<c s="{_TIME}"><v>{days:.8f}</v></c>'
    text = str(value)
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    text = escape(_STRANGE.sub("\N{REPLACEMENT CHARACTER}", text))
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{text}</t></is></c>'


def _around(title: str, sheets: int) -> Iterator[tuple[str, str]]:
    """Give the parts that hold the sheets together; they come last, when it is known how many there are."""
    numbers = range(1, sheets + 1)
    name = re.sub(r"[\[\]:*?/\\']", " ", title)[:25] or "Sheet"
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{each}.xml" ContentType="{_KIND}.worksheet+xml"/>'
        for each in numbers
    )
    sheet = "application/vnd.openxmlformats-package.relationships+xml"
    types = (
        f'<Default Extension="rels" ContentType="{sheet}"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>{parts}'
    )
    listed = "".join(
        f'<sheet name={quoteattr(name if each == 1 else f"{name} {each}")} sheetId="{each}" r:id="rId{each}"/>'
        for each in numbers
    )
    workbook = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
    pointers = [("worksheet", f"worksheets/sheet{each}.xml") for each in numbers] + [("styles", "styles.xml")]
    yield "[Content_Types].xml", f'{_XML}<Types xmlns="{_PACKAGE}/content-types">{types}</Types>'
    yield "_rels/.rels", _related([("officeDocument", "xl/workbook.xml")])
    yield "xl/workbook.xml", _XML + workbook
    yield "xl/_rels/workbook.xml.rels", _related(pointers)
    yield "xl/styles.xml", _STYLES


def _related(pointers: Sequence[tuple[str, str]]) -> str:
    """Spell what one part of the archive points to."""
    listed = "".join(
        f'<Relationship Id="rId{place}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(pointers, start=1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'
