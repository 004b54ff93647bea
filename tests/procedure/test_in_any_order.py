"""Steps that meet in an unusual order: nobody is stuck, nothing of an earlier round leaks into a later one."""

from dataclasses import replace
from datetime import date, timedelta

from tests.articles.department import (
    ADVISER,
    CLERK,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    OTHER_LEADER,
    OTHER_SEALED,
    PETITIONER,
    PRINCIPAL,
    RECEIVED,
    SEALED,
    SECOND_ADVISER,
    SECOND_CLERK,
)
from tests.articles.stories import (
    accepted,
    advised,
    classified,
    closed,
    drafted,
    reported,
    served,
    signed,
    then,
)
from xinfang.procedure.clocks import running
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import Material, ReplyStage, State


def test_the_petitioner_may_act_on_their_own_case() -> None:
    case = served()
    case.take(StepCode.RATE, by=PETITIONER)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)


def test_what_waits_for_a_second_person_falls_away_when_another_confirmation_ends_the_case() -> None:
    case = classified()
    case.take(StepCode.REFUSE_FURTHER, by=CLERK)
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    assert not case.facts.pending
    assert [t.words for t in task_rules(case.facts)] == ["制作：存信告知书"]
    case.take(StepCode.REOPEN, by=CLERK)
    assert not case.facts.pending


def test_a_further_request_reopens_the_draft_so_that_it_is_answered_too() -> None:
    for case in (drafted(), signed()):
        case.take(StepCode.SUPPLEMENT, by=PETITIONER, requests=[{"text": "另请说明原因"}])
        assert case.facts.reply_stage is ReplyStage.NONE
        refused = case.refused(StepCode.DRAFT_REPLY, by=HANDLER)
        assert "each_request_is_concluded" in refused.codes


def test_material_without_a_further_request_leaves_the_draft_alone() -> None:
    case = signed()
    case.take(StepCode.SUPPLEMENT, by=CLERK)
    assert case.facts.reply_stage is ReplyStage.SIGNED


def test_when_the_adviser_is_recused_another_can_be_asked() -> None:
    case = drafted()
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    case.take(StepCode.RECUSE, by=HANDLER, person="adviser")
    case.confirm(StepCode.RECUSE, by=OFFICE_HEAD)
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER, adviser="second_adviser")
    assert case.refused(StepCode.GIVE_LEGAL_ADVICE, by=ADVISER).codes == {"may_see"}
    case.take(StepCode.GIVE_LEGAL_ADVICE, by=SECOND_ADVISER)


def test_each_leader_who_instructs_is_named() -> None:
    case = classified()
    case.take(StepCode.PROPOSE, by=CLERK, to_principal=True)
    case.take(StepCode.INSTRUCT, by=LEADER)
    case.take(StepCode.INSTRUCT, by=PRINCIPAL)
    assert case.facts.instructed_by == ("leader", "principal")


def test_after_the_principal_leader_sends_it_back_the_new_proposal_counts() -> None:
    case = classified()
    case.take(StepCode.PROPOSE, by=CLERK, to_principal=True)
    case.take(StepCode.INSTRUCT, by=LEADER)
    case.take(StepCode.INSTRUCT, by=PRINCIPAL, agree=False, text="请改由平台处承办")
    case.take(StepCode.PROPOSE, by=CLERK, unit="platforms", leader="other_leader")
    case.take(StepCode.INSTRUCT, by=OTHER_LEADER)
    assert case.facts.handling_unit == "platforms"
    assert case.facts.responsible_leader == "other_leader"


def test_a_supervision_asks_for_nothing_once_the_case_has_ended() -> None:
    case = served()
    case.take(StepCode.CARRY_OUT, by=HANDLER)
    case.take(StepCode.SUPERVISE, by=CLERK)
    case.take(StepCode.CLOSE, by=HEAD)
    case.confirm(StepCode.CLOSE, by=LEADER)
    assert StepCode.ANSWER_SUPERVISION not in {a.step for a in task_rules(case.facts)}


def redone(on: date = date(2026, 6, 1)):
    """First review upheld, final review orders the matter to be handled again on `on`."""
    case = closed()
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=date(2026, 4, 1))
    case.take(StepCode.REQUEST_FINAL_REVIEW, by=PETITIONER, on=date(2026, 4, 20))
    case.take(StepCode.FINAL_REVIEW, by=CLERK, result="redo", on=on)
    return case


def test_a_final_review_that_orders_it_redone_gives_a_new_sixty_days_from_that_day() -> None:
    case = redone()
    assert case.facts.state is State.HANDLING
    assert case.clock("handling").started_on == date(2026, 6, 1)
    assert case.clock("handling").due.due == date(2026, 7, 31)


def test_what_was_carried_out_before_the_review_is_not_counted_after_it() -> None:
    case = redone()
    assert not any(r.concluded or r.carried_out for r in case.facts.requests)


