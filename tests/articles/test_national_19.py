"""条例第十九条：一般采用书面形式，载明姓名、住址和请求；口头的如实记录。"""

from datetime import timedelta

from tests.articles.department import CLERK, RECEIVED, SECOND_CLERK, Case
from tests.articles.stories import classified, registered, suggested
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material, State


def test_what_was_said_is_written_down() -> None:
    registered(channel="visit", told_orally=True, body="口述：经费未拨付", requests=[])


def test_an_unclear_name_is_registered_too() -> None:
    case = registered(persons=[], anonymous=True)
    assert case.facts.contact_clear_since is None


def test_something_must_be_asked_or_told() -> None:
    refused = Case().refused(StepCode.REGISTER, by=CLERK, body="", requests=[], told_orally=True)
    assert "没有写明诉求，也没有来信（来访）内容（条例第十九条、规程第七条）" in refused


def test_each_request_is_kept_apart() -> None:
    case = registered(requests=[{"text": "拨付经费"}, {"text": "说明原因"}])
    assert [r.text for r in case.facts.requests] == ["拨付经费", "说明原因"]


# 第三款：下级正在规定期限内办理的，上级不予受理。

PENDING_BELOW = {"ground": "pending_below", "body": "某市科技局", "reason": "该局三月一日已受理，尚在期限内"}


def test_what_a_lower_body_is_handling_is_declined_on_its_paper_by_two_persons() -> None:
    case = classified(route="six")
    refused = case.refused(StepCode.DECLINE, by=CLERK, **PENDING_BELOW)
    assert refused.codes == {"that_it_is_dealt_with_is_proven"}
    case.take(StepCode.DECLINE, by=CLERK, waits=True, **PENDING_BELOW)
    assert case.facts.state is State.REGISTERED
    case.confirm(StepCode.DECLINE, by=SECOND_CLERK)
    assert case.facts.state is State.DECLINED and "不予受理告知书" in case.papers


def test_on_no_other_ground_is_the_department_s_own_matter_declined() -> None:
    case = classified(route="six")
    paper = case.proof(Material.OTHER_BODYS_PAPER)
    refused = case.refused(StepCode.DECLINE, by=CLERK, ground="in_lawful_procedure", attachment=paper)
    assert refused.codes == {"what_is_ours_is_declined_only_while_pending_below"}
    assert "途径（六）只有在下级机关、单位已经受理或者正在办理同一事项时才能不予受理" in refused
    assert "规程第九条、条例第十九条、条例第四十四条" in refused


def test_a_suggestion_or_a_question_is_answered_and_never_declined() -> None:
    for case in (suggested(), classified(route=None, purpose="consultation")):
        refused = case.refused(StepCode.DECLINE, by=CLERK, **PENDING_BELOW)
        assert "what_is_ours_is_declined_only_while_pending_below" in refused.codes
        assert "建议意见、咨询应当回复" in refused


def test_what_the_lower_body_did_not_decide_in_time_comes_back_as_old_as_it_is() -> None:
    case = classified(route="six")
    case.take(StepCode.DECLINE, by=CLERK, **PENDING_BELOW)
    case.take(StepCode.REOPEN, by=CLERK, on=RECEIVED + timedelta(days=60), reason="该局逾期未答复")
    assert case.facts.state is State.REGISTERED and case.facts.received_on == RECEIVED
