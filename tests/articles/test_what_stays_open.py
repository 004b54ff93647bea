"""答复、存信、归档以后仍然存在的权利，和已故的人、代理人的口令、反复的申请不能做到的事（条例第二十三至三十五条）。"""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.articles.department import (
    ARCHIVIST,
    CLERK,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    PETITIONER,
    RECEIVED,
    SEALED,
    SECOND_CLERK,
    Case,
)
from tests.articles.stories import (
    accepted,
    archived,
    closed,
    handed_down,
    in_hand,
    registered,
    review_served,
    sealed_late,
    served,
    then,
)
from tests.articles.test_every_condition import deputising
from xinfang.procedure.hearing import is_heard
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import Material, PaperKind, State

DAY = timedelta(days=1)
FIRST, AGENT = {"name": "甲某", "address": "某街1号"}, {"name": "乙某", "address": "某街2号", "role": "agent"}


# 只有信访人自己的口令才是信访人自己的话。


def test_an_agent_takes_nothing_back_alone() -> None:
    case = registered(persons=[FIRST, AGENT])
    case.take(StepCode.WITHDRAW, by=replace(PETITIONER, person=2), persons=[1], waits=True)
    assert case.facts.state is State.REGISTERED and StepCode.WITHDRAW in case.facts.pending


def test_the_word_of_somebody_who_died_proves_nobody() -> None:
    case = registered(persons=[FIRST, {"name": "丙某", "address": "某街3号"}], group_size=2)
    case.take(StepCode.RECORD_DEATH, by=CLERK, person=1)
    case.take(StepCode.CONSENT_ELECTRONIC, by=PETITIONER, waits=True)
    assert case.facts.electronic_since is None and StepCode.CONSENT_ELECTRONIC in case.facts.pending


# 密封、移送不终止已经受理的诉求。


@pytest.mark.parametrize("rest", ["", "无", "LX2026009999"])
def test_what_was_accepted_is_not_handed_over_with_a_word(rest: str) -> None:
    case = sealed_late()
    assert case.refused(StepCode.HAND_OVER, by=SEALED, rest=rest).codes == {"what_was_accepted_goes_on"}
    case.take(StepCode.HAND_OVER, by=SEALED, rest="全信只反映一名工作人员收受礼金，没有其他诉求", waits=True)


# 期限。


def test_to_find_that_it_is_another_body_s_is_no_objection() -> None:
    """分类为不属本厅职权，五个工作日内仍应提出异议；提出了才停止（条例第二十三条）。"""
    case = handed_down()
    case.take(StepCode.CLASSIFY, by=CLERK, route=None, competence="elsewhere", not_ours="属于自然资源局")
    assert case.clock("objection").stopped_on is None
    ours = handed_down()
    ours.take(StepCode.CLASSIFY, by=CLERK, on=RECEIVED + DAY)
    assert ours.clock("objection").stopped_on == RECEIVED + DAY


def test_what_the_office_filled_in_later_delays_no_notice() -> None:
    """信访人自己后来才说明住址的，附其来函；办公室补填的，十五日从收到之日起算（条例第二十三条）。"""
    case = registered(persons=[{"name": "甲某"}])
    case.take(StepCode.SUPPLEMENT, by=CLERK, on=RECEIVED + 20 * DAY, contact_clear=True, attachment=None)
    assert case.facts.contact_clear_since == RECEIVED
    case = registered(persons=[{"name": "甲某"}])
    case.take(StepCode.SUPPLEMENT, by=CLERK, on=RECEIVED + 20 * DAY, contact_clear=True)
    assert case.facts.contact_clear_since == RECEIVED + 20 * DAY


def test_who_heads_the_unit_grants_it_no_more_time() -> None:
    case = in_hand()
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER)
    refused = case.refused(StepCode.GRANT_EXTENSION, by=deputising(HEAD))
    assert refused.codes == {"who_grants_did_not_ask"}
    case.take(StepCode.GRANT_EXTENSION, by=LEADER)


def test_a_review_request_that_was_sent_is_asked_for_until_it_arrived() -> None:
    case = served()
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FOLLOW_REVIEW_REQUEST, by=CLERK, news="sent", mail_number="XA0000000115")
    words = "登记复查（复核）机关收到请求的日期"
    assert words in {t.words for t in task_rules(case.facts)}
    case.take(StepCode.FOLLOW_REVIEW_REQUEST, by=CLERK, news="arrived", on=RECEIVED + DAY, mail_number="XA0000000115")
    assert words not in {t.words for t in task_rules(case.facts)}


