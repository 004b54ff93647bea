"""Tables that people bring: every sheet and every row is taken, refused or named; nothing that Excel spoilt goes in
unseen."""

import io
import random
import struct
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.attachments import made
from xinfang.core.table_files import ImportedTable, TableLayout, UnreadableWorkbook, read_table
from xinfang.core.table_rows import TableRow, import_account

NAMES = {"id": ("编号",), "name": ("姓名",), "day": ("日期",)}
HEADER = ["编号", "姓名", "日期"]
FORM = TableLayout(("id", "name", "day"))


def book(sheets: dict[str, list[list[Any]]], *, hidden: tuple[str, ...] = (), very: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        for title, rows in sheets.items():
            sheet = workbook.add_worksheet(title)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
            if title not in (*hidden, *very):
                sheet.activate()
            if title in hidden:
                sheet.hide()
            if title in very:
                sheet.very_hidden()
    return out.getvalue()


def read(content: bytes, **more: Any) -> ImportedTable:
    return read_table(content, NAMES, FORM, dated="day", **more)


def only(content: bytes) -> TableRow:
    (row,) = read(content).rows
    return row


def one(cell: Any, fmt: str = "", column: int = 0) -> bytes:
    """A table of one row in which one cell is this, shown in this format."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("台账")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["A1", "甲", "2026-11-03"])
        style = workbook.add_format({"num_format": fmt}) if fmt else None
        if isinstance(cell, bool):
            sheet.write_boolean(1, column, cell, style)
        elif str(cell).startswith("#"):
            sheet.write_formula(1, column, "=1/0", style, cell)
        elif isinstance(cell, int | float):
            sheet.write_number(1, column, cell, style)
        else:
            sheet.write(1, column, cell, style)
    return out.getvalue()


def test_all_visible_sheets_with_the_header_are_one_table() -> None:
    sheets = {
        "10月": [HEADER, ["A1", "甲", "2026-10-08"]],
        "说明": [["本表由各处室填报"], [], ["电话 0471"]],
        "11月": [["题目"], [], ["日期", "编号", "姓名"], ["2026-11-03", "A2", "乙"], ["2026-11-04", "A3", "丙"]],
        "空": [],
    }
    table = read(book(sheets))
    assert [(r.head.sheet, r.number, r.text("id")) for r in table.rows] == [
        ("10月", 2, "A1"), ("11月", 4, "A2"), ("11月", 5, "A3"),
    ]  # fmt: skip
    assert [str(entry) for entry in table.left] == ["工作表“说明” 2 行（没有所需的表头，没有读取）"]
    assert str(import_account(table, ("采用", 3))).startswith("共 5 行 = 采用 3 + 略去 2（")


def test_a_sheet_with_the_header_only_does_not_hide_the_one_with_the_data() -> None:
    assert [
        r.text("id") for r in read(book({"模板": [HEADER], "数据": [HEADER, ["A1", "甲", "2026-11-03"]]})).rows
    ] == ["A1"]


@pytest.mark.parametrize("how", ["hidden", "very"])
def test_a_hidden_sheet_is_named_and_never_read_unasked(how: str) -> None:
    sheets = {
        "作废": [HEADER, ["H1", "废", "2026-11-01"], ["H2", "废", "2026-11-02"]],
        "台账": [HEADER, ["V1", "甲", "2026-11-03"]],
    }
    content = book(sheets, **{how: ("作废",)})
    table = read(content)
    assert [r.text("id") for r in table.rows] == ["V1"]
    assert [str(entry) for entry in table.left] == ["工作表“作废” 3 行（隐藏的工作表，没有读取）"]
    asked = read(content, sheets=["作废"])
    assert [r.text("id") for r in asked.rows] == ["H1", "H2"]
    assert [str(entry) for entry in asked.left] == ["工作表“台账” 2 行（未选择）"]
    with pytest.raises(UnreadableWorkbook, match="没有工作表“别的”。现有：“作废”、“台账”"):
        read(content, sheets=["别的"])


def test_a_header_on_a_hidden_sheet_only_is_said_so() -> None:
    with pytest.raises(UnreadableWorkbook, match="隐藏的工作表里：“作废”"):
        read(book({"作废": [HEADER, ["H1", "废", "2026-11-01"]], "台账": [["请看附件"]]}, hidden=("作废",)))


def test_blank_rows_totals_and_repeated_headers_are_counted() -> None:
    rows = [
        HEADER,
        ["A1", "甲", "2026-11-03"],
        [],
        ["小计", 1],
        HEADER,
        ["A2", "合计", "2026-11-03"],
        ["合计", "", "2 件"],
        [],
        [],
    ]
    table = read(book({"台账": rows}))
    assert [r.text("id") for r in table.rows] == ["A1", "A2"], (
        "a person called 合计 with a number and a day is no total"
    )
    assert [str(entry) for entry in table.left] == [
        "空行 1 行（第 3 行）",
        "合计行 2 行（第 4、7 行）",
        "重复的表头 1 行（第 5 行）",
    ]


def test_filtered_rows_are_read_and_said() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet("台账")
        for i, row in enumerate([HEADER, ["A1", "甲", "2026-11-03"], ["A2", "乙", "2026-11-03"]]):
            sheet.write_row(i, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
    table = read(out.getvalue())
    assert len(table.rows) == 2 and table.notes == ("工作表“台账”有 1 行被隐藏或筛选掉，也一并读取了。",)


def test_columns_that_nothing_is_taken_from_are_named_with_their_filled_cells() -> None:
    rows = [[*HEADER, "点赞数", "空列"], ["A1", "甲", "2026-11-03", 5, "", "页边的字"], ["A2", "乙", "2026-11-03", 0]]
    account = import_account(read(book({"台账": rows})), ("采用", 2))
    assert account.asides == ["没有采用的列：点赞数（2 格）、F 列（没有列名）（1 格）。"]


NUMBERS = ["A1", 7, "", None]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_every_row_of_a_random_workbook_is_taken_or_named(seed: int) -> None:
    draw = random.Random(seed)
    sheets: dict[str, list[list[Any]]] = {}
    hidden = []
    for n in range(draw.randint(1, 4)):
        kinds = draw.choices(("row", "blank", "total", "header", "odd"), k=draw.randint(0, 8))
        made: dict[str, list[Any]] = {
            "row": ["A1", "甲", "2026-11-03"], "blank": [], "total": ["合计", 3], "header": HEADER, "odd": ["", "乙"],
        }  # fmt: skip
        title = f"表{n}"
        sheets[title] = ([HEADER] if draw.random() < 0.7 else []) + [made[k] for k in kinds]
        if n and draw.random() < 0.3:
            hidden.append(title)
    try:
        table = read(book(sheets, hidden=tuple(hidden)))
    except UnreadableWorkbook as e:
        assert "表头" in str(e) or "空的" in str(e)
        return
    found = len(table.rows) + sum(entry.rows for entry in table.left)
    taken = {r.head.sheet for r in table.rows}
    expected = 0
    for title, rows in sheets.items():
        filled = [bool(r) for r in rows]
        named = [e for e in table.left if e.what == f"工作表“{title}”"]
        if named or title in hidden or HEADER not in rows:
            expected += sum(filled)
            assert title not in taken
        else:
            below = rows[rows.index(HEADER) + 1 :]
            while below and not below[-1]:
                below = below[:-1]
            expected += len(below)
    assert found == expected


# ---- what Excel spoils


@pytest.mark.parametrize(
    ("cell", "fmt", "taken"),
    [
        (12345, "", "12345"), (12345.0, "0.00", "12345"), (7, "00000", "00007"), (7, '"留言"000', "留言007"), (7, "0", "7"),
        (999999999999999, "", "999999999999999"), ("'20190425", "", "20190425"), ("１２３４", "", "1234"),
        (" 00123 ", "", "00123"),
        ("20190425093209001", "@", "20190425093209001"), ("Ａ-7", "", "A-7"),
    ],
)  # fmt: skip
def test_an_identifier_is_taken_as_it_is_shown(cell: Any, fmt: str, taken: str) -> None:
    assert only(one(cell, fmt)).identifier("id") == taken


@pytest.mark.parametrize(
    ("cell", "fmt", "says"),
    [
        (20190425093209001, "", "“编号”（A2）超过 15 位且是数字格式，Excel 已丢失末位，请设为文本后重新导出"),
        (1.50102e17, "0", "超过 15 位"),
        ("4.30103E+17", "", "科学计数法"),
        (True, "", "“编号”（A2）是逻辑值 TRUE"),
        ("#DIV/0!", "", "“编号”（A2）是错误值 #DIV/0!"),
        ("#N/A", "", "是错误值 #N/A"),
        (46329, "yyyy-mm-dd", "被 Excel 当作日期（2026-11-03）"),
    ],
)
def test_an_identifier_that_excel_spoilt_is_refused_with_its_place(cell: Any, fmt: str, says: str) -> None:
    with pytest.raises(ValueError) as wrong:
        only(one(cell, fmt)).identifier("id")
    assert says in str(wrong.value)


@pytest.mark.parametrize(
    ("cell", "says"), [(True, "（B2）是逻辑值 TRUE"), ("#REF!", "（B2）是错误值 #REF!"), ("#VALUE!", "#VALUE!")]
)
def test_no_name_is_made_of_a_yes_or_an_error(cell: Any, says: str) -> None:
    with pytest.raises(ValueError) as wrong:
        only(one(cell, column=1)).text("name")
    assert says in str(wrong.value)


@pytest.mark.parametrize(
    ("cell", "fmt", "day"),
    [
        (46329, "yyyy-mm-dd", date(2026, 11, 3)), (46329.39, "yyyy-mm-dd hh:mm", date(2026, 11, 3)),
        (46329, "", date(2026, 11, 3)),
        (46326.999999, "yyyy-mm-dd hh:mm:ss", date(2026, 11, 1)), (46326.999999, "", date(2026, 11, 1)),
        ("46326.999999", "", date(2026, 11, 1)),
        (46326.9999, "yyyy-mm-dd hh:mm:ss", date(2026, 10, 31)), (20261103, "", date(2026, 11, 3)),
        (20261103, "00000000", date(2026, 11, 3)),
        ("2026年11月3日 9时32分", "", date(2026, 11, 3)),
    ],
)  # fmt: skip
def test_a_day_is_read_from_whatever_excel_keeps_it_as(cell: Any, fmt: str, day: date) -> None:
    assert only(one(cell, fmt, 2)).day("day") == day


@pytest.mark.parametrize("cell", [2026.3, 3.5, 123, True, "#N/A", "2026.3", "3.5"])
def test_what_is_no_day_is_refused(cell: Any) -> None:
    with pytest.raises(ValueError):
        only(one(cell, column=2)).day("day")


@pytest.mark.parametrize(
    ("title", "above", "others", "year"),
    [
        ("2026年", [], [], 2026),
        ("台账", ["2026年信访台账"], [], 2026),
        ("台账", [], ["2026-10-01", "2026/3/2"], 2026),
        ("2026年", [], ["2025-12-30"], None),
        ("2025-2026", [], [], None),
        ("台账", [], [], None),
        ("台账", [], ["2025.3.1", datetime(2026, 1, 1)], None),
    ],
)
def test_month_and_day_belong_to_the_only_year_the_sheet_names(
    title: str, above: list, others: list, year: int | None
) -> None:
    rows = [above, HEADER, ["A1", "甲", "3月5日"], *(["A2", "乙", str(other)[:10]] for other in others)]
    row = read(book({title: rows})).rows[0]
    if year is None:
        with pytest.raises(ValueError, match="没有写年份"):
            row.day("day")
    else:
        assert row.day("day") == date(year, 3, 5)


# ---- text files, and what only looks like a workbook

LINES = "编号,姓名,日期\nA1,甲,2026-11-03\n"


@pytest.mark.parametrize(
    "content",
    [
        LINES.encode(), LINES.encode("utf-8-sig"), LINES.encode("gb18030"), LINES.replace(",", "\t").encode("utf-16"),
        LINES.replace(",", "\t").encode(), LINES.replace(",", ";").encode("gb18030"), LINES.replace(",", "，").encode(),
        ("\ufeff" + LINES).encode("utf-16-be"),
    ],
)  # fmt: skip
def test_text_is_read_in_every_encoding_and_with_every_sign_between_its_cells(content: bytes) -> None:
    row = only(content)
    assert (row.text("id"), row.text("name"), row.day("day")) == ("A1", "甲", date(2026, 11, 3))


def test_a_csv_keeps_the_zeros_that_excel_protects_and_refuses_its_errors() -> None:
    content = '编号,姓名,日期\n"=""00123""",甲,2026-11-03\n2.01904E+16,#N/A,TRUE\n'.encode()
    first, second = read(content).rows
    assert first.identifier("id") == "00123"
    for ask in (lambda: second.identifier("id"), lambda: second.text("name"), lambda: second.day("day")):
        with pytest.raises(ValueError, match=r"科学计数法|错误值|逻辑值"):
            ask()


XML = (
    b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            b"<html><body><table><tr><th>x</th></tr></table></body></html>",
            "网页格式的 .xls，请用 Excel 打开后另存为 .xlsx",
        ),
        (b"\xef\xbb\xbf  <!DOCTYPE html><html>", "网页格式"),
        (b"MIME-Version: 1.0\nX: y\nContent-Type: multipart/related; boundary=a\n", "网页格式"),
        (XML, "XML 格式的 .xls"),
        (b'{"days": []}', "JSON 文件，不能导入；可以导入的是 .xlsx"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR", "日历文件（.ics），不能导入"),
        (b"%PDF-1.7", "PDF 文件"),
    ],
)
def test_what_is_no_table_is_called_what_it_is(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableWorkbook) as wrong:
        read(content)
    assert says in str(wrong.value)


