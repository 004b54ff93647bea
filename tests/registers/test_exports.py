"""Any list leaves the system: masked, marked, logged; long ones in the background, with what the asker may see."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.urls import url
from tests.world import agree_to_export, as_, make_department, register, take, walk
from xinfang.accounts.actions import sign_ins
from xinfang.accounts.models import Duty, Staff
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.audit.models import AdminRecord
from xinfang.cases.models import Petition
from xinfang.core.clock import today
from xinfang.core.file_store import path_of, stray_files
from xinfang.notifications.models import Notification
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Role
from xinfang.registers.actions import exporting, writer
from xinfang.registers.actions.exporting import Export, delete_old_files, hand_out, queue_export
from xinfang.registers.actions.writer import WriterReport, claim_job, start_writer_if_needed, write_exports, write_one
from xinfang.registers.columns import COLUMNS, LEDGER
from xinfang.registers.exported_lists import CASES
from xinfang.registers.files import FORMULA, Sheet, write_csv, write_workbook
from xinfang.registers.models import ExportJob
from xinfang.registers.queries.jobs import SILENT
from xinfang.registers.standard import REGISTERS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()


@pytest.fixture(autouse=True)
def _at_usual_priority(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The writer lowers the priority of its own process, which here is that of the tests."""
    monkeypatch.setattr(writer, "_NICE", 0)
    yield


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def person(username: str) -> Staff:
    return Staff.objects.get(username=username)


def actor(username: str):
    from xinfang.accounts.queries.actors import actor_of

    return actor_of(person(username))


