"""The category tree, and workbooks that add to it."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.urls import url
from tests.world import make_department, register
from xinfang.accounts.models import Staff
from xinfang.categories.actions import add_starter_categories
from xinfang.categories.models import Category
from xinfang.core.clock import today

pytestmark = pytest.mark.django_db
URL, IMPORT = url("categories"), url("categories-import")
HEADS = ["一级分类", "二级分类", "三级分类"]


@pytest.fixture
def clerk(client):
    make_department()
    add_starter_categories()
    client.force_login(Staff.objects.get(username="clerk"))
    return client


def workbook(*sheets) -> SimpleUploadedFile:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as made:
        for rows in sheets:
            sheet = made.add_worksheet()
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
    return SimpleUploadedFile("分类.xlsx", book.getvalue())


def test_the_tree_counts_what_lies_below(clerk, django_assert_max_num_queries):
    register(today(), category="010101")
    register(today(), category="010203")
    with django_assert_max_num_queries(10):
        roots = clerk.get(URL).context["roots"]
    first = next(r for r in roots if r.category.code == "01")
    assert first.count == 2 and first.own == 0
    assert [c.count for c in first.children][:2] == [1, 1]


def test_a_workbook_adds_and_takes_nothing_away(clerk):
    before = set(Category.objects.values_list("name", flat=True))
    response = clerk.post(IMPORT, {"file": workbook([HEADS, ["新的一类", "其中一种", "更细的一种"]])})
    assert response.status_code == 200
    assert "新增 3 类" in response.content.decode()
    assert before | {"新的一类", "其中一种", "更细的一种"} == set(Category.objects.values_list("name", flat=True))


def test_every_sheet_is_read_and_what_was_left_out_is_said(clerk):
    second = [HEADS, [], ["", "没有上级的", ""]]
    refused = clerk.post(IMPORT, {"file": workbook([HEADS, ["甲类", "甲一", ""]], second)})
    assert refused.status_code == 422 and "“Sheet2”第 3 行：没有填写上一级分类" in refused.content.decode(), (
        "not below 甲类"
    )
    second[2][0] = "乙类"
    page = clerk.post(IMPORT, {"file": workbook([HEADS, ["甲类", "甲一", ""]], second, [["备注"]])}).content.decode()
    assert "共 4 行 = 采用 2 + 略去 2" in page and "工作表“Sheet3” 1 行" in page and "新增 4 类" in page


@pytest.mark.parametrize(
    "file",
    [
        None,
        SimpleUploadedFile("a.xlsx", b""),
        SimpleUploadedFile("a.xlsx", b"PK\x03\x04 not a workbook"),
        SimpleUploadedFile("a.csv", "名称\n甲\n".encode()),
        SimpleUploadedFile("a.csv", b"\xff\xfe\x00\x01\x02"),
        workbook([]),
        workbook([HEADS]),
        workbook([HEADS, ["", "", "没有上级"]]),
    ],
)
def test_a_wrong_file_is_answered_in_words(clerk, file):
    before = Category.objects.count()
    response = clerk.post(IMPORT, {"file": file} if file else {})
    assert response.status_code == 422
    assert "没有导入" in response.content.decode()
    assert Category.objects.count() == before


def test_only_those_who_keep_them(clerk):
    clerk.force_login(Staff.objects.get(username="handler"))
    assert clerk.get(URL).status_code == 404
    assert clerk.post(IMPORT).status_code == 404
