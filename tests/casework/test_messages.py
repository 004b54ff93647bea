"""Messages of a board: every readable row becomes one petition, once; every other one has its reason."""

from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xinfang.cases.models import Event, Petition
from xinfang.casework.actions.message_import import import_messages
from xinfang.casework.actions.sweep_preview import SweepPreview
from xinfang.core.table_files import UnreadableWorkbook
from xinfang.notifications.models import Notification
from xinfang.operations.actions.sweep import run_sweep

pytestmark = pytest.mark.django_db
HEADER = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情")
BOARD = Path(__file__).resolve().parents[3] / "shared" / "data" / "board-messages-with-replies.xlsx"


def book(*rows: tuple, merge: str = "") -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}) as workbook:
        page = workbook.add_worksheet()
        for i, row in enumerate(rows):
            page.write_row(i, 0, row)
        if merge:
            page.merge_range(merge, "2019/4/25", workbook.add_format())
    return out.getvalue()


def one(
    number: object = 1, user: str = "甲", subject: str = "主题", when: object = "2019/4/25 9:32:09", text: str = "内容"
):
    return (number, user, subject, when, text)


def test_a_message_becomes_an_online_petition_once() -> None:
    file = book(HEADER, one(2549, "阿古拉", "补助何时发放", text="\r\n\t\t\t　第一段\n\n\t第二段  \n"))
    done = import_messages(file)
    assert (done.rows, done.registered, done.already, done.refusals) == (1, 1, 0, ())
    petition = Petition.objects.get()
    assert (petition.channel, petition.source, petition.external_number) == ("online", "direct", "留言2549")
    assert petition.received_on == date(2019, 4, 25) and petition.number == "WX2019000001"
    assert petition.body == "第一段\n第二段" and petition.petitioners.get().name == "阿古拉"
    again = import_messages(file)
    assert (again.registered, again.already, again.refusals) == (0, 1, ())
    assert Petition.objects.count() == 1


@pytest.mark.parametrize(
    "when",
    [
        "2019/4/25 9:32:09",
        "2019-04-25",
        "2019年4月25日",
        datetime(2019, 4, 25, 9, 32),
        43580.4,
        "43580",
        "2019.4.25 09:32",
    ],
)
def test_times_as_people_and_excel_write_them(when: object) -> None:
    assert import_messages(book(HEADER, one(when=when))).registered == 1
    assert Petition.objects.get().received_on == date(2019, 4, 25)


def test_columns_in_any_order_below_a_title_among_others() -> None:
    header = ("序号", "留言详情", " 留言时间 ", "留言用户", "留言主题", "留言编号")
    file = book(("网上留言台账",), (), header, (1, "内容", "2019/4/25", "甲", "主题", "A-7"), (), ())
    done = import_messages(file)
    assert (done.rows, done.registered) == (1, 1)
    assert Petition.objects.get().external_number == "留言A-7"


def test_each_refused_row_says_which_and_why_and_the_others_go_on() -> None:
    file = book(
        HEADER,
        one(""),
        one(2, when="昨天"),
        one(3, when="2019/2/30"),
        one(4, subject="", text=""),
        one(5, text="倒\u202e置"),
        one(6, when="2099/1/1"),
        one(7),
        one(7, text="别的内容"),
        one(7),
        one(8, user="名" * 101),
        one(9, subject="", text="只有内容"),
    )
    done = import_messages(file)
    reasons = {r.row: r.reason for r in done.refusals}
    assert (done.rows, done.registered, done.already, sorted(reasons)) == (11, 2, 1, [2, 3, 4, 5, 6, 7, 9, 11])
    for row, words in {
        2: "“留言编号”为空",
        3: "“昨天”不是日期",
        4: "没有“2019/2/30”",
        5: "都是空的",
        6: "控制字符",
        7: "今天之后",
        9: "与第 8 行相同",
        11: "上限",
    }.items():
        assert words in reasons[row], reasons[row]
    assert Petition.objects.get(external_number="留言9").subject == "只有内容"


def test_the_same_number_with_another_text_is_reported_not_swallowed() -> None:
    import_messages(book(HEADER, one()))
    done = import_messages(book(HEADER, one(text="改写过的内容")))
    assert not done.registered and "已登记为 WX2019000001" in done.refusals[0].reason


SEVERAL = {
    "10月": [HEADER, one(1)],
    "作废": [HEADER, one(9), one(10)],
    "11月": [HEADER, one(2), (), one(1), one("", text="没有编号"), ("合计", "", "", "", 3)],
    "说明": [("填表说明",), ("共三行",), ("完",)],
}


def several() -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        for title, rows in SEVERAL.items():
            page = workbook.add_worksheet(title)
            for i, row in enumerate(rows):
                page.write_row(i, 0, row)
            if title == "作废":
                page.hide()
    return out.getvalue()


