"""What lies beside a form is said as people say it: requests by their text, decisions as decisions."""

import re
from datetime import timedelta

import pytest

from tests.urls import url
from tests.world import as_, register, take, walk
from xinfang.core.clock import today
from xinfang.department.actions import set_setting
from xinfang.department.queries import BOTH_LEADERS
from xinfang.procedure.step_codes import StepCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def beside(step: StepCode, place: str, person: str) -> dict[str, dict[str, str]]:
    """What lies beside the form of this step, by the title without its person and day."""
    day = today() - timedelta(days=10)
    number = register(day)
    walk(number, place, day, 0)
    context = as_(person).get(url("step", number, step)).context
    said = [context["before"], *context["beside"]] if context["before"] else context["beside"]
    return {s["title"].split("（")[0]: {r["label"]: r["text"] for r in s["rows"]} for s in said}


def test_a_request_is_told_by_its_text() -> None:
    told = beside(StepCode.REVIEW_REPLY, "drafted", "head")["拟写意见书"]["逐项处理意见"]
    assert "诉求序号" not in told
    assert told.startswith("诉求1：") and "\n结论：" in told


def test_a_decision_is_told_in_its_words_and_no_box_that_was_left() -> None:
    told = beside(StepCode.ACCEPT, "instructed", "clerk")["批示"]
    assert told["决定"] == "同意拟办意见"
    assert "否" not in told.values()


def test_who_agrees_that_a_letter_repeats_another_reads_both() -> None:
    day = today() - timedelta(days=10)
    first = register(day, subject="补助没有发放", body="首次来信的全文")
    again = register(day)
    same = {"first": first, "same_person": True, "same_matter": True, "reason": "同一人"}
    take(again, StepCode.LINK_REPEAT, "clerk", **same)
    page = as_("clerk2").get(url("step", again, StepCode.LINK_REPEAT))
    said = {r["label"]: r["text"] for r in page.context["before"]["rows"]}
    assert (said["事由"], said["来信（来访）内容"]) == ("补助没有发放", "首次来信的全文")
    assert f"首件 {first}：请核对是否同人、同事" in page.content.decode()


def test_who_may_not_see_the_first_letter_is_told_that_they_cannot_compare() -> None:
    day = today() - timedelta(days=10)
    first, again = register(day, subject="不该看到的事由"), register(day)
    same = {"first": first, "same_person": True, "same_matter": True, "reason": "同一人"}
    take(again, StepCode.LINK_REPEAT, "clerk", **same)
    take(first, StepCode.RECUSE, "clerk", person="clerk2", reason="亲属")
    take(first, StepCode.RECUSE, "principal")
    page = as_("clerk2").get(url("step", again, StepCode.LINK_REPEAT))
    assert [r["text"] for r in page.context["before"]["rows"]] == [
        "您看不到首件，不能核对是否同人、同事，请由能看到首件的人员确认。"
    ]
    assert "不该看到的事由" not in page.content.decode()


def test_who_agrees_to_a_public_notice_reads_what_was_tried_before_it() -> None:
    number = register(today() - timedelta(days=40))
    day = walk(number, "replied", today() - timedelta(days=39))
    failed = {"why": "returned", "tried_on": day, "next_way": "public", "text": "原址查无此人。"}
    take(number, StepCode.SERVICE_FAILED, "handler", day, method="post", mail_number="XA0000000115", **failed)
    take(number, StepCode.SERVICE_FAILED, "handler", day, method="in_person", **failed)
    served = {"served_on": today().isoformat(), "method": "public", "receiver": ""}
    take(number, StepCode.SERVE, "handler", today(), waits=True, **served)
    said = as_("clerk").get(url("step", number, StepCode.SERVE)).context["before"]
    assert said["title"] == "公告以前的送达情况" and len(said["rows"]) == 3
    assert "单号 XA0000000115" in said["rows"][0]["text"] and "原址查无此人" in said["rows"][1]["text"]


@pytest.mark.parametrize(("accused", "ticked"), [([], True), (["leader2"], True), (["principal"], False)])
def test_the_proposal_leaves_out_a_principal_leader_who_is_complained_of(accused: list[str], ticked: bool) -> None:
    set_setting("instructed_by", BOTH_LEADERS, since=today(), by=None)
    number = register(today() - timedelta(days=1), complained_staff=accused)
    take(number, StepCode.CLASSIFY, "clerk", matter_class="claim", route="six", purpose="claim")
    page = as_("clerk").get(url("step", number, StepCode.PROPOSE)).content.decode()
    box = re.search(r'<input[^>]*name="to_principal"[^>]*>', page)
    assert box is not None and ("checked" in box[0]) is ticked
