"""规程第十五条：集体来访由办公室、包案处室单位、保障中心共同接访，并立即向厅领导报告。"""

import pytest

from tests.articles.department import CLERK, HANDLER, LEADER, SOMEBODY, Case
from tests.articles.events import CENTRE, UNIT, Event, group_visit
from tests.articles.stories import registered
from xinfang.procedure.incidents.kinds import INCIDENTS
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import IncidentKind, Material

RULE = INCIDENTS[IncidentKind.GROUP_VISIT]


def test_who_receives_a_group_and_who_is_told() -> None:
    assert [words for words, _ in RULE.attends] == ["办公室", "承办处室（单位）", "保障中心"]
    assert [(r.label, str(limit)) for r, limit in RULE.told] == [("厅主要领导", "15分钟"), ("分管厅领导", "15分钟")]
    assert "规程第十五条" in [str(a) for a in RULE.cites]


def choosing(case: Case) -> bool:
    return "请来访人员推选代表并登记" in {t.words for t in task_rules(case.facts)}


def test_five_visitors_are_a_group_and_are_asked_for_representatives() -> None:
    assert choosing(registered(channel="visit", group_size=5))
    assert not choosing(registered(channel="visit", group_size=5, persons=[{**SOMEBODY, "role": "representative"}]))


def test_a_group_that_chose_nobody_is_registered_and_its_representatives_are_added_later() -> None:
    """推选代表是信访人的义务（条例第二十条）；没有推选的也应当登记（条例第二十三条、第四十四条）。"""
    case = registered(channel="visit", group_size=30, persons=[])
    assert case.facts.group_size == 30 and choosing(case)
    chosen = [{"name": f"代表{i}", "phone": "1", "role": "representative"} for i in range(6)]
    unproven = case.refused(StepCode.SUPPLEMENT, by=CLERK, text="推选代表", persons=chosen[:5])
    assert unproven.codes == {"who_is_added_has_their_proof"} and "推选书" in unproven
    sheet = case.proof(Material.PETITIONERS_WORDS)
    refused = case.refused(StepCode.SUPPLEMENT, by=CLERK, text="推选代表", persons=chosen, attachment=sheet)
    assert refused.codes == {"at_most_five_representatives"}
    case.take(StepCode.SUPPLEMENT, by=CLERK, text="推选代表", persons=chosen[:5], attachment=sheet)
    assert len(case.facts.persons) == 5 and case.facts.group_size == 30 and not choosing(case)
    refused = case.refused(StepCode.SUPPLEMENT, by=CLERK, text="又一位", persons=chosen[5:], attachment=sheet)
    assert refused.codes == {"at_most_five_representatives"}


def test_a_letter_may_name_more_representatives() -> None:
    """代表不超过五名是对走访的要求（条例第二十条），来信联名的不受此限。"""
    chosen = [{"name": f"代表{i}", "address": "某街", "role": "representative"} for i in range(6)]
    assert len(registered(channel="letter", group_size=30, persons=chosen).facts.persons) == 6


def test_the_sheet_on_which_they_chose_is_enough() -> None:
    case = registered(channel="visit", group_size=5)
    case.take(StepCode.MAKE_PAPER, by=CLERK, kind="representatives_sheet", owed_by=0)
    assert not choosing(case)


def test_four_visitors_are_none() -> None:
    assert not choosing(registered(channel="visit", group_size=4))


def test_the_leaders_are_told_at_once() -> None:
    event = group_visit()
    assert [(str(t.role), t.why) for t in event.facts.told] == [("leader", "立即报告厅领导")]


def test_it_ends_only_after_joint_reception_or_with_the_reason_why_not() -> None:
    event = group_visit().do("confirm", LEADER, 2).do("call_in", CLERK, 2, unit=UNIT).do("arrive", CLERK, 1)
    assert "应当到场的人员没有到齐（规程第十五条、规程第十六条）" in event.refused("end", CLERK, 30, text="已接待。")
    event.do("arrive", HANDLER, 5)
    assert "应当到场的人员没有到齐" in event.refused("end", CLERK, 30, text="已接待。")
    whole = event.do("arrive", CENTRE, 6).do("end", CLERK, 30, text="已接待。")
    assert whole.facts.ended_at is not None
    group_visit().do("confirm", LEADER, 2).do("end", CLERK, 30, text="已接待。", why_not="保障中心人员在外出差。")


def test_it_does_not_end_before_a_leader_knows() -> None:
    assert "还没有厅领导确认收到报告（规程第十五条、规程第十六条）" in group_visit().refused(
        "end", CLERK, 5, text="已散去。"
    )


def test_four_people_are_no_group() -> None:
    assert "不足5人的来访不是集体来访" in Event().refused("report", CLERK, kind="group_visit", people=4)


# 更正人数（条例第二十条）：集体来访不因一人更正而不再是集体来访。


@pytest.mark.parametrize(
    ("was", "now", "by_two"), [(8, 1, True), (8, 4, True), (3, 6, True), (8, 7, True), (2, 3, False), (6, 9, False)]
)
def test_fewer_people_or_another_kind_of_visit_is_corrected_by_two(was: int, now: int, by_two: bool) -> None:
    case = registered(channel="visit", group_size=was)
    case.take(StepCode.CORRECT, by=CLERK, waits=True, what="group_size", new_number=now, public_value=str(now))
    assert (StepCode.CORRECT in case.facts.pending) is by_two
