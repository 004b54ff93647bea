"""文书格式: the department's own wordings: checked when they are saved, kept in versions, seen as a sample first."""

import pytest
from django.test import Client

from tests.papers.test_pages import accepted, as_, notice, text_of
from tests.urls import url
from xinfang.papers import wording
from xinfang.papers.models import Wording
from xinfang.procedure.words import PaperKind
from xinfang.web.models import Draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]
URL = url("wording", "acceptance_notice")
PAGE = url("wording-page", "acceptance_notice", 1)
KIND = PaperKind.ACCEPTANCE_NOTICE


def own() -> str:
    return wording.default_wording(KIND).replace("特此告知。", "特此告知。请妥善保管本告知书。")


def test_every_paper_is_listed_with_who_signs_it(django_assert_max_num_queries):
    client = as_("admin")
    with django_assert_max_num_queries(11):
        page = client.get(url("wordings")).content.decode()
    assert page.count(f'href="{url("wordings")}') == len(PaperKind)
    assert "内科信答" in page and "包案厅领导" in page and "程序自带" in page
    assert as_("handler").get(url("wordings")).status_code == 404
    assert client.get(url("wording", "nothing")).status_code == 404


@pytest.mark.parametrize("kind", [k.value for k in PaperKind])
def test_every_paper_has_its_page_and_its_sample(kind):
    client: Client = as_("admin")
    page = client.get(url("wording", kind))
    assert page.status_code == 200 and page.context["unprintable"] == "" and len(page.context["pages"]) >= 1


def test_saved_used_and_taken_back():
    client = as_("admin")
    sent = {"do": "save", "text": own().replace("\n", "\r\n"), "reason": "提醒保管", "version": 0}
    assert client.post(URL, sent).status_code == 302
    assert "请妥善保管本告知书" in text_of(notice(accepted()))
    page = client.get(f"{URL}?version=0").content.decode()
    assert "本厅第 1 版" in page and "提醒保管" in page and "<ins>特此告知。请妥善保管本告知书。</ins>" in page
    assert client.post(URL, {"do": "back", "reason": "不再需要", "version": 1}).status_code == 302
    assert "请妥善保管本告知书" not in text_of(notice(accepted()))
    assert Wording.objects.count() == 2, "each version is kept"


def test_a_mistake_is_told_with_its_line_and_nothing_is_saved():
    client = as_("admin")
    wrong = own().replace("{{ 编号 }}", "{{ 编号码 }}", 1)
    assert wrong != own()
    line = next(n for n, text in enumerate(wrong.split("\n"), 1) if "编号码" in text)
    answer = client.post(URL, {"do": "save", "text": wrong, "reason": "试", "version": 0})
    page = answer.content.decode()
    assert answer.status_code == 422 and f"第 {line} 行：没有名为“编号码”的字段" in page and "编号码" in page
    assert not Wording.objects.exists()
    assert client.post(URL, {"do": "save", "text": own(), "reason": "", "version": 0}).status_code == 422


def test_the_sample_of_what_was_typed_is_seen_before_it_is_saved():
    client = as_("admin")
    typed = own().replace("受理告知书", "受理情况告知书", 1)
    answer = client.post(URL, {"do": "preview", "text": typed, "reason": "", "version": 0})
    page = answer.content.decode()
    assert "还没有保存" in page and f"{PAGE}?draft=1" in page and not Wording.objects.exists()
    mine = client.get(f"{PAGE}?draft=1")
    assert mine.status_code == 200 and mine.content != client.get(PAGE).content
    assert Draft.objects.count() == 1
    other = as_("office_head")
    assert other.get(f"{PAGE}?draft=1").content == other.get(PAGE).content, "each their own"


def test_the_second_administrator_is_told():
    first, second = as_("admin"), as_("office_head")
    assert first.post(URL, {"do": "save", "text": own(), "reason": "甲", "version": 0}).status_code == 302
    answer = second.post(URL, {"do": "save", "text": own() + "另一段。\n", "reason": "乙", "version": 0})
    assert (
        answer.status_code == 422 and "另有人改过" in answer.content.decode() and "另一段。" in answer.content.decode()
    )


def test_who_may_only_look():
    clerk = as_("clerk")
    assert "您可以查阅" in clerk.get(URL).content.decode()
    answer = clerk.post(URL, {"do": "save", "text": own(), "reason": "试", "version": 0})
    assert answer.status_code == 422 and not Wording.objects.exists()