# ---- workbooks of Excel 97 to 2003


def record(kind: int, *parts: bytes) -> bytes:
    data = b"".join(parts)
    return struct.pack("<HH", kind, len(data)) + data


def wide(text: str, size: str = "<HB") -> bytes:
    return struct.pack(size, len(text), 1) + text.encode("utf-16-le")


def old_workbook(*, hidden: bool = False) -> bytes:
    """An .xls of two rows, written record by record: 7 shown as 00007, an error typed, an error of a formula, a hidden
    row."""
    xf = record(0xE0, struct.pack("<HH", 0, 0), b"\0" * 16)
    zeros = record(0xE0, struct.pack("<HH", 0, 164), b"\0" * 16)
    cell = struct.Struct("<HHH")
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    sheet += record(0x0200, struct.pack("<IIHHH", 0, 4, 0, 3, 0))
    sheet += record(0x0208, struct.pack("<HHHHHHI", 2, 0, 3, 255, 0, 0, 0x20))
    rows = [[*HEADER], [7.0, "甲", "2026-11-03"], [8.0, 42, "2026-11-03"], ["A9", None, "2026-11-03"]]
    for r, values in enumerate(rows):
        for c, value in enumerate(values):
            if isinstance(value, str):
                sheet += record(0x0204, cell.pack(r, c, 0), wide(value))
            elif isinstance(value, float):
                sheet += record(0x0203, cell.pack(r, c, 1), struct.pack("<d", value))
            elif value is None:
                result = b"\x02\0\x07\0\0\0\xff\xff"
                sheet += record(0x0006, cell.pack(r, c, 0), result, struct.pack("<HIH", 0, 0, 2), b"\x1c\x07")
            else:
                sheet += record(0x0205, cell.pack(r, c, 0), bytes((value, 1)))
    sheet += record(0x0A)
    head = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + record(0x42, struct.pack("<H", 1200))
    head += record(0x041E, struct.pack("<H", 164), wide("00000")) + xf + zeros
    title = wide("台账", "<BB")
    at = len(head) + 4 + 6 + len(title) + 4
    head += record(0x85, struct.pack("<IBB", at, hidden, 0), title) + record(0x0A)
    return made.ole({"Workbook": head + sheet})


def test_an_old_workbook_tells_its_zeros_its_errors_and_its_hidden_rows() -> None:
    table = read(old_workbook())
    first, second, third = table.rows
    assert (first.identifier("id"), second.identifier("id"), first.day("day")) == ("00007", "00008", date(2026, 11, 3))
    for row, error in ((second, "（B3）是错误值 #N/A"), (third, "（B4）是错误值 #DIV/0!")):
        with pytest.raises(ValueError) as wrong:
            row.text("name")
        assert error in str(wrong.value)
    assert table.notes == ("工作表“台账”有 1 行被隐藏或筛选掉，也一并读取了。",)
    with pytest.raises(UnreadableWorkbook, match="隐藏的工作表"):
        read(old_workbook(hidden=True))


def test_an_old_workbook_that_is_damaged_is_read_or_refused() -> None:
    whole = old_workbook()
    draw = random.Random(5)
    for _ in range(25):
        broken = bytearray(whole)
        for _ in range(draw.randint(1, 6)):
            broken[draw.randrange(512, len(broken))] = draw.randrange(256)
        try:
            assert read(bytes(broken)).rows is not None
        except UnreadableWorkbook as e:
            assert len(str(e)) > 8