def test_the_term_that_a_review_set_ends_by_the_body_s_own_paper_or_by_two() -> None:
    case = review_served()
    case.take(StepCode.RECORD_COMPLIANCE, by=HANDLER, attachment=None, waits=True)
    assert case.clock("compliance").stopped_on is None
    case.confirm(StepCode.RECORD_COMPLIANCE, by=CLERK)
    assert case.clock("compliance").stopped_on == RECEIVED


# 听取意见。


def test_who_spoke_at_the_hearing_was_heard() -> None:
    for attended in (True, False):
        case = in_hand()
        case.take(StepCode.HOLD_HEARING, by=HANDLER, notified_on=RECEIVED, attended=attended)
        assert is_heard(case.facts) is attended


# 回避。


def test_one_person_asks_once_that_somebody_withdraws() -> None:
    """同一人就同一人员反复提出，会使已经签发的意见书一直不能印发；信访人不受此限（条例第二十八条）。"""
    case = accepted()
    case.take(StepCode.RECUSE, by=CLERK, waits=True)
    case.confirm(StepCode.RECUSE, by=LEADER, agree=False, opinion="没有利害关系")
    assert case.refused(StepCode.RECUSE, by=CLERK).codes == {"it_was_not_decided_before"}
    case.take(StepCode.RECUSE, by=SECOND_CLERK, waits=True)
    case.confirm(StepCode.RECUSE, by=LEADER, agree=False, opinion="没有利害关系")
    case.take(StepCode.RECUSE, by=PETITIONER, waits=True)


# 结案以后。


def test_who_follows_somebody_who_died_goes_on_after_the_end_too() -> None:
    """结案以后信访人去世的，权利承受人继续请求复查、要求执行；其他人不能借此加入。"""
    case = closed()
    case.take(StepCode.RECORD_DEATH, by=CLERK, person=1)
    other = case.refused(StepCode.SUPPLEMENT, by=CLERK, persons=[{"name": "丁某", "address": "某街4号"}])
    assert other.codes == {"after_the_answer_only_heirs"}
    heir = {"name": "丁某", "address": "某街4号", "role": "heir"}
    case.take(StepCode.SUPPLEMENT, by=CLERK, persons=[heir], attachment=case.proof(Material.EVIDENCE))
    assert case.facts.who_still_asks == {2} and case.facts.state is State.CLOSED
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=replace(PETITIONER, person=2))


# 归档以后。


def put_away() -> Case:
    """存信以后，案卷已经归档。"""
    case = then(registered(), (StepCode.FILE_WITHOUT_ACTION, CLERK))
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    case.facts = replace(case.facts, state=State.ARCHIVED, archived_from=State.FILED)
    return case


def test_the_archive_ends_no_right_to_ask_once_more() -> None:
    case = put_away()
    case.take(StepCode.REQUEST_RECONSIDERATION, by=PETITIONER, against="filed")
    case.take(StepCode.DECIDE_RECONSIDERATION, by=OFFICE_HEAD)
    assert case.facts.state is State.REGISTERED and case.facts.received_on == RECEIVED


def test_what_was_promised_is_carried_out_and_entered_after_the_archive_too() -> None:
    case = archived()
    case.take(StepCode.CARRY_OUT, by=HANDLER, on=RECEIVED + 90 * DAY)
    assert case.facts.state is State.ARCHIVED
    assert case.facts.requests[0].carried_out


def test_personal_data_are_corrected_in_the_archive_too() -> None:
    case = archived()
    case.take(StepCode.CORRECT, by=CLERK, what="phone", new_value="13000000009", public_value="")
    assert case.refused(StepCode.CORRECT, by=CLERK, what="subject", new_text="经费", text_value="经费").codes == {
        "after_an_end_only_personal_data"
    }
    assert case.refused(StepCode.CORRECT, by=ARCHIVIST, what="phone", new_value="13000000009").codes >= {"who"}


# 三十日从它起算的文书。


def test_a_simple_reply_that_was_served_is_not_taken_back_while_its_review_runs() -> None:
    case = served()
    simple = replace(case.facts.papers[-1], number=len(case.facts.papers) + 1, kind=PaperKind.SIMPLE_REPLY)
    case.facts = replace(case.facts, papers=(*case.facts.papers, simple), review_stage="first_asked")
    refused = case.refused(StepCode.WITHDRAW_PAPER, by=CLERK, paper=simple.number)
    assert "nobody_asked_for_a_review_of_it" in refused.codes
    case.facts = replace(case.facts, review_stage="")
    case.take(StepCode.WITHDRAW_PAPER, by=CLERK, paper=simple.number, waits=True)
    assert case.refused_to_confirm(StepCode.WITHDRAW_PAPER, by=SECOND_CLERK).codes == {"second_person"}