def sheet(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def posted(username: str, query: str = "", **sent: object) -> HttpResponse:
    form = {"list": "cases", "format": "xlsx", "col": LEDGER, **sent}
    return as_(username).post(f"{url('list-export')}{query}", form)


def everything(**more: object) -> Export:
    given = {"title": "信访事项总台账", "criteria": {}, "columns": LEDGER, "format": "xlsx", **more}
    return Export(CASES, **given)  # type: ignore[arg-type]


def seal(number: str) -> None:
    take(number, StepCode.CLASSIFY, "clerk", matter_class="report")
    assert Petition.objects.get(number=number).sealed


# ---- what a register says


def test_short_list_is_a_workbook_with_what_the_ledger_of_an_office_has() -> None:
    number = register(
        ago(40), channel="letter", source="bureau_assigned", sender="自治区信访局", sender_number="信〔2026〕3号"
    )
    walk(number, "closed", ago(39), 1)
    rows = sheet(posted("clerk").content)
    assert rows[0][0] == "信访事项清单" and rows[1][0] == "条件：全部"
    heads, said = rows[2], rows[3]
    row = dict(zip(heads, said, strict=True))
    petition = Petition.objects.get(number=number)
    assert heads == [c.label for c in COLUMNS if c.code in LEDGER]
    assert row["编号"] == number and row["收到日期"] == ago(40) and row["来文编号"] == "信〔2026〕3号"
    assert row["姓名（已隐去）"] == "其**" and "其木格" not in str(rows)
    assert row["承办单位"] == "资源配置与经费处" and row["承办人"] == "巴特尔"
    assert row["受理日期"] == petition.accepted_on and row["办结日期"] == petition.replied_on
    assert row["答复文号"] and row["结论"] == "1. 解释说明；2. 予以支持" and row["是否超期"] == "否"
    assert row["告知日期"] and row["办结期限"] and row["督办"] == "否" and row["办理状态"] == "已结案"


def test_what_the_petitioner_wrote_is_masked_too() -> None:
    register(
        ago(3), subject="萨仁图雅请求发放补助，电话15000000001", persons=[{"name": "萨仁图雅", "phone": "15000000001"}]
    )
    text = str(sheet(posted("clerk").content))
    assert "萨**请求发放补助，电话150****0001" in text


def test_only_columns_that_were_chosen_in_the_order_of_the_table() -> None:
    register(ago(3))
    rows = sheet(posted("clerk", col=["state", "number"]).content)
    assert rows[2] == ["编号", "办理状态"]
    refused = posted("clerk", col=[])
    assert refused.status_code == 422 and "请至少选一列" in refused.content.decode()
    assert sheet(posted("clerk", col=["number", "phone", "name"]).content)[2] == ["编号"], "not without approval"


def test_filters_sorting_and_picked_cases() -> None:
    letter, visit, late = register(ago(2)), register(ago(5), channel="visit"), register(ago(60), channel="phone")

    def numbers(**sent: object) -> list[object]:
        return [row[0] for row in sheet(posted("clerk", col=["number"], **sent).content)[3:-2]]

    assert numbers() == [letter, visit, late]
    assert numbers(sort="received") == [late, visit, letter]
    assert numbers(channel="visit") == [visit]
    assert numbers(case=[late, letter]) == [late, letter]
    assert numbers(case=[late], all="1", channel="visit") == [visit]
    assert posted("clerk", case=["LX2020000001"]).status_code == 422


def test_every_standard_register_is_ready() -> None:
    for channel in ("letter", "visit", "phone", "online", "fax"):
        register(ago(90), channel=channel)
    page = as_("clerk").get(url("registers"))
    assert [c["title"] for c in page.context["cards"]] == [r.title for r in REGISTERS]
    found = {}
    for card in page.context["cards"]:
        shown = as_("clerk").get(card["open_url"]).context["rows"]
        options = as_("clerk").get(card["export_url"])
        assert options.context["count"] == len(shown), card["title"]
        found[card["title"]] = len(shown)
    assert found == {
        "信访事项总台账": 5, "来信台账": 1, "来访台账": 1, "来电台账": 1, "网信台账": 1, "传真台账": 1, "督办台账": 0, "积案台账": 0,
    }  # fmt: skip
    of_last_year = as_("clerk").get(f"{url('registers')}?year={today().year - 1}").context["cards"][0]["open_url"]
    assert f"since={today().year - 1}-01-01" in of_last_year


def test_register_of_long_open_matters_lists_what_was_to_be_ended_and_is_not() -> None:
    late, fresh = register(ago(120)), register(ago(20))
    for number, since in ((late, 119), (fresh, 19)):
        walk(number, "signed", ago(since), 0)
    card = next(r for r in REGISTERS if r.code == "long-open")
    rows = sheet(posted("clerk", register=card.code, **card.criteria).content)
    assert rows[0][0] == "积案台账" and [row[0] for row in rows[3:-2]] == [late]


# ---- formulas, the mark, the log


def test_no_cell_is_a_formula() -> None:
    for begin in FORMULA:
        text = f"{begin}1+1|cmd"
        table = Sheet("台账", "", "印", [c for c in COLUMNS if c.code in ("number", "subject")])
        line = next(iter(list(csv.reader(io.StringIO(write_csv(table, [["LX", text]]).decode("utf-8-sig"))))[1:]))
        assert line[1].startswith("'")
        book = write_workbook(table, [["LX", text]])
        assert b"<f>" not in zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")
        assert str(sheet(book)[3][1]).strip() == text.strip()


def test_the_mark_is_in_the_sheet_and_on_every_page_and_the_log_has_it() -> None:
    register(ago(2), channel="visit")
    book = posted("clerk", channel="visit").content
    mark = str(sheet(book)[-1][0])
    assert mark.startswith(f"{person('clerk').name}（clerk）于")
    assert "共 1 行，个人信息已隐去" in mark
    inside = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert "<oddFooter>" in inside and "共 1 行" in inside.partition("<oddFooter>")[2]
    kept = AdminRecord.objects.get(what="导出清单")
    assert kept.by == person("clerk") and kept.detail["rows"] == 1 and kept.detail["masked"] is True
    assert kept.detail["filter"] == "信访形式：来访" and "承办单位" in kept.detail["columns"]
    text = posted("clerk", format="csv").content.decode("utf-8-sig")
    assert "个人信息已隐去" in text.splitlines()[-1]


def test_printed_page_has_the_rows_and_the_mark() -> None:
    number = register(ago(2))
    page = posted("clerk", format="print")
    text = page.content.decode()
    assert page.status_code == 200 and number in text and "共 1 行，个人信息已隐去" in text
    assert AdminRecord.objects.filter(what="打印清单").exists()


# ---- who sees what


def test_only_what_the_person_sees_and_nothing_for_who_exports_nothing() -> None:
    mine, others = register(ago(10)), register(ago(11))
    walk(mine, "signed", ago(9), 0)
    assert [row[0] for row in sheet(posted("handler").content)[3:-2]] == [mine]
    assert posted("handler", case=[others]).status_code == 422
    for nobody in ("adviser", "auditor"):
        assert posted(nobody).status_code == 404
    assert as_("adviser").get(url("registers")).status_code == 404


def test_sealed_case_is_in_nobodys_register_and_says_nothing_to_its_officer() -> None:
    number = register(ago(5), subject="举报某处室套取经费", persons=[{"name": "萨仁图雅"}])
    plain = register(ago(5))
    seal(number)
    assert number not in str(sheet(posted("clerk").content)) and plain in str(sheet(posted("clerk").content))
    rows = sheet(posted("sealed").content)
    row = next(r for r in rows if r[0] == number)
    said = dict(zip(rows[2], row, strict=True))
    assert said["事由"] == "密封件" and said["诉求"] == "" and said["姓名（已隐去）"] == "" and "套取" not in str(rows)


# ---- in the background


@pytest.fixture
def long_list(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(exporting, "MAX_ROWS_AT_ONCE", 2)
    return [register(ago(n)) for n in (3, 4, 5)]


def test_long_list_is_written_in_the_background_and_its_asker_is_told(long_list: list[str]) -> None:
    browser = as_("clerk")
    answer = browser.post(url("list-export"), {"format": "xlsx", "col": LEDGER})
    job = ExportJob.objects.get()
    assert answer["Location"] == url("export-job", job.pk) and job.rows == 3
    page = browser.get(answer["Location"])
    assert page["Refresh"] and "已写 0 行，共 3 行" in page.content.decode()
    assert as_("handler").get(answer["Location"]).status_code == 404
    assert write_exports() == WriterReport(done=1)
    page = browser.get(answer["Location"])
    assert not page.has_header("Refresh") and "下载" in page.content.decode()
    told = Notification.objects.get(staff=person("clerk"), kind="export").text
    assert "已生成" in told
    rows = sheet(browser.get(url("export-job-file", job.pk)).content)
    assert [row[0] for row in rows[3:-2]] == long_list and "共 3 行" in str(rows[-1][0])
    assert as_("handler").get(url("export-job-file", job.pk)).status_code == 404
    assert list(AdminRecord.objects.order_by("pk").values_list("what", flat=True))[-2:] == ["后台导出清单", "下载清单"]


def test_file_lies_encrypted_and_is_no_stray(long_list: list[str]) -> None:
    job = queue_export(everything(), actor=actor("clerk"), staff=person("clerk"))
    write_exports()
    job.refresh_from_db()
    raw = path_of(job.address).read_bytes()
    assert b"PK" not in raw[:4] and not stray_files()


def test_one_at_a_time_for_each_person(long_list: list[str]) -> None:
    queue_export(everything(), actor=actor("clerk"), staff=person("clerk"))
    with pytest.raises(AdminChangeRefused, match="正在生成"):
        queue_export(everything(), actor=actor("clerk"), staff=person("clerk"))
    queue_export(everything(), actor=actor("office_head"), staff=person("office_head"))


def test_case_that_went_out_of_sight_takes_the_file_with_it(long_list: list[str]) -> None:
    job = queue_export(everything(), actor=actor("clerk"), staff=person("clerk"))
    write_exports()
    job.refresh_from_db()
    address = job.address
    seal(long_list[0])
    browser = as_("clerk")
    page = browser.get(url("export-job-file", job.pk), follow=True)
    assert "不能查看，文件已经删除" in page.content.decode() and not path_of(address).exists()
    job.refresh_from_db()
    assert job.state == ExportJob.State.GONE and job.wrapped_key is None and job.written is None


def test_lost_duty_takes_the_file_away(long_list: list[str]) -> None:
    job = queue_export(everything(), actor=actor("clerk"), staff=person("clerk"))
    write_exports()
    job.refresh_from_db()
    Duty.objects.filter(staff__username="clerk").update(until=ago(1))
    with pytest.raises(AdminChangeRefused):
        hand_out(job, staff=person("clerk"))
    assert not path_of(job.address).exists()


def test_what_became_hidden_before_the_writing_is_not_written(long_list: list[str]) -> None:
    queue_export(everything(), actor=actor("clerk"), staff=person("clerk"))
    seal(long_list[1])
    write_exports()
    content = hand_out(ExportJob.objects.get(), staff=person("clerk"))
    assert [row[0] for row in sheet(content)[3:-2]] == [long_list[0], long_list[2]] and "共 2 行" in str(
        sheet(content)[-1]
    )


def test_cancelled_export_is_not_written(long_list: list[str]) -> None:
    browser = as_("clerk")
    job = queue_export(everything(), actor=actor("clerk"), staff=person("clerk"))
    claimed = claim_job("w")
    assert claimed is not None
    assert "已取消" in browser.post(url("export-job-act", job.pk), {"do": "cancel"}, follow=True).content.decode()
    report = WriterReport()
    write_one(claimed, report)
    job.refresh_from_db()
    assert report == WriterReport() and job.state == ExportJob.State.CANCELLED and not job.address
    assert not stray_files()


def test_broken_off_export_is_taken_up_and_given_up_after_three_times(
    long_list: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = queue_export(everything(), actor=actor("clerk"), staff=person("clerk"))
    started: list[bool] = []
    monkeypatch.setattr(writer, "start_writer", lambda: started.append(True))
    now = timezone.now()
    assert claim_job("dead", now) is not None and claim_job("other", now) is None
    assert not start_writer_if_needed(now)
    later = now + SILENT + timedelta(seconds=1)
    assert start_writer_if_needed(later) and started
    assert claim_job("next", later) is not None
    after = later + SILENT + timedelta(seconds=1)
    assert claim_job("third", after) is not None
    assert claim_job("fourth", after + SILENT + timedelta(seconds=1)) is None
    job.refresh_from_db()
    assert job.state == ExportJob.State.FAILED and "已停止" in job.error
    assert "没有生成" in Notification.objects.get(staff=person("clerk"), kind="export").text


def test_old_files_go_with_their_keys(long_list: list[str]) -> None:
    job = queue_export(everything(), actor=actor("clerk"), staff=person("clerk"))
    write_exports()
    job.refresh_from_db()
    address = job.address
    assert delete_old_files(timezone.now() + timedelta(hours=23)) == 0
    assert delete_old_files(timezone.now() + timedelta(hours=25)) == 1
    job.refresh_from_db()
    assert not path_of(address).exists() and job.wrapped_key is None and job.state == ExportJob.State.GONE


def test_more_rows_cost_no_more_queries(django_assert_num_queries) -> None:
    for n in range(4):
        register(ago(n + 1))
    keys = list(Petition.objects.order_by("id").values_list("pk", flat=True))
    codes = [c.code for c in COLUMNS if not c.personal]
    clerk = actor("clerk")
    for some in (keys[:1], keys):
        # The cases; people, requests, limits, units that assist, replies.
        with django_assert_num_queries(6):
            assert len(list(CASES.rows(clerk, some, codes, today(), False))) == len(some)


# ---- with names, telephones, addresses


def long_ago(browser: Client) -> Client:
    """The same browser, some time after somebody confirmed who they are."""
    session = browser.session
    session[sign_ins.SESSION_KEY] = {**session[sign_ins.SESSION_KEY], "confirmed": 0}
    session.save()
    return browser


def test_names_and_telephones_only_after_a_second_person_agreed_and_once() -> None:
    register(ago(3), persons=[{"name": "萨仁图雅", "phone": "15000000001", "address": "某盟某旗某街3号"}])
    sent = {"format": "xlsx", "col": LEDGER, "personal": "on", "reason": "逐件电话回访"}
    first = long_ago(as_("clerk")).post(url("list-export"), sent)
    assert first.status_code == 302 and url("confirm") in first["Location"]
    before = long_ago(as_("clerk")).get(url("list-export"))
    assert url("confirm") in before.context["confirm_url"] and "请先<a" in before.content.decode()
    assert not as_("clerk").get(url("list-export")).context["confirm_url"]
    browser = as_("clerk")
    assert browser.post(url("list-export"), {**sent, "reason": ""}).status_code == 422
    browser.post(url("list-export"), sent)
    job = ExportJob.objects.get()
    assert job.state == ExportJob.State.ASKED and write_exports() == WriterReport()
    assert "等待另一人同意" in browser.get(url("export-job", job.pk)).content.decode()
    browser.post(url("export-job-act", job.pk), {"do": "make"})
    job.refresh_from_db()
    assert job.state == ExportJob.State.ASKED, "nobody agreed"
    waits = as_("office_head").get(url("exports")).content.decode()
    assert "信访事项清单（全部），1 行，含姓名、电话、住址" in waits and "逐件电话回访" in waits
    agree_to_export("office_head")
    assert "生成" in browser.get(url("export-job", job.pk)).content.decode()
    browser.post(url("export-job-act", job.pk), {"do": "make"})
    assert write_exports() == WriterReport(done=1)
    rows = sheet(browser.get(url("export-job-file", job.pk)).content)
    text = str(rows)
    assert "萨仁图雅" in text and "15000000001" in text and "某盟某旗某街3号" in text
    assert "用途：逐件电话回访" in str(rows[-1][0]) and "同意" in str(rows[-1][0])
    assert url("confirm") in long_ago(as_("clerk")).get(url("export-job-file", job.pk))["Location"]
    with pytest.raises(AdminChangeRefused):
        exporting.make_agreed(job, staff=person("clerk"))


def test_personal_data_of_a_sealed_case_and_of_who_only_decides_is_never_exported() -> None:
    number, other = register(ago(5), persons=[{"name": "萨仁图雅", "phone": "15000000001"}]), register(ago(6))
    seal(number)
    Duty.objects.create(staff=person("sealed"), role=Role.OFFICE.value, since=ago(30))
    queue_export(everything(personal=True, reason="回访核实"), actor=actor("sealed"), staff=person("sealed"))
    assert ExportJob.objects.get().rows == Petition.objects.exclude(sealed=True).count() == 1
    assert other and number
    with pytest.raises(AdminChangeRefused, match="不需要联系信访人"):
        queue_export(everything(personal=True, reason="回访核实"), actor=actor("leader"), staff=person("leader"))


def test_refused_export_says_so_and_can_be_withdrawn() -> None:
    register(ago(3))
    job = queue_export(everything(personal=True, reason="回访核实"), actor=actor("clerk"), staff=person("clerk"))
    agree_to_export("principal", agree=False, opinion="用途不清")
    page = as_("clerk").get(url("export-job", job.pk)).content.decode()
    assert "未获同意" in page and "用途不清" in page and "生成</button>" not in page
    as_("clerk").post(url("export-job-act", job.pk), {"do": "cancel"})
    job.refresh_from_db()
    assert job.state == ExportJob.State.CANCELLED
