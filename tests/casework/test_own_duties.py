"""The pages of its own duties: what it performs itself, whom it forwards to, what it studies and answers."""

from datetime import timedelta

import pytest

from tests.casework.test_step import came, send
from tests.urls import url
from tests.world import DUTY_PATH, as_, perform_duty, register, take
from xinfang.cases.models import Deadline, Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.papers.models import Paper
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.timing import months_after
from xinfang.procedure.words import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def page(username: str, number: str, code: str = "") -> str:
    address = url("step", number, code) if code else url("petition", number)
    answer = as_(username).get(address)
    assert answer.status_code == 200, (number, code)
    return answer.content.decode()


def facts(number: str):
    return facts_of(Petition.objects.get(number=number))


def test_a_matter_in_the_department_s_own_power_is_accepted_and_answered_on_its_pages():
    number = register(came(9))
    perform_duty(number, "instructed", came(8))
    assert "所适用的法律、法规、规章" in page("clerk", number, StepCode.ACCEPT_DUTY)
    refused = send(as_("clerk"), number, StepCode.ACCEPT_DUTY, law="《规则》第八条", term_days="90")
    assert refused.status_code == 422 and "法律另定期限的，须写明几个月或者几日" in refused.content.decode()
    assert send(as_("clerk"), number, StepCode.ACCEPT_DUTY, law="《规则》第八条").status_code == 302
    due = Deadline.objects.get(petition__number=number, clock="own_duty")
    assert due.due == months_after(came(9), 2)
    seen = page("clerk", number)
    assert "本厅依法履行职责" in seen and "《规则》第八条" in seen and "不适用信访复查、复核" in seen
    assert "程序启动告知书" in seen and "办结期限" not in seen
    for _, code, by, answers in DUTY_PATH[4:7]:
        take(number, code, by, **answers)
    form = page("handler", number, StepCode.DRAFT_DUTY_REPLY)
    assert "行政复议机关" in form and "诉求2" in form and "《规则》第八条" in form
    answered = {
        **{f"findings-{i}-{k}": v for i in (0, 1) for k, v in finding(i + 1).items()},
        "disposition": "lawful",
        "reconsideration_body": "自治区人民政府",
        "court": "某市中级人民法院",
    }
    refused = send(as_("handler"), number, StepCode.DRAFT_DUTY_REPLY, **{**answered, "court": ""})
    assert refused.status_code == 422 and "应写明对本答复不服的救济途径" in refused.content.decode()
    assert send(as_("handler"), number, StepCode.DRAFT_DUTY_REPLY, **answered).status_code == 302
    assert "行政复议：自治区人民政府；行政诉讼：某市中级人民法院" in page("head", number)


def finding(number: int) -> dict[str, str]:
    return {"request": str(number), "finding": "经查属实", "conclusion": "support", "basis": "《规则》第八条"}


def test_its_answer_is_issued_in_one_act_and_no_review_is_offered():
    number = register(came(30))
    perform_duty(number, "served", came(29))
    assert Paper.objects.filter(petition__number=number, kind="duty_reply").exclude(number="").count() == 1
    assert not Deadline.objects.filter(petition__number=number, clock="request_first_review").exists()
    refused = send(as_("clerk"), number, StepCode.REQUEST_FIRST_REVIEW, body="自治区人民政府", reason="不服")
    assert refused.status_code == 422 and "不适用信访复查" in refused.content.decode()


def test_the_bodies_on_the_register_are_offered_and_no_other_is_taken():
    number = register(came())
    take(number, StepCode.CLASSIFY, "clerk", matter_class="claim", competence="subordinate", not_ours="市级项目")
    form = page("clerk", number, StepCode.FORWARD)
    assert '<option value="某盟科技局"' in form and "由系统核对" not in form
    said = {"contact": "市府路1号", "reason": "市级项目"}
    refused = send(as_("clerk"), number, StepCode.FORWARD, body="某厅", listed="on", **said)
    assert refused.status_code == 422 and "只能转送名录上的下级科技部门" in refused.content.decode()
    assert send(as_("clerk"), number, StepCode.FORWARD, body="某盟科技局", **said).status_code == 302
    assert StepCode.FORWARD in facts(number).pending


def test_an_answer_is_promised_on_the_first_day():
    number = register(today(), channel="visit")
    assert "承诺答复日期" in page("clerk", number, StepCode.PROMISE_REPLY)
    day = today() + timedelta(days=5)
    assert send(as_("clerk"), number, StepCode.PROMISE_REPLY, promised_on=day.isoformat()).status_code == 302
    assert Deadline.objects.get(petition__number=number, clock="promised_reply").due == day


def test_a_suggestion_is_studied_and_its_answer_says_what_is_taken_up():
    number = register(came())
    take(number, StepCode.CLASSIFY, "clerk", matter_class="suggestion", purpose="suggestion")
    take(number, StepCode.REFER, "clerk", handling_unit="funds")
    take(number, StepCode.SIGN_FOR, "head", handler="handler")
    refused = send(as_("handler"), number, StepCode.ANSWER, text="谢谢建议")
    assert refused.status_code == 422 and "建议尚未研究论证" in refused.content.decode()
    studied = {"studied_by": "经费处、专家两名", "result": "可行"}
    assert send(as_("handler"), number, StepCode.STUDY, **studied).status_code == 302
    assert "建议是否采纳" in page("handler", number, StepCode.ANSWER)
    said = {"text": "简化申报表", "adoption": "partly", "adopted_part": "合并三份附表"}
    refused = send(as_("handler"), number, StepCode.ANSWER, **said)
    assert refused.status_code == 422 and "须确认回复没有拒绝信访人的请求" in refused.content.decode()
    assert send(as_("handler"), number, StepCode.ANSWER, **said, refuses_nothing="on").status_code == 302
    assert facts(number).state is State.HANDLING, "another agrees that nothing was asked for that it refuses"
    take(number, StepCode.ANSWER, "head", agree=True)
    assert facts(number).state is State.ANSWERED and "研究论证" in page("clerk", number)


def test_a_request_for_information_waits_for_a_second_person():
    number = register(came())
    take(number, StepCode.CLASSIFY, "clerk", matter_class="claim", route="six", purpose="claim")
    said = {"information": "经费安排", "body": "本厅公开办", "reason": "只要求信息"}
    refused = send(as_("clerk"), number, StepCode.DISCLOSE, **said)
    assert refused.status_code == 422 and "须确认全部诉求都是要求提供政府信息" in refused.content.decode()
    assert send(as_("clerk"), number, StepCode.DISCLOSE, information_only="on", **said).status_code == 302
    assert "经费安排" in page("clerk2", number, StepCode.DISCLOSE)
    assert send(as_("clerk2"), number, StepCode.DISCLOSE, agree="yes").status_code == 302
    assert facts(number).state is State.REDIRECTED