def test_earlier_rounds_keep_their_own_days() -> None:
    """A later acceptance, service or review never moves a clock that has stopped."""
    case = closed()
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=date(2026, 4, 1))
    case.take(StepCode.REQUEST_FINAL_REVIEW, by=PETITIONER, on=date(2026, 4, 20))
    before = {(r.clock.code, r.occurrence): r.started_on for r in running(case.facts, case.calendar) if r.stopped_on}
    case.take(StepCode.FINAL_REVIEW, by=CLERK, result="redo", on=date(2026, 6, 1))
    after = {(r.clock.code, r.occurrence): r.started_on for r in running(case.facts, case.calendar)}
    assert before.items() <= after.items()


def test_an_extension_belongs_to_its_own_round() -> None:
    case = advised()
    case.take(StepCode.REQUEST_EXTENSION, by=HANDLER, days=20)
    case.take(StepCode.GRANT_EXTENSION, by=LEADER, days=20)
    assert case.clock("handling").due.due == RECEIVED + timedelta(days=80)
    case.take(StepCode.REVIEW_REPLY, by=HEAD)
    case.take(StepCode.SIGN_REPLY, by=LEADER)
    case.today = RECEIVED + timedelta(days=70)
    then(case, (StepCode.ISSUE_REPLY, CLERK), (StepCode.SERVE, HANDLER))
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    case.take(StepCode.FIRST_REVIEW, by=CLERK, result="redo", on=RECEIVED + timedelta(days=90))
    first, second = (r for r in running(case.facts, case.calendar) if r.clock.code == "handling")
    assert not first.overdue(case.today)
    assert first.due.due == RECEIVED + timedelta(days=80)
    assert second.due.due == RECEIVED + timedelta(days=150)


def test_an_acceptance_corrected_openly_moves_its_own_clock() -> None:
    case = accepted()
    case.today = RECEIVED + timedelta(days=5)
    day = (RECEIVED + timedelta(days=3)).isoformat()
    case.take(StepCode.CORRECT, by=CLERK, what="accepted_on", new_value=day, public_value=day)
    assert case.clock("handling").started_on == RECEIVED + timedelta(days=3)


def test_nobody_decides_on_their_own_recusal() -> None:
    case = accepted()
    case.take(StepCode.RECUSE, by=PETITIONER, person="leader")
    refused = case.refused_to_confirm(StepCode.RECUSE, by=LEADER, agree=False, opinion="没有利害关系")
    assert "条例第二十八条" in refused
    case.confirm(StepCode.RECUSE, by=PRINCIPAL)


def test_an_officer_of_a_sealed_case_is_recused_by_another() -> None:
    case = reported()
    case.take(StepCode.RECUSE, by=PETITIONER, person="sealed")
    for nobody in (LEADER, OFFICE_HEAD):
        assert "不能看到此件" in case.refused_to_confirm(StepCode.RECUSE, by=nobody)
    assert "条例第二十八条" in case.refused_to_confirm(StepCode.RECUSE, by=SEALED)
    case.confirm(StepCode.RECUSE, by=OTHER_SEALED)
    assert "sealed" in case.facts.recused
    case.take(StepCode.HAND_OVER, by=OTHER_SEALED)


def test_an_officer_confirms_no_recusal_of_an_ordinary_case() -> None:
    case = accepted()
    case.take(StepCode.RECUSE, by=PETITIONER, person="handler")
    both = replace(CLERK, duties=(*CLERK.duties, *SEALED.duties))
    assert "应由" in case.refused_to_confirm(StepCode.RECUSE, by=both)


def test_a_recused_leader_gives_no_paper_instruction_and_nobody_borrows_a_name() -> None:
    case = classified()
    case.take(StepCode.PROPOSE, by=CLERK)
    case.take(StepCode.RECUSE, by=PETITIONER, person="other_leader")
    case.confirm(StepCode.RECUSE, by=PRINCIPAL)
    case.take(StepCode.ATTACH, by=CLERK, what="instruction", kind="pdf")
    sheet = {"attachment": 1}
    assert "条例第二十八条" in case.refused(StepCode.INSTRUCT, by=CLERK, paper_leader="other_leader", **sheet)
    refused = case.refused(StepCode.INSTRUCT, by=LEADER, paper_leader="principal", **sheet)
    assert "a_paper_instruction_names_its_leader" in refused.codes
    case.take(StepCode.INSTRUCT, by=CLERK, paper_leader="leader", **sheet)
    case.confirm(StepCode.INSTRUCT, by=SECOND_CLERK)


def test_a_review_that_moves_nothing_may_be_older_than_the_closing() -> None:
    case = served()
    case.take(StepCode.CARRY_OUT, by=HANDLER)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=CLERK, arrived_on=RECEIVED)
    case.take(StepCode.CLOSE, by=HEAD, on=RECEIVED + timedelta(days=20))
    case.confirm(StepCode.CLOSE, by=LEADER)
    decided = RECEIVED + timedelta(days=15)
    late = RECEIVED + timedelta(days=25)
    sheet = case.proof(Material.OTHER_BODYS_PAPER)
    refused = case.refused(
        StepCode.FIRST_REVIEW, by=CLERK, on=late, decided_on=decided, result="redo", attachment=sheet
    )
    assert refused.codes == {"not_before_the_last_step"}
    case.take(StepCode.FIRST_REVIEW, by=CLERK, on=late, decided_on=decided)
    assert case.clock("first_review").stopped_on == decided