def test_every_sheet_is_taken_or_named_and_the_sum_is_that_of_the_file() -> None:
    done = import_messages(several())
    assert (done.registered, done.already, [str(r) for r in done.refusals]) == (
        2, 1, ["“11月”第 5 行：“留言编号”为空。没有编号就无法保证不重复登记。"],
    )  # fmt: skip
    account = done.account
    assert done.rows == account.rows == 2 + 1 + 1 + account.left_out == 12
    assert str(account) == (
        "共 12 行 = 登记 2 + 已登记过 1 + 未登记 1 + 略去 8（“11月”空行 1 行（第 3 行）；“11月”合计行 1 行（第 6 行）；"
        "工作表“作废” 3 行（隐藏的工作表，没有读取）；工作表“说明” 3 行（没有所需的表头，没有读取））。"
    )
    hidden = import_messages(several(), sheets=["作废"])
    assert (hidden.registered, hidden.rows) == (2, 2 + 2 + 5 + 3), (
        "the header of a sheet that isn't read is one of its rows"
    )


def test_a_file_whose_messages_are_all_on_a_hidden_sheet_says_so() -> None:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        workbook.add_worksheet("模板").write_row(0, 0, HEADER)
        old = workbook.add_worksheet("旧")
        old.write_row(0, 0, HEADER)
        old.write_row(1, 0, one())
        old.hide()
    with pytest.raises(UnreadableWorkbook, match="没有任何留言。略去的有：工作表“旧” 2 行（隐藏的工作表，没有读取）"):
        import_messages(out.getvalue())


def test_numbers_that_excel_spoilt_are_refused_and_plain_ones_are_one_number() -> None:
    done = import_messages(
        book(
            HEADER,
            one(20190425093209001),
            one(20190425093209002),
            one("4.30103E+17"),
            one("'20190425"),
            one("１２３４"),
            one(1234),
        )
    )
    reasons = {r.row: r.reason for r in done.refusals}
    assert "超过 15 位" in reasons[2] and "超过 15 位" in reasons[3] and "科学计数法" in reasons[4]
    assert (done.registered, done.already) == (2, 1)
    assert set(Petition.objects.values_list("external_number", flat=True)) == {"留言20190425", "留言1234"}


def test_merged_cells_are_named() -> None:
    file = book(HEADER, one(1), one(2), merge="D2:D3")
    done = import_messages(file)
    assert (done.registered, [r.row for r in done.refusals]) == (1, [3])
    assert "单元格被合并" in done.refusals[0].reason


def test_a_dry_run_keeps_nothing() -> None:
    done = import_messages(book(HEADER, one(1), one(2, when="x")), dry_run=True)
    assert (done.registered, len(done.refusals)) == (1, 1)
    assert not Petition.objects.exists() and not Event.objects.exists()
    assert import_messages(book(HEADER, one(1))).registered == 1
    assert Petition.objects.get().number == "WX2019000001"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "文件是空的"),
        (book(), "文件是空的"),
        (book(HEADER), "没有任何留言"),
        (book(("姓名", "电话"), ("甲", "1")), "没有找到表头"),
        (book(("留言编号", "留言用户", "留言时间"), (1, "甲", "2019/4/25")), "缺少这些列：留言主题、留言详情"),
        (book((*HEADER, "留言编号"), (1,) * 6), "两列都叫“留言编号”"),
        (b"PK\x03\x04broken", "已损坏"),
        (b"\xd0\xcf\x11\xe0broken", "不是能读取的 Excel"),
        (bytes(range(256)), "不是 Excel"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableWorkbook, match=says):
        import_messages(content)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.lists(st.sampled_from(("row", "again", "blank", "total", "bad", "spoilt")), max_size=6),
        min_size=1,
        max_size=3,
    )
)
def test_whatever_a_workbook_holds_its_rows_add_up(sheets: list[list[str]]) -> None:
    made = {
        "row": lambda n: one(n), "again": lambda n: one(1), "blank": lambda n: (), "total": lambda n: ("合计", 3),
        "bad": lambda n: one(n, when="昨天"), "spoilt": lambda n: one(12345678901234567890),
    }  # fmt: skip
    out, written = BytesIO(), 0
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        for s, kinds in enumerate(sheets):
            page = workbook.add_worksheet(f"表{s}")
            page.write_row(0, 0, HEADER)
            for i, kind in enumerate(kinds, 1):
                page.write_row(i, 0, made[kind](100 * s + i + 1))
            written += next((i for i in range(len(kinds), 0, -1) if kinds[i - 1] != "blank"), 0)
    try:
        done = import_messages(out.getvalue(), dry_run=True)
    except UnreadableWorkbook as e:
        assert "没有任何留言" in str(e)
        return
    assert done.registered + done.already + len(done.refusals) + done.account.left_out == done.rows == written
    assert sum(n for _, n in done.account.parts) + done.account.left_out == done.rows


def test_a_whole_public_board_is_registered_and_the_second_run_adds_none() -> None:
    # The file lies beside the repository, never inside it; a copy of the repository alone has nothing to read here.
    if not BOARD.parent.parent.exists():
        pytest.skip("no shared folder beside the repository")
    done = import_messages(BOARD)
    assert (done.rows, done.registered, done.already, done.refusals) == (2816, 2816, 0, ())
    assert done.history == 2816 and done.next_sweep == SweepPreview(0, 0, 0, 0)
    swept = run_sweep()
    assert (swept.alerts, swept.overdue, swept.escalated) == (0, 0, 0) and not Notification.objects.exists()
    again = import_messages(BOARD)
    assert (again.rows, again.registered, again.already, again.refusals) == (2816, 0, 2816, ())
    assert Petition.objects.count() == 2816 == Petition.objects.values("number").distinct().count()
