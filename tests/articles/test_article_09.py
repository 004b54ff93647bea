"""规程第九条：应通过诉讼、仲裁、行政复议等法定途径解决的，不予受理，但应当告知。"""

import pytest

from tests.articles.department import CLERK, SECOND_CLERK
from tests.articles.stories import classified
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import Material, State

ANOTHERS = {"competence": "elsewhere", "not_ours": "由市场监督管理部门查处"}


@pytest.mark.parametrize(
    "found",
    [
        {"route": "one"},
        {"route": "two"},
        {"route": "three"},
        {"route": "four", **ANOTHERS},
        {"route": "five", **ANOTHERS},
    ],
)
def test_a_matter_with_a_lawful_way_is_led_into_it_and_the_petitioner_told(found: dict[str, str]) -> None:
    case = classified(**found)
    assert [t.step for t in task_rules(case.facts)] == [StepCode.ROUTE]
    case.take(StepCode.ROUTE, by=CLERK)
    assert case.facts.state is State.ROUTED
    assert "法定途径告知书" in case.papers


def test_two_persons_lead_it_there() -> None:
    case = classified(route="two")
    case.take(StepCode.ROUTE, by=CLERK, waits=True)
    assert case.facts.state is State.REGISTERED and "法定途径告知书" not in case.papers
    assert "须由另一人确认" in case.refused_to_confirm(StepCode.ROUTE, by=CLERK)
    case.confirm(StepCode.ROUTE, by=SECOND_CLERK)
    assert case.facts.state is State.ROUTED


def test_what_the_department_must_handle_itself_is_not_led_elsewhere() -> None:
    refused = classified(route="six").refused(StepCode.ROUTE, by=CLERK)
    assert "途径（六）由本厅受理办理，不能以导入法定途径了结" in refused
    assert "规程第九条、条例第三十一条、条例第四十四条" in refused


def test_what_another_body_is_dealing_with_is_declined_by_two_persons_who_have_its_paper() -> None:
    case = classified(route="one")
    refused = case.refused(StepCode.DECLINE, by=CLERK)
    assert refused.codes == {"that_it_is_dealt_with_is_proven"}
    assert "不予受理须附证明材料" in refused and "规程第九条、条例第十九条、本厅设定" in refused
    case.take(StepCode.DECLINE, by=CLERK, waits=True)
    assert case.facts.state is State.REGISTERED and "不予受理告知书" not in case.papers
    case.confirm(StepCode.DECLINE, by=SECOND_CLERK)
    assert case.facts.state is State.DECLINED and "不予受理告知书" in case.papers


def test_nothing_is_declined_without_its_law_and_its_reason() -> None:
    refused = classified(route="one").refused(StepCode.DECLINE, by=CLERK, law="", reason="")
    assert {"a_law_is_named", "a_reason_is_given"} <= refused.codes
    assert "没有写明法律依据（规程第九条、条例第十九条、条例第三十一条）" in refused


def test_a_receipt_or_a_photograph_is_no_proof_that_another_body_is_dealing_with_it() -> None:
    case = classified(route="one")
    photograph = case.proof(Material.EVIDENCE)
    assert case.refused(StepCode.DECLINE, by=CLERK, attachment=photograph).codes == {"that_it_is_dealt_with_is_proven"}
