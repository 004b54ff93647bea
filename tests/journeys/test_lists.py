"""A clerk sorts, selects and takes a list out; a long one is written by a process beside the server."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unicodedata import normalize

import pdfplumber
import pytest
from django.db import connection
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests.browser import PICTURES, page_width
from tests.environment import DATA
from tests.journeys.people import PHONE
from tests.urls import url
from tests.world import register, walk
from xinfang.core.clock import today
from xinfang.registers.actions import exporting
from xinfang.registers.models import ExportJob


def picture(page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def rows(file: Path) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(file.read_bytes())).get_sheet_by_index(0).to_python()


@pytest.fixture
def four(department) -> list[str]:
    """The oldest is handled; one has a title that fills its cell."""
    made = [
        register(today() - timedelta(days=9 - n), subject="关于某盟某旗科技特派员补助发放" * (5 if n == 1 else 1))
        for n in range(4)
    ]
    walk(made[0], "signed", today() - timedelta(days=8), 0)
    return made


@pytest.fixture
def _writer_sees_this_database() -> Iterator[None]:
    """The process that writes opens the database of the settings, which in tests has another name."""
    other = DATA / "xinfang.sqlite3"
    other.symlink_to(connection.settings_dict["NAME"])
    yield
    other.unlink()


def test_sorting_columns_and_selecting(four, sign_in, tmp_path):
    page = sign_in("clerk", viewport={"width": 1440, "height": 900}).page
    page.goto(url("petitions"))
    picture(page, "list-1440")
    first = page.locator("tbody tr .number").first
    expect(first).to_have_text(four[3])
    page.get_by_role("link", name="收到").click()
    expect(first).to_have_text(four[0])
    expect(page.locator("th[aria-sort=ascending]").or_(page.locator("a.sort.now")).first).to_be_visible()
    # A long title gives way: the unit beside it is on one line.
    unit = page.locator("tbody td.unit span", has_text="资源配置与经费处").first
    assert unit.evaluate("e => e.getClientRects().length") == 1
    page.locator("summary", has_text="选择列").click()
    page.get_by_label("承办人", exact=True).last.check()
    page.get_by_role("button", name="按所选的列显示").click()
    expect(page.locator("thead")).to_contain_text("承办人")
    expect(page.locator("tbody")).to_contain_text("巴特尔")
    bar = page.get_by_role("form", name="选中的事项")
    page.get_by_label(f"选中 {four[1]}").check()
    page.get_by_label(f"选中 {four[2]}").check()
    expect(bar).to_contain_text("已选 2 件")
    picture(page, "list-selected-1440")
    bar.get_by_label("选中本页").check()
    expect(bar).to_contain_text("已选 4 件")
    bar.get_by_label("选中本页").uncheck()
    page.get_by_label(f"选中 {four[2]}").check()
    bar.get_by_role("button", name="导出或打印").click()
    expect(page.locator("main")).to_contain_text("1 行")
    picture(page, "export-1440")
    with page.expect_download() as got:
        page.get_by_role("button", name="导出", exact=True).click()
    file = tmp_path / "list.xlsx"
    got.value.save_as(file)
    assert [row[0] for row in rows(file)[3:-2]] == [four[2]] and "信访事项清单" in got.value.suggested_filename
    page.get_by_label("打印（在浏览器中").check()
    page.get_by_role("button", name="导出", exact=True).click()
    expect(page.get_by_role("button", name="打印", exact=True)).to_be_visible()
    page.emulate_media(media="print")
    picture(page, "printed-list")
    expect(page.locator("tfoot")).to_contain_text("共 1 行，个人信息已隐去")
    expect(page.locator(".side-nav")).to_be_hidden()


def test_mark_and_heads_are_on_every_printed_page(department, sign_in):
    made = [register(today(), subject=f"关于第{n}件事的说明" * 4) for n in range(45)]
    page = sign_in("clerk").page
    page.goto(url("list-export"))
    page.get_by_label("打印（在浏览器中").check()
    page.get_by_role("button", name="导出", exact=True).click()
    expect(page.locator("tfoot")).to_contain_text("共 45 行")
    with pdfplumber.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as paper:
        texts = ["".join(normalize("NFKC", sheet.extract_text() or "").split()) for sheet in paper.pages]
        assert paper.pages[0].width > paper.pages[0].height
    assert len(texts) > 1 and all("共45行,个人信息已隐去" in t and "编号" in t for t in texts)
    assert all(any(number in t for t in texts) for number in made)


def test_long_list_is_written_beside_the_server(four, sign_in, tmp_path, monkeypatch, _writer_sees_this_database):
    monkeypatch.setattr(exporting, "MAX_ROWS_AT_ONCE", 2)
    worker = sign_in("clerk")
    page = worker.page
    page.goto(url("registers"))
    picture(page, "registers")
    page.get_by_role("row", name="来信台账").get_by_role("link", name="导出或打印").click()
    worker.see("将在后台生成")
    page.get_by_role("button", name="导出", exact=True).click()
    worker.see("导出清单：来信台账")
    picture(page, "export-job")
    # The page asks again by itself until the file is there.
    link = page.get_by_role("link", name="下载")
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as got:
        link.click()
    file = tmp_path / "list.xlsx"
    got.value.save_as(file)
    assert [row[0] for row in rows(file)[3:-2]] == four
    assert ExportJob.objects.get().tries == 1
    page.goto(url("notices"))
    worker.see("“来信台账”已生成")


def test_cases_come_first_on_a_phone(four, sign_in):
    page = sign_in("clerk", viewport=PHONE).page
    page.goto(url("petitions"))
    picture(page, "list-390")
    assert page.locator("tbody tr").first.bounding_box()["y"] < PHONE["height"] * 0.75
    expect(page.get_by_role("button", name="筛选", exact=True)).to_be_hidden()
    page.get_by_role("link", name="筛选、排序与列").click()
    page.get_by_label("状态").select_option(label="办理中")
    picture(page, "filters-390")
    page.get_by_role("button", name="筛选", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator(".only-on-phone")).to_contain_text("状态：办理中")
    assert page_width(page) <= PHONE["width"]


def test_on_paper_a_list_is_a_table_and_not_a_phones_cards(four, sign_in):
    """A sheet is as narrow as a small screen: what is laid out otherwise for that must not be for paper."""
    page = sign_in("clerk").page
    for address, heads in ((url("petitions"), ("期限", "事项", "状态")), (url("inbox"), ("期限", "事项", "需要我"))):
        page.goto(address)
        with pdfplumber.open(io.BytesIO(page.pdf(format="A4"))) as paper:
            lines = [normalize("NFKC", line) for line in (paper.pages[0].extract_text() or "").splitlines()]
        assert any(all(head in line for head in heads) for line in lines), lines
