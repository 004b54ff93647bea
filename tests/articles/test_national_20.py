"""条例第二十条：多人走访应当推选代表，代表人数不得超过5人。"""

from datetime import date

from tests.articles.department import CLERK, SOMEBODY, Case
from tests.articles.events import group_visit
from tests.articles.stories import registered
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material


def representatives(n: int) -> list[dict[str, str]]:
    return [{"name": f"代表{i}", "address": "某路", "role": "representative"} for i in range(n)]


def test_five_representatives_speak_for_forty() -> None:
    assert registered(channel="visit", group_size=40, persons=representatives(5)).facts.group_size == 40


def test_six_are_too_many() -> None:
    refused = Case().refused(StepCode.REGISTER, by=CLERK, channel="visit", group_size=40, persons=representatives(6))
    assert "代表不得超过5人（条例第二十条）" in refused


def test_a_group_is_not_smaller_than_its_list() -> None:
    refused = Case().refused(StepCode.REGISTER, by=CLERK, channel="visit", group_size=2, persons=representatives(3))
    assert "人数少于已填写的信访人数（本厅设定）" in refused


def test_somebody_may_join_and_an_agent_only_with_a_power_of_attorney() -> None:
    case = registered()
    case.take(StepCode.SUPPLEMENT, by=CLERK, text="又一人联名", persons=[{"name": "乙某", "role": "co_signer"}])
    assert [p.name for p in case.facts.persons] == ["甲某", "乙某"] and case.facts.group_size == 2
    agent = {"text": "委托代理人", "persons": [{"name": "丙律师", "role": "agent"}]}
    refused = case.refused(StepCode.SUPPLEMENT, by=CLERK, **agent)
    assert refused.codes == {"who_is_added_has_their_proof"} and "增加代理人须附授权委托书" in refused
    case.take(StepCode.SUPPLEMENT, by=CLERK, **agent, attachment=case.proof(Material.EVIDENCE))
    assert len(case.facts.persons) == 3 and case.facts.group_size == 2, "an agent is none of the petitioners"


def test_who_can_be_reached_is_told_from_the_day_they_joined() -> None:
    case = registered(persons=[], anonymous=True)
    case.take(StepCode.SUPPLEMENT, by=CLERK, on=date(2026, 3, 10), text="留下姓名", persons=[SOMEBODY])
    assert case.facts.contact_clear_since == date(2026, 3, 10)


def test_the_visitors_of_an_event_choose_at_most_five() -> None:
    event = group_visit()
    assert "代表应为 1 至 5人（条例第二十条）" in event.refused("choose_representatives", CLERK, 3, representatives=6)
    assert event.do("choose_representatives", CLERK, 4, representatives=5).facts.representatives == 5
