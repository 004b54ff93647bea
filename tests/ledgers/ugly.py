"""Ledgers as offices have them, made for the tests: everyone and everything in them is invented."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

HEADER = (
    "信访编号",
    "来信日期",
    "来信人",
    "联系电话",
    "身份证号",
    "主要内容",
    "信访形式",
    "承办处室",
    "办理结果",
    "办结日期",
)
GOOD_ID = "15010219800101121X"


def row(n: int, day: Any, **other: Any) -> tuple[Any, ...]:
    """One finished matter."""
    said = {
        "name": "萨仁图雅",
        "phone": "13847100002",
        "id": "",
        "text": f"反映第{n}项目经费没有到位，请核实。",
        "channel": "来信",
        "unit": "经费处",
        "result": f"已于当年拨付第{n}笔经费",
        "ended": "",
        **other,
    }
    return (
        f"信{n:03d}",
        day,
        said["name"],
        said["phone"],
        said["id"],
        said["text"],
        said["channel"],
        said["unit"],
        said["result"],
        said["ended"],
    )


def book(sheets: dict[str, list[tuple[Any, ...]]], more: Callable[[Any, dict[str, Any]], None] | None = None) -> bytes:
    """A workbook; `more` does to it what rows can't say."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        days = workbook.add_format({"num_format": "yyyy-mm-dd"})
        made = {}
        for title, rows in sheets.items():
            made[title] = page = workbook.add_worksheet(title)
            for i, cells in enumerate(rows):
                for j, cell in enumerate(cells):
                    if isinstance(cell, datetime):
                        page.write_datetime(i, j, cell, days)
                    elif cell != "":
                        page.write(i, j, cell)
        if more:
            more(workbook, made)
    return out.getvalue()


def title_unit_row_and_total() -> bytes:
    def merged(_: Any, made: dict[str, Any]) -> None:
        made["2023年"].merge_range(0, 0, 0, 9, "某厅2023年群众来信来访台账")

    rows = [
        ("",),
        ("填报单位：办公室",),
        HEADER,
        row(1, "3月5日"),
        row(2, "三月六日"),
        ("合计", "", 2),
        ("填表人：乌兰",),
    ]
    return book({"2023年": rows}, merged)


def header_of_two_rows() -> bytes:
    def merged(_: Any, made: dict[str, Any]) -> None:
        page = made["台账"]
        for column, text in ((0, "编号"), (1, "信访日期"), (4, "主要内容")):
            page.merge_range(0, column, 1, column, text)
        page.merge_range(0, 2, 0, 3, "来信人")
        page.merge_range(0, 5, 0, 6, "办理情况")

    below = [("甲1", "2022-05-06", "阿古拉", "13847100002", "补助没有发放", "已补发", "2022-06-01")]
    top: list[tuple[Any, ...]] = [("",) * 7, ("", "", "姓名", "电话", "", "办理结果", "办结日期")]
    return book({"台账": [*top, *below]}, merged)


def years_in_sheets_one_hidden() -> bytes:
    def hidden(_: Any, made: dict[str, Any]) -> None:
        made["作废"].hide()

    years = {f"{y}年": [HEADER, row(y - 2000, f"{y}-3-5"), row(y - 1900, f"{y}.4.6")] for y in (2022, 2023, 2024)}
    return book({"说明": [("本台账由办公室填写",)], "作废": [HEADER, row(900, "2022-1-1")], **years}, hidden)


def days_in_every_form() -> bytes:
    days = (
        "2023.3.5",
        "2023/3/5",
        "2023年3月5日",
        "20230305",
        "二〇二三年三月五日",
        44990,
        datetime(2023, 3, 5),
        "２０２３－３－５",
        "2023-03-05 09:32:09",
        "2023.3.5上午",
        "3月5日",
        "2023。3。5",
    )
    return book({"台账": [HEADER, *(row(n, day) for n, day in enumerate(days, 1))]})


def spoilt_numbers() -> bytes:
    rows = [
        row(1, "2023-3-5", id=150102198001011210),
        row(2, "2023-3-5", id="1.50102E+17"),
        row(3, "2023-3-5", id="150102198001011211"),
        row(4, "2023-3-5", id=GOOD_ID),
        row(5, "2023-3-5", phone="1384710000"),
        row(6, "2023-3-5", phone="13847100002、0471-6281235"),
    ]
    return book({"台账": [HEADER, *rows]})


def as_above_and_merged() -> bytes:
    def merged(_: Any, made: dict[str, Any]) -> None:
        made["台账"].merge_range(1, 1, 3, 1, "2023-3-5")

    rows = [row(1, ""), row(2, "", channel="〃"), row(3, "", channel="同上", unit="同上"), ("",), row(4, "2023-3-6")]
    return book({"台账": [HEADER, *rows]}, merged)


def _text(rows: list[tuple[Any, ...]], separator: str) -> str:
    return "\r\n".join(separator.join(str(c) for c in cells) for cells in rows)


def semicolons_in_gbk() -> bytes:
    return _text([HEADER, row(1, "2023-3-5"), row(2, "2023-3-6")], ";").encode("gb18030")


def tabs_in_utf16() -> bytes:
    return _text([HEADER, row(1, "2023-3-5"), row(2, "2023-3-6")], "\t").encode("utf-16")


def states_and_what_is_still_open() -> bytes:
    header = ("编号", "日期", "姓名", "内容", "渠道", "状态", "处理结果")
    rows = [
        ("1", "2023-3-5", "甲某", "甲的事", "来访", "已办结", ""),
        ("2", "2023-3-5", "匿名", "乙的事", "集体访", "办理中", ""),
        ("3", "2023-3-5", "丙某等12人", "丙的事", "电话", "", "已答复"),
        ("4", "2023-3-5", "丁某", "丁的事", "微信公众平台", "", "无"),
        ("5", "2023-3-5", "戊某", "戊的事", "飞鸽传书", "办结", ""),
        ("5", "2023-3-5", "己某", "己的事", "来信", "办结", ""),
    ]
    return book({"台账": [header, *rows]})


def formulas_that_failed_and_the_future() -> bytes:
    def failed(_: Any, made: dict[str, Any]) -> None:
        made["台账"].write_formula(1, 5, "=NA()", None, "#N/A")

    rows = [
        row(1, "2023-3-5"),
        row(2, "2099-3-5"),
        row(3, "2023-3-5", ended="2022-1-1"),
        row(4, ""),
        row(5, "2023-3-5"),
    ]
    return book({"台账": [HEADER, *rows, HEADER, row(6, "2023-3-7")]}, failed)


UGLY: dict[str, tuple[Callable[[], bytes], tuple[int, int, int]]] = {
    "title": (title_unit_row_and_total, (2, 0, 4)),
    "two-rows": (header_of_two_rows, (1, 0, 0)),
    "years": (years_in_sheets_one_hidden, (6, 0, 3)),
    "days": (days_in_every_form, (12, 0, 0)),
    "spoilt": (spoilt_numbers, (2, 4, 0)),
    "as-above": (as_above_and_merged, (4, 0, 1)),
    "gbk": (semicolons_in_gbk, (2, 0, 0)),
    "utf16": (tabs_in_utf16, (2, 0, 0)),
    "states": (states_and_what_is_still_open, (3, 3, 0)),
    "formulas": (formulas_that_failed_and_the_future, (2, 4, 1)),
}
"""Each ledger with the rows taken, refused and left out."""
