"""A clerk's first hour: a ledger of three sheets from zero to done, two rows mended, in a real browser."""

import pytest

from tests.browser import look
from tests.ledgers.test_pages import mended, three_sheets
from tests.urls import url


@pytest.fixture
def department(live_server) -> None:
    from tests.world import make_department, set_up_authenticators

    make_department()
    set_up_authenticators()


def test_a_ledger_of_three_sheets_from_zero_to_done(department, open_page, axe, tmp_path) -> None:
    from tests.journeys.people import Worker
    from xinfang.cases.models import Petition

    file, again = tmp_path / "三年台账.xlsx", tmp_path / "改好.xlsx"
    file.write_bytes(three_sheets())
    page = Worker(open_page, "clerk").page
    page.goto(url("ledgers"))
    look(page, axe, "ledgers-empty")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="读入，先看一看").press("Enter")
    page.get_by_role("heading", name="每一列是什么").wait_for()
    look(page, axe, "ledger-columns")
    page.get_by_label("什么时候来的").select_option("day")
    page.get_by_label("保存这个对应方案，名称").fill("本厅台账")
    page.get_by_role("button", name="试运行，不登记").press("Enter")
    page.get_by_role("heading", name="试运行结果，还没有登记").wait_for()
    look(page, axe, "ledger-tried")
    assert not Petition.objects.exists()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="下载有问题的行").click()
    again.write_bytes(mended(fetched.value.path().read_bytes()))
    page.get_by_role("button", name="正式导入 4 件").press("Enter")
    page.get_by_text("已导入，登记 4 件").wait_for()
    look(page, axe, "ledger-done")

    page.goto(url("ledgers"))
    page.set_input_files("#file", again)
    page.get_by_role("button", name="读入，先看一看").press("Enter")
    page.get_by_role("button", name="试运行，不登记").press("Enter")
    page.get_by_role("button", name="正式导入 2 件").press("Enter")
    page.get_by_text("已导入，登记 2 件").wait_for()
    assert Petition.objects.count() == 6
    page.get_by_label("理由").fill("再核对")
    page.get_by_role("button", name="撤销这次导入").press("Enter")
    page.get_by_text("已撤销 2 件，保留 0 件").wait_for()
    look(page, axe, "ledger-undone")
    page.goto(url("ledgers"))
    look(page, axe, "ledgers")
    page.goto(url("petition", "LX2021000001"))
    look(page, axe, "ledger-case")
