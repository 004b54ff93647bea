"""Workbooks that ask for more than there is.

Refused in the user's words, while this process goes on as if nothing had been.
"""

import io
from datetime import date, datetime
from random import Random

import pytest
import xlsxwriter

from tests.attachments import made
from tests.fuzz.test_uploads import damaged
from xinfang.core.table_files import TableLayout, UnreadableWorkbook, read_table

NAMES = {"day": ("日期",), "kind": ("类型",), "name": ("名称",)}


def workbook(*far: tuple[int, int]) -> bytes:
    """One with a header and a line, and something in these cells."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        sheet = book.add_worksheet("放假安排")
        sheet.write_row(0, 0, ["日期", "类型", "名称"])
        sheet.write_datetime(1, 0, datetime(2031, 1, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_row(1, 1, ["放假", 20310101])
        for row, column in far:
            sheet.write(row, column, "远")
    return kept.getvalue()


def test_cells_keep_their_kinds() -> None:
    (row,) = read_table(workbook(), NAMES, TableLayout(("day", "kind"))).rows
    assert row.number == 2 and row.day("day") == date(2031, 1, 1)
    assert row.text("kind") == "放假" and row.text("name") == "20310101"


def test_one_far_cell_does_not_take_all_memory() -> None:
    """The reader makes room for every cell in between: seventeen thousand million of them, which ended the server."""
    with pytest.raises(UnreadableWorkbook, match="删去多余的行和列"):
        read_table(workbook((1_048_575, 16_383)), NAMES, TableLayout(("day",)))
    with pytest.raises(UnreadableWorkbook, match="“放假安排”过大"):
        read_table(workbook((99_999, 99)), NAMES, TableLayout(("day",)))


def test_a_damaged_workbook_of_any_age_is_refused_or_read() -> None:
    draw, said = Random(11), set()
    files = [made.xls(), made.xlsx(), workbook()]
    for _ in range(40):
        try:
            read_table(damaged(draw.choice(files), draw, files), NAMES, TableLayout(("day",)))
        except UnreadableWorkbook as e:
            said.add(str(e))
    assert said and all(len(text) > 8 for text in said)
