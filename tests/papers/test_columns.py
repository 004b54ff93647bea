"""How wide the columns of a table are: they fill the width, and no number runs into the next cell."""

from hypothesis import given
from hypothesis import strategies as st

from xinfang.papers.content import PaperTable, TableCell
from xinfang.papers.shared_layout import TABLE_LINE, column_widths, width_in_chars

MARGINS = 0.75


def table(*rows: tuple[str, ...]) -> PaperTable:
    return PaperTable(
        len(rows[0]), tuple(tuple(TableCell(text, label=not place) for text in row) for place, row in enumerate(rows))
    )


def test_no_column_is_narrower_than_its_longest_number() -> None:
    head = ("处室、单位", "收到", "办结", "按期办结率", "平均办理天数", "超期", "说明")
    wide = column_widths(
        table(head, ("资源配置与管理处", "16,618", "15,902", "100.0%", "12.5", "3", "比上年同期有所增加" * 3))
    )
    for column, number in zip(wide[1:6], ("16,618", "15,902", "100.0%", "12.5", "3"), strict=True):
        assert column >= width_in_chars(number) + MARGINS
    assert wide[6] == max(wide)


def test_a_form_keeps_its_narrow_labels() -> None:
    form = PaperTable(
        2,
        (
            (TableCell("信访人", label=True), TableCell("敖登格日勒")),
            (TableCell("主要诉求", label=True), TableCell("说明" * 60)),
        ),
    )
    label, entry = column_widths(form)
    assert label == 4 + MARGINS
    assert label + entry == TABLE_LINE


@given(st.lists(st.lists(st.text(max_size=30), min_size=3, max_size=3), min_size=1, max_size=4))
def test_columns_fill_the_line_and_none_vanishes(rows: list[list[str]]) -> None:
    wide = column_widths(table(*(tuple(row) for row in rows)))
    assert abs(sum(wide) - TABLE_LINE) < 0.01
    assert min(wide) > 1.5


def test_short_labels_and_dates_are_not_broken_where_there_is_room() -> None:
    head = ("项目", "本期", "上期", "环比", "去年同期", "同比", "年累计")
    wide = column_widths(table(head, ("及时告知率（到期口径）", "84.2%", "88.9%", "−4.7个百分点", "—", "—", "90.2%")))
    assert all(column >= len(name) + MARGINS for column, name in zip(wide, head, strict=True))
    assert column_widths(table(("题名", "环比"), ("甲" * 60, "−100.0%")))[1] >= width_in_chars("−100.0%") + MARGINS
    assert column_widths(table(("题名", "日期"), ("甲" * 60, "2026年10月29日")))[1] >= 7 + MARGINS
    many = ("项目", *["本期收到"] * 9)
    assert column_widths(table(many, ("科技生产力促进中心", *["0"] * 9)))[0] > 6
