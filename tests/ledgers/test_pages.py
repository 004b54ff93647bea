"""The clerk's way at the page: a ledger of three sheets from zero to done, two faulty rows mended and brought again."""

import io
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from tests.ledgers.ugly import HEADER, book, row
from tests.urls import url
from xinfang.accounts.models import Staff
from xinfang.cases.models import Petition
from xinfang.core.clock import today
from xinfang.ledgers.models import LedgerImport, LedgerMapping

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def three_sheets() -> bytes:
    """Three years; in two of them a row has a fault."""
    odd_header = tuple("什么时候来的" if h == "来信日期" else h for h in HEADER)
    return book(
        {
            "2021年": [("某厅信访台账",), odd_header, row(1, "2021-3-5"), row(2, "3月6日")],
            "2022年": [odd_header, row(3, "2022-3-5", channel="飞鸽传书"), row(4, "2022-3-6")],
            "2023年": [odd_header, row(5, datetime(2023, 3, 5)), row(6, "2023-13-6"), ("合计", 2)],
            "说明": [("由办公室填写",)],
        }
    )


def send(client, content: bytes, named: str = "三年台账.xlsx") -> str:
    """Bring a file; returns the address of its page."""
    answer = client.post(url("ledgers"), {"file": SimpleUploadedFile(named, content)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.url)


def tried(client, address: str, **changed: str) -> str:
    """Send the form as it is shown, with what is changed; returns the page after the dry run."""
    ledger = LedgerImport.objects.latest("pk")
    columns = {f"column-{at}": changed.get(h, code) for at, (h, code) in enumerate(ledger.columns.items())}
    data = {"do": "try", "sheet": ledger.sheets, "channel": "", **columns}
    if "save_as" in changed:
        data["save_as"] = changed["save_as"]
    answer = client.post(address, data, follow=True)
    return answer.content.decode()


def mended(faults: bytes) -> bytes:
    """The workbook of faults as somebody mends it in Excel."""
    found = CalamineWorkbook.from_filelike(io.BytesIO(faults))
    sheets = {}
    for title in found.sheet_names:
        rows = found.get_sheet_by_name(title).to_python()
        right = {"飞鸽传书": "来信", "2023-13-6": "2023-12-6"}
        sheets[title] = [tuple(right.get(c, c) if isinstance(c, str) else c for c in cells) for cells in rows]
    return book(sheets)


def test_from_zero_to_done_with_two_rows_mended(client) -> None:
    client.force_login(Staff.objects.get(username="clerk"))
    assert "还没有读入过台账" in client.get(url("ledgers")).content.decode()
    address = send(client, three_sheets())
    page = client.get(address).content.decode()
    assert "什么时候来的" in page and "2021年：3 行，表头在第 2 行" in page.replace("4 行", "3 行")
    refused = client.post(address, {"do": "try", "sheet": ["2021年", "2022年", "2023年"]})
    assert refused.status_code == 422 and "“收到日期”没有对应的列" in refused.content.decode()

    page = tried(client, address, 什么时候来的="day", save_as="本厅台账")
    assert "试运行结果，还没有登记" in page and not Petition.objects.exists()
    assert "“2022年”第 2 行：“信访形式”（G2）“飞鸽传书”不是" in page and "“2023年”第 3 行" in page
    assert (
        "略去的：“2021年”标题行 1 行（第 1 行）；“2023年”合计行 1 行（第 4 行）；工作表“说明” 1 行（没有选择）" in page
    )
    assert "正式导入 4 件" in page and "前 4 件会是这样" in page and "2021-03-06" in page

    faults = client.get(f"{address}faults/")
    assert faults.status_code == 200 and "filename" in faults["Content-Disposition"]
    page = client.post(address, {"do": "import"}, follow=True).content.decode()
    assert "已导入，登记 4 件" in page and "导入结果" in page and "撤销这次导入" in page
    assert Petition.objects.count() == 4

    again = send(client, mended(faults.content), "改好.xlsx")
    page = tried(client, again)
    assert LedgerMapping.objects.get().name == "本厅台账", "and its columns are known now"
    assert "正式导入 2 件" in page and "没有采用的列：原表行号、问题" in page
    client.post(again, {"do": "import"})
    assert Petition.objects.count() == 6
    whole = send(client, three_sheets())
    page = tried(client, whole)
    assert "没有可以登记" not in page and "正式导入" not in page, (
        "all are here already, the faulty ones still are faulty"
    )

    page = client.post(again, {"do": "undo", "reason": ""}).content.decode()
    assert "请写明撤销的理由" in page
    page = client.post(again, {"do": "undo", "reason": "再核对"}, follow=True).content.decode()
    assert "已撤销 2 件，保留 0 件" in page and "乌兰于" in page


def test_what_was_brought_in_is_shown_at_the_case(client) -> None:
    client.force_login(Staff.objects.get(username="clerk"))
    address = send(client, three_sheets())
    tried(client, address, 什么时候来的="day")
    client.post(address, {"do": "import"})
    page = client.get(url("petition", "LX2021000001")).content.decode()
    assert "从“三年台账.xlsx”“2021年”第 3 行导入" in page and "已于当年拨付第1笔经费" in page
    assert "经费处" in page and "信001" in page


def test_a_file_that_cannot_be_read_and_one_that_is_given_up(client) -> None:
    client.force_login(Staff.objects.get(username="clerk"))
    answer = client.post(url("ledgers"), {"file": SimpleUploadedFile("网页.xls", b"<html><table></table></html>")})
    assert answer.status_code == 422 and "网页格式的 .xls" in answer.content.decode()
    address = send(client, three_sheets())
    client.post(address, {"do": "drop"})
    ledger = LedgerImport.objects.get()
    assert ledger.state == "dropped" and ledger.content is None and ledger.wrapped_key is None
    assert client.get(address).status_code == 200 and client.get(f"{address}faults/").status_code == 404


@pytest.mark.parametrize("name", ["handler", "leader", "adviser", "admin", "auditor"])
def test_only_the_office_finds_it(client, name: str) -> None:
    client.force_login(Staff.objects.get(username=name))
    assert client.get(url("ledgers")).status_code in (302, 404)


def test_a_long_ledger_is_worked_through_in_the_background_and_its_page_tells_how_far(
    client, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    from xinfang.ledgers.actions import ledgers as acts

    begun: list[tuple[str, ...]] = []
    monkeypatch.setattr(acts, "ROWS_IN_A_REQUEST", 3)
    monkeypatch.setattr(acts, "start_command", lambda *words: begun.append(words))
    client.force_login(Staff.objects.get(username="clerk"))
    address = send(client, three_sheets())
    with django_capture_on_commit_callbacks(execute=True):
        page = tried(client, address, 什么时候来的="day")
    ledger = LedgerImport.objects.get()
    assert begun == [("ledgers", "go-on", str(ledger.pk))] and ledger.state == "trying"
    assert "已处理 0 行，共 6 行" in page and client.get(address)["Refresh"] == "3"
    assert acts.go_on(ledger).taken == 4
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"do": "import"})
    LedgerImport.objects.update(alive_at=datetime(2026, 1, 1, tzinfo=ledger.at.tzinfo))
    page = client.get(address).content.decode()
    assert "处理到第 0 行时中断了" in page and "接着处理" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"do": "import"})
    assert len(begun) == 3 and acts.go_on(LedgerImport.objects.get()).taken == 4
    assert Petition.objects.count() == 4 and Petition.objects.filter(received_on__gt=date(2021, 1, 1)).count() == 4
    assert today() > date(2023, 3, 5)
