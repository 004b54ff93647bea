"""拟同样的答复: the reply of a tied case fills the form of this one; each is drafted, signed and served on its own."""

import html
import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.casework.test_repeats_linked import as_
from tests.casework.test_same_matter import person, send, whole
from tests.urls import url
from tests.world import FINDINGS, register, take, walk
from xinfang.cases.models import AccessLogEntry, Event, Petition
from xinfang.procedure.step_codes import StepCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def came() -> date:
    return timezone.localdate() - timedelta(days=20)


def letter(n: int, until: str = "heard", **changes: object) -> str:
    number = register(came(), persons=person(n), **changes)
    walk(number, until, came(), 0)
    return number


def drafted(n: int, finding: str) -> str:
    number = letter(n)
    findings = [{**FINDINGS[0], "finding": finding}, FINDINGS[1]]
    take(
        number, StepCode.DRAFT_REPLY, "handler", came(),
        findings=findings, disposition="solve", review_body="自治区人民政府",
    )  # fmt: skip
    return number


def fields(page: str) -> list[str]:
    return [html.unescape(t).strip() for t in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)]


def tied(one: str, *others: str) -> None:
    for other in others:
        assert send(as_("clerk"), one, other, "same").status_code == 302


def test_the_form_begins_with_it_with_this_cases_people_and_nothing_is_taken():
    done = drafted(1, "赵二2024年应发补助5000元，见巴特尔的核对。")
    mine = letter(3)
    tied(done, mine)
    before = whole(mine), whole(done), Event.objects.count()
    handler = as_("handler")
    page = handler.get(f"{url('step', mine, StepCode.DRAFT_REPLY)}?like={done}").content.decode()
    assert (whole(mine), whole(done), Event.objects.count()) == before
    written = "\n".join(fields(page))
    assert "赵四2024年应发补助5000元" in written and "赵二" not in page
    assert FINDINGS[1]["finding"] in written and FINDINGS[1]["basis"] in written
    assert "此件仍单独审核、签发、编号和送达" in page
    assert "稿中写到、本件来信没有写到的：2024年、5000元" in page
    seen = AccessLogEntry.objects.filter(petition__number=mine, what="unmask")
    assert [(e.reason, e.detail["fields"]) for e in seen] == [("拟同样的答复", ["name"])]


def test_each_is_a_reply_of_its_own_once_it_is_sent():
    done = drafted(1, "旗科技局推迟发放。")
    mine = letter(3)
    tied(done, mine)
    handler = as_("handler")
    address = url("step", mine, StepCode.DRAFT_REPLY)
    page = handler.get(f"{address}?like={done}").content.decode()
    found = re.findall(r'<(?:input|textarea|select)[^>]*name="(findings-\d+-\w+|review_body|disposition)"', page)
    sent = {
        "findings-0-request": "1", "findings-0-finding": "旗科技局推迟发放。", "findings-0-conclusion": "explain",
        "findings-0-basis": "科技特派员管理办法", "findings-1-request": "2", "findings-1-finding": "应发补助属实。",
        "findings-1-conclusion": "support", "findings-1-basis": "科技特派员管理办法",
        "disposition": "solve", "review_body": "自治区人民政府", "key": "one-reply",
        "seen": str(Petition.objects.get(number=mine).revision),
    }  # fmt: skip
    assert found, page[:200]
    assert handler.post(address, sent).status_code == 302
    own = Event.objects.filter(petition__number=mine, code=StepCode.DRAFT_REPLY)
    assert own.count() == 1 and Event.objects.filter(code=StepCode.DRAFT_REPLY).count() == 2
    assert Petition.objects.get(number=done).state == "handling", "and the other goes its own way"


def test_the_page_of_the_matter_offers_it_for_each_of_many():
    done = drafted(1, "旗科技局推迟发放。")
    open_ones = [letter(n) for n in (2, 3)]
    new = register(came(), persons=person(4))
    tied(done, *open_ones, new)
    page = as_("handler").get(url("matter", done)).content.decode()
    for number in open_ones:
        assert f"{url('step', number, StepCode.DRAFT_REPLY)}?like={done}" in page
    assert f"{url('step', new, StepCode.DRAFT_REPLY)}?like=" not in page, "it isn't handled yet, nor this unit's"
    own = as_("handler").get(url("matter", open_ones[0])).content.decode()
    assert f"{url('step', open_ones[0], StepCode.DRAFT_REPLY)}?like={done}" in own
    assert "?like=" not in as_("clerk").get(url("matter", done)).content.decode(), "who drafts nothing isn't asked"


def test_of_a_case_that_is_not_tied_or_not_seen_nothing_is_taken():
    done = drafted(1, "旗科技局推迟发放。")
    mine = letter(3)
    handler = as_("handler")
    address = url("step", mine, StepCode.DRAFT_REPLY)
    for number in (done, mine, "LX2019000077", "x" * 50):
        page = handler.get(f"{address}?like={number}").content.decode()
        assert "旗科技局推迟发放" not in page and "已按" not in page
    tied(done, mine)
    assert "旗科技局推迟发放" in handler.get(f"{address}?like={done}").content.decode()
    send(as_("clerk"), done, mine, "undone", turn=1, ground="mistake")
    assert "旗科技局推迟发放" not in handler.get(f"{address}?like={done}").content.decode()


def test_a_suggestion_of_many_is_answered_alike_too():
    numbers = [register(came(), persons=person(n)) for n in (1, 3)]
    for number in numbers:
        take(number, StepCode.CLASSIFY, "clerk", came(), matter_class="suggestion", purpose="suggestion")
        take(number, StepCode.REFER, "clerk", came(), handling_unit="funds")
        take(number, StepCode.SIGN_FOR, "head", came(), handler="handler")
        take(number, StepCode.STUDY, "handler", came(), studied_by="经费处", result="科学合理。")
    said = {"text": "赵二提出的建议予以采纳。", "adoption": "full", "refuses_nothing": True}
    take(numbers[0], StepCode.ANSWER, "handler", came(), **said)
    tied(*numbers)
    page = as_("handler").get(f"{url('step', numbers[1], StepCode.ANSWER)}?like={numbers[0]}").content.decode()
    assert "赵四提出的建议予以采纳。" in fields(page) and "赵二" not in page


def test_a_request_without_a_like_one_is_left_for_the_handler():
    done = drafted(1, "旗科技局推迟发放。")
    other = [{"text": "说明未发放原因"}, {"text": "退还培训费用"}]
    mine = letter(3, requests=other)
    tied(done, mine)
    page = as_("handler").get(f"{url('step', mine, StepCode.DRAFT_REPLY)}?like={done}").content.decode()
    assert "没有对应答复、须自行填写的：诉求2。" in page and "旗科技局推迟发放" in page
    assert FINDINGS[1]["finding"] not in page
