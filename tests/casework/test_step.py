"""The page of a step: its form for every step, refusals with what was typed kept, nothing done twice, nothing lost."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.test import Client

from tests.urls import url
from tests.world import as_, register, take, walk
from xinfang.accounts.models import Staff
from xinfang.cases.models import Event, Petition, Task
from xinfang.cases.queries.petitions import facts_of
from xinfang.casework.views.step import STAFF_CAN_TAKE
from xinfang.core.clock import today
from xinfang.department.actions import set_setting
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.proof.derived_rows import differences
from xinfang.web.models import Draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("department")]


def send(client: Client, number: str, code: str, **fields):
    petition = Petition.objects.get(number=number)
    fields = {"key": uuid.uuid4().hex, "seen": petition.revision, **fields}
    return client.post(url("step", number, code), fields)


def came(days_ago: int = 10) -> date:
    return today() - timedelta(days=days_ago)


CLAIM = {"matter_class": "claim", "route": "six", "purpose": "claim"}


def test_every_step_has_a_page():
    number = register(came())
    walk(number, "advised", came(), 0)
    client = as_("clerk")
    for code in STAFF_CAN_TAKE:
        answer = client.get(url("step", number, code))
        assert answer.status_code == 200, code
        assert STEPS[code].rule.label in answer.content.decode()


def test_no_page_for_what_staff_do_not_do():
    number = register(came())
    for code in (
        StepCode.REGISTER,
        StepCode.WARN,
        StepCode.MARK_OVERDUE,
        StepCode.ESCALATE,
        "nothing-like-it",
    ):
        assert as_("clerk").get(url("step", number, code)).status_code == 404
    assert as_("clerk").get(url("step", "LX2026000099", StepCode.CLASSIFY)).status_code == 404


def test_hidden_is_missing():
    number = register(came())
    assert as_("handler").get(url("step", number, StepCode.CLASSIFY)).status_code == 404
    assert send(as_("handler"), number, StepCode.CLASSIFY, **CLAIM).status_code == 404
    assert Event.objects.count() == 1


def test_a_step_is_taken_and_just_the_drafts_of_its_page_are_removed():
    number = register(came())
    clerk, form = Staff.objects.get(username="clerk"), f"step-{number}-classify"
    for page in ("p1", "p2", "p3"):
        Draft.objects.create(staff=clerk, form=form, page=page, fields={"matter_class": ["claim"]})
    wrong = send(as_("clerk"), number, StepCode.CLASSIFY, draft_rows=f"{form}/p1", **{**CLAIM, "route": "nonsense"})
    assert wrong.status_code == 422 and f'data-draft-page="{form}/p1"' in wrong.content.decode()
    assert Draft.objects.count() == 3, "nothing goes while nothing is accepted"
    answer = send(as_("clerk"), number, StepCode.CLASSIFY, draft_rows=f"{form}/p1 {form}/p3", **CLAIM)
    assert answer.status_code == 302 and answer["Location"] == url("step", number, StepCode.PROPOSE)
    assert Petition.objects.get(number=number).matter_class == "claim"
    assert [d.page for d in Draft.objects.all()] == ["p2"], "typed on another page"


def test_where_it_goes_next():
    """Back to where the person came from, unless the case asks more of them; nowhere outside."""
    proposal = {"text": "建议承办。", "unit": "funds", "leader": "leader"}
    number, other = register(came()), register(came())
    walk(number, "classified", came(), 0)
    walk(other, "classified", came(), 0)
    answer = send(as_("clerk"), number, StepCode.PROPOSE, next=f"{url('inbox')}?at=3", **proposal)
    assert answer["Location"] == f"{url('inbox')}?at=3"
    answer = send(as_("clerk"), other, StepCode.PROPOSE, next="https://elsewhere.example/", **proposal)
    assert answer["Location"] == url("inbox")


def test_sealing_it_leads_away():
    number = register(came())
    answer = send(as_("clerk"), number, StepCode.CLASSIFY, matter_class="report")
    assert answer.status_code == 302 and answer["Location"] == url("inbox")
    assert as_("clerk").get(url("petition", number)).status_code == 404
    asked = as_("sealed").get(url("petition", number))
    assert asked["Location"].startswith(url("sealed-reason", number))


def test_who_turns_out_to_be_complained_of_loses_it_at_once_with_the_unit_they_head():
    number = register(came())
    walk(number, "heard", came(), 0)
    page = as_("clerk").get(url("step", number, StepCode.ADD_ACCUSED)).content.decode()
    assert "被反映的工作人员" in page and "由系统按当日职务填写" not in page
    send(as_("clerk"), number, StepCode.ADD_ACCUSED, complained_staff=["head"], reason="信访人来电补充反映")
    facts = facts_of(Petition.objects.get(number=number))
    assert facts.history[-1].step.units_they_head == ("funds",) and facts.handling_unit == ""
    for name in ("head", "handler"):
        assert as_(name).get(url("petition", number)).status_code == 404, name
    assert {(t.step, t.role) for t in Task.objects.filter(petition__number=number)} >= {(StepCode.ASSIGN, "office")}
    assert [d for d in differences([number]) if not isinstance(d, int)] == []


def test_a_form_of_two_persons_sent_twice_is_what_it_was():
    """The first word makes the page another form, and the second makes it the first again.

    A repeated form fits neither.
    """
    number = register(came())
    walk(number, "carried_out", came(), 0)
    first = {"key": uuid.uuid4().hex, "text": "已办结。", "review_rights_told": "on"}
    second = {"key": uuid.uuid4().hex, "agree": "yes"}
    for by, fields in (("head", first), ("head", first), ("leader", second), ("leader", second), ("head", first)):
        answer = send(as_(by), number, StepCode.CLOSE, **fields)
        assert (answer.status_code, answer.headers.get("Location")) == (302, url("petition", number)), by
    assert Event.objects.filter(petition__number=number, code=StepCode.CLOSE).count() == 2


def test_one_form_sent_twice_is_one_event():
    number = register(came())
    seen = Petition.objects.get(number=number).revision
    fields = {"key": uuid.uuid4().hex, "seen": seen, **CLAIM}
    client = as_("clerk")
    for _ in range(2):
        assert client.post(url("step", number, StepCode.CLASSIFY), fields).status_code == 302
    assert Event.objects.filter(code=StepCode.CLASSIFY).count() == 1


def test_two_people_at_once():
    number = register(came())
    seen = Petition.objects.get(number=number).revision
    send(as_("clerk2"), number, StepCode.CLASSIFY, **CLAIM)
    text = "属本厅职责，建议由经费处承办。"
    fields = {"key": uuid.uuid4().hex, "text": text, "unit": "funds", "leader": "leader"}
    answer = as_("clerk").post(url("step", number, StepCode.PROPOSE), {**fields, "seen": seen})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "另有人办理了此件" in page and "孟和" in page and text in page
    assert not Event.objects.filter(code=StepCode.PROPOSE).exists()
    # The refreshed page knows what is new, so that the same answers now go through.
    assert f'name="seen" value="{seen + 1}"' in page
    answer = as_("clerk").post(url("step", number, StepCode.PROPOSE), {**fields, "seen": seen + 1})
    assert answer.status_code == 302


@pytest.mark.parametrize("seen", ["", "abc", "-1", "9" * 40, "１"])
def test_without_knowing_what_was_seen_nothing_is_overwritten(seen):
    number = register(came())
    answer = as_("clerk").post(url("step", number, StepCode.CLASSIFY), {"key": "x", "seen": seen, **CLAIM})
    assert answer.status_code == 422
    assert Event.objects.count() == 1


def test_out_of_turn_says_why_and_keeps_the_text():
    number = register(came())
    get = as_("clerk").get(url("step", number, StepCode.PROPOSE)).content.decode()
    assert "此件尚未分类" in get and "条例第二十九条" in get and "data-step-form" not in get
    answer = send(as_("clerk"), number, StepCode.PROPOSE, text="请批示<b>", unit="funds", leader="leader")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "此件尚未分类" in page and "请批示&lt;b&gt;" in page


def test_a_person_without_the_duty():
    number = register(came())
    answer = send(as_("principal"), number, StepCode.CLASSIFY, **CLAIM)
    assert answer.status_code == 422
    assert "应由办公室" in answer.content.decode()


def test_a_second_person_sees_what_was_proposed_and_decides():
    number = register(came())
    walk(number, "closing", came(), 0)
    client = as_("leader")
    page = client.get(url("step", number, StepCode.CLOSE)).content.decode()
    assert "已办结。" in page and "斯琴" in page and 'value="yes"' in page
    assert send(client, number, StepCode.CLOSE).status_code == 422, "neither yes nor no"
    assert send(client, number, StepCode.CLOSE, agree="no").status_code == 422, "no without a reason"
    assert send(client, number, StepCode.CLOSE, agree="yes").status_code == 302
    assert Petition.objects.get(number=number).state == "closed"


def test_the_leaders_card_may_answer_directly():
    number = register(came())
    walk(number, "proposed", came(), 0)
    assert send(as_("leader"), number, StepCode.INSTRUCT, agree="on").status_code == 302
    assert Petition.objects.get(number=number).state == "instructed"


def test_sending_back_from_the_queue_starts_with_no():
    number = register(came())
    walk(number, "proposed", came(), 0)
    page = as_("leader").get(f"{url('step', number, StepCode.INSTRUCT)}?agree=0").content.decode()
    assert 'value="no" checked' in page
    assert page.index("属本厅职责，建议由经费处承办。") < page.index("data-step-form"), "the proposal is read first"
    assert "paper_leader" not in page, "a leader isn't asked what only the office enters"
    assert "paper_leader" in as_("clerk").get(url("step", number, StepCode.INSTRUCT)).content.decode()


def test_the_reply_has_a_row_for_each_request():
    number = register(came())
    walk(number, "advised", came(), 0)
    client = as_("handler")
    page = client.get(url("step", number, StepCode.DRAFT_REPLY)).content.decode()
    assert "诉求1　说明未发放原因" in page and "诉求2　补发补助" in page
    fields = {"disposition": "solve", "review_body": "自治区人民政府"}
    for i in (0, 1):
        fields |= {
            f"findings-{i}-request": str(i + 1),
            f"findings-{i}-finding": "情况属实。",
            f"findings-{i}-conclusion": "support",
            f"findings-{i}-basis": "管理办法",
        }
    incomplete = {**fields, "findings-1-basis": ""}
    answer = send(client, number, StepCode.DRAFT_REPLY, **incomplete)
    assert answer.status_code == 422 and answer.content.decode().count("情况属实。") == 2
    assert send(client, number, StepCode.DRAFT_REPLY, **fields).status_code == 302


def test_choices_are_people_who_fit():
    number = register(came())
    walk(number, "assigned", came(), 0)
    page = as_("head").get(url("step", number, StepCode.SIGN_FOR)).content.decode()
    assert "巴特尔" in page and "陈祎" not in page, "only the handling unit's people"
    answer = send(as_("head"), number, StepCode.SIGN_FOR, handler="handler2")
    assert answer.status_code == 422 and "不在承办处室" in answer.content.decode()
    answer = send(as_("head"), number, StepCode.SIGN_FOR, handler="nobody-such")
    assert answer.status_code == 422 and "请从列表中选择" in answer.content.decode()


def test_a_unit_cannot_act_for_another():
    number = register(came())
    walk(number, "signed", came(), 0)
    assert send(as_("handler2"), number, StepCode.TALK, place="电话", who_was_there="甲", said="乙").status_code == 404
    answer = send(as_("clerk"), number, StepCode.ASSIGN, handling_unit="leaders", feedback_on="2099-01-01")
    assert answer.status_code == 422


@pytest.mark.parametrize("day", ["2026-02-30", "0000-00-00", "昨天", "99999-01-01", "1800-01-01", "2026-11-22T25:00"])
def test_impossible_dates(day):
    number = register(came())
    walk(number, "signed", came(), 0)
    answer = send(
        as_("handler"), number, StepCode.TALK, talked_on=day, place="电话", who_was_there="甲", said="谈了很久"
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "谈了很久" in page
    assert 'href="#talked_on"' in page


def test_wrong_words_and_rare_characters():
    number = register(came())
    answer = send(as_("clerk"), number, StepCode.CLASSIFY, matter_class="<script>alert(1)</script>")
    page = answer.content.decode()
    assert answer.status_code == 422 and "<script>alert" not in page and "可选：建议意见" in page
    walk(number, "signed", came(), 0)
    rare = "㛃𠅤\U000323b1说：<img src=x onerror=alert(1)>"
    assert send(as_("handler"), number, StepCode.TALK, place="电话", who_was_there="甲", said=rare).status_code == 302
    page = as_("handler").get(url("petition", number)).content.decode()
    assert "㛃𠅤\U000323b1说：&lt;img" in page and "<img src=x" not in page


@pytest.mark.parametrize("bad", ["字\x00字", "字\u202e字", "字\x1b[31m", "字\ufffe"])
def test_characters_that_deceive(bad):
    number = register(came())
    walk(number, "signed", came(), 0)
    answer = send(as_("handler"), number, StepCode.TALK, place="电话", who_was_there="甲", said=bad)
    assert answer.status_code == 422
    assert "控制字符" in answer.content.decode()


def test_ten_megabytes():
    number = register(came())
    walk(number, "signed", came(), 0)
    long = "长" * (10 * 1024 * 1024 // 3)
    answer = send(as_("handler"), number, StepCode.TALK, place="电话", who_was_there="甲", said=long)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "超过 20000 字的上限" in page and long in page, "what was typed is all there"


def test_who_asks_for_advice_sees_the_draft_that_is_sent_and_writes_no_other():
    number = register(came())
    walk(number, "drafted", came(), 0)
    page = as_("handler").get(url("step", number, StepCode.SEEK_LEGAL_ADVICE)).content.decode()
    assert "应发12个月补助属实。" in page and 'name="draft"' not in page and 'name="question"' in page
    preview = f"{url('paper-preview', number, 'reply_opinion')}?back={StepCode.SEEK_LEGAL_ADVICE}"
    assert preview in page
    seen = as_("handler").get(preview).content.decode()
    assert url("step", number, StepCode.SEEK_LEGAL_ADVICE) in seen, "the preview leads back"
    sent = {"adviser": "adviser", "draft": "略", "question": "依据是否充分？"}
    assert send(as_("handler"), number, StepCode.SEEK_LEGAL_ADVICE, **sent).status_code == 302
    read = as_("adviser").get(url("petition", number)).content.decode()
    assert "应发12个月补助属实。" in read and "依据是否充分？" in read and ">略<" not in read


def test_the_adviser_sees_only_the_draft_and_their_step():
    number = register(came())
    walk(number, "advice_sought", came(), 0)
    client = as_("adviser")
    page = client.get(url("step", number, StepCode.GIVE_LEGAL_ADVICE)).content.decode()
    assert "应发12个月补助属实。" in page
    for hidden in ("科技特派员，补助未按时", "其木格", "15000000001", "核对了未发放的月份"):
        assert hidden not in page
    assert client.get(url("step", number, StepCode.TALK)).status_code == 404
    assert send(client, number, StepCode.TALK, place="a", who_was_there="b", said="c").status_code == 404
    assert send(client, number, StepCode.GIVE_LEGAL_ADVICE, text="无不同意见。").status_code == 302


def test_extension_starts_with_what_was_asked():
    number = register(came())
    walk(number, "signed", came(), 0)
    take(number, StepCode.REQUEST_EXTENSION, "handler", days=20, reason="需外地调取凭证。")
    page = as_("leader").get(url("step", number, StepCode.GRANT_EXTENSION)).content.decode()
    assert 'value="20"' in page and "需外地调取凭证。" in page


def test_queries_do_not_grow(django_assert_max_num_queries):
    number = register(came())
    walk(number, "drafted", came(), 0)
    client = as_("head")
    client.get(url("step", number, StepCode.REVIEW_REPLY))
    with django_assert_max_num_queries(20):
        client.get(url("step", number, StepCode.REVIEW_REPLY))


@pytest.mark.parametrize(("setting", "ticked"), [("主要领导和分管领导", True), ("分管领导", False)])
def test_a_proposal_begins_with_the_leaders_that_the_department_set(setting, ticked):
    set_setting("instructed_by", setting, since=today(), by=None)
    number = register(today())
    take(number, StepCode.CLASSIFY, "clerk", today(), **CLAIM)
    page = as_("clerk").get(url("step", number, StepCode.PROPOSE)).content.decode()
    box = re.search(r'<input[^>]*name="to_principal"[^>]*>', page)
    assert box and ("checked" in box[0]) is ticked
