"""What a ticket says, in a file for a spreadsheet: it is never computed, and never another cell."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nocturne.core import cells


@pytest.mark.req("R16.6", "S18")
@pytest.mark.parametrize(
    "said",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\u202e=1",
     "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff201", "\ufe661", "\x1b=1"],
)  # fmt: skip
def test_what_a_spreadsheet_would_compute_is_a_text(said: str) -> None:
    assert cells.cell(said) == f"'{said}"


@pytest.mark.req("R16.6", "S18")
@pytest.mark.parametrize("mark", [";", "\t", ","])
def test_what_stands_behind_a_mark_that_parts_cells_is_no_cell_of_its_own(mark: str) -> None:
    said = f"Fan loud{mark}=cmd|' /C calc'!A0"
    line = cells.row([4711, said])
    assert line == f'4711,"{said}"\r\n'
    (row,) = csv.reader(io.StringIO(line.replace("4711,", "4711;")), delimiter=";")
    assert row == ["4711", said], "as a German spreadsheet reads it"


@pytest.mark.req("S18")
@given(st.lists(st.one_of(st.none(), st.integers(), st.text()), min_size=2, max_size=5))
def test_whatever_is_written_is_read_again(values: list[Any]) -> None:
    (row,) = csv.reader(io.StringIO(cells.row(values), newline=""))
    assert row == [str(cells.cell(each)) for each in values]
