"""呈批单送厅领导圈阅：依次传阅，只为知情，不代替批示，不停止任何期限（规程第四、七条；本厅设定）。"""

from dataclasses import replace

import pytest

from tests.articles.department import (
    CLERK,
    DIRECTORY,
    LEADER,
    OTHER_LEADER,
    PETITIONER,
    PRINCIPAL,
    Case,
    with_away,
)
from tests.articles.stories import instructed, proposed, then
from xinfang.procedure.addressees import AddressedTask, address_task
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.visibility import may_see
from xinfang.procedure.words import Role, State


def sent() -> Case:
    """Proposed to one leader, and sent round to another and then to the principal one."""
    return then(proposed(), (StepCode.CIRCULATE_SHEET, CLERK))


def tasks(case: Case) -> list[AddressedTask]:
    asked = [address_task(rule, case.facts, case.directory) for rule in task_rules(case.facts)]
    return [t for t in asked if "圈阅" in t.words]


def reader(case: Case) -> list[tuple[str, str]]:
    return [(t.words, t.person) for t in tasks(case)]


def test_it_goes_from_hand_to_hand_in_the_order_of_the_list() -> None:
    case = sent()
    assert reader(case) == [("圈阅", "other_leader")]
    assert case.refused(StepCode.READ_SHEET, by=PRINCIPAL).codes == {"who"}
    case.take(StepCode.READ_SHEET, by=OTHER_LEADER, opinion="请加快办理。")
    assert reader(case) == [("圈阅", "principal")]
    assert case.refused(StepCode.READ_SHEET, by=OTHER_LEADER).codes == {"who"}
    case.take(StepCode.READ_SHEET, by=PRINCIPAL)
    assert reader(case) == [] and case.facts.read_by == ("other_leader", "principal")
    assert [h.step.says(DIRECTORY) for h in case.facts.history[-2:]] == ["请加快办理。", "已阅"]


def test_reading_decides_nothing_and_stops_nothing() -> None:
    case, before = sent(), proposed()
    assert case.facts.state is State.PROPOSED
    case.take(StepCode.READ_SHEET, by=OTHER_LEADER)
    case.take(StepCode.READ_SHEET, by=PRINCIPAL)
    assert case.facts.state is State.PROPOSED and case.facts.instructed_by == ()
    assert case.clock("notice") == before.clock("notice")
    case.take(StepCode.INSTRUCT, by=LEADER)


def test_the_case_goes_on_while_the_sheet_goes_round() -> None:
    case = sent()
    case.take(StepCode.INSTRUCT, by=LEADER)
    case.take(StepCode.ACCEPT, by=CLERK)
    assert reader(case) == [("圈阅", "other_leader")]
    case.take(StepCode.READ_SHEET, by=OTHER_LEADER)


def test_who_is_asked_to_read_sees_the_case_and_keeps_seeing_it() -> None:
    assert not may_see(OTHER_LEADER, proposed().facts)
    case = sent()
    assert may_see(OTHER_LEADER, case.facts)
    case.take(StepCode.READ_SHEET, by=OTHER_LEADER)
    assert may_see(OTHER_LEADER, case.facts)
    case.take(StepCode.CIRCULATE_SHEET, by=CLERK, readers=["principal"])
    assert may_see(OTHER_LEADER, case.facts), "what was read was read"


@pytest.mark.parametrize("readers", [["head"], ["nobody"], ["other_leader", "other_leader"]])
def test_it_is_read_by_leaders_each_of_them_once(readers: list[str]) -> None:
    assert proposed().refused(StepCode.CIRCULATE_SHEET, by=CLERK, readers=readers).codes == {"the_readers_are_fit"}


def test_who_is_recused_or_complained_of_reads_nothing() -> None:
    case = sent()
    case.take(StepCode.RECUSE, by=PETITIONER, person="other_leader")
    case.confirm(StepCode.RECUSE, by=PRINCIPAL)
    assert case.facts.readers == ("principal",)
    assert case.refused(StepCode.CIRCULATE_SHEET, by=CLERK).codes == {"the_readers_are_fit"}
    case = proposed()
    case.facts = replace(case.facts, complained_staff=frozenset({OTHER_LEADER.code}))
    assert case.refused(StepCode.CIRCULATE_SHEET, by=CLERK).codes == {"the_readers_are_fit"}


def test_where_the_next_reader_is_away_the_office_sends_it_on() -> None:
    case = sent()
    case.directory = with_away(OTHER_LEADER)
    assert [(t.step, t.role) for t in tasks(case)] == [(StepCode.CIRCULATE_SHEET, Role.OFFICE)]
    case.take(StepCode.CIRCULATE_SHEET, by=CLERK, readers=["principal"])
    assert reader(case) == [("圈阅", "principal")]


def test_a_new_round_takes_the_place_of_what_was_left() -> None:
    case = sent()
    case.take(StepCode.CIRCULATE_SHEET, by=CLERK, readers=["leader"])
    assert case.facts.readers == ("leader",)
    assert case.facts.history[-1].step.says(DIRECTORY) == "依次送leader"


def test_only_the_office_sends_it_round_and_only_while_it_is_handled() -> None:
    assert proposed().refused(StepCode.CIRCULATE_SHEET, by=LEADER).codes == {"who"}
    instructed().take(StepCode.CIRCULATE_SHEET, by=CLERK)
