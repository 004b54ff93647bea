"""Saved views: a list of cases that is found again, for oneself or for the department."""

import pytest

from tests.urls import url
from tests.world import as_, make_department, register
from xinfang.audit.models import AdminRecord
from xinfang.core.clock import today
from xinfang.registers.actions.saved_views import MAX_VIEWS
from xinfang.registers.models import SavedView

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def department() -> None:
    make_department()
    register(today())


def saved(username: str, name: str, **more: str) -> str:
    sent = {"name": name, "state": "open", "sort": "due", "cols": "handler phone nonsense", **more}
    return as_(username).post(url("list-views"), sent, follow=True).content.decode()


def tabs(username: str) -> list[str]:
    return [q["label"] for q in as_(username).get(url("petitions")).context["quick"]]


def test_own_view_is_a_tab_of_ones_own() -> None:
    page = saved("clerk", "本周要办")
    assert "已保存视图“本周要办”" in page and "本周要办" in tabs("clerk") and "本周要办" not in tabs("office_head")
    view = SavedView.objects.get()
    assert view.criteria == {"state": "open", "sort": "due"} and view.columns == ["handler"]
    tab = next(q for q in as_("clerk").get(url("petitions")).context["quick"] if q["label"] == "本周要办")
    shown = as_("clerk").get(tab["url"]).context
    assert [c["code"] for c in shown["added"]] == ["handler"] and shown["heads"]["due"]["sorted"] == "ascending"
    assert next(q for q in shown["quick"] if q["label"] == "本周要办")["current"]


def test_view_of_the_department_is_everybodys_and_logged() -> None:
    saved("clerk", "全厅未办结", shared="on")
    assert "全厅未办结" in tabs("handler")
    assert AdminRecord.objects.get(what="保存全厅视图").target == "全厅未办结"
    assert "由办公室保存" in saved("handler", "处里的", shared="on") and SavedView.objects.count() == 1
    page = as_("handler").post(url("list-views"), {"do": "delete", "view": SavedView.objects.get().pk}, follow=True)
    assert "由办公室删除" in page.content.decode()
    as_("clerk").post(url("list-views"), {"do": "delete", "view": SavedView.objects.get().pk})
    assert not SavedView.objects.exists() and AdminRecord.objects.filter(what="删除全厅视图").exists()


def test_same_name_is_replaced_and_nobody_keeps_more_than_can_be_read() -> None:
    saved("clerk", "甲", state="ended")
    saved("clerk", "甲")
    assert SavedView.objects.get().criteria["state"] == "open"
    for n in range(MAX_VIEWS - 1):
        saved("clerk", f"视图{n}")
    assert f"最多保存 {MAX_VIEWS} 个视图" in saved("clerk", "再来一个")
    assert "请给视图起一个名称" in saved("clerk", "  ")


def test_views_of_others_are_not_found() -> None:
    saved("clerk", "甲")
    page = as_("office_head").post(url("list-views"), {"do": "delete", "view": SavedView.objects.get().pk}, follow=True)
    assert "没有这个视图" in page.content.decode() and SavedView.objects.exists()


def test_page_of_registers_lists_views() -> None:
    saved("clerk", "甲")
    page = as_("clerk").get(url("registers"))
    assert [v["name"] for v in page.context["views"]] == ["甲"]
    assert as_("clerk").get(page.context["views"][0]["export_url"]).context["count"] == 1
