"""Units, people and duties out of one sheet: all or nothing, each wrong row named, what is there left as it is."""

from io import BytesIO

import pytest
import xlsxwriter

from xinfang.accounts.actions.staff_sheet import import_staff
from xinfang.accounts.models import Duty, Staff, Unit
from xinfang.audit.actions.audit_log import AdminChangeRefused

pytestmark = pytest.mark.django_db
HEAD = ("单位代码", "单位", "单位类型", "分管领导", "用户名", "姓名", "职务", "邮箱", "职责")
OFFICE = ("office", "办公室", "办公室", "", "hoff", "甲办", "主任", "", "办公室主任")


def sheet(*rows: tuple[str, ...]) -> bytes:
    held = BytesIO()
    with xlsxwriter.Workbook(held) as book:
        page = book.add_worksheet()
        for place, row in enumerate([HEAD, *rows]):
            page.write_row(place, 0, row)
    return held.getvalue()


def test_brought_in_again_with_a_row_more_only_that_row_is_new() -> None:
    first = import_staff(sheet(OFFICE))
    assert (first.units, first.people, first.duties, first.already) == (1, 1, 1, 0)
    again = import_staff(sheet(OFFICE, ("office", "", "", "", "clerk", "乙办", "", "", "办公室、接待登记")))
    assert (again.units, again.people, again.duties, again.already) == (0, 1, 2, 1)
    assert not Staff.objects.get(username="clerk").has_usable_password(), "nobody can sign in by this"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("office", "综合处", "办公室"), "第 3 行：代码“office”已是“办公室”"),
        (("new", "新处", "科室"), "第 3 行：“类型”应为"),
        (("office", "", "", "", "hoff", "别人"), "第 3 行：用户名“hoff”已是甲办"),
        (("office", "", "", "", "1", "乙"), "第 3 行：“用户名”用字母开头"),
        (("office", "", "", "", "clerk", ""), "第 3 行：请填写“姓名”"),
        (("office", "", "", "", "clerk", "乙", "", "", "局长"), "第 3 行：没有名为“局长”的职责"),
        (("office", "", "", "", "", "", "", "", "承办人"), "第 3 行：写了职责"),
        (("office", "", "", "丙"), "第 3 行：分管领导“丙”不在表中"),
        (("office", "", "", "甲办"), "第 3 行：甲办不是厅领导"),
        (("office", "", "", "", "clerk", "乙", "", "x@"), "第 3 行：“x@”不是有效的电子邮箱地址"),
        (("office", "", "", "", "a1", "乙", "", "", "系统管理员、审计员"), "第 3 行"),
    ],
)
def test_one_wrong_row_is_named_and_nothing_is_kept(row: tuple[str, ...], says: str) -> None:
    with pytest.raises(AdminChangeRefused, match=says):
        import_staff(sheet(OFFICE, row))
    assert not Unit.objects.exists() and not Staff.objects.exists() and not Duty.objects.exists()
