"""Search results, the board of supervision and the auditor's logs leave the screen in the same way."""

import io
from datetime import timedelta

import pytest
from django.http import HttpResponse
from python_calamine import CalamineWorkbook

from tests.urls import url
from tests.world import as_, make_department, register, sweep_on, walk
from xinfang.audit.models import AdminRecord
from xinfang.core.clock import today

pytestmark = pytest.mark.django_db


@pytest.fixture
def handled() -> str:
    make_department()
    number = register(today() - timedelta(days=100))
    walk(number, "signed", today() - timedelta(days=99), 0)
    return number


def made(username: str, **sent: object) -> HttpResponse:
    columns = as_(username).get(url("list-export"), sent).context["columns"]["choices"]
    return as_(username).post(url("list-export"), {"format": "xlsx", "col": [c[0] for c in columns], **sent})


def rows(answer: HttpResponse) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def test_search_results_and_what_was_typed_is_nowhere(handled: str) -> None:
    register(today(), subject="另一件事", body="与前件无关", persons=[{"name": "那仁"}], requests=[{"text": "答复"}])
    clerk = as_("clerk")
    found = clerk.post(url("search"), {"q": "其木格"})["Location"]
    page = clerk.get(found)
    assert page.context["exports"] and 'name="picked"' in page.content.decode()
    options = clerk.post(page.context["export_at"])["Location"]
    asked = clerk.get(options).context
    assert asked["count"] == 1 and asked["title"] == "搜索结果" and "其木格" not in options
    sent = {**dict(asked["hidden"]), "format": "xlsx", "col": ["number", "subject"]}
    assert [r[0] for r in rows(clerk.post(url("list-export"), sent))[3:-2]] == [handled]
    assert "其木格" not in str(AdminRecord.objects.get(what="导出清单").detail)
    assert as_("clerk2").get(options).status_code == 404, "another session"
    nothing = clerk.get(f"{url('list-export')}?picked=1")
    assert nothing.context["count"] == 0 and "没有可以导出的内容" in nothing.content.decode()


def test_board_of_supervision(handled: str) -> None:
    sweep_on(today())
    page = as_("clerk").get(url("supervision"))
    shown = page.context["rows"]
    assert shown and "list=grounds" in page.context["export_url"]
    table = rows(made("clerk", list="grounds"))
    assert table[0][0] == "督办事由清单" and len(table[3:-2]) == len(shown)
    line = dict(zip(table[2], table[3], strict=True))
    assert line["编号"] == handled and line["责任单位"] == "资源配置与经费处" and line["督办事由"] == shown[0]["ground"]
    one = rows(made("clerk", list="grounds", ground=page.context["fields"][0]["choices"][1][0]))
    assert "事由：" in str(one[1][0]) if len(one) > 3 else True
    assert as_("head2").get(url("list-export"), {"list": "grounds"}).context["count"] == 0
    assert as_("auditor").get(url("list-export"), {"list": "grounds"}).status_code == 404


def test_inbox(handled: str) -> None:
    handler = as_("handler")
    page = handler.get(url("inbox"))
    shown = page.context["rows"]
    assert [r["number"] for r in shown] == [handled] and "list=inbox" in page.context["export_url"]
    table = rows(made("handler", list="inbox"))
    assert table[0][0] == "我的待办清单" and "个人信息已隐去" in str(table[-1][0]) and len(table[3:-2]) == 1
    line = dict(zip(table[2], table[3], strict=True))
    assert line["编号"] == handled and line["状态"] == shown[0]["state"] and line["信访人"] == shown[0]["who"]
    assert line["需要我做什么"] == "；".join(a["words"] for a in shown[0]["asked_links"]) != ""
    assert line["期限名称"] == shown[0]["clock"] and line["办理期限"]
    assert "其木格" not in str(table)
    record = AdminRecord.objects.get(what="导出清单")
    assert record.target == "我的待办清单" and record.detail["rows"] == 1 and record.detail["masked"]


def test_inbox_of_one_group_and_of_nobody_else(handled: str) -> None:
    late = as_("handler").get(url("inbox"), {"tab": "late"}).context["rows"]
    counted = as_("handler").get(url("list-export"), {"list": "inbox", "tab": "late"}).context["count"]
    assert counted == len(late)
    assert as_("head2").get(url("list-export"), {"list": "inbox"}).context["count"] == 0
    for nobody in ("auditor", "adviser"):
        assert as_(nobody).get(url("list-export"), {"list": "inbox"}).status_code == 404
        assert as_(nobody).get(url("inbox")).context["export_url"] == ""


def test_auditor_exports_the_steps_of_one_case_in_some_days(handled: str) -> None:
    other = register(today())
    auditor = as_("auditor")
    page = auditor.get(url("log"), {"number": handled, "since": str(today() - timedelta(days=99))})
    assert {r["number"] for r in page.context["rows"]} == {handled}
    query = {"list": "steps", "number": handled, "since": str(today() - timedelta(days=99))}
    table = rows(made("auditor", **query))
    assert table[0][0] == "办理记录清单" and table[1][0] == f"条件：编号：{handled}，自 {query['since']}"
    assert len(table[3:-2]) == len(page.context["rows"]) and "不含来件内容" in str(table[-1][0])
    said = str(table)
    assert "签收" in said and other not in said and "补助" not in said and "其木格" not in said
    assert AdminRecord.objects.get(what="导出清单").detail["filter"] == f"编号：{handled}，自 {query['since']}"
    for nobody in ("clerk", "office_head", "principal", "admin"):
        assert as_(nobody).get(url("list-export"), {"list": "steps"}).status_code == 404
    assert auditor.get(url("list-export"), {"list": "cases"}).status_code == 404
    assert auditor.get(url("list-export"), {"list": "nonsense"}).status_code == 404


def test_auditor_filters_by_number_and_days(handled: str) -> None:
    auditor = as_("auditor")
    as_("clerk").get(url("petition", handled))
    for page in ("log", "looks"):
        assert auditor.get(url(page), {"number": handled}).context["rows"]
        assert not auditor.get(url(page), {"until": "2001-01-01"}).context["rows"]
        wrong = auditor.get(url(page), {"number": "LX2001000001"}).context
        assert wrong["rows"] and wrong["notes"] == ["没有这个编号，已显示全部。"]
        backwards = auditor.get(url(page), {"since": "2026-02-01", "until": "2026-01-01"}).context
        assert not backwards["rows"] and backwards["notes"]
    table = rows(made("auditor", list="looks", number=handled))
    assert table[2] == ["时间", "编号", "方式", "查看的信息", "查看人", "理由"] and len(table[3:-2]) == 1


def test_log_of_administration_tells_of_exports_in_words(handled: str) -> None:
    made("clerk", channel="letter")
    page = as_("auditor").get(url("admin-log"), {"since": str(today()), "until": str(today())}).content.decode()
    assert "导出清单" in page and "条件 信访形式：来信" in page and "个人信息已隐去" in page and "行数 1" in page
